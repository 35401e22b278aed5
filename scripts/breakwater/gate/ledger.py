"""The ledger in the warehouse: one row an offered file, its quarantined rows, what the gate found.

An offer that only says again what the last line of its file says is counted on that line (`offers`), so that
offering a whole folder every night does not make the ledger grow, and no offered row goes uncounted.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass

import duckdb

from breakwater.gate.checking import Counts
from breakwater.gate.contract import SQL_TYPES, Contract, contracts
from breakwater.gate.expectations import Result
from breakwater.manifest import Manifest
from breakwater.warehouse import transaction

TABLES = """
create schema if not exists ledger;
create schema if not exists landed;
create schema if not exists outdated;
create table if not exists ledger.files (
    file_id bigint primary key, extract varchar, layout varchar, file_name varchar, sha256 varchar,
    period_start date, period_end date, key_id varchar, offered bigint, accepted bigint, quarantined bigint,
    outcome varchar, reason varchar, landed_at timestamp, replaced_by bigint,
    offers bigint default 1, last_offered_at timestamp
);
alter table ledger.files add column if not exists offers bigint default 1;
alter table ledger.files add column if not exists last_offered_at timestamp;
create table if not exists ledger.quarantine (
    file_id bigint, line bigint, column_name varchar, reason varchar, row_content json
);
create table if not exists ledger.expectations (
    file_id bigint, gate varchar, expectation varchar, column_name varchar, passed boolean, checked bigint
);
"""


@dataclass(frozen=True)
class Offer:
    """One offer of a file as the ledger tells it: its SHA-256 in hex, and what it is, where that is known."""

    file_name: str
    sha256: str
    told: Manifest | None


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the ledger and empty tables of landed and outdated rows for every contract, where they do not exist.

    A contract that has grown since the store was made gives its tables the new columns (`_grow`).
    """
    connection.execute(TABLES)
    for contract in contracts().values():
        for schema in ("landed", "outdated"):
            _prepare_table(connection, contract, f"{schema}.{contract.extract}")


def _prepare_table(connection: duckdb.DuckDBPyConnection, contract: Contract, table: str) -> None:
    existing = {
        name
        for (name,) in connection.execute(
            "select column_name from duckdb_columns() where database_name = current_database()"
            " and schema_name || '.' || table_name = $1",
            [table],
        ).fetchall()
    }
    wanted = {column.name: SQL_TYPES[column.type] for column in contract.columns}
    if not existing:
        columns = ", ".join(f"{name} {kind}" for name, kind in wanted.items())
        connection.execute(f"create table {table} ({columns}, _file_id bigint, _line bigint)")
    elif fresh := {name: kind for name, kind in wanted.items() if name not in existing}:
        _grow(connection, table, fresh)


def _grow(connection: duckdb.DuckDBPyConnection, table: str, fresh: dict[str, str]) -> None:
    """Give a table of rows new columns, empty in the rows that are there: a new supply of their period fills them.

    The table is written anew: DuckDB 1.5.5 damages a table of older row groups to which a column is added when the
    file is attached with smaller ones ("could not find node in column segment tree").
    """
    schema, _, name = table.partition(".")
    columns = ", ".join(f"null::{kind} as {column}" for column, kind in fresh.items())
    with transaction(connection):
        connection.execute(f"create table {schema}.grown as select *, {columns} from {table}")
        connection.execute(f"drop table {table}")
        connection.execute(f"alter table {schema}.grown rename to {name}")


def landings(connection: duckdb.DuckDBPyConnection) -> str:
    """Return which files stand in the store, as JSON: what a build was made of, and whether that still holds."""
    standing = connection.execute(
        "select file_id, sha256 from ledger.files where outcome = 'landed' order by file_id"
    ).fetchall()
    return json.dumps(standing)


def next_file_id(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select coalesce(max(file_id), 0) + 1 from ledger.files").fetchone()[0]


def landed_before(connection: duckdb.DuckDBPyConnection, sha256: str, told: Manifest) -> int | None:
    """Return the file that landed with this content for this extract and period, even if replaced since.

    So that offering a whole folder again changes nothing, in which a file and its successor stand together.
    """
    return _first(
        connection,
        "select file_id from ledger.files where outcome in ('landed', 'replaced') and sha256 = $1"
        " and extract = $2 and period_start = $3 and period_end = $4 order by file_id desc limit 1",
        [sha256, told.extract, told.period_start, told.period_end],
    )


def predecessor(connection: duckdb.DuckDBPyConnection, told: Manifest) -> int | None:
    """Return the file that stands in the store for the same extract, period and family of layouts.

    The family is the layout's name before the slash: a new version of a layout replaces an old one.
    """
    return _first(
        connection,
        "select file_id from ledger.files where outcome = 'landed' and extract = $1 and period_start = $2"
        " and period_end = $3 and split_part(layout, '/', 1) = split_part($4, '/', 1)",
        [told.extract, told.period_start, told.period_end, told.layout],
    )


def successor(connection: duckdb.DuckDBPyConnection, file_id: int) -> int | None:
    """Return the file that replaced a file, if one did."""
    return _first(connection, "select replaced_by from ledger.files where file_id = $1", [file_id])


def other_key_id(connection: duckdb.DuckDBPyConnection, told: Manifest) -> str | None:
    """Return the key id that the store holds when it is not the one of this file."""
    return _first(
        connection,
        "select key_id from ledger.files where outcome = 'landed' and key_id <> $1 order by file_id limit 1",
        [told.key_id],
    )


def knows_outcome(connection: duckdb.DuckDBPyConnection, sha256: str, told: Manifest) -> bool:
    """Return whether a file need not be read to know what becomes of it."""
    return bool(landed_before(connection, sha256, told) or other_key_id(connection, told))


def record(
    connection: duckdb.DuckDBPyConnection,
    offer: Offer,
    outcome: str,
    counts: Counts,
    reason: str | None = None,
    results: Sequence[Result] = (),
) -> None:
    """Write the row of an offer and what Great Expectations found, or count it on the row that says the same."""
    told = offer.told
    what = (told.extract, told.layout) if told else (None, None)
    when = (told.period_start, told.period_end, told.key_id) if told else (None, None, None)
    numbers = (counts.offered, counts.accepted, counts.quarantined)
    says = [*what, offer.file_name, offer.sha256, *when]
    file_id = _row_that_says(connection, says, outcome, reason)
    if file_id is None:
        file_id = next_file_id(connection)
        connection.execute(
            "insert into ledger.files (file_id, extract, layout, file_name, sha256, period_start, period_end,"
            " key_id, offered, accepted, quarantined, outcome, reason, landed_at, last_offered_at)"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now()::timestamp,"
            " now()::timestamp)",
            [file_id, *says, *numbers, outcome, reason],
        )
    else:
        connection.execute(
            "update ledger.files set offers = offers + 1, last_offered_at = now()::timestamp"
            " where file_id = $1",
            [file_id],
        )
    if results:
        _record_results(connection, file_id, results)


def _row_that_says(
    connection: duckdb.DuckDBPyConnection, says: list, outcome: str, reason: str | None
) -> int | None:
    """Return the row of the last offer of this file name when it tells of the same content and outcome.

    Of a file that is there already, that is the row with which it came.
    """
    same = {"refused": ["refused"], "unchanged": ["unchanged", "landed", "replaced"], "landed": []}[outcome]
    return _first(
        connection,
        "select file_id from (from ledger.files where file_name = $3 order by file_id desc limit 1)"
        " where (extract, layout, sha256, period_start, period_end, key_id)"
        " is not distinct from ($1, $2, $4, $5::date, $6::date, $7)"
        " and list_contains($8::varchar[], outcome) and ($9 = 'unchanged' or reason is not distinct from $10)",
        [*says, same, outcome, reason],
    )


def _record_results(connection: duckdb.DuckDBPyConnection, file_id: int, results: Sequence[Result]) -> None:
    """Write what Great Expectations found in place of what it found before: one row an expectation, no values."""
    connection.execute("delete from ledger.expectations where file_id = $1", [file_id])
    found = [(r.expectation, r.column_name, r.passed, r.checked) for r in results]
    connection.execute(
        "insert into ledger.expectations select $1, 'landing', unnest($2::varchar[]),"
        " nullif(unnest($3::varchar[]), ''), unnest($4::boolean[]), unnest($5::bigint[])",
        [file_id, *(list(values) for values in zip(*found, strict=True))],
    )


def replace(connection: duckdb.DuckDBPyConnection, extract: str, old: int, new: int) -> None:
    """Take the rows of a file out of the store, and say which file replaced it."""
    for schema in ("landed", "outdated"):
        connection.execute(f"delete from {schema}.{extract} where _file_id = $1", [old])
    connection.execute(
        "update ledger.files set outcome = 'replaced', replaced_by = $2 where file_id = $1", [old, new]
    )


def _first(connection: duckdb.DuckDBPyConnection, query: str, values: list) -> int | str | None:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None
