"""What the engines say differently stands in macros/engines.sql, once each, and nowhere else."""

import re

import pytest
from breakwater import settings

MACRO = re.compile(r"{%-? *macro +(?:(duckdb|default|spark)__)?(\w+)")
# Of dbt's own macros only Spark's differ from what we mean; DuckDB's are as they should be.
OF_DBT = {"cast", "dateadd", "datediff"}
OF_OURS = {"distinct_people", "most_alike", "numbered_units"}


def macros() -> dict[str, set[tuple[str, str]]]:
    """The macros of each file: (engine or nothing, name)."""
    return {
        path.name: set(MACRO.findall(path.read_text()))
        for path in (settings.PROJECT / "macros").glob("*.sql")
    }


def test_the_differences_are_these():
    told = {(engine, name) for found in macros().values() for engine, name in found if engine}
    assert told == {("spark", name) for name in OF_DBT | OF_OURS} | {("default", name) for name in OF_OURS}


def test_they_stand_in_one_file():
    assert {file for file, found in macros().items() if any(engine for engine, _ in found)} == {"engines.sql"}


@pytest.mark.parametrize("folder", ["macros", "models", "tests/generic"])
def test_nothing_else_asks_for_the_engine(folder):
    for path in (settings.PROJECT / folder).rglob("*.*"):
        if path.suffix in (".sql", ".yml"):
            assert not re.search(r"\btarget\s*\.\s*(type|name)|\badapter\.type\b", path.read_text()), path
