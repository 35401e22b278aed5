"""The small place built on Spark: every cell, counted and released, as DuckDB has it; a kill half-way loses nothing."""

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from breakwater import settings

from tests.pipeline.conftest import attempt

SPARK = Path(os.environ.get("BREAKWATER_SPARK_PYTHON") or settings.PROJECT / ".venv-spark" / "bin" / "python")
KEPT = (
    "staging.stg_completeness",
    "staging.stg_linkage",
    "staging.stg_covered_months",
    "disclosure.counted_cells",
)


def kill_half_way(place, folder: Path) -> None:
    """Begin a build whose Spark never ends, and kill it once rows have gone there."""
    never = folder / "never"
    never.write_text("#!/bin/sh\ncat > /dev/null\nexec sleep 600\n")
    never.chmod(0o700)
    command = [
        sys.executable,
        "-m",
        "breakwater",
        "build",
        "--data",
        str(place.root),
        "--engine",
        "spark",
        "--force",
    ]
    process = subprocess.Popen(
        command,
        env=os.environ | {"BREAKWATER_SPARK_PYTHON": str(never)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        until = time.monotonic() + 120
        while not list((place.root / "rows").glob("handed-over-*")):
            assert process.poll() is None and time.monotonic() < until
            time.sleep(0.1)
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def differing(first: Path, second: Path) -> dict[str, int]:
    """Rows that only one of two warehouses has, by table, in what is counted, decided and released."""
    with duckdb.connect() as connection:
        for name, path in (("ours", first), ("theirs", second)):
            connection.execute(f"attach '{path}' as {name} (read_only)")
        layers = connection.execute(
            "select schema_name || '.' || table_name from duckdb_tables() where database_name = 'ours'"
            " and schema_name in ('disclosure', 'marts')"
        ).fetchall()
        tables = {name for (name,) in layers} | set(KEPT)
        assert len(tables) > 10
        return {
            table: connection.execute(
                f"select count(*) from ((from ours.{table} except all from theirs.{table})"
                f" union all (from theirs.{table} except all from ours.{table}))"
            ).fetchone()[0]
            for table in tables
        }


@pytest.mark.skipif(
    not os.environ.get("BREAKWATER_SPARK_TEST"),
    reason="takes seven minutes of both cores; BREAKWATER_SPARK_TEST=yes runs it",
)
@pytest.mark.skipif(shutil.which("java") is None, reason="there is no Java")
@pytest.mark.skipif(not SPARK.exists(), reason="there is no environment of Spark: make spark-install")
def test_spark_counts_and_releases_what_duckdb_does(copy_of_place, small_place, tmp_path):
    current = (copy_of_place.releases / "current").resolve()
    kill_half_way(copy_of_place, tmp_path)
    refused = attempt(copy_of_place.root, "release")
    assert refused.returncode == 1 and "there is no finished build" in refused.stderr + refused.stdout
    assert (copy_of_place.releases / "current").resolve() == current and (current / "release.duckdb").exists()

    # the small place was built before it had a release, with which a build would reckon
    shutil.rmtree(copy_of_place.releases)
    built = attempt(copy_of_place.root, "build", "--engine", "spark", BREAKWATER_SPARK_PYTHON=str(SPARK))
    assert built.returncode == 0, built.stdout[-2000:] + built.stderr[-2000:]
    assert set(differing(copy_of_place.warehouse, small_place.warehouse).values()) == {0}
    with duckdb.connect(str(copy_of_place.warehouse), read_only=True) as connection:
        left = connection.execute(
            "select table_name from duckdb_tables() where schema_name in ('staging', 'linked', 'measures') order by 1"
        ).fetchall()
    assert [name for (name,) in left] == [
        "int_areas",
        "stg_completeness",
        "stg_covered_months",
        "stg_linkage",
    ]
    assert not list((copy_of_place.root / "rows").glob("handed-over-*"))


def test_without_its_environment_spark_is_refused_in_a_sentence(copy_of_place):
    said = attempt(
        copy_of_place.root, "build", "--engine", "spark", "--force", BREAKWATER_SPARK_PYTHON="/nowhere/python"
    )
    assert said.returncode == 1
    assert "make spark-install" in said.stderr + said.stdout and "Traceback" not in said.stderr
    # and what was built still stands
    assert "nothing has changed" in attempt(copy_of_place.root, "release").stdout


def test_nothing_of_duckdb_needs_spark():
    code = "import sys, breakwater.build, breakwater.cli; print([m for m in sys.modules if 'spark' in m])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "pyspark" not in found and "dbt.adapters.spark" not in found
