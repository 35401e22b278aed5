"""Columns: described, typed, and in the warehouse exactly as they are described."""

import pytest
import yaml
from breakwater import settings
from breakwater.gate.contract import contracts

MART = {
    "measure": "varchar", "period_type": "varchar", "period_start": "date", "area_type": "varchar",
    "area_code": "varchar",
    "age_band": "varchar", "sex": "varchar", "deprivation_quintile": "varchar", "category_type": "varchar",
    "category": "varchar", "numerator": "bigint", "denominator": "bigint", "value": "double", "lower": "double",
    "upper": "double", "status": "varchar",
}  # fmt: skip


def described(node: dict) -> dict[str, str]:
    return {name: column["data_type"] for name, column in node["columns"].items()}


@pytest.mark.parametrize("kind", ["models", "seeds"])
def test_every_column_is_described_and_as_described(manifest, real_columns, kind):
    nodes = getattr(manifest, kind)
    assert nodes
    for name, node in nodes.items():
        assert node["description"].strip(), f"{name} has no description"
        for column in node["columns"].values():
            assert column["description"].strip(), f"{name}.{column['name']} has no description"
        real = real_columns[(node["schema"], name)]
        assert described(node) == real, f"{name} is not as its YAML says"


def test_every_source_is_described_and_landed_as_its_contract_says(manifest, real_columns):
    landed = [source for source in manifest.content["sources"].values() if source["schema"] == "landed"]
    assert {source["name"] for source in landed} == set(contracts())
    for source in landed:
        assert source["description"].strip()
        path = settings.PROJECT / "expectations" / "contracts" / f"{source['name']}.yml"
        columns = yaml.safe_load(path.read_text())["columns"]
        assert all(str(column["description"]).strip() for column in columns), source["name"]
        real = real_columns[("landed", source["name"])]
        assert set(real) == {column["name"] for column in columns} | {"_file_id", "_line"}, source["name"]


def test_every_mart_has_the_one_shape(manifest, real_columns):
    marts = manifest.layer("marts")
    assert marts
    for name, mart in marts.items():
        assert list(described(mart)) == list(MART), name
        assert real_columns[("marts", name)] == MART, name


def test_person_keys_stay_in_the_person_level_layers(manifest, real_columns):
    with_keys = {schema for (schema, _), columns in real_columns.items() if "person_key" in columns}
    assert with_keys == {"landed", "outdated", "staging", "linked", "measures"}


def test_no_column_outside_these_layers_holds_a_key_under_another_name(small_place, real_columns):
    """A key is 64 hexadecimal digits; look into every column of text, not only at its name."""
    from breakwater import warehouse

    with warehouse.connect(small_place, read_only=True) as connection:
        for (schema, table), columns in real_columns.items():
            if schema not in ("disclosure", "marts", "seeds"):
                continue
            for column in (name for name, kind in columns.items() if kind == "varchar"):
                found = connection.execute(
                    f"select count(*) from {schema}.{table} where regexp_matches(\"{column}\", '[0-9a-f]{{64}}')"
                ).fetchone()[0]
                assert found == 0, f"{schema}.{table}.{column} holds something like a person key"


def test_every_model_is_tested_in_at_least_three_ways(manifest):
    counted = dict.fromkeys((model["unique_id"] for model in manifest.models.values()), 0)
    for test in manifest.data_tests:
        if test["attached_node"] in counted:
            counted[test["attached_node"]] += ways(test["test_metadata"])
    assert {name: tests for name, tests in counted.items() if tests < 3} == {}


def ways(test: dict) -> int:
    """In how many ways a data test can fail: rows_hold asks several things in one query."""
    given = test["kwargs"]
    return (
        sum(len(given.get(asked, ())) for asked in ("unique", "filled", "one_of", "conditions"))
        if test["name"] == "rows_hold"
        else 1
    )


def test_every_mart_tests_what_it_promises(manifest):
    for name, mart in manifest.layer("marts").items():
        tests = {
            test["test_metadata"]["name"]
            for test in manifest.data_tests
            if test["attached_node"] == mart["unique_id"]
        }
        assert {"one_row_a_cell", "protected_numbers", "counts_rounded"} <= tests, name


def test_every_measure_has_unit_tests(manifest):
    tested = {test["model"] for test in manifest.content["unit_tests"].values()}
    assert set(manifest.layer("marts")) | set(manifest.layer("measures")) <= tested
    assert {name for name in manifest.layer("linked") if name != "int_areas"} <= tested
