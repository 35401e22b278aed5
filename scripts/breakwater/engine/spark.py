"""Build the row layers on Spark, by dbt in an environment of its own, and bring back what was counted."""

import json
import os
import shutil
import subprocess
import uuid
from collections.abc import Callable
from pathlib import Path

from breakwater import settings, warehouse
from breakwater.engine import rows
from breakwater.errors import Refusal

PYTHON_VARIABLE, TARGET_VARIABLE = "BREAKWATER_SPARK_PYTHON", "BREAKWATER_SPARK_TARGET"
PROGRAM = Path(__file__).with_name("dbt_on_spark.py")
ROW_LAYERS = ("staging", "linked", "measures")
# What DuckDB builds itself when Spark has built the rest: reference models hold no person's rows.
THE_REST = ["--select", "tag:reference", "disclosure", "marts", "--exclude", "tag:handed_over"]
ON_SPARK = [
    "--quiet", "build", "--exclude-resource-type", "unit_test", "seed", "--select", *ROW_LAYERS, "+tag:handed_over",
]  # fmt: skip


def python() -> Path:
    """Return the Python of Spark's environment; raise Refusal where that, or Java, or a folder for rows is missing."""
    rows.require_safe_folder()
    found = Path(os.environ.get(PYTHON_VARIABLE) or settings.PROJECT / ".venv-spark" / "bin" / "python")
    if not found.exists():
        raise Refusal(f"there is no environment for Spark at {found}; `make spark-install` makes it.")
    if _target() == "spark" and not (os.environ.get("JAVA_HOME") or shutil.which("java")):
        raise Refusal("Spark needs Java 17 or later (Debian: apt install openjdk-17-jre-headless).")
    return found


def build_rows(
    data: settings.DataFolder, given: dict, environment: dict, report: Callable[[str], None]
) -> dict:
    """Build staging, linked and measures on Spark; put what was counted into the warehouse; return dbt's figures.

    given: the project's variables; environment: what profiles.yml reads. Seeds must be in the warehouse.
    Raises Refusal when a model or test fails; the warehouse then holds what it held before.
    """
    program, folder = python(), rows.folder_of(data)
    with warehouse.connect(data) as connection:
        tables = rows.write(connection, folder)
    for left in folder.glob("handed-over-*"):  # by a build that was killed
        shutil.rmtree(left, ignore_errors=True)
    back = folder / f"handed-over-{uuid.uuid4().hex[:8]}"
    back.mkdir(mode=0o700)
    try:
        answer = _run(program, data, {**given, "rows": tables, "handed_over": str(back)}, environment, report)
        if not answer["success"]:
            log = _log(data)
            failed = answer["failed"]
            if not failed:
                raise Refusal(f"dbt could not run on Spark: {answer['exception'] or 'see'} {log}.")
            raise Refusal(
                f"the build on Spark failed at {len(failed)} model(s) or test(s), first {', '.join(failed[:3])}; "
                f"see {log} and dbt.log beside it."
            )
        with warehouse.connect(data) as connection, warehouse.transaction(connection):
            _take_in(connection, back)
    finally:
        shutil.rmtree(back, ignore_errors=True)
    return answer


def _run(program: Path, data: settings.DataFolder, given: dict, environment: dict, report) -> dict:
    """Run dbt on Spark in a process of its own; return its answer."""
    answer = Path(environment["BREAKWATER_TEMPORARY"]) / "answer.json"
    told = {
        "arguments": ON_SPARK,
        "target": _target(),
        "vars": given,
        "answer": str(answer),
    }
    log = _log(data)
    log.parent.mkdir(parents=True, exist_ok=True)
    hidden = (
        "PYTHONPATH",
        warehouse.KEY_VARIABLE,
    )  # what is installed here is not there; the key is nobody else's
    known = {name: value for name, value in os.environ.items() if name not in hidden}
    with log.open("w", encoding="utf-8") as errors:
        process = subprocess.Popen(
            [program, PROGRAM],
            env={**known, **environment, "DBT_TARGET_PATH": str(log.parent), "DBT_LOG_PATH": str(log.parent)},
            cwd=environment["BREAKWATER_TEMPORARY"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        )
        try:
            process.stdin.write(json.dumps(told))
            process.stdin.close()
            for line in process.stdout:
                if line.startswith("finished "):
                    report(line.removeprefix("finished ").strip())
                else:
                    errors.write(line)
            process.wait()
        finally:
            process.kill()
    if not answer.exists():
        raise Refusal(f"Spark ended without an answer (exit {process.returncode}); see {log}.")
    return json.loads(answer.read_text(encoding="utf-8"))


def _take_in(connection, back: Path) -> None:
    """Replace the row layers of the warehouse by what came back; what another engine built before would be stale."""
    handed = {tuple(place.name.split(".")): place for place in back.iterdir()}
    if not handed:
        raise Refusal("Spark handed nothing over; build again, and see dbt/spark.log in the data folder.")
    stale = connection.execute(
        "select schema_name, table_name, 'table' from duckdb_tables() where database_name = 'warehouse'"
        " and schema_name in ('staging', 'linked', 'measures') union all select schema_name, view_name, 'view'"
        " from duckdb_views() where database_name = 'warehouse' and schema_name in ('staging', 'linked', 'measures')"
    ).fetchall()
    for schema, name, kind in stale:
        connection.execute(f"drop {kind} {schema}.{name}")
    for (schema, name), place in handed.items():
        connection.execute(f"create schema if not exists {schema}")
        files = str(place / "*.parquet").replace("'", "''")
        connection.execute(f"create or replace table {schema}.{name} as from read_parquet('{files}')")


def _log(data: settings.DataFolder) -> Path:
    return data.root / "dbt" / "spark" / "spark.log"


def _target() -> str:
    """Return the target of profiles.yml: `spark`, on this machine, or the one of a cluster."""
    return os.environ.get(TARGET_VARIABLE) or "spark"
