"""Attendances: before emergency stays, by the old in ambulances, waiting about as long as published."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta

import pytest

AMBULANCE = "1048031000000100"
ADMITTED = {"306706006", "1066391000000105", "1066331000000109"}


@pytest.fixture(scope="module")
def attendances(clean):
    return clean.rows("emergency_care")


def moment(row: dict, what: str) -> datetime:
    return datetime.fromisoformat(f"{row[f'{what}_DATE']} {row[f'{what}_TIME']}")


def test_every_stay_that_came_through_the_department_has_an_attendance_that_ends_in_it(clean, attendances):
    departed = Counter(
        (row["NHS_NUMBER"], row["DEPARTURE_DATE"])
        for row in attendances
        if row["DISCHARGE_DESTINATION"] in ADMITTED
    )
    stays = Counter(
        (row["NEWNHSNO"], row["ADMIDATE"])
        for row in clean.rows("apc_episodes")
        if row["ADMIMETH"] == "21" and row["EPIORDER"] == "1" and row["ADMIDATE"] > "2023-04-03"
    )
    assert len(stays) > 300
    # An attendance of the last days may end in a stay that is not over when the data end.
    assert all(departed[stay] >= number for stay, number in stays.items())
    after = sum(departed.values()) - sum(stays.values())
    assert after < 0.03 * sum(stays.values())


def test_times_agree_with_one_another(attendances):
    for row in attendances:
        wait = int(row["DEPARTURE_TIME_SINCE_ARRIVAL"])
        assert moment(row, "DEPARTURE") - moment(row, "ARRIVAL") == timedelta(minutes=wait)
        steps = [row[f"{step}_TIME_SINCE_ARRIVAL"] for step in (
            "INITIAL_ASSESSMENT", "SEEN_FOR_TREATMENT", "DECISION_TO_ADMIT", "DEPARTURE")]  # fmt: skip
        passed = [int(step) for step in steps if step]
        assert passed == sorted(passed)
        assert bool(steps[2]) == (row["DISCHARGE_DESTINATION"] in ADMITTED)


def test_nobody_attends_from_a_hospital_bed_or_after_death(clean, attendances):
    deaths = {row["DEC_NHS_NUMBER"]: row["REG_DATE_OF_DEATH"] for row in clean.rows("deaths")}
    stays = defaultdict(list)
    for row in clean.rows("apc_episodes"):
        if row["SPELEND"] == "Y":
            stays[row["NEWNHSNO"]].append((row["ADMIDATE"], row["DISDATE"]))
    for row in attendances:
        assert row["ARRIVAL_DATE"].replace("-", "") <= deaths.get(row["NHS_NUMBER"], "9")
        if row["DISCHARGE_DESTINATION"] not in ADMITTED:
            assert not any(a <= row["ARRIVAL_DATE"] <= d for a, d in stays[row["NHS_NUMBER"]])


def test_volume_waits_and_ambulances_are_plausible(clean, attendances):
    figures = clean.place["comparison"]["emergency_care"]
    assert figures["attendances"]["made"] == pytest.approx(figures["attendances"]["target"], rel=0.15)
    within = figures["within_4_hours"]
    assert within["made"] == pytest.approx(within["published"], abs=5)
    major = [row for row in attendances if row["DEPARTMENT_TYPE"] == "01"]

    def share(some):
        return sum(row["ARRIVAL_MODE"] == AMBULANCE for row in some) / len(some)

    old = share([row for row in major if int(row["AGE_AT_ARRIVAL"]) >= 75])
    young = share([row for row in major if 18 <= int(row["AGE_AT_ARRIVAL"]) < 45])
    assert old > 0.45 > 0.35 > young
