"""Appointments: in rows that begin with a referral, after stays, missed more by the young and the poor."""

from collections import defaultdict
from datetime import date

import pytest
from breakwater.reference import seed


@pytest.fixture(scope="module")
def appointments(clean):
    return clean.rows("outpatients")


def test_babies_and_ages_are_written_as_hes_does(appointments):
    babies = 0
    for row in appointments:
        days = (date.fromisoformat(row["APPTDATE"]) - date.fromisoformat(row["DOB"])).days
        age = int(row["APPTAGE"])
        babies += age > 7000
        assert (7001 <= age <= 7007) if days < 365 else abs(age - days / 365.25) <= 1
    assert babies > 10


def test_dates_that_are_not_known_are_written_as_hes_does(appointments):
    requests = [row["REQDATE"] for row in appointments]
    assert 0.07 < requests.count("1800-01-01") / len(requests) < 0.13
    assert "1801-01-01" in requests
    for row in appointments:
        assert row["REQDATE"] <= row["APPTDATE"]
        if row["WAITING"]:
            waited = date.fromisoformat(row["APPTDATE"]) - date.fromisoformat(row["REQDATE"])
            assert waited.days == int(row["WAITING"])


def test_stays_are_followed_up(clean, appointments):
    seen = defaultdict(list)
    for row in appointments:
        if row["FIRSTATT"] in ("2", "4"):
            seen[row["NEWNHSNO"]].append(row["APPTDATE"])
    planned = [
        row
        for row in clean.rows("apc_episodes")
        if row["SPELEND"] == "Y" and row["ADMIMETH"] in ("11", "12", "13") and row["CLASSPAT"] == "1"
        and row["DISMETH"] == "1" and row["DISDATE"] < "2026-05-01"
    ]  # fmt: skip

    def within_three_months(row):
        left = date.fromisoformat(row["DISDATE"])
        return any(0 < (date.fromisoformat(on) - left).days < 92 for on in seen[row["NEWNHSNO"]])

    assert len(planned) > 60 and sum(map(within_three_months, planned)) / len(planned) > 0.5


def test_the_young_and_the_deprived_miss_more(clean, appointments):
    lookup = dict(
        line.split(",")[:2] for line in (clean.folder / "postcodes.csv").read_text().splitlines()[1:]
    )
    quintile = {a["area_code"]: a["deprivation_quintile"] for a in seed.read("areas")}

    def missed(some):
        return sum(row["ATTENDED"] == "3" for row in some) / len(some)

    young = [row for row in appointments if 18 <= int(row["APPTAGE"]) < 35]
    old = [row for row in appointments if 65 <= int(row["APPTAGE"]) < 110]
    assert missed(young) > 1.4 * missed(old)
    groups = defaultdict(list)
    for row in appointments:
        groups[quintile.get(lookup[row["HOMEADD"]])].append(row)
    assert missed(groups["1"]) > 1.2 * missed(groups["5"])


def test_volume_is_that_of_a_town(clean):
    made = clean.place["comparison"]["outpatients"]
    assert 0.8 < made["rows_a_year"] / 3000 < 1.4
    assert "outpatients a year" in clean.printed
