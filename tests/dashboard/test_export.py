"""Exported files against the cells of the release, read back by other programs than those that wrote them."""

import csv
import hashlib
import json
import subprocess

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


def run(data, out, *words: str):
    return CliRunner().invoke(main, ["export", *words, "--data", str(data), "--out", str(out)])


@pytest.fixture(scope="module")
def exported(tmp_path_factory):
    data, out = tmp_path_factory.mktemp("data"), tmp_path_factory.mktemp("out")
    make_release(data)
    done = run(data, out, "--format", "csv", "--format", "parquet")
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
    types = {"period_start": polars.Date, "deprivation_quintile": polars.String}
    table = polars.read_csv(out / f"{measure}.csv", schema_overrides=types, infer_schema_length=None)
    assert sorted(table.select(FIELDS).rows(), key=str) == cells


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
    assert RELEASE_ID in readme and "invented people" in readme and "threshold 7" in readme
    assert "Open Government Licence v3.0" in readme
    catalogue = polars.read_csv(out / "catalogue.csv")
    assert {"residents", "reablement"} < set(catalogue["measure"])
    assert {"not_for", "version"} < set(catalogue.columns)
    footer = pyarrow.parquet.read_schema(out / "residents.parquet").metadata
    assert json.loads(footer[b"release"])["release_id"] == RELEASE_ID
    table = hashlib.sha256((out / "residents.csv").read_bytes()).hexdigest()
    described = json.loads((out / "residents.csv-metadata.json").read_text())
    for about in (
        {name.decode(): text.decode() for name, text in footer.items()},
        {note["name"]: note["text"] for note in described["notes"]},
    ):
        assert about["Release"] == RELEASE_ID and about["Measure version"] == "0000000001"
        assert about["SHA-256 of these figures as CSV"] == table
        assert "Open Government Licence" in about["Licence"] and "threshold 7" in about["Disclosure policy"]
        assert about["Definition"].startswith("What residents means") and about["Source"] and about["Notice"]


def test_checksums_are_those_of_the_files(exported):
    out = exported[1]
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=out, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    named = {line.split("  ")[1] for line in (out / "SHA256SUMS").read_text().splitlines()}
    assert named | {"SHA256SUMS"} == {path.name for path in out.iterdir()}
    assert {f"{name}.{form}" for name in MEASURES for form in ("csv", "parquet")} < named


@pytest.fixture(scope="module")
def part(exported, tmp_path_factory):
    """Figures of all ages only: the validator reads some thousand rows a second."""
    out = tmp_path_factory.mktemp("part")
    assert run(exported[0], out, "--only", "age_band=all").exit_code == 0
    return out


def validated(folder, measure: str):
    from csvw import CSVW

    table = folder / f"{measure}.csv"
    return CSVW(str(table), md_url=f"{table}-metadata.json", validate=True)


@pytest.mark.parametrize("measure", MEASURES)
def test_the_description_of_a_table_holds(part, measure):
    """CSV on the Web: the validator reads the table by its description, every value by its type."""
    described = validated(part, measure)
    assert described.is_valid, described.warnings
    (only,) = described.tables
    with (part / f"{measure}.csv").open() as file:
        assert [column.name for column in only.tableSchema.columns] == next(csv.reader(file))


@pytest.mark.parametrize("damage", [
    lambda text: text.replace(",2021-04-01,", ",April 2021,", 1),
    lambda text: text + text.splitlines()[-1] + "\n",
    lambda text: text.replace("numerator", "count", 1),
])  # fmt: skip
def test_a_table_that_is_not_as_described_is_found(part, tmp_path, damage):
    text = (part / "reablement.csv").read_text()
    assert damage(text) != text
    (tmp_path / "reablement.csv").write_text(damage(text))
    description = "reablement.csv-metadata.json"
    (tmp_path / description).write_text((part / description).read_text())
    try:
        found = not validated(tmp_path, "reablement").is_valid
    except ValueError as problem:  # what the validator raises on a key that occurs twice
        found = "duplicate primary key" in str(problem)
    assert found


def test_a_selection_has_just_the_cells_asked_for(exported, tmp_path):
    data, _ = exported
    only = ["--only", "area_type=ward,locality", "--only", "period_start=2025-04-01", "--only", "sex=female"]
    assert run(data, tmp_path, *only).exit_code == 0
    # residents are counted on 30 June: none of theirs has the period asked for
    assert not (tmp_path / "residents.csv").exists()
    rows = polars.read_csv(tmp_path / "emergency_admissions.csv", infer_schema_length=None)
    assert set(rows["area_type"]) == {"ward", "locality"} and set(rows["period_start"]) == {"2025-04-01"}
    with duckdb.connect(str(data / "releases" / RELEASE_ID / "release.duckdb"), read_only=True) as connection:
        (wanted,) = connection.execute(
            "select count(*) from emergency_admissions where area_type in ('ward', 'locality')"
            " and period_start = date '2025-04-01' and sex = 'female'"
        ).fetchone()
    assert len(rows) == wanted > 100
    described = (tmp_path / "emergency_admissions.csv-metadata.json").read_text()
    assert "area_type is ward or locality; period_start is 2025-04-01; sex is female" in described


def test_a_second_export_keeps_the_checksums_of_the_first(exported, tmp_path):
    data, _ = exported
    for form in ("csv", "parquet"):
        assert run(data, tmp_path, "reablement", "--format", form).exit_code == 0
    assert run(data, tmp_path, "residents").exit_code == 0
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode == 0
    for name in ("reablement.csv", "reablement.parquet", "residents.csv"):
        assert f"  {name}\n" in (tmp_path / "SHA256SUMS").read_text()


def test_a_file_is_written_whole_or_not_at_all(exported, tmp_path, monkeypatch):
    """Whoever fetches a file while another is made in its place has the one or the other."""
    from dashboards import exports

    data, _ = exported
    assert run(data, tmp_path, "reablement").exit_code == 0
    before = (tmp_path / "reablement.csv").read_bytes()
    make = exports.make

    def looked_at(*arguments, **named):
        assert (tmp_path / "reablement.csv").read_bytes() == before
        yield from make(*arguments, **named)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "make", looked_at)
    done = run(data, tmp_path, "reablement", "--only", "sex=female")
    assert done.exit_code == 1 and "cannot write into" in done.output
    assert not [path.name for path in tmp_path.iterdir() if path.name.startswith(".")]


@pytest.mark.parametrize(("arguments", "said"), [
    (["nothing"], "no measure 'nothing'; it has residents, emergency_admissions, reablement"),
    (["--release", "2020-01-01"], "no release '2020-01-01'"),
    (["--release", "../releases/current"], "no release"),
    (["--only", "area_type"], "not of the shape NAME=VALUE"),
    (["--only", "numerator=5"], "figures have no 'numerator' to select by"),
    (["--only", "measure=residents"], "figures have no 'measure' to select by"),
    (["--only", "area_type=ward' or '1'='1"], "no figure has area_type"),
    (["--only", "area_type=practice", "--only", "period_type=month"], "no figure has all the values asked for"),
])  # fmt: skip
def test_what_is_not_there_is_refused_in_one_sentence(exported, tmp_path, arguments, said):
    data, _ = exported
    done = run(data, tmp_path / "new", *arguments)
    assert done.exit_code == 1 and said in done.output and len(done.output.splitlines()) == 1
    assert not (tmp_path / "new").exists()


def test_everything_taken_is_told_without_a_figure(release):
    """One function makes every file, and says what was taken to whoever keeps account of it."""
    from dashboards import exports

    told: list[exports.Taken] = []
    where = {"category_type": "offer", "area_type": ["ward"]}
    (file,) = exports.make(release, "parquet", "reablement", where, told=told.append)
    (taken,) = told
    assert (taken.release_id, taken.measure, taken.form) == (RELEASE_ID, "reablement", "parquet")
    assert taken.where == where and taken.figures == len(release.cells(measure="reablement", **where))
    assert taken.sha256 == hashlib.sha256(file.data).hexdigest()
    everything = exports.everything(release, "csv", told=told.append)
    assert [one.measure for one in told[1:]] == MEASURES
    assert [file.name for file in everything][-3:] == ["catalogue.csv", "README.txt", "SHA256SUMS"]


@pytest.mark.parametrize("wrong", [
    {"form": "exe", "measure": "residents"}, {"form": "csv", "measure": "release"},
    {"form": "csv", "measure": "residents", "where": {"measure": "reablement"}},
    {"form": "csv", "measure": "residents", "where": {"1=1 or sex": "female"}},
])  # fmt: skip
def test_only_what_was_released_can_be_taken(release, wrong):
    from dashboards import exports

    with pytest.raises(ValueError):
        exports.make(release, **wrong)
