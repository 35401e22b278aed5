"""Run dbt in this process, with the project's profile, the catalogue as variables, and no telemetry."""

import json
import os
from contextlib import contextmanager
from pathlib import Path

from breakwater import catalogue, settings, warehouse
from breakwater.disclosure import policy
from breakwater.errors import Refusal


def run_dbt(data: settings.DataFolder, arguments: list[str]):
    """Run one dbt command and return dbt's own result object.

    Raises Refusal when the catalogue or the policy does not hold, or nothing has landed.
    """
    policy.load(settings.PROJECT)
    if not data.warehouse.exists():
        raise Refusal("nothing has landed yet; run `breakwater land` first.")
    measures = catalogue.as_vars(catalogue.load(settings.PROJECT))
    takes_vars = arguments and arguments[0] not in {"clean", "deps", "init", "--version", "--help"}
    with _environment(data):
        from dbt.cli.main import dbtRunner

        return dbtRunner().invoke([*arguments, *(["--vars", json.dumps(measures)] if takes_vars else [])])


@contextmanager
def _environment(data: settings.DataFolder):
    """Set what profiles.yml reads, for the time of the run only."""
    given = {
        "BREAKWATER_WAREHOUSE": str(data.warehouse),
        "BREAKWATER_TEMPORARY": str(_made(data.temporary / "dbt")),
        "DBT_PROJECT_DIR": str(settings.PROJECT),
        "DBT_PROFILES_DIR": str(settings.PROJECT),
        "DBT_TARGET_PATH": str(data.root / "dbt"),
        "DBT_LOG_PATH": str(data.root / "dbt"),
        "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
        "DO_NOT_TRACK": "1",
    }
    if key := os.environ.get(warehouse.KEY_VARIABLE):
        given["DBT_ENV_SECRET_WAREHOUSE_KEY"] = key
        given["DBT_TARGET"] = "encrypted"
        given["BREAKWATER_EXTENSIONS"] = str(warehouse.extension_folder(data))
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


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
