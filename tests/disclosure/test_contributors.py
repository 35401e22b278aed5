"""A figure that one contributor makes up, through the whole path: the macro that counts, the decision, the attack.

No measure of the project names its contributors yet; this one counts bed days by provider.
"""

from dataclasses import replace
from types import SimpleNamespace

import duckdb
import jinja2
import polars as pl
import pytest
from breakwater import catalogue
from breakwater.disclosure import levels
from breakwater.disclosure.attack import attack
from breakwater.settings import PROJECT

from tests.disclosure import tiny

CUTS = tiny.cuts(area=("place", "ward"), sex=("all",))


def measure(contributor: str | None) -> catalogue.Measure:
    line = replace(tiny.series(counts=("bed day",), cuts=CUTS), contributor=contributor)
    return catalogue.Measure("bed_days", tiny.UNITS, 1, "c", {}, ("e",), ("65-69", "75-79"), (line,))


def bed_days(first: int, second: int) -> pl.DataFrame:
    """So many bed days of two providers in ward W1, ten of each person, and fifty of each provider in W2."""
    days = [("S1", "A", first), ("S1", "B", second), ("S3", "A", 50), ("S3", "B", 50)]
    rows = [
        (f"{area} {provider} {day % 10}", tiny.MONTHS[0], area, "P1", "65-69", "female", "bed day", provider)
        for area, provider, number in days
        for day in range(number)
    ]
    columns = ["person", "month", "small_area", "practice", "five_year", "sex", "category", "provider_code"]
    return pl.DataFrame(rows, schema=columns, orient="row")


def the_macros():
    """All macros of the project, as DuckDB has them, without dbt."""
    text = "".join(path.read_text() for path in sorted((PROJECT / "macros").glob("*.sql")))
    environment = jinja2.Environment(extensions=["jinja2.ext.do"])
    adapter = SimpleNamespace(
        dispatch=lambda name, *_: lambda *given: getattr(found, f"default__{name}")(*given)
    )
    environment.globals |= {"adapter": adapter, "return": lambda value: value}
    found = environment.from_string(text).module
    return found


def counted_by_the_macro(units: pl.DataFrame, one: catalogue.Measure) -> pl.DataFrame:
    """The model counted_cells for this measure: attributes as it joins them, counts by the macro itself."""
    areas = tiny.Place().cell_areas().filter(pl.col("area_level") == "small_area")
    attributed = units.join(
        areas.select("ward", "locality", "quintile", small_area="area_code"), on="small_area"
    ).with_columns(
        place=pl.lit("X"),
        quarter=pl.col("month").dt.truncate("1q"),
        year=pl.lit(tiny.YEAR),
        mid_year="month",
        broad=pl.lit(levels.broad_band("65-69")),
    )
    macros = the_macros()
    (counting,) = catalogue.as_vars([one])["systems"][tiny.UNITS]["sets"]
    with duckdb.connect() as connection:
        connection.register(f"{tiny.UNITS}_attributed", attributed.to_arrow())
        return connection.sql(macros.count_cells(tiny.UNITS, counting)).pl().drop("units_model")


@pytest.mark.parametrize(
    ("first", "second", "contributor", "decision"),
    [
        (86, 14, "provider_code", "primary"),
        (85, 15, "provider_code", "shown"),
        (100, 0, "provider_code", "primary"),
        (86, 14, None, "shown"),
    ],
)
def test_a_figure_that_one_provider_makes_up_is_withheld_from_counting_to_attack(
    monkeypatch, first, second, contributor, decision
):
    units, one = bed_days(first, second), measure(contributor)
    cells = counted_by_the_macro(units, one)
    largest = cells.filter((pl.col("area_code") == "W1") & (pl.col("period_type") == "year"))
    assert largest["counted"].item() == first + second
    assert largest["largest"].item() == (first if contributor else None)

    monkeypatch.setattr(tiny, "counted", lambda *_: cells)
    decisions = tiny.decided(units, list(one.series))
    found = decisions.filter(pl.col("is_released") & (pl.col("area_code") == "W1")).row(0, named=True)
    assert found["decision"] == decision
    assert found["reason"] == ("dominated" if decision == "primary" else "")
    if decision == "primary":
        assert found["high"] - found["low"] + 1 >= tiny.POLICY.least_candidates
    others = decisions.filter(pl.col("is_released") & (pl.col("area_code") == "W2"))
    assert set(others["decision"]) == {"shown"}
    with tiny.release(decisions, list(one.series)) as release:
        assert attack(release, tiny.POLICY, tiny.knowledge(decisions)).leaks == 0
        shown = release.sql("select numerator from cells where area_code = 'W1'").fetchall()
    assert all((number is None) == (decision == "primary") for (number,) in shown)
