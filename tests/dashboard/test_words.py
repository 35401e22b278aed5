"""Words made from cells, against sentences and numbers worked out by hand."""

from datetime import date

import pytest

from dashboards import sentences, tables, words

RATE = {"kind": "crude_rate", "value_label": "per 1,000 people", "decimals": 1, "unit": "spells",
        "label": "Emergency spells"}  # fmt: skip
COUNT = RATE | {"kind": "count", "value_label": "people", "decimals": 0, "label": "Residents"}
SHARE = RATE | {"kind": "proportion", "value_label": "% of discharges", "label": "Offered re-ablement"}
NAMES = {"area": "Milton", "place": "Southend-on-Sea", "polarity": "lower_is_better"}


def cell(value, lower=None, upper=None, *, status="shown", start=date(2025, 4, 1), code="M", **other):
    return {"value": value, "lower": lower, "upper": upper, "status": status, "period_type": "year",
            "period_start": start, "area_code": code, "age_band": "all", "sex": "all", "numerator": value,
            "denominator": None} | other  # fmt: skip


@pytest.mark.parametrize(("kind", "start", "name"), [
    ("year", date(2024, 4, 1), "2024/25"), ("year", date(1999, 4, 1), "1999/00"),
    ("quarter", date(2024, 10, 1), "October to December 2024"),
    ("quarter", date(2025, 1, 1), "January to March 2025"),
    ("month", date(2026, 9, 1), "September 2026"), ("mid_year", date(2026, 6, 30), "mid-2026"),
])  # fmt: skip
def test_period_names(kind, start, name):
    assert words.period(kind, start) == name


def test_periods_on_an_axis_are_short():
    assert words.tick("quarter", date(2024, 10, 1)) == "Oct-Dec 2024"
    assert words.tick("month", date(2026, 9, 1)) == "Sep 2026"
    assert words.tick("year", date(2024, 4, 1)) == "2024/25"


@pytest.mark.parametrize(("age", "sex", "said"), [
    ("all", "all", ""), ("65-74", "all", "people aged 65 to 74"), 
    ("85+", "female", "women aged 85 and over"),
    ("all", "male", "boys and men of all ages"),
])  # fmt: skip
def test_groups_of_people(age, sex, said):
    assert words.group(age, sex) == said


def test_a_number_is_shown_as_what_it_is():
    assert words.number(cell(1234.56), RATE) == "1,234.6"
    assert words.number(cell(0.0), RATE) == "0.0"
    assert words.number(cell(0.0), COUNT) == "0"
    assert words.number(cell(None, status="c"), RATE) == "[c]"
    assert words.number(cell(None, status="x"), RATE) == "[x]"
    # Even if a broken release held a number beside a withheld status, it would not be said.
    assert words.number(cell(3.0, status="c"), RATE) == "[c]"
    assert words.interval(cell(3.0, 1.0, 5.0, status="c"), RATE) == ""


def test_differences_need_intervals_that_lie_apart():
    assert words.compared(cell(10, 9, 11), cell(8, 7, 8.9), "crude_rate") == "higher"
    assert words.compared(cell(10, 9, 11), cell(8, 7, 9.1), "crude_rate") == "similar"
    assert words.compared(cell(5, 4, 6), cell(8, 7, 9), "crude_rate") == "lower"
    assert words.compared(cell(5, 4, 6), cell(None, status="c"), "crude_rate") is None
    assert words.compared(cell(1004), cell(1000), "count") == "similar"
    assert words.compared(cell(1006), cell(1000), "count") == "higher"


def test_better_and_worse_only_where_a_measure_has_a_direction():
    assert words.verdict("higher", "lower_is_better") == "worse"
    assert words.verdict("lower", "lower_is_better") == "better"
    assert words.verdict("higher", "higher_is_better") == "better"
    assert words.verdict("higher", "neither") == ""
    assert words.verdict("similar", "lower_is_better") == ""


def test_the_answer_in_full():
    said = sentences.answer(
        cell(98.2, 97, 99),
        cell(90.0, 89, 91, start=date(2024, 4, 1)),
        cell(80.0, 79, 81, code="S"),
        RATE,
        NAMES,
    )
    assert said == [
        "Emergency spells in Milton stood at 98.2 per 1,000 people in 2025/26.",
        "That is 9% higher than in 2024/25 (90.0), which is worse.",
        "It is 23% higher than Southend-on-Sea as a whole (80.0).",
    ]


def test_the_answer_about_some_people_and_a_percentage():
    said = sentences.answer(
        cell(8.4, 7, 9, age_band="85+", sex="male"),
        cell(12.0, 11, 13, start=date(2024, 4, 1)),
        None,
        SHARE,
        NAMES,
    )
    assert said == [
        "Offered re-ablement in Milton, men aged 85 and over, stood at 8.4% of discharges in 2025/26.",
        "That is 3.6 percentage points lower than in 2024/25 (12.0), which is better.",
    ]


def test_an_earlier_figure_that_is_kept_is_said_with_its_mark():
    kept = cell(8.4, 7.0, 9.9, status="p")
    assert words.number(kept, SHARE) == "8.4 [p]" and words.quantity(kept, SHARE) == "8.4% of discharges [p]"
    assert words.interval(kept, SHARE) == "7.0 to 9.9"
    assert words.compared(kept, cell(12.0, 11.0, 13.0), "proportion") == "lower"
    assert "large enough" in tables.shorthand([kept])


@pytest.mark.parametrize(("status", "said"), [("c", "withheld, [c]"), ("x", "not yet known, [x]")])
def test_no_number_is_said_of_what_is_not_shown(status, said):
    lines = sentences.answer(
        cell(None, status=status), cell(90.0, 89, 91), cell(80.0, 79, 81, code="S"), RATE, NAMES
    )
    assert len(lines) == 1 and said in lines[0]
    assert "90" not in lines[0] and "80" not in lines[0]
    before = sentences.answer(
        cell(98.2, 97, 99), cell(None, status=status, start=date(2024, 4, 1)), None, RATE, NAMES
    )
    assert before[1] == f"It cannot be compared with 2024/25: that figure is {said}."


def test_highest_and_lowest_leave_out_what_is_withheld_and_say_so():
    areas = {code: {"area_name": f"Ward {code}"} for code in "ABC"}
    cells = [cell(5.0, code="A"), cell(None, status="c", code="B"), cell(7.0, code="C")]
    assert sentences.spread(cells, RATE, areas, "ward") == (
        "Wards: highest in Ward C (7.0), lowest in Ward A (5.0). Among those shown; 1 withheld."
    )
    assert sentences.spread(cells[:2], RATE, areas, "ward") == ""
    tied = [cell(5.0, code="A"), cell(7.0, code="B"), cell(7.01, code="C")]
    assert sentences.spread(tied, RATE, areas, "ward") == (
        "Wards: highest in 2 of them (7.0), lowest in Ward A (5.0)."
    )


def test_what_rounds_to_zero_is_not_taken_for_a_zero():
    """[low] on the screen and in spreadsheets, by the same rule; what rounds up to a digit is that digit."""
    from dashboards.exports.sheets import figure

    rate = {"decimals": 1, "value_label": "per 1,000 people"}
    cell = {
        "status": "shown",
        "numerator": 5,
        "denominator": 150_000,
        "value": 0.04,
        "lower": 0.0,
        "upper": 0.05001,
    }
    assert words.number(cell, rate) == "[low]" == figure(cell, "value", 1)
    assert words.number(cell, rate, "lower") == "0.0" and figure(cell, "lower", 1) == 0
    assert words.number(cell, rate, "upper") == "0.1" and figure(cell, "upper", 1) == 0.05001
    assert words.interval(cell, rate) == "0.0 to 0.1"
    assert words.quantity(cell, rate) == "nearly 0 per 1,000 people"
