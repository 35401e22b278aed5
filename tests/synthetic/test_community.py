"""Community contacts: after discharges, for the frail and the dying, at the ages of a child's visits."""

from collections import Counter, defaultdict
from datetime import date

import pytest

SERVICE = "SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)"


@pytest.fixture(scope="module")
def contacts(clean):
    return clean.rows("community_contacts")


def days(later: str, earlier: str) -> int:
    return (date.fromisoformat(later) - date.fromisoformat(earlier)).days


def test_old_people_are_visited_after_a_discharge_more_often_than_at_other_times(clean, contacts):
    nursing = defaultdict(list)
    for row in contacts:
        if row[SERVICE] in {"12", "51", "53", "26", "23", "43"}:
            nursing[row["NHS NUMBER"]].append(row["CARE CONTACT DATE"])
    left = [
        row
        for row in clean.rows("apc_episodes")
        if row["SPELEND"] == "Y" and row["ADMIMETH"].startswith("2") and row["DISMETH"] == "1"
        and 75 <= int(row["STARTAGE"]) < 120 and row["ADMIDATE"] < row["DISDATE"] < "2026-08-01"
        and row["ADMIDATE"] > "2023-06-01"
    ]  # fmt: skip

    def visited(row, first, last):
        return any(first <= days(on, row["DISDATE"]) <= last for on in nursing[row["NEWNHSNO"]])

    after = sum(visited(row, 1, 28) for row in left) / len(left)
    before = sum(visited(row, -56, -29) for row in left) / len(left)
    assert len(left) > 150 and after > 0.3 and after > 1.5 * before


def test_contacts_of_a_referral_are_of_one_person_and_come_after_it(contacts):
    people = defaultdict(set)
    for row in contacts:
        people[row["UNIQUE SERVICE REQUEST IDENTIFIER"]].add(row["NHS NUMBER"])
        assert row["REFERRAL REQUEST RECEIVED DATE"] < row["CARE CONTACT DATE"]
    assert all(len(some) == 1 for some in people.values())


def test_health_visitors_see_small_children_only(contacts):
    ages = [
        days(row["CARE CONTACT DATE"], row["PERSON BIRTH DATE"]) for row in contacts if row[SERVICE] == "16"
    ]
    assert len(ages) > 100 and max(ages) < 3 * 366
    assert Counter(age < 25 for age in ages)[True] > len(ages) / 8


def test_nobody_is_visited_in_a_hospital_bed_or_after_death(clean, contacts):
    deaths = {row["DEC_NHS_NUMBER"]: row["REG_DATE_OF_DEATH"] for row in clean.rows("deaths")}
    stays = defaultdict(list)
    for row in clean.rows("apc_episodes"):
        if row["SPELEND"] == "Y":
            stays[row["NEWNHSNO"]].append((row["ADMIDATE"], row["DISDATE"]))
    for row in contacts:
        on = row["CARE CONTACT DATE"]
        assert on.replace("-", "") < deaths.get(row["NHS NUMBER"], "9")
        assert not any(first <= on <= last for first, last in stays[row["NHS NUMBER"]])


def test_the_dying_have_contacts_and_volume_is_that_of_a_town(clean, contacts):
    dying = {row["nhs_number"] for row in clean.rows("gp_conditions") if row["code"] == "PC"}
    assert {row["NHS NUMBER"] for row in contacts if row[SERVICE] == "14"} <= dying
    assert 0.6 < clean.place["comparison"]["community_contacts"]["rows_a_year"] / 3000 < 1.0
