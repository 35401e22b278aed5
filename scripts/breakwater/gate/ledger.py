"""The ledger in the warehouse: one row an offer of a file, its quarantined rows, what the gate found."""

from dataclasses import dataclass

import duckdb

from breakwater.gate.contract import SQL_TYPES, contracts
from breakwater.gate.expectations import Result
from breakwater.manifest import Manifest

TABLES = """
create schema if not exists ledger;
create schema if not exists landed;
create table if not exists ledger.files (
    file_id bigint primary key, extract varchar, layout varchar, file_name varchar, sha256 varchar,
    period_start date, period_end date, key_id varchar, offered bigint, accepted bigint, quarantined bigint,
    outcome varchar, reason varchar, landed_at timestamp, replaced_by bigint
);
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

    file_id: int
    file_name: str
    sha256: str
    told: Manifest | None


def prepare(connection: duckdb.DuckDBPyConnection) -> None:
    """Create the ledger and an empty landed table for every contract, where they do not exist."""
    connection.execute(TABLES)
    for contract in contracts().values():
        columns = ", ".join(f"{column.name} {SQL_TYPES[column.type]}" for column in contract.columns)
        connection.execute(
            f"create table if not exists landed.{contract.extract} ({columns}, _file_id bigint, _line bigint)"
        )


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


def other_key_id(connection: duckdb.DuckDBPyConnection, told: Manifest) -> str | None:
    """Return the key id that the store holds when it is not the one of this file."""
    return _first(
        connection,
        "select key_id from ledger.files where outcome = 'landed' and key_id <> $1 order by file_id limit 1",
        [told.key_id],
    )


def record(
    connection: duckdb.DuckDBPyConnection,
    offer: Offer,
    outcome: str,
    counts: tuple[int, int, int],
    reason: str | None = None,
) -> None:
    """Write the one row of an offer; counts: offered, accepted, quarantined rows."""
    told = offer.told
    what = (told.extract, told.layout) if told else (None, None)
    when = (told.period_start, told.period_end, told.key_id) if told else (None, None, None)
    connection.execute(
        "insert into ledger.files values"
        " ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, now()::timestamp, null)",
        [offer.file_id, *what, offer.file_name, offer.sha256, *when, *counts, outcome, reason],
    )


def record_results(connection: duckdb.DuckDBPyConnection, file_id: int, results: list[Result]) -> None:
    """Write what Great Expectations found: one row an expectation, no values."""
    for result in results:
        connection.execute(
            "insert into ledger.expectations values ($1, 'landing', $2, nullif($3, ''), $4, $5)",
            [file_id, result.expectation, result.column_name, result.passed, result.checked],
        )


def replace(connection: duckdb.DuckDBPyConnection, extract: str, old: int, new: int) -> None:
    """Take the rows of a file out of the store, and say which file replaced it."""
    connection.execute(f"delete from landed.{extract} where _file_id = $1", [old])
    connection.execute(
        "update ledger.files set outcome = 'replaced', replaced_by = $2 where file_id = $1", [old, new]
    )


def _first(connection: duckdb.DuckDBPyConnection, query: str, values: list) -> int | str | None:
    row = connection.execute(query, values).fetchone()
    return row[0] if row else None
