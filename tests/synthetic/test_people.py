"""Nobody in the extracts exists, and the extracts agree with one another about those who are in them."""

from collections import Counter, defaultdict
from datetime import date

import pytest
from synthetic_place import right_check_digit

NULL = "1800-01-01"


@pytest.fixture(scope="module")
def deaths(clean):
    return {
        row["DEC_NHS_NUMBER"]: date(
            *(int(row["REG_DATE_OF_DEATH"][i:j]) for i, j in ((0, 4), (4, 6), (6, 8)))
        )
        for row in clean.rows("deaths")
    }


def test_nhs_numbers_are_never_issued_ones_with_the_right_check_digit(clean):
    numbers = {row["nhs_number"] for row in clean.rows("gp_registrations")}
    numbers |= {row["NEWNHSNO"] for row in clean.rows("apc_episodes")}
    numbers |= {row["NHS_Number"] for row in clean.rows("social_care_events")}
    assert len(numbers) > 3000
    assert all(right_check_digit(number) and number.startswith("999") for number in numbers)


def test_postcodes_are_of_the_area_that_is_not_used_and_lead_to_a_small_area(clean):
    lookup = dict(
        line.split(",")[:2] for line in (clean.folder / "postcodes.csv").read_text().splitlines()[1:]
    )
    used = {row["postcode"] for row in clean.rows("gp_registrations")}
    used |= {row["HOMEADD"] for row in clean.rows("apc_episodes")}
    assert used <= set(lookup)
    assert all(postcode.startswith("ZS") for postcode in lookup)
    assert len(set(lookup.values())) == 108 + 5


def test_some_registered_people_live_outside_the_place(clean):
    outside = [
        line.split(",")[0]
        for line in (clean.folder / "postcodes.csv").read_text().splitlines()
        if ",E0109990" in line
    ]
    now = [row for row in clean.rows("gp_registrations") if not row["registered_to"]]
    # Lists hold 7.5% more people than live in the place.
    assert 0.05 < sum(row["postcode"] in outside for row in now) / len(now) < 0.09


def test_a_person_has_one_practice_and_one_place_at_a_time(clean):
    stretches = defaultdict(list)
    for row in clean.rows("gp_registrations"):
        stretches[row["nhs_number"]].append((row["registered_from"], row["registered_to"] or "9999-12-31"))
    for spans in stretches.values():
        spans.sort()
        assert all(first <= last for first, last in spans)
        assert all(a[1] < b[0] for a, b in zip(spans, spans[1:], strict=False))
    assert max(len(spans) for spans in stretches.values()) > 1


def test_nobody_is_registered_treated_or_supported_after_death(clean, deaths):
    for row in clean.rows("gp_registrations"):
        if row["nhs_number"] in deaths:
            assert row["registered_to"] <= deaths[row["nhs_number"]].isoformat() != ""
    for row in clean.rows("apc_episodes"):
        if row["NEWNHSNO"] in deaths:
            assert row["EPIEND"] <= deaths[row["NEWNHSNO"]].isoformat()
    for row in clean.rows("social_care_events"):
        if row["NHS_Number"] in deaths:
            assert row["Event_Start_Date"] <= deaths[row["NHS_Number"]].isoformat()
            assert row["Event_End_Date"] <= deaths[row["NHS_Number"]].isoformat()


def test_deaths_in_hospital_are_the_registered_ones(clean, deaths):
    died = [row for row in clean.rows("apc_episodes") if row["DISMETH"] == "4"]
    assert died
    for row in died:
        assert row["DISDEST"] == "79"
        # Registered within weeks, so some at the data end are not there yet.
        if row["DISDATE"] < "2026-07-01":
            assert deaths[row["NEWNHSNO"]].isoformat() == row["DISDATE"]


def test_episodes_make_whole_spells(clean):
    spells = defaultdict(list)
    for row in clean.rows("apc_episodes"):
        assert row["ADMIDATE"] <= row["EPISTART"] <= row["EPIEND"]
        spells[row["NEWNHSNO"], row["ADMIDATE"], row["ADMIMETH"], row["PROCODE3"]].append(row)
    several = 0
    for episodes in spells.values():
        episodes.sort(key=lambda row: int(row["EPIORDER"]))
        if Counter(row["EPIORDER"] for row in episodes)["1"] > 1:
            continue  # two stays on one day
        several += len(episodes) > 1
        assert [row["EPIORDER"] for row in episodes] == [str(n + 1) for n in range(len(episodes))]
        assert [row["SPELEND"] for row in episodes] == ["N"] * (len(episodes) - 1) + ["Y"]
        assert [row["SPELBGIN"] != "0" for row in episodes] == [True] + [False] * (len(episodes) - 1)
        assert all(a["EPIEND"] == b["EPISTART"] for a, b in zip(episodes, episodes[1:], strict=False))
        last = episodes[-1]
        assert last["DISDATE"] == last["EPIEND"]
        assert all(row["DISDATE"] == NULL and row["DISMETH"] == "8" for row in episodes[:-1])
    assert several > 20


def test_stays_of_a_person_do_not_overlap(clean):
    stays = defaultdict(set)
    for row in clean.rows("apc_episodes"):
        if row["SPELEND"] == "Y":
            stays[row["NEWNHSNO"]].add((row["ADMIDATE"], row["DISDATE"]))
    for some in stays.values():
        ordered = sorted(some)
        assert all(a[1] <= b[0] for a, b in zip(ordered, ordered[1:], strict=False))


def test_babies_and_ages_are_written_as_hes_does(clean):
    births = [row for row in clean.rows("apc_episodes") if row["ADMIMETH"] == "82"]
    assert births
    assert {row["STARTAGE"] for row in births} == {"7001"}
    assert all(row["DOB"] == row["ADMIDATE"] and row["EPITYPE"] == "3" for row in births)
    for row in clean.rows("apc_episodes"):
        days = (date.fromisoformat(row["EPISTART"]) - date.fromisoformat(row["DOB"])).days
        age = int(row["STARTAGE"])
        assert (7001 <= age <= 7007) if days < 365 else abs(age - days / 365.25) <= 1


def test_identifiers_are_unique(clean):
    for extract, key in {
        "gp_registrations": "registration_id",
        "apc_episodes": "EPIKEY",
        "social_care_events": "Event_Reference",
        "deaths": "DEC_ID",
        "permissions": "permission_id",
        "gp_conditions": "condition_id",
        "emergency_care": "EPIKEY",
        "outpatients": "ATTENDKEY",
        "mental_health": "UniqRecordID",
        "community_contacts": "UNIQUE CARE CONTACT IDENTIFIER",
    }.items():
        keys = [row[key] for row in clean.rows(extract)]
        assert len(keys) == len(set(keys)) > 0


def test_permissions_name_every_practice_and_one_stays_away(clean):
    rows = clean.rows("permissions")
    practices = [row for row in rows if row["permission_type"] == "practice_participation"]
    assert Counter(row["state"] for row in practices) == {"in": 23, "out": 1}
    assert all(row["practice_code"] and not row["nhs_number"] for row in practices)
    registered = len({row["nhs_number"] for row in clean.rows("gp_registrations")})
    opted_out = Counter(row["permission_type"] for row in rows if row["state"] == "out")
    assert 0.025 < opted_out["type_1_opt_out"] / registered < 0.045
    assert 0.038 < opted_out["national_data_opt_out"] / registered < 0.062


def test_people_are_ready_to_leave_hospital_on_the_day_they_do_or_some_days_before(clean):
    late = defaultdict(list)
    for row in clean.rows("apc_episodes"):
        if row["SPELEND"] == "N" or row["DISMETH"] == "4":
            assert row["DISREADYDATE"] == NULL
            continue
        assert row["ADMIDATE"] <= row["DISREADYDATE"] <= row["DISDATE"]
        old = 75 <= int(row["STARTAGE"]) < 120
        late[old].append(row["DISREADYDATE"] < row["DISDATE"])
    assert sum(late[True]) / len(late[True]) > 2 * sum(late[False]) / len(late[False]) > 0
