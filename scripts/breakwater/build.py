"""Run dbt in this process, with the project's profile, the catalogue as variables, and no telemetry.

The ledger remembers of which landings and which project files a build was made: an unchanged one is not done again,
an interrupted one cannot be released.
"""

import hashlib
import json
import os
from contextlib import contextmanager
from pathlib import Path

from breakwater import catalogue, register, settings, warehouse
from breakwater.disclosure import earlier, policy
from breakwater.engine import spark
from breakwater.errors import Refusal
from breakwater.gate import ledger
from breakwater.scratch import scratch_folder

# What the figures depend on; documentation and tests of Python code are not among it.
SOURCES = (
    "dbt_project.yml",
    "profiles.yml",
    "models/**/*.*",
    "macros/**/*.sql",
    "seeds/*.*",
    "tests/generic/*.sql",
)
CODE = ("catalogue.py", "register.py", "disclosure/*.py")


def build(
    data: settings.DataFolder, force: bool = False, report=lambda doing: None, engine: str = "duckdb"
) -> dict:
    """Build every layer and test it; return figures, or {"unchanged": True} when nothing it depends on has changed.

    engine: what builds the row layers, "duckdb" or "spark"; disclosure and marts are DuckDB's in either case.
    Raises Refusal when dbt reports an error or a failed test; what had been released stays as it is.
    """
    if not data.warehouse.exists():
        raise Refusal("nothing has landed yet; run `breakwater land` first.")
    if engine == "spark":
        spark.python()  # what is missing is told before anything is done
    with warehouse.connect(data) as connection:
        ledger.prepare(connection)  # an extract that was never offered has a table, too: empty
        _make_table(connection)
        _require_one_key(connection)
        landings = ledger.landings(connection)
        wanted, public = fingerprint(connection), earlier.made_from(data.releases)
        if _is_current(_done(connection), wanted, public) and not force:
            return {"unchanged": True}
        connection.execute("delete from ledger.builds")
    rows = _rows_on_spark(data, report) if engine == "spark" else None
    # unit tests say the same on any data: pytest runs them, a build tests its data
    choice = spark.THE_REST if rows else []
    result = run_dbt(data, ["--quiet", "build", "--exclude-resource-type", "unit_test", *choice], report)
    failed = [node for node in (result.result or []) if node.status in ("error", "fail", "runtime error")]
    if not result.success:
        if not failed:
            raise Refusal(f"dbt could not run: {result.exception or 'see its messages above'}.")
        raise Refusal(
            f"the build failed at {len(failed)} model(s) or test(s), first {', '.join(failures(data, failed[:3]))}; "
            f"see {data.root / 'dbt' / 'dbt.log'}."
        )
    with warehouse.connect(data) as connection:
        synthetic = connection.execute(
            "select coalesce(bool_and(key_id like 'demo%'), false) from ledger.files where outcome = 'landed'"
        ).fetchone()[0]
        connection.execute(
            "insert into ledger.builds (fingerprint, synthetic, built_at, earlier, landings)"
            " values (?, ?, current_timestamp, ?, ?)",
            [wanted, synthetic, json.dumps(sorted(public)), landings],
        )
        cells = connection.execute("select count(*) from disclosure.decided_cells").fetchone()[0]
        connection.execute("checkpoint warehouse")
    models = [node for node in result.result if node.node.resource_type in ("model", "seed")]
    seconds = {node.node.name: node.execution_time for node in models}
    return {
        "models": len(models) + (rows["models"] if rows else 0),
        "tests": sum(node.node.resource_type == "test" for node in result.result)
        + (rows["tests"] if rows else 0),
        "cells": cells,
        "seconds": {**(rows["seconds"] if rows else {}), **seconds},
    }


def _rows_on_spark(data: settings.DataFolder, report) -> dict:
    """Build the row layers on Spark and return dbt's figures; seeds come first, for Spark reads them from here."""
    seeded = run_dbt(data, ["--quiet", "seed"], report)
    if not seeded.success:
        raise Refusal(f"the seeds could not be loaded; see {data.root / 'dbt' / 'dbt.log'}.")
    with scratch_folder(data) as scratch:
        return spark.build_rows(data, _variables(data), _environment(data, scratch), report)


def failures(data: settings.DataFolder, failed: list) -> list[str]:
    """Return what failed, in words that hold no value: names, and which of the things rows_hold asks are broken."""
    told = []
    with warehouse.connect(data, read_only=True) as connection:
        for node in (result.node for result in failed):
            name, asked = node.name, getattr(node, "test_metadata", None)
            if asked and asked.name == "rows_hold":
                broken = connection.execute(
                    f"select distinct broken from ({node.compiled_code}) order by all limit 5"
                ).fetchall()
                name = f"{node.attached_node.split('.')[-1]} ({', '.join(row[0] for row in broken)})"
            told.append(name)
    return told


def _require_one_key(connection) -> None:
    """Raise Refusal when rows of different keys are in store: the gate lets none in, and nothing may join them."""
    keys = connection.execute(
        "select distinct key_id from ledger.files where outcome = 'landed' order by all"
    ).fetchall()
    if len(keys) > 1:
        names = ", ".join(f"'{key}'" for (key,) in keys)
        raise Refusal(
            f"the store holds extracts pseudonymised with different keys ({names}): their people would not link; "
            "land those of one key into a store of its own."
        )


def require_current_build(connection, data: settings.DataFolder) -> dict:
    """Return {"synthetic", "build_id"} of the finished build; raise Refusal if there is none or it is out of date."""
    done = _done(connection)
    if done is None:
        raise Refusal("there is no finished build; run `breakwater build` first.")
    if not _is_current(done, fingerprint(connection), earlier.made_from(data.releases)):
        raise Refusal(
            "landings, models or public releases have changed since the last build; run `breakwater build` first."
        )
    return {"synthetic": done["synthetic"], "build_id": _build_id(done["fingerprint"], done["earlier"])}


def _done(connection) -> dict | None:
    """Return fingerprint, synthetic and earlier (releases reckoned with) of the finished build, if there is one."""
    columns = connection.execute(
        "select column_name from duckdb_columns() "
        "where database_name = 'warehouse' and schema_name = 'ledger' and table_name = 'builds'"
    ).fetchall()
    if ("earlier",) not in columns:
        return None
    row = connection.execute("select fingerprint, synthetic, earlier from ledger.builds").fetchone()
    if row is None or row[2] is None:  # built before releases were reckoned with
        return None
    return {"fingerprint": row[0], "synthetic": row[1], "earlier": json.loads(row[2])}


def _build_id(print_: str, releases: list[str]) -> str:
    return hashlib.sha256(json.dumps([print_, sorted(releases)]).encode()).hexdigest()


def _is_current(done: dict | None, wanted: str, public: dict[str, str | None]) -> bool:
    """Tell whether a build reckoned with everything there is, but for the releases that were made from itself."""
    if done is None or done["fingerprint"] != wanted:
        return False
    its_own = _build_id(wanted, done["earlier"])
    return sorted(done["earlier"]) == sorted(name for name, build in public.items() if build != its_own)


def fingerprint(connection) -> str:
    """Return a digest of everything a build depends on: project files, protecting code, and the landings."""
    digest = hashlib.sha256()
    folders = [(settings.PROJECT, SOURCES), (Path(__file__).parent, CODE)]
    for folder, patterns in folders:
        for path in sorted({path for pattern in patterns for path in folder.glob(pattern) if path.is_file()}):
            if "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(folder)).encode() + b"\0" + path.read_bytes())
    digest.update(ledger.landings(connection).encode())
    return digest.hexdigest()


def _make_table(connection) -> None:
    connection.execute("create schema if not exists ledger")
    connection.execute(
        "create table if not exists ledger.builds (fingerprint varchar, synthetic boolean, built_at timestamp)"
    )
    # of which releases, made before, this build reckoned with what they said
    connection.execute("alter table ledger.builds add column if not exists earlier varchar")
    # of which landings: only while they stand do its layers say what permissions drop
    connection.execute("alter table ledger.builds add column if not exists landings varchar")


def run_dbt(data: settings.DataFolder, arguments: list[str], report=lambda doing: None, measures=None):
    """Run one dbt command and return dbt's own result object. measures: those of the project, if not given.

    Raises Refusal when the catalogue or the policy does not hold, or nothing has landed.
    """
    policy.load(settings.PROJECT)
    if not data.warehouse.exists():
        raise Refusal("nothing has landed yet; run `breakwater land` first.")
    given = _variables(data, measures)
    takes_vars = not {"clean", "deps", "init", "--version", "--help"} & set(arguments)
    with scratch_folder(data) as scratch, _in_force({**_environment(data, scratch), **_key(data)}):
        from dbt.adapters.duckdb.connections import DuckDBConnectionManager
        from dbt.cli.main import dbtRunner

        try:
            return dbtRunner(callbacks=[lambda event: _tell(event, report)]).invoke(
                [*arguments, *(["--vars", json.dumps(given)] if takes_vars else [])]
            )
        finally:
            # dbt keeps the file open otherwise, with changes that only its own process would see
            DuckDBConnectionManager.close_all_connections()


def _tell(event, report) -> None:
    """Report the model or test that dbt has just finished."""
    if event.info.name == "NodeFinished":
        report(event.data.node_info.node_name)


def _variables(data: settings.DataFolder, measures=None) -> dict:
    """Return the project's variables: the catalogue, or the measures given in its place, and the register."""
    return {
        **catalogue.as_vars(
            catalogue.load(settings.PROJECT) if measures is None else measures,
            earlier.series(earlier.read(data.releases)),
        ),
        **register.load(settings.PROJECT).as_vars(),
    }


def _environment(data: settings.DataFolder, scratch: Path) -> dict[str, str]:
    """Return what profiles.yml reads; scratch: where rows are spilled to."""
    return {
        "BREAKWATER_WAREHOUSE": str(data.warehouse),
        "BREAKWATER_TEMPORARY": str(scratch),
        "BREAKWATER_RELEASES": str(data.releases),
        "DBT_PROJECT_DIR": str(settings.PROJECT),
        "DBT_PROFILES_DIR": str(settings.PROJECT),
        "DBT_TARGET_PATH": str(data.root / "dbt"),
        "DBT_LOG_PATH": str(data.root / "dbt"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }


def _key(data: settings.DataFolder) -> dict[str, str]:
    """Return what opens an encrypted warehouse, if there is a key; no other process is given it."""
    if not (key := os.environ.get(warehouse.KEY_VARIABLE)):
        return {}
    return {
        "DBT_ENV_SECRET_WAREHOUSE_KEY": key,
        "DBT_TARGET": "encrypted",
        "BREAKWATER_EXTENSIONS": str(warehouse.extension_folder(data)),
    }


@contextmanager
def _in_force(given: dict[str, str]):
    """Set environment variables for the time of the run only."""
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value
