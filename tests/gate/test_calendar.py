"""Days that cannot be go aside in every extract, and those that only stand for none, or lie a little ahead, do not."""

from datetime import date

import duckdb
import pytest
from breakwater.gate import calendar
from breakwater.gate.checking import landed_form
from breakwater.gate.contract import contracts
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest

from tests.gate.conftest import rewrite, rows_of

COLUMNS = [
    (extract, column.name)
    for extract, contract in contracts().items()
    for column in contract.columns
    if column.type in ("date", "month")
]


@pytest.fixture
def found():
    """Return the lines, and the reasons, of what is found when one column of an extract has these values."""

    def ask(extract: str, name: str, values: list[str]) -> list[tuple[int, str]]:
        contract, space = contracts()[extract], Workspace("offer", 2)
        told = Manifest(extract, next(iter(contract.layouts)), date(2025, 4, 1), date(2026, 3, 31), "k")
        names = [column.name for column in contract.columns_of(told.layout)]
        with duckdb.connect() as connection:
            space.open(connection)
            columns = ", ".join(f"{'v' if each == name else 'null::varchar'} as {each}" for each in names)
            connection.execute(
                f"create table {space.offered} as select {columns} from unnest($1) as t(v)", [values]
            )
            lines = [
                (line, reason)
                for column, reason, condition in calendar.impossible(contract, told)
                for (line,) in connection.execute(
                    f"select line from (select {landed_form(contract, told)}, {space.line} as line"
                    f" from {space.offered}) where {condition} and '{column}' = '{name}'"
                ).fetchall()
            ]
        return sorted(lines)

    return ask


@pytest.mark.parametrize(("extract", "name"), COLUMNS)
def test_every_column_of_every_extract_is_asked(found, extract, name):
    column = next(each for each in contracts()[extract].columns if each.name == name)
    if column.type == "month":
        values = ["1879-12", "1880-01", "2026-03", "2026-04"]
        assert found(extract, name, values) == [(2, "is before 1880"), (5, "is after the end of the period")]
        return
    values = ["1899-12-31", "1900-01-01", "2027-03-31", "2027-04-01", "99991231", "18001231"]
    past = [(2, "is before 1900"), (7, "is before 1900")]
    late = [(line, "is more than a year after the end of the period") for line in (5, 6)]
    assert found(extract, name, values) == sorted(past + ([] if column.open_ended else late))
    nulls = list(contracts()[extract].null_dates)
    assert found(extract, name, [*nulls, "2025-04-01"]) == []


def test_consent_and_care_may_be_given_for_any_time_to_come():
    ahead = [(extract, c.name) for extract, each in contracts().items() for c in each.columns if c.open_ended]
    assert ahead == [("permissions", "to_date"), ("social_care_events", "event_end_date")]


@pytest.mark.parametrize(
    ("extract", "column", "value", "reason"),
    [
        (
            "gp_registrations",
            "registered_to",
            "2031-01-01",
            "is more than a year after the end of the period",
        ),
        ("gp_registrations", "birth_month", "1870-05", "is before 1880"),
        ("apc_episodes", "DISDATE", "20310101", "is more than a year after the end of the period"),
        ("permissions", "from_date", "1890-01-01", "is before 1900"),
        ("permissions", "to_date", "2999-12-31", None),
    ],
)
def test_a_row_with_such_a_day_goes_aside(breakwater, extracts, query, extract, column, value, reason):
    rows = rows_of(extracts[extract])
    rows = rows * (20 if extract == "permissions" else 1)  # else one row were more than the limit
    if extract == "permissions":
        rows = [row | {"permission_id": f"P{number:05d}"} for number, row in enumerate(rows)]
    rows[5][column] = value
    result = breakwater("land", rewrite(extracts[extract], rows))
    assert result.exit_code == 0, result.output
    expected = [(7, column.lower(), reason)] if reason else []
    assert query("select line, column_name, reason from ledger.quarantine") == expected


REFERENCES = {
    "practice": ("practice_code", "gpprac", "general_medical_practice_code", "gp_practice_code",
                 "practice_code_patient_registration"),
    "small area": ("lsoa_code", "lsoa21", "lsoa11", "lsoa_2011", "lsoa2021", "lsoa_of_residence",
                   "lsoa_of_residence_code"),
    "provider": ("procode3", "provider_code", "organisation_identifier_provider"),
}  # fmt: skip


@pytest.mark.parametrize("kind", REFERENCES)
def test_codes_of_practices_small_areas_and_providers_have_a_form_in_every_extract(kind):
    columns = [c for contract in contracts().values() for c in contract.columns if c.name in REFERENCES[kind]]
    assert {column.name for column in columns} == set(REFERENCES[kind]) and all(c.pattern for c in columns)


def test_a_code_of_elsewhere_is_no_fault_and_one_of_no_form_is(breakwater, extracts, query):
    rows = rows_of(extracts["gp_registrations"])
    rows[0] |= {"practice_code": "Y99999", "lsoa_code": "W01999999"}
    rows[1] |= {"practice_code": "F8100"}
    assert breakwater("land", rewrite(extracts["gp_registrations"], rows)).exit_code == 0
    assert query("select line, column_name from ledger.quarantine") == [(3, "practice_code")]
    assert query("select practice_code, lsoa_code from landed.gp_registrations where _line = 2") == [
        ("Y99999", "W01999999")
    ]
