"""What one cut more would cost: decide a release with it and one without, and count how they differ.

Nothing is kept: the figures behind it are counted and decided again in memory, and no value is told.
"""

from collections import Counter
from dataclasses import dataclass, replace

import polars as pl

from breakwater import build, catalogue, settings, warehouse
from breakwater.catalogue import Measure
from breakwater.disclosure import decide, earlier, levels, policy
from breakwater.disclosure.layout import KEY
from breakwater.errors import Refusal
from breakwater.scratch import scratch_folder

COUNTED, RATES = "counted_cells", "standardised_rates"
SHOWN = ["shown", "kept"]
STANDARDISED = "directly_standardised_rate"


@dataclass
class Answer:
    """Numbers of cells: of the proposed cut by reason (`shown` and `not yet known` too), and of all others.

    series: labels of the series that would be cut so. lost, regained: reason -> cells of what is released anyway that
    would be withheld only with the cut, or only without it.
    """

    series: list[str]
    cells: int
    reasons: Counter
    lost: Counter
    regained: Counter


def propose(
    data: settings.DataFolder, measure: str, cut: dict[str, list[str]], category: str | None
) -> Answer:
    """Return what a release with one cut more would withhold. cut: dimension -> levels, as in the catalogue.

    Raises Refusal when there is no current build, or no such measure, series or cut.
    """
    measures = catalogue.load(settings.PROJECT)
    found = next((one for one in measures if one.name == measure), None)
    if found is None:
        raise Refusal(f"there is no measure {measure}; measures are {', '.join(m.name for m in measures)}.")
    wider, labels, wanted = widened(found, cut, category)
    proposed = [wider if one is found else one for one in measures]
    said = earlier.read(data.releases)
    with warehouse.connect(data, read_only=True) as connection:
        build.require_current_build(connection, data)
    queries = _queries(data, proposed)
    with warehouse.connect(data, read_only=True) as connection:
        given = _given(connection, queries)
    before, after = (_decisions(each, found.units, said, given) for each in (measures, proposed))
    at = pl.DataFrame(sorted(wanted), schema=["category_set", *_LEVELS], orient="row")
    return _answer(labels, before, after, at, f"{measure} has no figures cut so")


_LEVELS = ["period_type", "area_level", "age_level", "sex_level"]


def widened(
    measure: Measure, cut: dict[str, list[str]], category: str | None
) -> tuple[Measure, list[str], set]:
    """Return the measure with the cut added, the labels of its series that have it now, and their cells' levels.

    A standardised rate takes the cut only if it can have it, unless it alone is meant. Raises Refusal when nothing
    would be new, or no series can have it.
    """
    where = measure.name
    levels_wanted = levels.expand(where, cut)
    names = sorted({line.category for line in measure.series})
    if category is not None and category not in names:
        raise Refusal(f"{where} has no series {category}; it has {', '.join(names)}.")
    lines, labels, wanted = [], [], set()
    for line in measure.series:
        fits = line.kind != STANDARDISED or all(
            cut.age == "all" and cut.period == "year" for cut in levels_wanted
        )
        if category is not None and line.category == category and not fits:
            raise Refusal(
                f"{where}, {category}: a directly standardised rate is for whole years and all ages."
            )
        new = [level for level in levels_wanted if level not in line.cuts]
        if fits and new and category in (None, line.category):
            line = replace(line, cuts=(*line.cuts, *new))
            labels.append(line.label)
            prefix = earlier.STANDARDISED if line.kind == STANDARDISED else ""
            sets = [line.counts] if prefix or not line.of else [line.counts, line.of]
            wanted |= {(prefix + levels.set_name(categories), *level) for categories in sets for level in new}
        lines.append(line)
    if not labels:
        raise Refusal(f"{where} is released so already; propose a cut that it does not have.")
    return replace(measure, series=tuple(lines)), labels, wanted


def _queries(data: settings.DataFolder, measures: list[Measure]) -> dict[str, tuple[str, str]]:
    """Return, per model, the name of its table and the SQL that makes it with these measures, as dbt writes it."""
    with scratch_folder(data) as scratch:
        words = ["--log-level", "none", "compile", "--select", COUNTED, RATES, "--target-path", str(scratch)]
        result = build.run_dbt(data, words, measures=measures)
    if not result.success:
        raise Refusal(f"dbt could not write the queries: {result.exception or 'see its messages above'}.")
    return {
        one.node.name: (one.node.relation_name, one.node.compiled_code)
        for one in result.result
        if one.node.resource_type == "model"
    }


def _given(connection, queries: dict[str, tuple[str, str]]) -> dict[str, pl.DataFrame]:
    """Return the frames that decisions are made from, counted for the measures as proposed."""
    stored, counting = queries[COUNTED]
    connection.execute(f"create temp table proposed_cells as {counting}")
    _, rating = queries[RATES]
    frames = {
        "counted": "from proposed_cells",
        "rates": rating.replace(stored, "proposed_cells"),
        "areas": "from disclosure.cell_areas",
        "months": "from staging.stg_covered_months",
        "weights": "from disclosure.standard_weights",
    }
    return {name: connection.sql(query).pl() for name, query in frames.items()}


def _decisions(measures: list[Measure], units: str, said: pl.DataFrame, given: dict) -> pl.DataFrame:
    systems = catalogue.systems(measures, earlier.series(said))
    rules = policy.load(settings.PROJECT)
    return decide.decide({units: systems[units]}, rules, **given, said=said).filter("is_released")


def _answer(labels: list[str], before, after, at: pl.DataFrame, nothing: str) -> Answer:
    reason = pl.when(pl.col("decision").is_in([*SHOWN, "not yet known"])).then("decision").otherwise("reason")
    said = after.with_columns(said=reason.replace({"kept": "shown"}))
    proposed = said.join(at, on=at.columns, how="semi").join(before.select(KEY), on=KEY, how="anti")
    if proposed.is_empty():
        raise Refusal(f"{nothing}, or all of them are released already.")
    was = before.select(*KEY, was="decision", was_said=reason)
    both = said.join(was, on=KEY)
    shown, shown_before = pl.col("decision").is_in(SHOWN), pl.col("was").is_in(SHOWN)
    return Answer(
        labels,
        len(proposed),
        Counter(proposed["said"].to_list()),
        Counter(both.filter(shown_before & ~shown)["said"].to_list()),
        Counter(both.filter(~shown_before & shown)["was_said"].to_list()),
    )
