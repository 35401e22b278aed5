"""Layouts of one extract that differ: client level data of both releases, with the place's name in either spelling."""

import pytest
from breakwater.gate.contract import contracts

from tests.gate import place

RELEASES = {
    "cld_national/1": {"client_type": "Service User", "service_type": "Short Term Support: ST-Max"},
    "cld_national/2": {"client_type": "Service user", "service_type": "Short term support: ST-Max"},
}
NAMES = ["Southend-on-Sea"] * 20 + ["Southend on Sea"] * 9 + ["Shoebury"]


def event(number: int, name: str) -> dict:
    return {
        "la_code": "E06000033", "LA_Name": name, "Der_NHS_Number_Traced_Pseudo": f"{number:064x}",
        "reporting_period_start_date": place.PERIOD[0], "reporting_period_end_date": place.PERIOD[1],
        "LSOA21": "E01015895", "event_type": "Service", "event_reference": f"E{number:05d}",
        "event_start_date": "2025-06-01", "event_end_date": "2025-07-01",
    }  # fmt: skip


@pytest.mark.parametrize("layout", RELEASES)
def test_national_client_level_data_lands_in_either_release_and_spelling(breakwater, data, query, layout):
    empty = {column.file: "" for column in contracts()["social_care_events"].columns_of(layout)}
    rows = [empty | RELEASES[layout] | event(number, name) for number, name in enumerate(NAMES)]
    path = place.write_csv(data.root / "national.csv", rows)
    words = (
        "--extract",
        "social_care_events",
        "--layout",
        layout,
        "--period",
        *place.PERIOD,
        "--key-id",
        "test-1",
    )
    result = breakwater("land", path, *words)
    assert result.exit_code == 0, result.output
    landed = query("select la_name, count(*) from landed.social_care_events group by 1 order by 1")
    assert landed == [("Southend on Sea", 9), ("Southend-on-Sea", 20)]
    assert query("select column_name, reason from ledger.quarantine") == [
        ("la_name", "is not an allowed code")
    ]
