"""The place comes out near the published figures, and what measures it is right by itself."""

import json
from collections import Counter

import numpy as np
import pytest
from breakwater.reference import files, seed
from breakwater.settings import PROJECT
from breakwater.synthetic import lifetable, mortality, published, spellings
from breakwater.synthetic.social_care import ETHNICITY

REFERENCE = PROJECT.parent / "shared" / "reference"


def test_slope_index_and_mean_are_those_of_the_published_table():
    if not REFERENCE.is_dir():
        pytest.skip("the publishers' files are not at ../shared/reference")
    table = files.table(REFERENCE, "local_imd_decile", "life_expectancy", "person_years")
    for sex in ("female", "male"):
        rows = [row for row in table if row["sex"].lower() == sex]
        values = np.array([float(row["life_expectancy"]) for row in rows])
        people = np.array([float(row["person_years"]) for row in rows])
        assert lifetable.slope_index(values, people) == pytest.approx(published.SLOPE_INDEX[sex], abs=0.005)
        assert np.average(values, weights=people) == pytest.approx(published.LIFE_EXPECTANCY[sex], abs=0.005)
    people = Counter()
    for row in table:
        people[int(row["local_imd_decile"])] += int(row["person_years"])
    assert tuple(people[d] for d in range(1, 11)) == published.PERSON_YEARS_BY_DECILE


def test_life_expectancy_under_a_constant_rate_is_its_inverse():
    # The exponential distribution: at 0.02 a year 50 years are expected; an abridged table comes within 1%.
    years = np.full(20, 10_000.0)
    assert lifetable.life_expectancy(years * 0.02, years) == pytest.approx(50, rel=0.01)


def test_life_expectancy_needs_everybody():
    years = np.full(20, 10_000.0)
    deaths = years * 0.02
    deaths[-1] = 0
    assert np.isnan(lifetable.life_expectancy(deaths, years))


def test_death_rates_lie_on_the_published_slope():
    rates = mortality.rates()
    for s, sex in enumerate(("female", "male")):
        made = np.array([mortality.life_expectancy(rate) for rate in rates[s]])
        slope = lifetable.slope_index(made, np.array(published.PERSON_YEARS_BY_DECILE, dtype=float))
        assert slope == pytest.approx(published.SLOPE_INDEX[sex], rel=0.07)
        assert made.mean() == pytest.approx(published.LIFE_EXPECTANCY[sex], abs=0.6)
        assert (np.diff(made) > 0).all()


def test_population_stays_about_its_size_and_age(clean):
    rows = clean.rows("gp_registrations")
    lookup = dict(
        line.split(",")[:2] for line in (clean.folder / "postcodes.csv").read_text().splitlines()[1:]
    )

    def living(on: str) -> list[dict]:
        return [
            r
            for r in rows
            if r["registered_from"] <= on <= (r["registered_to"] or "9999")
            and not lookup[r["postcode"]].startswith("E0109990")
        ]

    first, last = living("2023-07-01"), living("2026-09-30")
    assert abs(len(first) / 3000 - 1) < 0.03
    assert abs(len(last) / 3000 - 1) < 0.03
    old = [sum(r["date_of_birth"] < limit for r in some) for some, limit in ((first, "1958"), (last, "1961"))]
    assert abs(old[0] / old[1] - 1) < 0.12


def test_emergency_admissions_are_in_band_and_rise_with_age(clean):
    figure = clean.place["comparison"]["emergency_admissions"]
    assert figure["made"] == pytest.approx(figure["target"], rel=0.2)
    first = [
        row
        for row in clean.rows("apc_episodes")
        if row["ADMIMETH"].startswith("2") and row["EPIORDER"] == "1" and int(row["STARTAGE"]) < 200
    ]
    old = sum(int(row["STARTAGE"]) >= 75 for row in first)
    young = sum(20 <= int(row["STARTAGE"]) < 45 for row in first)
    # One in ten is 75 or over, one in three 20 to 44.
    assert old * 3 > young * 2


def test_some_people_are_admitted_many_times(clean):
    times = Counter(
        row["NEWNHSNO"]
        for row in clean.rows("apc_episodes")
        if row["ADMIMETH"].startswith("2") and row["EPIORDER"] == "1"
    )
    assert max(times.values()) >= 6


def test_figures_are_printed_and_kept(clean):
    figures = clean.place["comparison"]
    assert len(figures["population_by_decile"]["made"]) == 10
    assert sum(figures["population_by_decile"]["made"]) == pytest.approx(100, abs=0.1)
    assert "emergency admissions per 1,000" in clean.printed
    assert f"{figures['emergency_admissions']['made']:.1f}" in clean.printed
    assert "a target of ours" in clean.printed


def test_reablement_follows_a_discharge_and_its_outcome_shows_in_the_other_extracts(clean):
    stays = {}
    for row in clean.rows("apc_episodes"):
        if row["SPELEND"] == "Y" and row["ADMIDATE"] < row["DISDATE"]:
            stays.setdefault(row["NEWNHSNO"], []).append(row["DISDATE"])
    courses = [
        row
        for row in clean.rows("social_care_events")
        if row["Service_Type"].lower() == "short term support: st-max"
    ]
    assert courses
    near = 0
    for row in courses:
        start = np.datetime64(row["Event_Start_Date"])
        gaps = [int((start - np.datetime64(d)).astype(int)) for d in stays.get(row["NHS_Number"], [])]
        near += any(-3 <= gap <= 7 for gap in gaps)
    assert near / len(courses) > 0.3
    assert clean.place["comparison"]["reablement"]["courses"] > 10


def test_every_value_of_social_care_is_a_spelling_of_the_seed(clean):
    known = {(row["field"], row["spelling"]) for row in seed.read("cld_values")}
    fields = {field for field, _ in known}
    for row in clean.rows("social_care_events"):
        assert all((field, row[field]) in known for field in fields & set(row) if row[field])


def test_release_1_spellings_lead_back_to_release_2():
    standard = {(row["field"], row["spelling"]): row["standard"] for row in seed.read("cld_values")}
    for field, values in spellings.RELEASE_1.items():
        for new, old in values.items():
            assert standard[field, old] == standard[field, new] == new
    assert all(("Ethnicity", value) in standard for value in ETHNICITY.values())


def test_files_until_september_2025_are_release_1_and_later_ones_release_2(clean):
    new = {(field, value) for field, values in spellings.RELEASE_1.items() for value in values}
    old = {(field, value) for field, values in spellings.RELEASE_1.items() for value in values.values()}
    seen = set()
    for path in sorted((clean.folder / "social_care_events").glob("*.csv")):
        told = json.loads(path.with_suffix(".json").read_text())
        release_1 = told["period_end"] < "2025-10-01"
        assert told["layout"] == ("cld/1" if release_1 else "cld/2")
        rows = clean.file("social_care_events", path.name)
        values = {(field, row[field]) for row in rows for field in spellings.RELEASE_1}
        assert not values & (new - old if release_1 else old - new)
        assert values & (old if release_1 else new)
        assert {row["Reporting_Period_End_Date"] for row in rows} == {told["period_end"]}
        seen.add((told["period_start"], told["period_end"]))
    assert {("2025-04-01", "2025-09-30"), ("2025-10-01", "2026-03-31")} <= seen


def test_a_few_in_a_hundred_are_known_to_both_health_and_long_term_social_care(clean):
    """About 4,000 of 183,000 in the place whose size this is."""
    today = "2026-09-30"
    supported = {
        row["NHS_Number"]
        for row in clean.rows("social_care_events")
        if row["Service_Type"].lower().startswith("long term support")
        and (row["Event_End_Date"] or today) >= today
    }
    known = {row["nhs_number"] for row in clean.rows("gp_conditions")}
    assert 0.014 < len(supported & known) / 3000 < 0.030
