"""From true counts to decisions: lay out each system, mark primary cells, protect, and say what is withheld."""

import numpy as np
import polars as pl

from breakwater.disclosure import earlier, explain, layout, levels, protect
from breakwater.disclosure.policy import Policy
from breakwater.disclosure.primary import Primary
from breakwater.disclosure.rates import RATE, weighted_sums

DECISIONS = np.array(["shown", "primary", "complementary"])
COLUMNS = [
    "units_model", "category_set", "period_type", "period_start", "area_level", "area_code", "age_level", "age_band",
    "sex_level", "sex", "counted", "people", "is_released", "decision", "reason", "explanation", "in_block",
    "is_protected", "low", "high", "kept_count", "kept_value", "kept_lower", "kept_upper",
]  # fmt: skip


def decide(
    systems: dict, policy: Policy, *, counted, areas, months, weights, rates, said=None, exact=True
) -> pl.DataFrame:
    """Return every cell of every system with its decision; shape (cells, COLUMNS).

    systems: of `catalogue.systems`. The frames are the models counted_cells, cell_areas, stg_covered_months,
    standard_weights, standardised_rates and earlier_cells. Standardised rates come back as rows of their own, whose
    category_set begins with `standardised: ` and whose counts are empty. The order in which rows come decides nothing.
    """
    areas = areas.sort(pl.all())
    said = pl.DataFrame(schema=earlier.SCHEMA) if said is None else said
    decided = []
    for units_model, given in systems.items():
        mine = counted.filter(pl.col("units_model") == units_model).drop("units_model")
        of_model = said.filter(pl.col("units_model") == units_model).drop("units_model")
        covered = covered_months(months, given["extracts"])
        system = layout.lay_out(given["sets"], mine, areas, covered, given["age_bands"])
        cut, pending = released_cells(system, given["series"])
        released = cut & ~pending
        public = earlier.public(system, of_model, released, policy)
        primary = Primary(system, given["series"], released, policy)
        primary.withhold_as_before(public.withheld, public.kept)
        its_rates, its_weights = (
            frame.filter(pl.col("units_model") == units_model) for frame in (rates, weights)
        )
        sums, labels = weighted_sums(
            system, given["series"], its_weights, its_rates, primary.withheld, public, of_model
        )
        result = protect.protect(
            system,
            sums,
            primary.withheld,
            released,
            policy,
            public,
            primary.protected,
            primary.hidden,
            exact=exact,
        )
        decided.append(_rows(system, units_model, cut, pending, primary, public, result))
        decided.append(_rate_rows(labels, units_model, sums))
    return pl.concat(decided, how="vertical_relaxed").select(COLUMNS)


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


def _rows(system, units_model: str, cut, pending, primary: Primary, public, result) -> pl.DataFrame:
    kept = result.kept & (result.status == protect.SHOWN)
    words = np.where(kept, "kept", DECISIONS[result.status])
    words = np.where(cut, np.where(pending, "not yet known", words), "not released")
    reasons = np.where(result.status == protect.COMPLEMENTARY, "complementary", primary.reason.astype(str))
    reasons = np.where(pending | kept, "", reasons)
    nothing = pl.lit(None, dtype=pl.Float64)
    return system.cells.with_columns(
        units_model=pl.lit(units_model),
        is_released=pl.Series(cut),
        decision=pl.Series(words),
        reason=pl.Series(reasons),
        explanation=pl.Series(explain.in_words(system.cells, reasons, result.because)),
        in_block=pl.Series(result.block),
        is_protected=pl.Series(result.protected),
        low=pl.Series(result.low),
        high=pl.Series(result.high),
        kept_count=pl.when(pl.Series(kept)).then(pl.Series(public.said)),
        kept_value=nothing,
        kept_lower=nothing,
        kept_upper=nothing,
    ).select(COLUMNS)


def _rate_rows(labels: pl.DataFrame, units_model: str, sums: protect.Sums) -> pl.DataFrame:
    """A rate whose sum, or whose variance, had to go is withheld like any other cell."""
    both = pl.Series(sums.shown.reshape(-1, 2).all(axis=1), dtype=pl.Boolean)
    nothing = pl.lit(None, dtype=pl.Int64)
    was_shown = pl.col("decision") == "shown"
    decision = pl.when(was_shown & ~both).then(pl.lit("complementary")).otherwise("decision")
    kept = pl.col("decision") == "kept"
    return (
        labels.with_columns(decision=decision)
        .select(
            *RATE,
            "sex_level",
            "decision",
            units_model=pl.lit(units_model),
            age_level=pl.lit("all"),
            age_band=pl.lit("all"),
            counted=nothing,
            people=nothing,
            is_released=pl.lit(True),
            reason=pl.when(pl.col("decision") == "primary")
            .then(pl.when("primary").then(pl.lit("its count")).otherwise(pl.lit("earlier")))
            .when(pl.col("decision") == "complementary")
            .then(pl.lit("complementary"))
            .otherwise(pl.lit("")),
            explanation=pl.lit(""),
            in_block=pl.lit(False),
            is_protected=pl.lit(False),
            low=nothing,
            high=nothing,
            kept_count=nothing,
            **{f"kept_{name}": pl.when(kept).then(name) for name in ("value", "lower", "upper")},
        )
        .with_columns(
            pl.concat_str(pl.lit(earlier.STANDARDISED), "category_set").alias("category_set"),
            explanation=pl.when(pl.col("reason") == "")
            .then(pl.lit(""))
            .otherwise(pl.lit("withheld because ") + pl.col("reason").replace(explain.RATE_REASONS)),
        )
        .select(COLUMNS)
    )
