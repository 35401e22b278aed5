"""Exported files against the cells of the release, read back by other programs than those that wrote them."""

import csv
import hashlib
import json
import re

import duckdb
import polars
import pyarrow.parquet
import pytest
from breakwater.cli import main
from click.testing import CliRunner
from sample_release import RELEASE_ID, make_release

MEASURES = ["residents", "emergency_admissions", "reablement"]
FIELDS = ["period_start", "area_code", "age_band", "sex", "deprivation_quintile", "category", "numerator",
          "denominator", "value", "lower", "upper", "status"]  # fmt: skip


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    """A data folder of its own: in one process a release cannot be open with two sets of settings."""
    data, out = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("out")
    make_release(data)
    for form in ("csv", "parquet"):
        where = ["--data", str(data), "--out", str(out), "--format", form]
        done = CliRunner().invoke(main, ["export", *where])
        assert done.exit_code == 0, done.output
        assert len(done.output.splitlines()) == 1
    return data, out


def released(data, measure: str) -> list[tuple]:
    with duckdb.connect(str(data / "releases" / RELEASE_ID / "release.duckdb"), read_only=True) as connection:
        return sorted(connection.execute(f"select {', '.join(FIELDS)} from {measure}").fetchall(), key=str)


@pytest.mark.parametrize("measure", MEASURES)
def test_both_formats_hold_the_released_cells(exported, measure):
    data, out = exported
    cells = released(data, measure)
    parquet = polars.read_parquet(out / f"{measure}.parquet").select(FIELDS).rows()
    assert sorted(parquet, key=str) == cells
    with (out / f"{measure}.csv").open() as file:
        rows = [tuple(row[name] for name in FIELDS) for row in csv.DictReader(file)]
    text = [tuple("" if part is None else str(part) for part in cell) for cell in cells]
    assert sorted(rows, key=str) == sorted(text, key=str)


def test_what_is_withheld_is_empty_and_says_so(exported):
    rows = polars.read_csv(exported[1] / "reablement.csv", infer_schema_length=None)
    withheld = rows.filter(polars.col("status") != "shown")
    assert len(withheld) > 0
    assert set(withheld["status_text"]) == {"withheld to protect people", "not yet known"}
    for field in ("numerator", "denominator", "value", "lower", "upper"):
        assert withheld[field].null_count() == len(withheld)


def test_files_carry_what_is_needed_to_use_them(exported):
    out = exported[1]
    readme = (out / "README.txt").read_text()
    assert RELEASE_ID in readme and "invented people" in readme
    assert "Open Government Licence v3.0" in readme
    listed = re.findall(r"^  ([0-9a-f]{64})  (\S+)$", readme, re.MULTILINE)
    written = {"catalogue.csv", *(f"{name}.parquet" for name in MEASURES)}
    assert {name for _, name in listed} == written
    for digest, name in listed:
        assert hashlib.sha256((out / name).read_bytes()).hexdigest() == digest
    metadata = pyarrow.parquet.read_schema(out / "residents.parquet").metadata
    assert json.loads(metadata[b"release"])["release_id"] == RELEASE_ID
    assert b"Open Government Licence" in metadata[b"licence"]
    catalogue = polars.read_csv(out / "catalogue.csv")
    assert {"residents", "reablement"} < set(catalogue["measure"]) and "not_for" in catalogue.columns
    assert not [path.name for path in out.iterdir() if path.name.endswith(".part")]


@pytest.mark.parametrize(("arguments", "said"), [
    (["nothing"], "no measure 'nothing'; it has residents, emergency_admissions, reablement"),
    (["--release", "2020-01-01"], "no release '2020-01-01'"),
    (["--release", "../releases/current"], "no release"),
])  # fmt: skip
def test_what_is_not_there_is_refused_in_one_sentence(exported, tmp_path, arguments, said):
    data, _ = exported
    done = CliRunner().invoke(
        main, ["export", *arguments, "--data", str(data), "--out", str(tmp_path / "new")]
    )
    assert done.exit_code == 1 and said in done.output and len(done.output.splitlines()) == 1
    assert not (tmp_path / "new").exists()
