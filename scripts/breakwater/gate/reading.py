"""Read an offered file into memory as text, and find the values that do not keep to the contract."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from breakwater import text_files
from breakwater.errors import Refusal
from breakwater.gate.contract import Column, Contract
from breakwater.gate.values import conforms

# The rows of the file as text, and their odd values. They stand in the memory of the connection, beside the
# warehouse, so that nothing of them is kept unless it lands.
OFFERED, ODD = "memory.main.offered", "memory.main.odd"


@dataclass(frozen=True)
class Field:
    """A column of a file: its name there, its name in the table OFFERED, its contract if it has one."""

    written: str
    name: str
    column: Column | None


def read(connection: duckdb.DuckDBPyConnection, path: Path, contract: Contract, layout: str) -> list[Field]:
    """Fill OFFERED: one text column a field, trimmed, empty as null; `_line` as a reader of the file counts.

    The header of a CSV file is line 1; the first row of a Parquet file is row 1.
    Raises Refusal when the file cannot be read, or its columns are not those of the layout.
    """
    fields = _fields(text_files.header(path), contract, layout, path.name)
    values = ", ".join(f"nullif(trim(c{place}::varchar), '') as {f.name}" for place, f in enumerate(fields))
    names = ", ".join(f"c{place}" for place in range(len(fields)))
    first = 1 if path.suffix.lower() == ".parquet" else 2
    try:
        connection.execute(
            f"create or replace table {OFFERED} as select {values},"
            f" row_number() over () + {first - 1} as _line from {text_files.scan(path)} as file({names})"
        )
    except duckdb.Error as error:
        raise text_files.unreadable(path, error) from None
    return fields


def find_odd(connection: duckdb.DuckDBPyConnection, fields: list[Field]) -> set[str]:
    """Fill ODD (place of the field, value, first line, rows), and return the names that have odd values.

    Odd is what does not conform; in a key, ten digits too, and in a person key nothing but digits; in a
    column without a contract, everything. Distinct values are looked at once, which makes the codes cheap.
    """
    distinct = "select {name} as value, min(_line) as line, count() as occurs from {table} group by 1"
    parts = [
        f"select {place} as place, value, line, occurs"
        f" from ({distinct.format(name=field.name, table=OFFERED)})"
        f" where value is not null and {_is_odd(field.column)}"
        for place, field in enumerate(fields)
    ]
    connection.execute(f"create or replace table {ODD} as {' union all '.join(parts)}")
    found = connection.execute(f"select distinct place from {ODD}").fetchall()
    return {fields[place].name for (place,) in found}


def _is_odd(column: Column | None) -> str:
    if column is None:
        return "true"
    if column.key or column.person_key:
        digits = "[0-9]{10}" if column.key else "[0-9]+"
        return f"(not {conforms(column, 'value')} or regexp_full_match(value, '{digits}'))"
    return f"not {conforms(column, 'value')}"


def _fields(names: list[str], contract: Contract, layout: str, file_name: str) -> list[Field]:
    known = {column.file.lower(): column for column in contract.columns_of(layout)}
    fields = []
    for place, name in enumerate(names):
        column = known.pop(name.lower(), None)
        if column is None and contract.keeps_to_contract(layout):
            said = "an identifying column" if name.lower() in contract.identifying else "a column"
            raise Refusal(f"{file_name}: column {place + 1} is {said} that layout {layout} does not have")
        fields.append(Field(name, column.name if column else f"other_{place}", column))
    if known:
        missing = ", ".join(column.file for column in known.values())
        raise Refusal(f"{file_name} has no column {missing}, which layout {layout} needs")
    return fields
