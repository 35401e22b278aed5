"""The wall between the dashboards and everything but a release: imports, connection, environment."""

import ast
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from dashboards.release import NoRelease, Release, release_path

DASHBOARDS = Path(__file__).resolve().parents[2] / "dashboards"
MODULES = sorted(DASHBOARDS.rglob("*.py"))
STANDARD = {"json", "math", "os", "re", "csv", "io", "tempfile", "html", "pathlib", "functools", "datetime",
            "dataclasses", "base64", "contextlib", "contextvars", "urllib.parse", "collections", "hashlib", "itertools",
            "textwrap", "warnings", "zipfile"}  # fmt: skip
LIBRARIES = {"duckdb", "streamlit", "altair", "pandas", "pyarrow", "gptables", "starlette", "dashboards"}
ALLOWED = STANDARD | LIBRARIES


def imports(module: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(module.read_text())):
        if isinstance(node, ast.Import):
            found |= {_package(alias.name) for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module.name} imports relatively"
            found.add(_package(node.module))
    return found


def _package(module: str) -> str:
    """Return what is allowed or not: a whole package, but for urllib, which could ask outside."""
    return module if module.startswith("urllib") else module.split(".")[0]


@pytest.mark.parametrize("module", MODULES, ids=lambda module: module.name)
def test_dashboards_import_nothing_of_the_pipeline(module):
    assert imports(module) <= ALLOWED


def test_exports_need_no_pages():
    """`breakwater export` makes files as the pages do, without the server of the pages."""
    loaded = "import sys; from dashboards import exports; print(*(name for name in sys.modules if name == 'streamlit'))"
    done = subprocess.run(
        [sys.executable, "-c", loaded], cwd=DASHBOARDS.parent, capture_output=True, text=True
    )
    assert done.returncode == 0 and done.stdout.strip() == ""


def test_one_module_opens_files_and_none_knows_the_warehouse():
    assert [module.name for module in MODULES if "duckdb" in imports(module)] == ["release.py"]
    for module in MODULES:
        texts = {node.value for node in ast.walk(ast.parse(module.read_text()))
                 if isinstance(node, ast.Constant) and isinstance(node.value, str)}  # fmt: skip
        assert not any("warehouse" in text or ":material/" in text for text in texts), module.name


@pytest.mark.parametrize("sql", [
    "attach '{tmp}/other.duckdb' as other",
    "attach ':memory:' as other",
    "select * from read_csv('{tmp}/secret.csv')",
    "select * from '{tmp}/secret.csv'",
    "select * from read_text('{tmp}/secret.csv')",
    "select * from read_blob('{tmp}/secret.csv')",
    "select * from read_parquet('{tmp}/*.parquet')",
    "select * from glob('{tmp}/*')",
    "copy areas to '{tmp}/stolen.csv'",
    "export database '{tmp}/stolen'",
    "set enable_external_access = true",
    "set threads = 1",
    "set temp_directory = '{tmp}'",
    "reset lock_configuration",
    "install httpfs",
    "load httpfs",
    "insert into areas (area_code) values ('X')",
    "create table stolen as select 1",
    "drop table release",
    "update release set place_name = 'Elsewhere'",
    "select getenv('HOME')",
])  # fmt: skip
def test_the_connection_reaches_nothing_else(release, tmp_path, sql):
    (tmp_path / "secret.csv").write_text("a\n1\n")
    duckdb.connect(str(tmp_path / "other.duckdb")).close()
    with pytest.raises(duckdb.Error):
        release._connection.cursor().execute(sql.format(tmp=tmp_path))
    assert {path.name for path in tmp_path.iterdir()} == {"secret.csv", "other.duckdb"}


@pytest.mark.parametrize("where", [
    {"area_code; drop table release": "x"}, {"1 = 1 or measure": "x"}, {"numerator": 5}, {"status": "c"},
])  # fmt: skip
def test_only_dimensions_can_be_asked_for(release, where):
    with pytest.raises(ValueError):
        release.cells(**where)


def test_a_value_is_never_sql(release):
    assert release.cells(measure="residents' or '1'='1") == []
    assert release.cells(measure="residents", area_code=["x') or true --"]) == []


def test_without_a_release_the_reader_is_told(monkeypatch, tmp_path):
    monkeypatch.delenv("BREAKWATER_RELEASE", raising=False)
    with pytest.raises(NoRelease, match="breakwater serve"):
        release_path()
    monkeypatch.setenv("BREAKWATER_RELEASE", str(tmp_path / "current"))
    with pytest.raises(NoRelease, match="breakwater release"):
        release_path()


def test_a_session_keeps_its_release_when_another_becomes_current(tmp_path, monkeypatch):
    from sample_release import make_release
    from streamlit.testing.v1 import AppTest

    make_release(tmp_path, release_id="first")
    monkeypatch.setenv("BREAKWATER_RELEASE", str(tmp_path / "releases" / "current"))
    script = "import streamlit as st\nfrom dashboards.app import session_release\n"
    script += "st.write(session_release().facts['release_id'])"
    running = AppTest.from_string(script, default_timeout=30).run()
    make_release(tmp_path, release_id="second")
    assert running.run().markdown[0].value == "first"
    assert AppTest.from_string(script, default_timeout=30).run().markdown[0].value == "second"


def test_what_was_opened_is_the_release_named(release, release_file):
    assert release.facts["release_id"] == release_file.parent.name
    assert Release(release_file).facts == release.facts
