"""The way of the records in a release: every extract of the contracts, every line of the register, no more."""

import csv

import duckdb
import yaml
from breakwater import record_flows
from breakwater.settings import PROJECT


def test_each_contract_says_what_is_taken_out():
    rows = {row["extract"]: row for row in record_flows.sources(PROJECT)}
    contracts = [
        yaml.safe_load(path.read_text()) for path in (PROJECT / "expectations/contracts").glob("*.yml")
    ]
    assert rows.keys() == {contract["extract"] for contract in contracts}
    assert all("NHS number" in row["identifiers"] and "a code" in row["kept"] for row in rows.values())
    assert rows["gp_registrations"]["identifiers"].endswith("given name, family name")
    assert "event description" in rows["social_care_events"]["identifiers"]
    assert rows["gp_registrations"]["kept"] == "a code, month of birth, small area"


def test_each_line_of_the_register_is_a_flow_with_its_legal_basis():
    with (PROJECT / "seeds/extract_purposes.csv").open(encoding="utf-8") as lines:
        registered = list(csv.DictReader(lines))
    flows = record_flows.flows(PROJECT, {"commissioning"})
    assert [(one["extract"], one["purpose"], one["legal_basis"]) for one in flows] == [
        (one["extract"], one["purpose"], one["legal_basis"]) for one in registered
    ]
    assert {one["purpose"] for one in flows if one["released"]} == {"commissioning"}
    told = {(one["extract"], one["purpose"]): one["choices"] for one in flows}
    assert told["social_care_events", "commissioning"] == (
        "the practice takes part, opt-out at the practice (type 1), social care consent not refused"
    )
    assert told["social_care_events", "risk_stratification"].endswith(
        "national data opt-out, social care consent given"
    )
    assert told["deaths", "coverage"] == "none: counts only"


def test_the_release_holds_both_tables(small_place):
    with duckdb.connect(str(small_place.releases / "current" / "release.duckdb"), read_only=True) as release:
        sources = release.execute("select extract from sources order by position").fetchall()
        assert [name for (name,) in sources] == [row["extract"] for row in record_flows.sources(PROJECT)]
        assert release.execute("select count(*) from flows where released").fetchone()[0] > 0
