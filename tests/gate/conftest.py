"""A data folder with the tiny place in it, pseudonymised; and how a test offers a file of its own."""

import csv
import io
import json
from pathlib import Path

import duckdb
import pytest
from breakwater import warehouse
from breakwater.cli import main
from breakwater.settings import DataFolder
from click.testing import CliRunner

from tests.gate import place


@pytest.fixture
def breakwater(data: DataFolder):
    """Run a verb on the data folder of the test and return click's result."""

    def run(*words: str | Path):
        return CliRunner().invoke(main, [*map(str, words), "--data", str(data.root)])

    return run


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DataFolder:
    for variable in ("BREAKWATER_WAREHOUSE_KEY", "BREAKWATER_PSEUDONYM_KEY", "BREAKWATER_DATA"):
        monkeypatch.delenv(variable, raising=False)
    folder = DataFolder(tmp_path / "data")
    place.write_provider(folder.provider)
    return folder


@pytest.fixture
def extracts(data: DataFolder, breakwater) -> dict[str, Path]:
    """The tiny place pseudonymised as CSV, by extract."""
    result = breakwater("pseudonymise", "--format", "csv")
    assert result.exit_code == 0, result.output
    return {path.parent.name: path for path in data.extracts.glob("*/*.csv")}


@pytest.fixture
def query(data: DataFolder):
    """Return the rows of a query of the warehouse."""

    def ask(sql: str) -> list[tuple]:
        with warehouse.connect(data, read_only=True) as connection:
            return connection.execute(sql).fetchall()

    return ask


def rows_of(path: Path) -> list[dict]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


def rewrite(path: Path, rows: list[dict], **manifest) -> Path:
    """Put other rows into an extract and let its manifest say so, as a provider's own tool would."""
    from breakwater.manifest import sha256_of

    place.write_csv(path, rows)
    beside = path.with_name(path.stem + ".manifest.json")
    told = json.loads(beside.read_text()) | {"rows": len(rows), "sha256": sha256_of(path)} | manifest
    told.pop("source_digest", None)
    beside.write_text(json.dumps(told))
    return path


def as_parquet(path: Path) -> Path:
    """Turn a CSV extract into Parquet with columns of text; the manifest follows."""
    from breakwater.manifest import sha256_of

    target = path.with_suffix(".parquet")
    duckdb.sql(f"copy (from read_csv('{path}', all_varchar = true)) to '{target}'")
    path.unlink()
    beside = path.with_name(path.stem + ".manifest.json")
    beside.write_text(json.dumps(json.loads(beside.read_text()) | {"sha256": sha256_of(target)}))
    return target
