"""The catalogue: an entry that lacks something does not build, and what stands in the project lacks nothing."""

import copy
from datetime import date

import pytest
import yaml
from breakwater import catalogue, settings
from breakwater.errors import Refusal

MARTS = sorted((settings.PROJECT / "models" / "marts").glob("*.yml"))


def entry_of(path) -> dict:
    return yaml.safe_load(path.read_text())["models"][0]["config"]["meta"]["measure"]


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_entry_says_everything(path):
    entry = entry_of(path)
    for text in catalogue.TEXTS:
        assert len(str(entry[text]).strip()) > 3, text
    assert isinstance(entry["next_review"], date)
    assert "UK GDPR" in entry["legal_basis"] and entry["purpose"].strip()
    contracts = {
        contract.stem for contract in (settings.PROJECT / "expectations" / "contracts").glob("*.yml")
    }
    assert set(entry["source_extracts"]) <= contracts
    assert sum(bool(series.get("headline")) for series in entry["series"]) >= 1


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_source_extracts_are_those_the_units_come_from(manifest, path):
    """From the units model back to the landings, along dbt's own graph; permissions stand behind every measure."""
    nodes = manifest.content["nodes"] | manifest.content["sources"]
    waiting, seen = [manifest.models[f"{path.stem}_units"]["unique_id"]], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += nodes[name].get("depends_on", {}).get("nodes", [])
    landed = {nodes[name]["name"] for name in seen if name.startswith("source.breakwater.landed.")}
    assert set(entry_of(path)["source_extracts"]) <= landed
    assert landed >= {"gp_registrations", "permissions"}


@pytest.mark.parametrize("lacking", [*catalogue.TEXTS, "source_extracts", "series"])
def test_an_entry_that_lacks_something_does_not_build(tmp_path, lacking):
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    content = copy.deepcopy(yaml.safe_load(MARTS[0].read_text()))
    del content["models"][0]["config"]["meta"]["measure"][lacking]
    (folder / MARTS[0].name).write_text(yaml.safe_dump(content))
    with pytest.raises(Refusal, match=lacking):
        catalogue.load(tmp_path)


def test_a_review_that_is_no_date_does_not_build(tmp_path):
    folder = tmp_path / "models" / "marts"
    folder.mkdir(parents=True)
    content = yaml.safe_load(MARTS[0].read_text())
    content["models"][0]["config"]["meta"]["measure"]["next_review"] = "next spring"
    (folder / MARTS[0].name).write_text(yaml.safe_dump(content))
    with pytest.raises(Refusal, match="next_review"):
        catalogue.load(tmp_path)
