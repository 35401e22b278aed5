"""Permissions: applied in staging through one macro, by the register, and nowhere else. On dbt's manifest."""

import csv
import re

import pytest
import yaml
from breakwater import settings

PERMITTED = "macro.breakwater.permitted"
CALL = re.compile(r"\bpermitted\(\s*'(\w+)'(?:\s*,\s*(?:purpose\s*=\s*)?'(\w+)')?\s*\)")
# What works out who is permitted; nothing of it is counted.
MACHINERY = {"stg_permissions", "stg_person_permissions", "stg_permitted_people"}

# Counts of people who may not be used, with a number in place of the person key, for measures of the purpose coverage.
COUNTED_ALONE = {"stg_coverage", "stg_social_care_consent"}

# Numbers of rows and people in everything that landed, for the quality of extracts.
NUMBERS_ALONE = {"stg_completeness", "stg_linkage"}


def calls(model: dict) -> list[tuple[str, str]]:
    """Return (extract, purpose) of each call of the macro that a model makes."""
    return [(extract, purpose or "commissioning") for extract, purpose in CALL.findall(model["raw_code"])]


def readers(manifest, name: str) -> set[str]:
    return {
        model
        for model, node in manifest.models.items()
        if any(read["name"] == name for read in manifest.read_by(node))
    }


def ancestors(manifest, model: dict) -> list[dict]:
    """Return every model and source that a model is made from."""
    nodes = manifest.content["nodes"] | manifest.content["sources"]
    waiting, seen = [model["unique_id"]], {}
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen[name] = nodes[name]
            waiting += nodes[name].get("depends_on", {}).get("nodes", [])
    return list(seen.values())


def person_level_extracts() -> list[str]:
    """Return the extracts whose contract has a person key, but for permissions themselves."""
    found = []
    for path in (settings.PROJECT / "expectations" / "contracts").glob("*.yml"):
        contract = yaml.safe_load(path.read_text())
        if (
            any(column.get("person_key") for column in contract["columns"])
            and contract["extract"] != "permissions"
        ):
            found.append(contract["extract"])
    return sorted(found)


@pytest.mark.parametrize("extract", person_level_extracts())
def test_every_person_level_extract_is_staged_through_the_macro(manifest, extract):
    read = readers(manifest, extract) - MACHINERY - NUMBERS_ALONE
    assert f"stg_{extract}" in read
    for name in read:
        model = manifest.models[name]
        assert PERMITTED in model["depends_on"]["macros"], f"{name} reads {extract} past permitted()"
        assert extract in {called for called, _ in calls(model)}, f"{name} reads {extract} past permitted()"
        assert not re.search(r"\bsource\(", model["raw_code"]), f"{name} reads a landing past permitted()"


def test_permissions_are_read_in_staging_by_the_few_that_apply_them(manifest):
    assert readers(manifest, "permissions") == {"stg_permissions"} | NUMBERS_ALONE
    assert readers(manifest, "stg_permissions") == {"stg_person_permissions"}
    assert readers(manifest, "stg_person_permissions") == {"stg_permitted_people", *COUNTED_ALONE}
    through_the_macro = {name for name, model in manifest.models.items() if calls(model)}
    assert readers(manifest, "stg_permitted_people") == through_the_macro
    assert through_the_macro <= set(manifest.layer("staging"))


def test_who_is_not_permitted_is_counted_without_a_key_for_coverage_alone(manifest):
    """The models that hold people who may not be used: no person key in them, and only coverage and residents above."""
    for name in manifest.layer("staging"):
        if "coverage" in {purpose for _, purpose in calls(manifest.models[name])}:
            assert name in COUNTED_ALONE
    for name in COUNTED_ALONE:
        assert "person_key" not in manifest.models[name]["columns"]
    above = {reader for name in COUNTED_ALONE for reader in readers(manifest, name)}
    assert above == {"residents_units", "social_care_consent_units"}
    used = {}
    for name, mart in manifest.layer("marts").items():
        entry = mart["config"]["meta"]["measure"]
        if entry.get("units", f"{name}_units") in above:
            used[name] = entry["purpose"], {value for line in entry["series"] for value in line["counts"]}
    assert used.pop("residents") == ("commissioning", {"lives here", "lives elsewhere"})
    assert used and {purpose for purpose, _ in used.values()} == {"coverage"}


def test_what_counts_every_row_holds_numbers_alone_and_no_measure_rests_on_it(manifest):
    """Quality looks at whatever landed, so of a row it may keep a number; and it looks at every extract."""
    sources = {
        source["name"] for source in manifest.content["sources"].values() if source["schema"] == "landed"
    }
    for name in NUMBERS_ALONE:
        model = manifest.models[name]
        words = {column["name"] for column in model["columns"].values() if column["data_type"] != "bigint"}
        assert words <= {"extract_name", "month_start"}, name
        read = {node["name"] for node in manifest.read_by(model)}
        assert sources <= read, f"macros/quality.sql lacks {', '.join(sorted(sources - read))}"
        assert all((extract, "coverage") in uses() for extract in sources)
        assert readers(manifest, name) == set()


def test_what_a_model_stages_is_registered(manifest):
    registered = uses()
    for name, model in manifest.models.items():
        for call in calls(model):
            assert call in registered, f"{name} stages {call}"


def test_a_measure_is_made_of_rows_of_its_purpose(manifest):
    """All that a measure rests on is registered for its purpose; section 251 comes through its own route."""
    registered = uses()
    for name, mart in manifest.layer("marts").items():
        entry = mart["config"]["meta"]["measure"]
        found = ancestors(manifest, manifest.models[entry.get("units", f"{name}_units")])
        staged = {call for model in found if model["resource_type"] == "model" for call in calls(model)}
        assert staged
        for extract, _ in staged:
            assert (extract, entry["purpose"]) in registered, f"{name} rests on {extract}"
        assert entry["purpose"] == "commissioning" or entry["purpose"] in {
            purpose for _, purpose in staged
        }, name


def test_section_251_asks_for_all_that_figures_ask_for_and_more():
    """Staging holds who is permitted for figures: who is permitted for risk stratification must be among them."""
    figures, risk = purposes()["commissioning"], purposes()["risk_stratification"]
    strictness = {"false": 0, "true": 1, "not needed": 0, "not refused": 1, "given": 2}
    permissions = ("practice_participation", "type_1_opt_out", "national_data_opt_out", "social_care_consent")
    stricter = [strictness[risk[name]] - strictness[figures[name]] for name in permissions]
    assert min(stricter) == 0 and stricter[2:] == [1, 1]
    assert figures["national_data_opt_out"] == "false"


def uses() -> set[tuple[str, str]]:
    with (settings.PROJECT / "seeds" / "extract_purposes.csv").open(newline="") as file:
        return {
            (row["extract"], row["purpose"]) for row in csv.DictReader(file) if row["legal_basis"].strip()
        }


def purposes() -> dict[str, dict]:
    with (settings.PROJECT / "seeds" / "purposes.csv").open(newline="") as file:
        return {row["purpose"]: row for row in csv.DictReader(file)}
