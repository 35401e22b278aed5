"""Run hand_written.sql over the pseudonymised extracts of a data folder, in one connection."""

import json
import sys
from pathlib import Path

import click
import duckdb

from breakwater.gate.contract import contracts
from breakwater.settings import PROJECT

SCRIPT = Path(__file__).with_suffix(".sql")
# Names of the variables that the script reads.
EXTRACTS = {
    "registrations": "gp_registrations",
    "episodes": "apc_episodes",
    "events": "social_care_events",
    "deaths": "deaths",
    "permissions": "permissions",
}


def files_to_read(root: Path, extracts: dict[str, str] = EXTRACTS) -> dict[str, list[str]]:
    """Return, by variable of the script, the Parquet files that somebody who knows the deliveries would read.

    What the sender says was sent by mistake (planted.json) is left out; of two files of one extract, period
    and family of layouts the later stands. Neither the ledger nor the gate is asked.
    """
    told = json.loads((root / "provider" / "planted.json").read_text(encoding="utf-8"))
    by_mistake = {Path(file["file"]).stem for file in told["files"] if file["expected"] == "refused"}
    found: dict[str, list[str]] = {}
    for variable, extract in extracts.items():
        standing: dict[tuple, Path] = {}
        for path in sorted((root / "extracts" / extract).glob("*.parquet")):
            if path.stem in by_mistake:
                continue
            manifest = json.loads(path.with_suffix(".manifest.json").read_text(encoding="utf-8"))
            family = manifest["layout"].split("/")[0]
            standing[manifest["period_start"], manifest["period_end"], family] = path
        found[variable] = [str(path) for path in standing.values()]
    return found


def run(root: Path, target: Path, memory: str = "3GB") -> tuple[int, int]:
    """Make the tables `cells` and `rates` in a new DuckDB file; return how many rows each has."""
    with duckdb.connect(str(target)) as connection:
        connection.execute("set threads = 2")
        connection.execute(f"set memory_limit = '{memory}'")
        connection.execute("set preserve_insertion_order = false")
        for variable, files in files_to_read(root).items():
            connection.execute(f"set variable {variable} = ?::varchar[]", [files])
        connection.execute("set variable seeds = ?", [str(PROJECT / "seeds")])
        connection.execute(SCRIPT.read_text(encoding="utf-8"))
        _load_the_rest(connection, root)
        return tuple(
            connection.execute(f"select count(*) from {table}").fetchone()[0] for table in ("cells", "rates")
        )


def _load_the_rest(connection: duckdb.DuckDBPyConnection, root: Path) -> None:
    """Load the extracts that no cell is counted from yet, as rows of the people who may be counted.

    The pipeline lands and stages them, so a script that left them out would be spared a part of the work.
    """
    others = {name: name for name in contracts() if name not in EXTRACTS.values()}
    for extract, files in files_to_read(root, others).items():
        key = next(column.file for column in contracts()[extract].columns if column.person_key)
        if files:
            connection.execute(
                f'create temp table {extract} as select person, records.* exclude ("{key}")'
                f' from read_parquet(?::varchar[]) as records inner join people on records."{key}" = people.person_key',
                [files],
            )


if __name__ == "__main__":
    cells, rates = run(Path(sys.argv[1]), Path(sys.argv[2]))
    click.echo(f"{cells:,} cells, {rates:,} rates")
