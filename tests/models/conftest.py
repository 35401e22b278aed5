"""What dbt made of the project when the small place was built: its manifest, and the tables of its warehouse."""

import json
from dataclasses import dataclass
from functools import cached_property

import pytest
from breakwater import warehouse


@dataclass(frozen=True)
class Manifest:
    """dbt's manifest.json. Nodes are its own dictionaries."""

    content: dict

    @cached_property
    def models(self) -> dict[str, dict]:
        return self._named("model")

    @cached_property
    def seeds(self) -> dict[str, dict]:
        return self._named("seed")

    @cached_property
    def data_tests(self) -> list[dict]:
        return [node for node in self.content["nodes"].values() if node["resource_type"] == "test"]

    def layer(self, name: str) -> dict[str, dict]:
        return {key: model for key, model in self.models.items() if model["fqn"][1] == name}

    def read_by(self, model: dict) -> list[dict]:
        """Return the models, seeds and sources that a model reads."""
        everything = self.content["nodes"] | self.content["sources"]
        return [everything[name] for name in model["depends_on"]["nodes"]]

    def _named(self, kind: str) -> dict[str, dict]:
        return {
            node["name"]: node for node in self.content["nodes"].values() if node["resource_type"] == kind
        }


@pytest.fixture(scope="session")
def manifest(small_place) -> Manifest:
    return Manifest(json.loads((small_place.root / "dbt" / "manifest.json").read_text()))


@pytest.fixture(scope="session")
def real_columns(small_place) -> dict[tuple[str, str], dict[str, str]]:
    """The columns of every table in the warehouse: (schema, table) -> column -> type, lower case."""
    found: dict[tuple[str, str], dict[str, str]] = {}
    with warehouse.connect(small_place, read_only=True) as connection:
        rows = connection.execute(
            "select schema_name, table_name, column_name, lower(data_type) from duckdb_columns()"
            " where database_name = 'warehouse' order by column_index"
        ).fetchall()
    for schema, table, column, kind in rows:
        found.setdefault((schema, table), {})[column] = kind
    return found
