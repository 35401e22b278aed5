"""Traps of docs/disclosure.md, each as the smallest case in which a careless protection would let something out."""

import polars as pl
import pytest
from breakwater.disclosure import levels
from breakwater.disclosure.attack import attack
from breakwater.errors import Refusal

from tests.disclosure import tiny
from tests.disclosure.test_joint import people

APRIL, MAY = tiny.MONTHS[:2]


def status(decisions: pl.DataFrame, **cell) -> str:
    """The decision on the one cell with these values."""
    found = decisions.filter(*(pl.col(name) == value for name, value in cell.items()))
    assert found.height == 1, found
    return found["decision"][0]


def worst_leaks(decisions: pl.DataFrame, lines: list) -> int:
    with tiny.release(decisions, lines) as release:
        return attack(release, tiny.POLICY, tiny.knowledge(decisions)).leaks


@pytest.mark.parametrize(("count", "decision"), [(0, "shown"), (1, "primary"), (7, "primary"), (8, "shown")])
def test_the_threshold_lies_between_seven_and_eight_people(count, decision):
    frame = people(
        {(APRIL, "S1", "P1", "65-69", "female", "a"): count, (APRIL, "S3", "P1", "65-69", "male", "a"): 90}
    )
    lines = [tiny.series(cuts=tiny.cuts(area=("ward",), sex=("all",)))]
    assert status(tiny.decided(frame, lines), area_code="W1", is_released=True) == decision


def test_the_threshold_is_on_people_not_on_events():
    once = [(1, APRIL, "S1", "P1", "65-69", "female", "a")] * 40
    many = [(number, APRIL, "S3", "P1", "65-69", "female", "a") for number in range(2, 42)]
    lines = [tiny.series(cuts=tiny.cuts(area=("ward",), sex=("all",)))]
    decisions = tiny.decided(tiny.units(once + many), lines)
    assert status(decisions, area_code="W1", is_released=True) == "primary"
    assert status(decisions, area_code="W2", is_released=True) == "shown"


def test_a_cell_that_only_others_add_up_to_is_not_released_and_not_called_shown():
    frame = people({(APRIL, "S1", "P1", "65-69", "female", "a"): 90})
    decisions = tiny.decided(frame, [tiny.series(cuts=tiny.cuts(area=("ward",), sex=("all",)))])
    assert status(decisions, area_code="W1", is_released=True) == "shown"
    assert set(decisions.filter(~pl.col("is_released"))["decision"]) == {"not released"}


def shares(at_home: int, not_at_home: int) -> tuple[pl.DataFrame, list]:
    frame = people(
        {
            (APRIL, "S1", "P1", "65-69", "female", "home"): at_home,
            (APRIL, "S1", "P1", "65-69", "female", "not"): not_at_home,
            (APRIL, "S3", "P1", "65-69", "male", "home"): 200,
            (APRIL, "S3", "P1", "65-69", "male", "not"): 100,
        }
    )
    cuts = tiny.cuts(area=("ward",), sex=("all",))
    lines = [tiny.series("proportion", counts=("home",), of=("home", "not"), cuts=cuts)]
    return tiny.decided(frame, lines), lines


@pytest.mark.parametrize(
    ("at_home", "not_at_home", "decision"),
    [
        (45, 3, "primary"),  # 45 of 48 says that 3 were not
        (45, 8, "shown"),
        (43, 8, "primary"),  # 45 of 50 would look like 5
        (12, 0, "primary"),  # all of a small group
        (40, 0, "shown"),
        (0, 12, "primary"),  # none of a small group
        (0, 40, "shown"),
    ],
)
def test_a_proportion_publishes_its_complement(at_home, not_at_home, decision):
    decisions, _ = shares(at_home, not_at_home)
    assert status(decisions, area_code="W1", category_set="home", is_released=True) == decision


def test_spells_less_people_are_repeat_spells_and_kept_wide():
    rows = [(number, APRIL, "S1", "P1", "65-69", "female", "first") for number in range(20)]
    rows += [(number, MAY, "S1", "P1", "65-69", "female", "later") for number in range(3)]
    rows += [(number, APRIL, "S3", "P1", "65-69", "male", "first") for number in range(20, 90)]
    cuts = tiny.cuts(area=("ward",), sex=("all",))
    lines = [
        tiny.series(counts=("first", "later"), category="spells", cuts=cuts),
        tiny.series(counts=("first",), category="people", unit="people", cuts=cuts),
    ]
    decisions = tiny.decided(tiny.units(rows), lines)
    implied = decisions.filter((pl.col("category_set") == "later") & (pl.col("area_code") == "W1"))
    assert implied["counted"].item() == 3 and not implied["is_released"].item()
    assert implied["high"].item() - implied["low"].item() >= 3
    assert worst_leaks(decisions, lines) == 0


def test_months_quarters_and_years_are_one_system():
    table = {(month, "S1", "P1", "65-69", "female", "a"): 10 for month in tiny.MONTHS}
    table[APRIL, "S1", "P1", "65-69", "female", "a"] = 2
    table |= {(month, "S3", "P1", "65-69", "male", "a"): 0 for month in tiny.MONTHS[1:]}
    lines = [
        tiny.series(cuts=tiny.cuts(period=("month", "quarter", "year"), area=("ward", "place"), sex=("all",)))
    ]
    decisions = tiny.decided(people(table), lines)
    assert worst_leaks(decisions, lines) == 0
    # the year less eleven months shown to within two each leaves the small month its candidates, and no fewer
    april = decisions.filter(
        (pl.col("period_type") == "month") & (pl.col("period_start") == APRIL) & (pl.col("area_code") == "W1")
    )
    assert april["decision"].item() == "primary" and april["high"].item() - april["low"].item() >= 3


def test_the_same_cell_in_two_tables_has_one_status():
    frame = people(
        {(APRIL, "S1", "P1", "65-69", "female", "a"): 5, (APRIL, "S3", "P2", "65-69", "male", "a"): 60}
    )
    one = tiny.series(category="one", cuts=tiny.cuts(area=("ward", "practice"), sex=("all", "each")))
    two = tiny.series(category="two", cuts=tiny.cuts(area=("ward",), sex=("all",)))
    decisions = tiny.decided(frame, [one, two])
    key = ["category_set", "period_type", "period_start", "area_level", "area_code", "age_band", "sex"]
    assert not decisions.select(key).is_duplicated().any(), (
        "one cell, one decision, however many tables show it"
    )
    with tiny.release(decisions, [one, two]) as release:
        statuses = release.execute(
            "select count(distinct status) from cells where area_type = 'ward' and sex = 'all' group by area_code"
        ).fetchall()
    assert all(row == (1,) for row in statuses)


def test_outcomes_not_yet_known_are_not_released():
    frame = people({(APRIL, "S1", "P1", "65-69", "female", c): 30 for c in ("home", "not", "waiting")})
    cuts = tiny.cuts(period=("quarter",), area=("ward",), sex=("all",))
    lines = [tiny.series("proportion", counts=("home",), of=("home", "not"), cuts=cuts, pending=("waiting",))]
    decisions = tiny.decided(frame, lines).filter(pl.col("is_released") & (pl.col("area_code") == "W1"))
    first = decisions.filter(pl.col("period_start") == APRIL)
    assert set(first["decision"]) == {"not yet known"}
    assert set(decisions.filter(pl.col("period_start") != APRIL)["decision"]) <= {
        "shown",
        "primary",
        "complementary",
    }


def rates(grain: float, observed: int) -> tuple[pl.DataFrame, list]:
    """Women of W1: two age bands, one of them nearly empty, and a standardised rate over both, rounded to `grain`."""
    frame = people(
        {
            (APRIL, "S1", "P1", "65-69", "female", "a"): observed,
            (APRIL, "S1", "P1", "75-79", "female", "a"): 60,
            (APRIL, "S3", "P1", "65-69", "female", "a"): 50,
            (APRIL, "S3", "P1", "75-79", "female", "a"): 50,
        }
    )
    weights = pl.DataFrame(
        {
            "units_model": [tiny.UNITS] * 2,
            "area_level": ["ward"] * 2,
            "area_code": ["W1"] * 2,
            "sex": ["all"] * 2,
            "age_band": ["65-69", "75-79"],
            "coefficient": [90.0, 1.0],
            "rate_grain": [grain] * 2,
            "variance_grain": [1e6] * 2,
        }  # fmt: skip
    )
    true = 90.0 * observed + 60
    found = pl.DataFrame(
        {
            "units_model": [tiny.UNITS],
            "category_set": ["a"],
            "period_type": ["year"],
            "period_start": [tiny.YEAR],
            "area_level": ["ward"],
            "area_code": ["W1"],
            "sex": ["all"],
            "rate": [round(true / grain) * grain],
            "variance": [0.0],
            "rate_grain": [grain],
            "variance_grain": [1e6],
        }  # fmt: skip
    )
    cuts = tiny.cuts(area=("ward",), sex=("all",))
    lines = [
        tiny.series(cuts=tiny.cuts(area=("ward",), age=("all", "five_year"), sex=("all",))),
        tiny.series("directly_standardised_rate", category="rate", cuts=cuts),
    ]
    return tiny.decided(frame, lines, weights=weights, rates=found), lines


def test_a_standardised_rate_that_gives_a_count_away_is_withheld():
    fine, _ = rates(grain=1.0, observed=3)
    coarse, _ = rates(grain=500.0, observed=3)
    rate = {"category_set": "standardised: a", "area_code": "W1"}
    small = {"category_set": "a", "area_code": "W1", "age_band": "65-69", "is_released": True}
    assert status(fine, **small) == "primary"
    widths = fine.filter((pl.col("age_band") == "65-69") & (pl.col("area_code") == "W1"))
    assert (widths["high"] - widths["low"] + 1).min() >= 4
    shown = fine.filter((pl.col("area_code") == "W1") & (pl.col("decision") == "complementary"))
    assert shown.height > 0, "the rate itself, or what makes it tell, must go"
    assert status(coarse, **rate) == "shown"


def test_a_level_closes_over_everything_coarser():
    found = levels.closure([levels.Level("month", "small_area", "five_year", "each")])
    assert levels.Level("year", "place", "all", "all") in found
    assert levels.Level("quarter", "quintile", "broad", "each") in found
    assert not any(level.area == "practice" for level in found)


@pytest.mark.parametrize(
    ("dimension", "name"),
    [("period", "rolling_year"), ("period", "year_to_date"), ("area", "small_area_2011")],
)
def test_a_cut_that_overlaps_others_without_being_a_part_of_them_cannot_be_declared(dimension, name):
    """A rolling year less a year is a month; boundaries of 2011 less those of 2021 are a few streets.

    No sum ties such cells to the others, so neither protector nor attack would see them.
    """
    cut = {"period": ["year"], "area": ["ward"], "age": ["all"], "sex": ["all"]}
    assert levels.expand("a measure", cut)
    with pytest.raises(Refusal, match=f"{dimension} must be of"):
        levels.expand("a measure", cut | {dimension: [name]})
