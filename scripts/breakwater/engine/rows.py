"""Parquet copies of what another engine reads: landed rows, the ledger's files, seeds.

DuckDB's tables are the original. A file of rows is written once for each file in the store, and its name is made of
what the ledger says of that file and of which of its rows later files say anew; the ledger remembers its size and
digest. What the ledger does not know, or knows otherwise, is never read: it is taken away and written anew.
"""

import hashlib
import json
import os
import shutil
from pathlib import Path

import duckdb

from breakwater.errors import Refusal
from breakwater.gate.contract import contracts
from breakwater.settings import DataFolder
from breakwater.warehouse import KEY_VARIABLE

FOLDER_VARIABLE = "BREAKWATER_ROWS"
WRITING = ".writing"
# Handed to the other engine of each file in the store: what staging asks of it, no more.
LEDGER = (
    "select file_id, extract, layout, period_start, period_end, outcome from ledger.files order by file_id"
)
REMEMBERED = """
create table if not exists ledger.row_files (
    file_id bigint primary key, folder varchar, bytes bigint, sha256 varchar
)
"""


def folder_of(data: DataFolder) -> Path:
    """Return the folder of the copies, of this store alone: BREAKWATER_ROWS, else `rows/` of the data folder."""
    named = os.environ.get(FOLDER_VARIABLE)
    return Path(named).resolve() if named else data.root / "rows"


def require_safe_folder() -> None:
    """Raise Refusal where the warehouse is encrypted and no folder is named: the copies are not encrypted by us."""
    if os.environ.get(KEY_VARIABLE) and not os.environ.get(FOLDER_VARIABLE):
        raise Refusal(
            "the warehouse is encrypted, but the rows that Spark reads would not be: set "
            f"{FOLDER_VARIABLE} to a folder on an encrypted disk, of this store alone."
        )


def write(connection: duckdb.DuckDBPyConnection, folder: Path) -> list[dict]:
    """Bring the copies up to the ledger; return the tables that they are, as macros/rows.sql takes them.

    connection: the warehouse, to write; whoever holds it is the only one who writes copies. Each table has `schema`,
    `name`, `columns` ([name, type]), `location` and `files` ([file id, folder], or null for a table of one folder).
    """
    connection.execute(REMEMBERED)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.rmtree(folder / WRITING, ignore_errors=True)
    tables, kept = [], set()
    for extract in contracts():
        files = _files(connection, folder, extract)
        kept.update(place for _, place in files)
        columns = [column for column in _columns(connection, "landed", extract) if column[0] != "_file_id"]
        told = [[file_id, str(place)] for file_id, place in files]
        tables.append(_table("landed", extract, columns, folder / "landed" / extract, told))
    seeds = connection.execute(
        "select table_name from duckdb_tables() where database_name = 'warehouse' and schema_name = 'seeds'"
    ).fetchall()
    whole = [("seeds", name, f"from seeds.{name}") for (name,) in seeds] + [("ledger", "files", LEDGER)]
    for schema, name, query in whole:
        place = _whole(connection, folder, schema, name, query)
        kept.add(place)
        columns = connection.execute(f"describe {query}").fetchall()
        tables.append(_table(schema, name, [[row[0], row[1].lower()] for row in columns], place, None))
    sweep(folder, kept)
    return tables


def sweep(folder: Path, kept: set[Path]) -> None:
    """Take away every copy but those to be kept."""
    for place in [*folder.glob("landed/*/*/*"), *folder.glob("seeds/*/*"), *folder.glob("ledger/*/*")]:
        if place not in kept:
            shutil.rmtree(place, ignore_errors=True)


def forget_replaced(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Take away the copies of files that are no longer in the store, as soon as that is so."""
    if folder.exists():
        in_store = connection.execute("select file_id from ledger.files where outcome = 'landed'").fetchall()
        numbers = {str(file_id) for (file_id,) in in_store}
        for place in folder.glob("landed/*/*/*"):
            if place.name.partition("-")[0] not in numbers:
                shutil.rmtree(place, ignore_errors=True)


def _files(connection: duckdb.DuckDBPyConnection, folder: Path, extract: str) -> list[tuple[int, Path]]:
    """Return file id and folder of the copy of each file of an extract in the store; write those that are wanting."""
    columns = _columns(connection, "landed", extract)
    in_store = connection.execute(
        "select file_id, period_start, period_end, accepted, sha256, landed_at from ledger.files"
        " where outcome = 'landed' and extract = $1 order by file_id",
        [extract],
    ).fetchall()
    found = []
    for file_id, start, end, accepted, *told in in_store:
        outdated, which = connection.execute(
            "select count(*), coalesce(sha256(string_agg(_line::varchar, ',' order by _line)), '')"
            f" from outdated.{extract} where _file_id = $1",
            [file_id],
        ).fetchone()
        standing = accepted - outdated
        told = [accepted, which, *map(str, told), columns]
        says = hashlib.sha256(json.dumps(told).encode()).hexdigest()[:16]
        place = folder / "landed" / extract / f"{start}_{end}" / f"{file_id}-{says}"
        if not _stands(connection, folder, file_id, place):
            query = (
                f"select * exclude (_file_id) from landed.{extract} where _file_id = {file_id} order by _line"
            )
            written = _write(connection, folder, place, query)
            if written != standing:
                raise Refusal(
                    f"file {file_id} ({extract}) has {written} rows in the store and {standing} in the ledger: "
                    "restore the warehouse, or move it away and land again."
                )
            copy = place / "rows.parquet"
            connection.execute(
                "insert or replace into ledger.row_files values ($1, $2, $3, $4)",
                [file_id, str(place.relative_to(folder)), copy.stat().st_size, _digest(copy)],
            )
        found.append((file_id, place))
    connection.execute(
        "delete from ledger.row_files where file_id not in (select file_id from ledger.files where outcome = 'landed')"
    )
    return found


def _stands(connection: duckdb.DuckDBPyConnection, folder: Path, file_id: int, place: Path) -> bool:
    """Tell whether the copy of a file is there as it was written."""
    known = connection.execute(
        "select bytes, sha256 from ledger.row_files where file_id = $1 and folder = $2",
        [file_id, str(place.relative_to(folder))],
    ).fetchone()
    copy = place / "rows.parquet"
    return bool(known) and copy.is_file() and known == (copy.stat().st_size, _digest(copy))


def _whole(connection, folder: Path, schema: str, name: str, query: str) -> Path:
    """Write a small table and return its folder, which is named after what it holds."""
    held = connection.execute(f"select * from ({query})").fetchall()
    says = hashlib.sha256(json.dumps([query, *held], default=str).encode()).hexdigest()[:16]
    place = folder / schema / name / says
    _write(connection, folder, place, query)
    return place


def _write(connection: duckdb.DuckDBPyConnection, folder: Path, place: Path, query: str) -> int:
    """Write the rows of a query into a folder that is there whole or not at all; return how many they are."""
    fresh = folder / WRITING
    fresh.mkdir(mode=0o700)
    target = str(fresh / "rows.parquet").replace("'", "''")
    (rows,) = connection.execute(
        f"copy ({query}) to '{target}' (format parquet, compression zstd)"
    ).fetchone()
    shutil.rmtree(place, ignore_errors=True)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.rename(place)
    return rows


def _columns(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> list[list[str]]:
    rows = connection.execute(
        "select column_name, lower(data_type) from duckdb_columns()"
        " where database_name = 'warehouse' and schema_name = $1 and table_name = $2 order by column_index",
        [schema, table],
    ).fetchall()
    return [list(row) for row in rows]


def _table(schema: str, name: str, columns: list, location: Path, files: list | None) -> dict:
    return {"schema": schema, "name": name, "columns": columns, "location": str(location), "files": files}


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
