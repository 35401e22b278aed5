"""Read a CSV file in which single rows are broken: not as many columns as the header, or not UTF-8 text.

The engine reads all of a file or nothing of it. Only a file that it gives up on is read here, record by record. Only
what is sound is set aside: a record of one line that ends where its line ends, so that it can have swallowed no other.
A file with quotes that do not end, with a record of several lines, or cut off within its last row stays unreadable.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl

from breakwater.gate.contract import PERSON_KEY
from breakwater.gate.values import quoted
from breakwater.gate.workspace import Workspace

FEWER, MORE, NO_TEXT = (
    "has fewer columns than the header",
    "has more columns than the header",
    "is not UTF-8 text",
)
CHUNK = 50_000  # rows held as Python objects at a time


def read(connection: duckdb.DuckDBPyConnection, path: Path, names: list[str], space: Workspace) -> bool:
    """Fill `offered` (names, in the order of the file) and `broken` (line, reason); False when it is not sound.

    A broken row stands in `offered` too, empty, so that the rows below it keep their lines. What its fields hold is
    in `odd` of the workspace `space.broken_rows`, for the search for identities, and nowhere else.
    """
    beside = space.broken_rows
    beside.open(connection)
    columns = ", ".join(f"{name} varchar" for name in names)
    connection.execute(f"create or replace table {space.offered} ({columns})")
    connection.execute(f"create table {space.broken} (line bigint, reason varchar)")
    connection.execute(
        f"create table {beside.odd} (place integer, value varchar, line bigint, occurs bigint, conforms boolean)"
    )
    try:
        for rows, broken in _chunks(path, len(names), space.first_line):
            _append(connection, space.offered, dict.fromkeys(names, pl.String), rows)
            told = [(line, reason) for line, reason, _ in broken]
            _append(connection, space.broken, {"line": pl.Int64, "reason": pl.String}, told)
            pieces = [(0, piece, line, 1, False) for line, _, record in broken for piece in record]
            schema = {"place": pl.Int32, "value": pl.String, "line": pl.Int64, "occurs": pl.Int64}
            _append(connection, beside.odd, schema | {"conforms": pl.Boolean}, pieces)
    except (csv.Error, _Unsound):
        return False
    if not connection.execute(f"select count(*) from {space.broken}").fetchone()[0]:
        return False  # the engine gave up on something else
    token = quoted(PERSON_KEY)  # its digits are no numbers
    connection.execute(f"delete from {beside.odd} where value = '' or regexp_full_match(value, {token})")
    return True


class _Unsound(Exception):
    """What is broken may have swallowed other rows, or lacks some."""


def _chunks(path: Path, width: int, first_line: int) -> Iterator[tuple[list, list]]:
    """Yield rows (None for all fields of a broken one) and broken ones (line, reason, fields), some at a time."""
    rows: list = []
    broken: list = []
    number = first_line - 1
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        reader = csv.reader(file, strict=True)
        next(reader)
        before = reader.line_num
        for record in reader:
            spans, before = reader.line_num - before, reader.line_num
            if not record:  # an empty line: the engine passes over it, too
                continue
            if spans != 1:
                raise _Unsound
            if (
                len(record) == width + 1 and not record[-1]
            ):  # a separator at the end: the engine takes it, too
                record = record[:-1]
            number += 1
            if reason := _reason(record, width):
                broken.append((number, reason, [_legible(field) for field in record]))
            rows.append([None] * width if reason else record)
            if len(rows) == CHUNK:
                yield rows, broken
                rows, broken = [], []
    if broken and broken[-1][:2] == (number, FEWER):
        raise _Unsound  # cut off: nobody knows what followed
    yield rows, broken


def _reason(record: list[str], width: int) -> str | None:
    if any(_legible(field) is not field for field in record):
        return NO_TEXT
    if len(record) != width:
        return FEWER if len(record) < width else MORE
    return None


def _legible(field: str) -> str:
    """Return a field, its bytes that are no UTF-8 read as Latin-1; the field itself when it has none."""
    try:
        field.encode()
    except UnicodeEncodeError:
        return field.encode(errors="surrogateescape").decode("latin-1")
    return field


def _append(connection: duckdb.DuckDBPyConnection, table: str, schema: dict, rows: list) -> None:
    if rows:
        content = pl.DataFrame(rows, schema=schema, orient="row").to_arrow()
        connection.register("content", content)
        connection.execute(f"insert into {table} from content")
        connection.unregister("content")
