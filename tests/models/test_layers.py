"""Who may read whom: the rules of the layers, on dbt's manifest."""

import re

import pytest

LAYERS = ("staging", "linked", "measures", "disclosure", "marts")
# Disclosure counts by area and divides by published populations, so it reads the three seeds that are neither
# about people nor ours; its decisions need no more. Measures and marts get them through what they read.
SEEDS = {
    "staging": {
        "cld_values",
        "community_services",
        "conditions",
        "emergency_care_codes",
        "mental_health_teams",
        "extract_purposes",
        "purposes",
        "small_areas_2011",
    },  # fmt: skip
    "linked": {"ambulatory_care_codes", "areas", "practices", "reablement_sequels"},
    "measures": set(),
    "disclosure": {"areas", "population", "standard_population"},
    "marts": set(),
}


def layer_of(model: dict) -> str:
    return model["fqn"][1]


def test_every_model_is_in_a_layer_and_named_after_it(manifest):
    prefixes = {"staging": "stg_", "linked": "int_"}
    for name, model in manifest.models.items():
        assert layer_of(model) in LAYERS, f"{name} is in no layer"
        assert len(model["fqn"]) == 3, f"{name} is more than one folder deep"
        assert name.startswith(prefixes.get(layer_of(model), "")), f"{name} is not named after its layer"
        assert model["schema"] == layer_of(model)
    assert all(name.endswith("_units") for name in manifest.layer("measures"))


def test_only_staging_reads_sources(manifest):
    readers = {
        name
        for name, model in manifest.models.items()
        if any(node["resource_type"] == "source" for node in manifest.read_by(model))
    }
    assert readers and readers <= set(manifest.layer("staging"))


def test_no_model_reads_a_later_layer(manifest):
    for name, model in manifest.models.items():
        for read in manifest.read_by(model):
            if read["resource_type"] == "model":
                assert LAYERS.index(layer_of(read)) <= LAYERS.index(layer_of(model)), (
                    f"{name} reads {read['name']}"
                )


def test_marts_read_disclosure_only(manifest):
    for name, mart in manifest.layer("marts").items():
        read = manifest.read_by(mart)
        assert {node["name"] for node in read} >= {"withheld_cells"}, f"{name} is not protected"
        for node in read:
            assert node["resource_type"] == "model" and layer_of(node) == "disclosure", (
                f"{name} reads {node['name']}"
            )


def test_disclosure_meets_people_only_as_counted_units(manifest):
    for name, model in manifest.layer("disclosure").items():
        for read in manifest.read_by(model):
            if read["resource_type"] == "model" and layer_of(read) in ("staging", "linked"):
                assert "person_key" not in read["columns"], f"{name} reads {read['name']}"


def test_units_models_do_not_read_one_another(manifest):
    for name, model in manifest.layer("measures").items():
        assert all(layer_of(node) != "measures" for node in manifest.read_by(model)), name


def test_seeds_are_read_where_they_may_be(manifest):
    for name, model in manifest.models.items():
        read = {node["name"] for node in manifest.read_by(model) if node["resource_type"] == "seed"}
        assert read <= SEEDS[layer_of(model)], f"{name} reads {read}"


@pytest.mark.parametrize("layer", ["staging", "marts"])
def test_contracts_are_enforced(manifest, layer):
    models = manifest.layer(layer)
    assert models
    for name, model in models.items():
        assert model["config"]["contract"]["enforced"], f"{name} has no enforced contract"


def test_decisions_have_an_enforced_contract(manifest):
    assert manifest.models["withheld_cells"]["config"]["contract"]["enforced"]


def test_no_model_asks_which_engine_runs_it(manifest):
    for name, model in manifest.models.items():
        assert not re.search(r"\btarget\s*\.|\badapter\.type\b", model["raw_code"]), name
