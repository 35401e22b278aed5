"""Every page on the sample release, without a browser: what it says, offers, and never says."""

import itertools
import json
import re

import altair
import pytest
from opening import answer, chart_rows, headings, html, opened, tables
from streamlit.testing.v1 import AppTest

from dashboards import choices, words

MEASURES = ["residents", "emergency_admissions", "reablement"]
ABOUT_PAGE = """
from dashboards import about
from dashboards.app import session_release
about.draw(session_release())
"""

QUALITY_PAGE = ABOUT_PAGE.replace("about", "quality")


@pytest.mark.parametrize("measure", MEASURES)
def test_each_measure_has_a_page_that_answers_first(served, measure, release):
    page = opened(measure)
    entry = next(one for one in release.measures if one["measure"] == measure)
    assert headings(page)[0] == entry["title"]
    assert headings(page)[1] == "Over time" and headings(page)[-2:] == [
        "About this measure",
        "Take the figures away",
    ]
    assert "stood at" in answer(page)
    assert len(tables(page)) >= 3 and all(len(table) > 1 for table in tables(page))
    assert any(entry["definition"] in body for body in html(page))


@pytest.mark.parametrize("measure", MEASURES)
def test_the_sentence_says_the_cell(served, release, measure):
    page = opened(measure)
    series = next(one for one in release.series(measure) if one["headline"])
    cells = release.cells(
        measure=measure, category_type=series["category_type"], category=series["category"],
        area_type="place", age_band="all", sex="all", deprivation_quintile="all",
        period_type=["year", "mid_year"],
    )  # fmt: skip
    shown = [cell for cell in cells if cell["status"] == "shown"]
    latest = max(shown, key=lambda cell: cell["period_start"])
    figure = f"{latest['value']:,.{series['decimals']}f}"
    assert f"stood at {figure}" in answer(page)
    over_time = tables(page)[0]
    assert [figure] == [row[1] for row in over_time if row[0] == words.period(
        latest["period_type"], latest["period_start"])]  # fmt: skip
    drawn = [row for row in chart_rows(page) if row.get("start") == str(latest["period_start"])]
    assert {
        row["figure"] for row in drawn if row["code"] == latest["area_code"] and row["name"] == "Seaport"
    } == {figure}


def a_withheld(release) -> dict:
    return next(
        cell for cell in release.cells(
            measure="emergency_admissions", area_type="small_area", period_type="year", age_band="85+",
            category="spells")
        if cell["status"] == "c"
    )  # fmt: skip


def test_a_withheld_cell_never_shows_a_number(served, release):
    cell = a_withheld(release)
    page = opened("emergency_admissions", compare="small_area", age=cell["age_band"], sex=cell["sex"],
                  area=cell["area_code"], period=str(cell["period_start"]))  # fmt: skip
    assert "withheld, [c]" in answer(page) and "stood at" not in answer(page)
    name = release.areas[cell["area_code"]]["area_name"]
    when = words.period("year", cell["period_start"])
    rows = [row for table in tables(page) for row in table]
    said = [row for row in rows if row[0] in (name, when)]
    assert len(said) == 2
    for row in said:
        assert "[c]" in row and not any(re.search(r"\d", text) for text in row[1:])
    drawn = [row for row in chart_rows(page) if row.get("code") == cell["area_code"] and row["gap"]]
    assert drawn and all(
        (row["value"], row["lower"], row["upper"], row["interval"]) == (None, None, None, "") for row in drawn
    )


def test_no_chart_carries_a_number_of_a_cell_that_is_not_shown(served):
    for measure, compare in itertools.product(
        ("emergency_admissions", "residents"), ("small_area", "practice")
    ):
        rows = [row for row in chart_rows(opened(measure, compare=compare, age="85+")) if row.get("gap")]
        assert all(row["value"] is None and row["figure"] in ("[c]", "[x]") for row in rows)


@pytest.mark.parametrize("compare", ["ward", "small_area", "practice"])
@pytest.mark.parametrize("measure", MEASURES[:2])
def test_every_chart_is_valid_vega_lite_and_has_a_text(served, measure, compare):
    page = opened(measure, compare=compare)
    charts = [element.proto for element in page.get("vega_lite_chart")]
    assert len(charts) >= 3
    for chart in charts:
        specification = json.loads(chart.spec)
        specification.pop("autosize")
        altair.LayerChart.from_dict(specification)
        assert "table" in chart.alt


def test_not_yet_known_is_said_as_that(served):
    page = opened("reablement", show="outcome-at-home", period="2025-04-01")
    assert "not yet known, [x]" in answer(page)
    assert [row[:2] for row in tables(page)[0] if row[0] == "2025/26"][0] == ["2025/26", "[x]"]


@pytest.mark.parametrize("measure", MEASURES)
def test_only_released_combinations_are_offered(served, release, measure):
    """Take the last choice of every box in turn: each must be in the release, and be answered."""
    for key in [box.key for box in opened(measure).selectbox]:
        count = len(opened(measure).selectbox(key=key).options)
        assert count > 1, "one option is no choice"
        page = opened(measure)
        page.selectbox(key=key).select_index(count - 1).run()
        assert not page.exception
        assert re.search(r"stood at|withheld|not yet known", answer(page))
        asked = {box.key.removeprefix("choice_"): box.value for box in page.selectbox}
        columns = {"age": "age_band", "sex": "sex", "every": "period_type", "compare": "area_type"}
        assert any(
            all(row[columns[name]] == value for name, value in asked.items() if name in columns)
            and asked.get("show", choices.series_key(row)) == choices.series_key(row)
            for row in release.combinations(measure)
        ), asked


@pytest.mark.parametrize("measure", MEASURES)
def test_no_choice_ends_in_an_empty_screen(served, release, measure):
    combinations = release.combinations(measure)
    # Each seventh combination, whole, and each with a part that does not go with the rest.
    for n, row in enumerate(combinations[:: max(1, len(combinations) // 12)]):
        strange = {"age": "17-19"} if n % 3 == 0 else {"area": "nowhere"} if n % 3 == 1 else {"every": "week"}
        address = {
            "show": choices.series_key(row), "every": row["period_type"], "age": row["age_band"],
            "sex": row["sex"], "compare": row["area_type"],
        } | strange  # fmt: skip
        page = opened(measure, **address)
        assert re.search(r"stood at|withheld, \[c\]|not yet known, \[x\]", answer(page)), address
        assert len(tables(page)) >= 1, address


def test_the_address_holds_the_choices_and_nothing_else(served):
    page = opened("emergency_admissions")
    assert not page.query_params
    page.selectbox(key="choice_every").set_value("quarter").run()
    page.selectbox(key="choice_compare").set_value("locality").run()
    assert dict(page.query_params) == {"every": "quarter", "compare": "locality"}
    again = opened("emergency_admissions", every="quarter", compare="locality")
    assert again.selectbox(key="choice_every").value == "quarter"
    assert answer(again) == answer(page)
    page.selectbox(key="choice_every").set_value("year").run()
    assert dict(page.query_params) == {"compare": "locality"}


def test_overview_shows_every_headline_with_its_cell(served, release):
    page = AppTest.from_file(str(choices.__file__).replace("choices.py", "app.py"), default_timeout=60).run()
    assert not page.exception
    shown = [row for table in tables(page) for row in table[1:]]
    headline = [
        one for entry in release.measures for one in release.series(entry["measure"]) if one["headline"]
    ]
    assert [row[0] for row in shown] == [one["label"] for one in headline]
    assert all(re.match(r"[\d,.]+%? ", row[1]) for row in shown)
    withheld = release.facts["withheld"]
    assert any(f"{withheld:,} of them are withheld" in body for body in html(page))


def test_a_fourth_measure_appears_by_itself(tmp_path, monkeypatch):
    from sample_release import make_release

    make_release(tmp_path, fourth_measure=True)
    monkeypatch.setenv("BREAKWATER_RELEASE", str(tmp_path / "releases" / "current"))
    app = AppTest.from_file(str(choices.__file__).replace("choices.py", "app.py"), default_timeout=60).run()
    assert not app.exception and "Days in hospital" in [row[0] for table in tables(app) for row in table]
    page = opened("bed_days")
    assert headings(page)[0] == "Days in hospital" and "stood at" in answer(page)


def test_about_page_states_policy_and_every_check(served, release):
    page = AppTest.from_string(ABOUT_PAGE, default_timeout=60).run()
    assert not page.exception
    everything = "".join(html(page))
    assert "1 to 7 people" in everything and "nearest 5" in everything
    assert all(check["check_name"] in everything for check in release.checks)


def test_quality_page_says_each_share_and_delivery(served, release):
    page = AppTest.from_string(QUALITY_PAGE, default_timeout=60).run()
    assert not page.exception
    latest, *others = tables(page)
    rows = {row[0]: row[1:] for row in latest[1:]}
    assert rows == {
        "apc episodes": ["31 March 2026", "99.0", "98.0", "94.0", "[c]", "10 May 2026", "yes", "1"],
        "gp registrations": ["31 March 2026", "99.0", "98.0", "94.0", "[z]", "10 May 2026", "yes", "1"],
    }
    shown = [f"{share['value']:.1f}" for share in release.quality if share["status"] == "shown"]
    said = [cell for table in others for row in table for cell in row]
    assert all(said.count(figure) >= shown.count(figure) for figure in set(shown))
    assert "[c]" in said and "no" in said
    assert any(row[:3] == ["apc episodes", "filled in every row", "person_key"] for row in others[-1])


def test_the_quality_of_a_withheld_share_shows_no_number(served, release):
    withheld = [share for share in release.quality if share["status"] == "c"]
    assert withheld and all(share["value"] is None for share in withheld)
    page = AppTest.from_string(QUALITY_PAGE, default_timeout=60).run()
    rows = [row for table in tables(page) for row in table if row[0] == "March 2026"]
    assert rows == [["March 2026", "[c]"]]
