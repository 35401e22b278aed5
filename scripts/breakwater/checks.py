"""The gates a release must pass before it is made current. A check is one function; its detail never holds a value."""

import re
import time
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import polars as pl

from breakwater import quality_checks, settings
from breakwater.disclosure.attack import attack, sharpen
from breakwater.disclosure.policy import Policy
from breakwater.person_keys import PersonKeys

COLUMNS = [
    "measure", "period_type", "period_start", "area_type", "area_code", "age_band", "sex", "deprivation_quintile",
    "category_type", "category", "numerator", "denominator", "value", "lower", "upper", "status",
]  # fmt: skip


@dataclass
class Check:
    """What one check found: passed or not, on what, and a detail in cells or bytes: never a value, never people.

    figures: what the summary of the proof says of an attack.
    """

    gate: str
    name: str
    subject: str
    passed: bool
    detail: str
    seconds: float
    figures: dict = field(default_factory=dict)


def run_all(source, path: Path, measures, policy: Policy, report=lambda doing: None) -> list[Check]:
    """Run every gate over a finished release file; source: the warehouse, for what must not be in the release."""
    found: list[Check] = []
    with duckdb.connect(str(path), read_only=True) as release:
        for measure in measures:
            report(f"rules on {measure.name}")
            found.append(
                _timed("release", "one_shape", measure.name, lambda m=measure: _one_shape(release, m.name))
            )
            for name, sql in _rules(policy).items():
                query = sql.format(mart=measure.name)
                found.append(_timed("release", name, measure.name, lambda q=query: _none(release, q)))
            found.append(
                _timed(
                    "release",
                    "all_cells_present",
                    measure.name,
                    lambda m=measure: _all_present(release, source, m),
                )
            )
        found.append(
            _timed("release", "published_population", "cells", lambda: _population(release, source, measures))
        )
        for name, result in quality_checks.run(release, source, policy).items():
            found.append(_timed("release", name, "quality", lambda r=result: r))
        report("person keys")
        found += _no_person_key(release, path, PersonKeys(source))
    report("expectations")
    found += _expectations(path)
    report("attack")
    with duckdb.connect(str(path), read_only=True) as release:
        found.append(_timed("attack", "from_outside", "all cells", lambda: _attacked(release, policy, None)))
        worst = knowledge(source)
        found.append(_timed("attack", "worst_case", "all cells", lambda: _attacked(release, policy, worst)))
    return found


def _timed(gate: str, name: str, subject: str, run) -> Check:
    start = time.perf_counter()
    passed, detail, *figures = run()
    return Check(gate, name, subject, passed, detail, round(time.perf_counter() - start, 3), *figures)


def _rules(policy: Policy) -> dict[str, str]:
    """Rules on each mart as queries that must find nothing."""
    ours = "(select measure, category_type, category from series where kind in ('proportion', 'registered_rate'))"
    denominators = f"(((measure, category_type, category) in {ours}) or area_type = 'practice')"
    if policy.withholds_small:
        small, of_step = f"between 1 and {policy.threshold}", f"% {policy.rounding} <> 0"
    else:  # a middle of a band can be a small number, but it is no count
        small, of_step = "< 0", f"not in (0) and {{0}} % {policy.rounding} <> {policy.half_width}"
    return {
        "no_small_count": f"from {{mart}} where numerator {small} or (denominator {small} and {denominators})",
        "counts_rounded": f"from {{mart}} where numerator {of_step.format('numerator')} "
        f"or (denominator {of_step.format('denominator')} and {denominators})",
        "no_small_complement": f"from {{mart}} where (measure, category_type, category) in {ours} "
        f"and denominator - numerator {small}",
        "withheld_is_empty": "from {mart} where status in ('c', 'x') "
        "and coalesce(numerator, denominator, value, lower, upper) is not null",
        "shown_is_filled": "from {mart} where status not in ('shown', 'p', 'c', 'x') "
        "or (status in ('shown', 'p') and (numerator is null or value is null))",
        "one_row_a_cell": "from (select count(*) as n from {mart} group by "
        + ", ".join(
            column
            for column in COLUMNS
            if column not in ("numerator", "denominator", "value", "lower", "upper", "status")
        )
        + ") where n > 1",
    }


def _none(release, query: str) -> tuple[bool, str]:
    rows = release.execute(f"select count(*) {query}").fetchone()[0]
    return rows == 0, f"{rows} rows"


def _one_shape(release, mart: str) -> tuple[bool, str]:
    columns = [row[0] for row in release.execute(f"describe {mart}").fetchall()]
    return columns == COLUMNS, f"{len(columns)} columns"


def _all_present(release, source, measure) -> tuple[bool, str]:
    """Each cell of each declared cut has its row, withheld or not: a missing row would tell something too."""
    here = release.execute(f"select count(*) from {measure.name}").fetchone()[0]
    wanted = 0
    for line in measure.series:
        cuts = ", ".join(str(tuple(cut)) for cut in line.cuts)
        prefix = "standardised: " if line.kind == "directly_standardised_rate" else ""
        wanted += source.execute(
            "select count(*) from disclosure.withheld_cells where units_model = ? and category_set = ? "
            f"and (period_type, area_level, age_level, sex_level) in ({cuts})",
            [measure.units, prefix + " + ".join(sorted(line.counts))],
        ).fetchone()[0]
    return here == wanted, f"{here} of {wanted} cells"


def _population(release, source, measures) -> tuple[bool, str]:
    """Published populations stand in the release as their publisher gave them; `all` is of a measure's own ages."""
    by_age = source.sql(
        "select area_level, area_code, age_band, sex, people from disclosure.published_population"
    ).pl()
    published = pl.concat(
        [
            pl.concat([
                by_age.filter(pl.col("age_band") != "all"),
                by_age.filter(pl.col("age_band").is_in(measure.age_bands))
                .group_by("area_level", "area_code", "sex").agg(pl.col("people").sum())
                .select("area_level", "area_code", pl.lit("all").alias("age_band"), "sex", "people"),
            ]).with_columns(measure=pl.lit(measure.name))
            for measure in measures
        ]
    )  # fmt: skip
    cells = release.sql("""
        select
            measure, case when deprivation_quintile <> 'all' then 'quintile' else area_type end as area_level,
            case when deprivation_quintile <> 'all' then deprivation_quintile else area_code end as area_code,
            age_band, sex, denominator
        from cells inner join series using (measure, category_type, category)
        where kind in ('crude_rate', 'directly_standardised_rate') and area_type <> 'practice'
            and status in ('shown', 'p')
    """).pl()
    key = ["measure", "area_level", "area_code", "age_band", "sex"]
    wrong = cells.join(published, on=key, how="left").filter(
        pl.col("denominator").ne_missing(pl.col("people").cast(pl.Int64))
    )
    return wrong.is_empty(), f"{wrong.height} of {cells.height} denominators differ"


def _no_person_key(release, path: Path, keys: PersonKeys) -> list[Check]:
    """No column is named like a person key, no text value holds one (compression hides values from a byte scan), and
    no byte of the file does."""
    start = time.perf_counter()
    columns = release.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal"
    ).fetchall()
    named = [
        column for _, column, _ in columns if re.search(r"person|pseudo|nhs_?number|hesid", column.lower())
    ]
    texts = " union ".join(
        f'select "{column}" from "{table}"' for table, column, kind in columns if kind == "VARCHAR"
    )
    values = [str(value).encode() for (value,) in release.execute(texts).fetchall()]
    *of_values, of_bytes = keys.held_by([*values, path.read_bytes()])
    seconds = round((time.perf_counter() - start) / 2, 3)
    told = f"{len(named)} columns, {sum(of_values)} values"
    in_values = not named and not any(of_values)
    return [
        Check("release", "no_person_key", "columns and values", in_values, told, seconds),
        Check(
            "release",
            "no_person_key",
            "bytes of the file",
            not of_bytes,
            f"{path.stat().st_size} bytes searched",
            seconds,
        ),
    ]


def _expectations(path: Path) -> list[Check]:
    """The suite expectations/suites/release.yml, run by Great Expectations over the view `cells`."""
    from breakwater.gate.expectations import run_suite

    start = time.perf_counter()
    results = run_suite(
        settings.PROJECT / "expectations" / "suites" / "release.yml", path, "select * from subject.main.cells"
    )
    seconds = round((time.perf_counter() - start) / max(1, len(results)), 3)
    return [
        Check(
            "release",
            result.expectation,
            result.column_name or "cells",
            result.passed,
            f"{result.checked} rows",
            seconds,
        )
        for result in results
    ]


def _attacked(release, policy: Policy, worst: pl.DataFrame | None) -> tuple:
    """Bounds propagation over everything released; with `worst`, by an intruder who knows which cells are small, and
    then by exact bounds too: whatever an outsider finds by them, this one finds."""
    try:
        found = attack(release, policy, worst)
        if worst is not None:
            found = sharpen(found, policy, knows=True)
    except ValueError as error:
        return False, str(error)
    detail = (
        f"{found.cells.height} cells, {found.sums} sums, {found.withheld} withheld counts, {found.exact} exact, "
        f"{found.narrow} with fewer than {policy.least_candidates} candidates"
    )
    figures = {"settled": found.settled, "attacked": found.attacked}
    return found.leaks == 0, detail, figures


def knowledge(source) -> pl.DataFrame:
    """What governance assumes an intruder to know, and the truth to judge by: every cell of the warehouse."""
    return source.sql("""
        select
            units_model, category_set, period_type, period_start,
            case
                when area_code = 'outside' then 'outside ' || area_level
                when area_level = 'quintile' then 'quintile ' || area_code
                else area_code
            end as area,
            age_band, sex, counted, people, in_block, is_protected,
            area_code in ('outside', 'other practice') or sex = 'not known' as rest,
            not bool_or(is_released) over (partition by units_model, category_set) as is_implied
        from disclosure.decided_cells
        where counted is not null
    """).pl()
