"""Directly standardised rates as weighted sums of cells, for the protector."""

import numpy as np
import polars as pl

from breakwater.disclosure import levels, protect
from breakwater.disclosure.earlier import STANDARDISED
from breakwater.disclosure.layout import KEY

RATE = [column for column in KEY if column != "age_band"]


def weighted_sums(
    system, series, weights, rates, withheld, public, said
) -> tuple[protect.Sums, pl.DataFrame]:
    """Return the published standardised rates, and their variances, as sums over five-year cells.

    An interval gives the variance away, so both are in the system: rate and variance of one cell share their fate.
    weights: of this units model. withheld: cells withheld by themselves. public, said: of earlier releases; where the
    count behind a rate is not revised, the rate is not either, so it keeps the earlier figure.
    labels: one row a rate, in the order of the sums (rate and variance of row i are sums 2i and 2i + 1), with its
    decision and the figures that it keeps.
    """
    wanted = {
        (levels.set_name(line.counts), cut.period, cut.area, cut.sex)
        for line in series
        if line.kind == "directly_standardised_rate"
        for cut in line.cuts
    }
    labels = _labels(system, wanted, rates, withheld, public, said)
    if labels.is_empty():
        return protect.no_sums(), labels
    bands = system.cells.filter(pl.col("age_level") == "five_year").select(*KEY, "cell")
    terms = (
        labels.select("rate_id", *RATE)
        .join(weights, on=["area_level", "area_code", "sex"])
        .join(bands, on=[*RATE, "age_band"])
        .sort("rate_id", "cell")
    )
    size = np.bincount(terms["rate_id"].to_numpy(), minlength=len(labels))
    cells, coefficient, rate = (terms[name].to_numpy() for name in ("cell", "coefficient", "rate_id"))
    order = np.argsort(np.concatenate([2 * rate, 2 * rate + 1]), kind="stable")
    middle = np.stack([labels["rate"].to_numpy(), labels["variance"].to_numpy()], axis=1).ravel()
    grain = np.stack([labels["rate_grain"].to_numpy(), labels["variance_grain"].to_numpy()], axis=1).ravel()
    sums = protect.Sums(
        part=np.concatenate([cells, cells])[order],
        coefficient=np.concatenate([coefficient, coefficient**2])[order],
        start=np.append(0, np.repeat(size, 2).cumsum()),
        low=middle - grain / 2,
        high=middle + grain / 2,
        # a rate that is kept is one of other counts: it says nothing of these
        shown=np.repeat((labels["decision"] == "shown").to_numpy(), 2),
        figure=np.repeat(np.arange(len(labels)), 2),
    )
    return sums, labels


def _labels(system, wanted: set, rates, withheld, public, said) -> pl.DataFrame:
    at = ["category_set", "period_type", "area_level", "sex_level"]
    table = pl.DataFrame(sorted(wanted), schema=dict.fromkeys(at, pl.String), orient="row")
    observed = system.cells.filter((pl.col("age_level") == "all") & ~pl.col("rest")).join(
        table, on=at, how="semi"
    )
    cell = observed["cell"].to_numpy()
    observed = observed.select(
        *RATE,
        "sex_level",
        primary=pl.Series(withheld[cell]),
        said=pl.Series(public.said[cell]),
        # the count behind the rate is the earlier one, as far as anybody can tell
        unrevised=pl.Series(public.said[cell] >= 0) & pl.Series(public.high[cell] < protect.UNBOUNDED),
    )
    earlier = said.filter(pl.col("category_set").str.starts_with(STANDARDISED)).select(
        *RATE, "value", "lower", "upper", withheld_earlier="withheld"
    )
    earlier = earlier.with_columns(pl.col("category_set").str.strip_prefix(STANDARDISED))
    labels = observed.join(rates, on=RATE).join(earlier, on=RATE, how="left").sort(RATE)
    # an interval tells the variance, which may have changed alone
    observed, root = pl.col("said"), pl.col("said").sqrt()
    byar = observed * (1 - 1 / (9 * observed) - 1.959964 / (3 * root)).pow(3) - observed
    lower_now = pl.col("rate") + (pl.col("variance") / observed).sqrt() * byar
    differs = pl.max_horizontal(
        (pl.col("value") - pl.col("rate")).abs(), (pl.col("lower") - lower_now).abs()
    ) > 1e-6 * pl.col("rate_grain")
    decision = (
        pl.when(pl.col("primary") | pl.col("withheld_earlier").fill_null(False))
        .then(pl.lit("primary"))
        .when(pl.col("unrevised") & differs)
        .then(pl.lit("kept"))
        .otherwise(pl.lit("shown"))
    )
    return labels.with_columns(decision=decision).with_row_index("rate_id")
