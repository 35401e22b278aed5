"""From true counts to decisions: lay out each system, mark primary cells, protect, and say what is withheld."""

import numpy as np
import polars as pl

from breakwater.disclosure import layout, levels, protect
from breakwater.disclosure.policy import Policy

DECISIONS = {protect.SHOWN: "shown", protect.PRIMARY: "primary", protect.COMPLEMENTARY: "complementary"}
STANDARDISED = "standardised: "
COLUMNS = [
    "units_model", "category_set", "period_type", "period_start", "area_level", "area_code", "age_level", "age_band",
    "sex_level", "sex", "counted", "people", "is_released", "decision", "in_block", "low", "high",
]  # fmt: skip


def decide(systems: dict, policy: Policy, *, counted, areas, months, weights, rates) -> pl.DataFrame:
    """Return every cell of every system with its decision; shape (cells, COLUMNS).

    systems: of `catalogue.systems`. The frames are the models counted_cells, cell_areas, stg_covered_months,
    standard_weights and standardised_rates. Standardised rates come back as rows of their own, whose category_set
    begins with `standardised: ` and whose counts are empty.
    """
    decided = []
    for units_model, given in systems.items():
        mine = counted.filter(pl.col("units_model") == units_model).drop("units_model")
        covered = covered_months(months, given["extracts"])
        system = layout.lay_out(given["sets"], mine, areas, covered, given["age_bands"])
        cut, pending = released_cells(system, given["series"])
        released = cut & ~pending
        primary = primary_cells(system, given, released, policy)
        of_model = rates.filter(pl.col("units_model") == units_model)
        sums, labels = weighted_sums(system, given["series"], weights, of_model, primary, policy)
        result = protect.protect(system, sums, primary, released, policy)
        decided.append(_rows(system, units_model, cut, pending, result))
        decided.append(_rate_rows(labels, units_model, sums))
    return pl.concat(decided).select(COLUMNS)


def covered_months(months: pl.DataFrame, extracts: list[str]) -> list:
    """Return the months that every one of the extracts covers whole."""
    needed = months.filter(pl.col("extract_name").is_in(extracts)).group_by("month_start").len()
    return needed.filter(pl.col("len") == len(extracts))["month_start"].sort().to_list()


def released_cells(system: layout.System, series: list) -> tuple[np.ndarray, np.ndarray]:
    """Return, per cell, whether some series is cut so, and whether its outcome is not yet known (no number yet)."""
    wanted = {
        (levels.set_name(categories), *cut)
        for line in series
        for categories in filter(None, (line.counts, line.of))
        for cut in line.cuts
    }
    keys = ["category_set", "period_type", "area_level", "age_level", "sex_level"]
    table = pl.DataFrame(sorted(wanted), schema=keys, orient="row")
    cells = system.cells.filter(~pl.col("rest")).join(table, on=keys, how="semi")
    waiting = _pending(system, series)
    return _mask(system, cells), _mask(system, cells.join(waiting, on=waiting.columns, how="semi"))


def _mask(system: layout.System, cells: pl.DataFrame) -> np.ndarray:
    mask = np.zeros(len(system.cells), bool)
    mask[cells["cell"].to_numpy()] = True
    return mask


def _pending(system: layout.System, series: list) -> pl.DataFrame:
    """Return the sets and periods whose outcome is not yet known."""
    found = []
    for line in series:
        if not line.pending:
            continue
        waiting = system.cells.filter(
            (pl.col("category_set") == levels.set_name(line.pending)) & (pl.col("counted") > 0)
        ).select("period_type", "period_start")
        found += [
            waiting.unique().with_columns(category_set=pl.lit(levels.set_name(categories)))
            for categories in (line.counts, line.of)
        ]
    nothing = system.cells.clear().select("period_type", "period_start", "category_set")
    return pl.concat([nothing, *found]).unique()


def primary_cells(system: layout.System, given: dict, released: np.ndarray, policy: Policy) -> np.ndarray:
    """Return, per cell, whether it is withheld by itself: few people, here or in the complement, or a whole group."""
    people = system.cells["people"].to_numpy()
    primary = (people >= 1) & (people <= policy.threshold)
    if not policy.withholds_small:
        # a band hides how many, but not that few people make up a greater count
        primary &= system.cells["counted"].to_numpy() > policy.threshold
    for line in given["series"]:
        if line.kind == "proportion":
            primary |= _primary_of_proportion(system, line, policy)
    return primary & released


def _primary_of_proportion(system: layout.System, line, policy: Policy) -> np.ndarray:
    """A proportion says three counts: the numerator, the denominator and, by difference, the complement."""
    key = [column for column in layout.KEY if column != "category_set"]
    names = {
        "part": levels.set_name(line.counts),
        "whole": levels.set_name(line.of),
        "complement": levels.set_name(set(line.of) - set(line.counts)),
    }
    table = None
    for role, name in names.items():
        found = system.cells.filter(pl.col("category_set") == name).select(
            *key,
            pl.col("cell").alias(role),
            pl.col("counted").alias(f"{role}_counted"),
            pl.col("people").alias(f"{role}_people"),
        )
        table = found if table is None else table.join(found, on=key)

    shown = {role: policy.published(table[f"{role}_counted"].to_numpy()) for role in ("whole", "part")}
    looks_small = pl.Series(shown["whole"] - shown["part"]).is_between(1, policy.threshold)
    small_complement = table["complement_people"].is_between(1, policy.threshold)
    if not policy.withholds_small:
        small_complement &= table["complement_counted"] > policy.threshold
        looks_small &= False  # the difference of two middles says no more than their bands do
    # a share of 0% or 100% of a small group tells about each of its members
    whole_group = pl.col("whole_people").is_between(1, policy.small_group - 1) & (
        (pl.col("part_counted") == 0) | (pl.col("complement_counted") == 0)
    )
    hit = table.filter(small_complement | looks_small | whole_group)["part"].to_numpy()
    primary = np.zeros(len(system.cells), bool)
    primary[hit] = True
    return primary


def weighted_sums(system, series, weights, rates, primary, policy) -> tuple[protect.Sums, pl.DataFrame]:
    """Return the published standardised rates, and their variances, as sums over five-year cells.

    An interval gives the variance away, so both are in the system: rate and variance of one cell share their fate.
    labels: one row a rate, in the order of the sums (rate and variance of row i are sums 2i and 2i + 1).
    """
    key = ["category_set", "period_type", "period_start", "area_level", "area_code", "sex"]
    wanted = {
        (levels.set_name(line.counts), cut.period, cut.area, cut.sex)
        for line in series
        if line.kind == "directly_standardised_rate"
        for cut in line.cuts
    }
    if not wanted:
        return protect.no_sums(), system.cells.clear().select(
            *key, "sex_level", pl.lit("shown").alias("decision")
        )
    table = pl.DataFrame(
        sorted(wanted), schema=["category_set", "period_type", "area_level", "sex_level"], orient="row"
    )
    observed = system.cells.filter((pl.col("age_level") == "all") & ~pl.col("rest"))
    observed = observed.join(table, on=["category_set", "period_type", "area_level", "sex_level"], how="semi")
    observed = observed.with_columns(primary=pl.Series(primary)[observed["cell"].to_numpy()])
    labels = observed.join(rates, on=key, how="inner").sort(key)
    labels = labels.with_columns(
        decision=pl.when(pl.col("primary")).then(pl.lit("primary")).otherwise(pl.lit("shown"))
    ).with_row_index("rate_id")
    terms = (
        labels.select("rate_id", *key)
        .join(weights, on=["area_level", "area_code", "sex"])
        .join(
            system.cells.filter(pl.col("age_level") == "five_year").select(*key, "age_band", "cell"),
            on=[*key, "age_band"],
        )
        .sort("rate_id", "cell")
    )
    size = np.bincount(terms["rate_id"].to_numpy(), minlength=len(labels))
    cells, coefficient = terms["cell"].to_numpy(), terms["coefficient"].to_numpy()
    order = np.argsort(
        np.concatenate([2 * terms["rate_id"].to_numpy(), 2 * terms["rate_id"].to_numpy() + 1]), kind="stable"
    )
    middle = np.stack([labels["rate"].to_numpy(), labels["variance"].to_numpy()], axis=1).ravel()
    grain = np.stack([labels["rate_grain"].to_numpy(), labels["variance_grain"].to_numpy()], axis=1).ravel()
    sums = protect.Sums(
        part=np.concatenate([cells, cells])[order],
        coefficient=np.concatenate([coefficient, coefficient**2])[order],
        start=np.append(0, np.repeat(size, 2).cumsum()),
        low=middle - grain / 2,
        high=middle + grain / 2,
        shown=np.repeat((labels["decision"] == "shown").to_numpy(), 2),
        figure=np.repeat(np.arange(len(labels)), 2),
    )
    return sums, labels.select(*key, "sex_level", "decision")


def _rows(
    system, units_model: str, cut: np.ndarray, pending: np.ndarray, result: protect.Decision
) -> pl.DataFrame:
    words = np.array([DECISIONS[0], DECISIONS[1], DECISIONS[2]])[result.status]
    words = np.where(cut, np.where(pending, "not yet known", words), "not released")
    return system.cells.with_columns(
        units_model=pl.lit(units_model),
        is_released=pl.Series(cut),
        decision=pl.Series(words),
        in_block=pl.Series(result.block),
        low=pl.Series(result.low),
        high=pl.Series(result.high),
    ).select(COLUMNS)


def _rate_rows(labels: pl.DataFrame, units_model: str, sums: protect.Sums) -> pl.DataFrame:
    """A rate whose sum, or whose variance, had to go is withheld like any other cell."""
    both = sums.shown.reshape(-1, 2).all(axis=1)
    nothing = pl.lit(None, dtype=pl.Int64)
    return labels.with_columns(
        units_model=pl.lit(units_model),
        category_set=pl.lit(STANDARDISED) + pl.col("category_set"),
        age_level=pl.lit("all"),
        age_band=pl.lit("all"),
        counted=nothing,
        people=nothing,
        is_released=pl.lit(True),
        decision=pl.when((pl.col("decision") == "shown") & ~pl.Series(both))
        .then(pl.lit("complementary"))
        .otherwise("decision"),
        in_block=pl.lit(False),
        low=nothing,
        high=nothing,
    ).select(COLUMNS)
