"""The catalogue: an entry that lacks something does not build, and what stands in the project lacks nothing."""

import copy
import csv
import shutil
from datetime import date

import pytest
import yaml
from breakwater import catalogue, settings
from breakwater.errors import Refusal

EXAMPLE = settings.PROJECT / "models" / "marts" / "emergency_admissions.yml"
MARTS = sorted((settings.PROJECT / "models" / "marts").glob("*.yml"))


def entry_of(path) -> dict:
    return yaml.safe_load(path.read_text())["models"][0]["config"]["meta"]["measure"]


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_entry_says_everything(path):
    entry = entry_of(path)
    for text in catalogue.TEXTS:
        assert len(str(entry[text]).strip()) > 3, text
    assert isinstance(entry["next_review"], date)
    contracts = {
        contract.stem for contract in (settings.PROJECT / "expectations" / "contracts").glob("*.yml")
    }
    assert set(entry["source_extracts"]) <= contracts
    assert sum(bool(series.get("headline")) for series in entry["series"]) >= 1


@pytest.mark.parametrize("path", MARTS, ids=lambda path: path.stem)
def test_source_extracts_are_those_the_units_come_from(manifest, path):
    """From the units model back to the landings, along dbt's own graph; permissions stand behind every measure."""
    nodes = manifest.content["nodes"] | manifest.content["sources"]
    waiting, seen = [manifest.models[entry_of(path).get("units", f"{path.stem}_units")]["unique_id"]], set()
    while waiting:
        name = waiting.pop()
        if name not in seen:
            seen.add(name)
            waiting += nodes[name].get("depends_on", {}).get("nodes", [])
    landed = {nodes[name]["name"] for name in seen if name.startswith("source.breakwater.landed.")}
    assert set(entry_of(path)["source_extracts"]) <= landed
    assert landed >= {"gp_registrations", "permissions"}


def project_with(folder, change):
    """Return a project of one measure and the register, after a change to its entry."""
    marts = folder / "models" / "marts"
    marts.mkdir(parents=True)
    shutil.copytree(settings.PROJECT / "seeds", folder / "seeds")
    content = copy.deepcopy(yaml.safe_load(EXAMPLE.read_text()))
    change(content["models"][0]["config"]["meta"]["measure"])
    (marts / EXAMPLE.name).write_text(yaml.safe_dump(content))
    return folder


@pytest.mark.parametrize("lacking", [*catalogue.TEXTS, "source_extracts", "series"])
def test_an_entry_that_lacks_something_does_not_build(tmp_path, lacking):
    with pytest.raises(Refusal, match=lacking):
        catalogue.load(project_with(tmp_path, lambda entry: entry.pop(lacking)))


def test_a_review_that_is_no_date_does_not_build(tmp_path):
    with pytest.raises(Refusal, match="next_review"):
        catalogue.load(project_with(tmp_path, lambda entry: entry.update(next_review="next spring")))


def changed(**given):
    """Return a change of some fields of the first series of an entry."""
    return lambda entry: entry["series"][0].update(given)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda entry: entry.update(age_bands=["65-69"]), "has no denominator in a practice"),
        (changed(kind="registered_rate"), "period mid_year"),
        (lambda entry: entry.update(frameworks=[{"name": "2D"}]), "valid_from"),
        (
            lambda entry: entry.update(
                frameworks=[{"name": "2D", "valid_from": date(2024, 4, 1), "valid_to": date(2023, 3, 31)}]
            ),
            "2D ends before it begins",
        ),
    ],
)
def test_what_cannot_be_divided_or_dated_does_not_build(tmp_path, change, told):
    with pytest.raises(Refusal, match=told):
        catalogue.load(project_with(tmp_path, change))


def test_a_standardised_rate_is_over_the_ages_of_all_that_is_counted_with_it(tmp_path):
    project = project_with(tmp_path, lambda entry: None)
    other = yaml.safe_load((project / "models" / "marts" / EXAMPLE.name).read_text())
    other["models"][0]["name"] = "older"
    entry = other["models"][0]["config"]["meta"]["measure"]
    entry |= {"units": "emergency_admissions_units", "age_bands": ["65-69"], "series": [entry["series"][2]]}
    (project / "models" / "marts" / "older.yml").write_text(yaml.safe_dump(other))
    with pytest.raises(Refusal, match="older has other age_bands"):
        catalogue.systems(catalogue.load(project))


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"purpose": "curiosity"}, r"purpose `curiosity`, which seeds/purposes.csv does not have"),
        ({"purpose": "direct_care"}, r"uses apc_episodes for the purpose `direct_care`"),
        (
            {"purpose": "risk_stratification", "source_extracts": ["apc_episodes", "deaths"]},
            r"uses deaths for the purpose `risk_stratification`",
        ),
        ({"source_extracts": ["apc_episodes", "horoscopes"]}, r"uses horoscopes .* does not register it"),
        ({"legal_basis": "because"}, "take out legal_basis"),
    ],
)
def test_what_the_register_does_not_have_does_not_build(tmp_path, said, told):
    with pytest.raises(Refusal, match=told):
        catalogue.load(project_with(tmp_path, lambda entry: entry.update(said)))


@pytest.mark.parametrize(
    ("name", "lines"),
    [("purposes.csv", "commissioning,"), ("extract_purposes.csv", "apc_episodes,commissioning,")],
)
def test_without_a_legal_basis_nothing_builds(tmp_path, name, lines):
    project = project_with(tmp_path, lambda entry: None)
    assert [measure.purpose for measure in catalogue.load(project)] == ["commissioning"]
    path = project / "seeds" / name
    with path.open(newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if ",".join(row.values()).startswith(lines):
            row["legal_basis"] = " "
    with path.open("w", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(Refusal, match="legal basis"):
        catalogue.load(project)


def test_purpose_and_legal_basis_of_a_measure_are_those_of_the_register():
    with (settings.PROJECT / "seeds" / "purposes.csv").open(newline="") as file:
        purposes = {row["purpose"]: row for row in csv.DictReader(file)}
    measures = catalogue.load(settings.PROJECT)
    assert measures
    for measure in measures:
        row = purposes[measure.purpose]
        assert (measure.texts["purpose"], measure.texts["legal_basis"]) == (row["title"], row["legal_basis"])
        assert "UK GDPR" in measure.texts["legal_basis"]
