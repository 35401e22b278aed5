"""Corrections, late files and things that last: the store depends on which files stand in it, not on how they came."""

import itertools

import pytest
from breakwater.gate.contract import contracts

from tests.gate import place

LAYOUT = "cld/2"
FIRST, SECOND, HALF = ("2025-04-01", "2025-06-30"), ("2025-07-01", "2025-09-30"), ("2025-04-01", "2025-09-30")
END = "2025-05-01"  # where none is said
LATER = ("2025-10-01", "2025-12-31")


def event(reference: int, person: int, end: str = END) -> dict:
    empty = {column.file: "" for column in contracts()["social_care_events"].columns_of(LAYOUT)}
    return empty | {
        "la_code": "E06000033", "Der_NHS_Number_Traced_Pseudo": f"{person:064x}", "LSOA21": "E01015895",
        "reporting_period_start_date": "2025-04-01", "reporting_period_end_date": "2025-09-30",
        "client_type": "Service user", "service_type": "Short term support: ST-Max", "event_type": "Service",
        "event_reference": f"E{reference:05d}", "event_start_date": "2025-04-10", "event_end_date": end,
    }  # fmt: skip


@pytest.fixture
def supply(data, breakwater):
    """Land events, given as (reference, person, end), as a file of a name and a period; return click's result."""

    def land(name: str, period: tuple[str, str], *events: tuple):
        path = place.write_csv(data.root / f"{name}.csv", [event(*each) for each in events])
        words = (
            "--extract",
            "social_care_events",
            "--layout",
            LAYOUT,
            "--period",
            *period,
            "--key-id",
            "test-1",
        )
        result = breakwater("land", path, *words)
        assert breakwater("status").exit_code == 0, breakwater("status").output
        return result

    return land


@pytest.fixture
def standing(query):
    """Return (reference, end) of the events in store."""

    def ask() -> list[tuple]:
        return query(
            "select event_reference[-1:], event_end_date::varchar from landed.social_care_events order by all"
        )

    return ask


FILES = {
    "first": (FIRST, (1, 1), (2, 2), (3, 3)),
    "second": (SECOND, (1, 1, "2025-09-01"), (4, 4)),
    "half": (HALF, (2, 2, "2025-08-01"), (5, 5)),
}


@pytest.mark.parametrize("order", list(itertools.permutations(FILES)), ids="-".join)
def test_what_lasts_is_as_the_latest_period_says_in_whatever_order_files_come(supply, standing, query, order):
    for name in order:
        result = supply(name, *FILES[name])
        assert result.exit_code == 0, result.output
    # the first quarter and the half year overlap, and each adds what the other does not have
    expected = [("1", "2025-09-01"), ("2", "2025-08-01"), ("3", END), ("4", END), ("5", END)]
    assert standing() == expected
    assert query("select count(*), max(event_reference) from outdated.social_care_events") == [(2, "E00002")]
    assert query("select sum(accepted), sum(quarantined) from ledger.files") == [(7, 0)]


def test_of_two_files_that_end_on_one_day_the_one_supplied_last_stands(supply, standing):
    supply("quarter", SECOND, (1, 1, "2025-09-01"))
    supply("half", HALF, (1, 1, "2025-09-02"))
    assert standing() == [("1", "2025-09-02")]


def test_a_row_comes_back_when_the_file_that_put_it_aside_no_longer_has_it(supply, standing, query):
    supply("first", *FILES["first"])
    supply("second", *FILES["second"])
    supply("second_again", SECOND, (4, 4))
    assert standing() == [("1", END), ("2", END), ("3", END), ("4", END)]
    assert query("select count(*) from outdated.social_care_events") == [(0,)]


def test_a_period_supplied_again_late_does_not_undo_what_a_later_one_says(supply, standing):
    supply("first", *FILES["first"])
    supply("second", *FILES["second"])
    supply("third", LATER, (1, 1, "2025-12-01"))
    supply("first_again", FIRST, (1, 1), (2, 2, "2025-06-01"))
    assert standing() == [("1", "2025-12-01"), ("2", "2025-06-01"), ("4", END)]
    # the third is withdrawn: what the second said stands, and not what the first says
    supply("third_again", LATER, (6, 6))
    assert standing() == [("1", "2025-09-01"), ("2", "2025-06-01"), ("4", END), ("6", END)]


def test_a_key_that_names_somebody_else_in_another_period_is_no_correction(supply, standing, query):
    supply("first", FIRST, *((n, n) for n in range(1, 30)))
    result = supply("second", SECOND, (1, 99), *((n, n) for n in range(30, 60)))
    assert result.exit_code == 0, result.output
    assert query("select line, column_name, reason from ledger.quarantine") == [
        (2, "event_reference", "repeats the key of a row of another person")
    ]
    assert query("select count(*), count(distinct event_reference) from landed.social_care_events") == [
        (59, 59)
    ]
    # numbering that begins anew with each period is refused, and said so
    result = supply("third", LATER, *((n, n + 100) for n in range(1, 30)))
    assert result.exit_code == 1
    assert "most often event_reference repeats the key of a row of another person (29 rows)" in result.output
    assert "most stand in first.csv (2025-04-01 to 2025-06-30): supply that period again" in result.output


def test_the_same_period_may_name_somebody_else(supply, standing, query):
    """A file that replaces another corrects what it likes: the one before is no longer there."""
    supply("first", FIRST, (1, 1))
    assert supply("first_again", FIRST, (1, 2)).exit_code == 0
    assert query("select distinct person_key[-1:] from landed.social_care_events") == [("2",)]


def test_every_extract_says_which_way_its_keys_are_meant():
    lasting = {name for name, contract in contracts().items() if contract.key_scope == "file"}
    assert lasting == {"gp_conditions", "gp_registrations", "permissions", "social_care_events"}
    assert {contract.key_scope for contract in contracts().values()} == {"file", "store"}
