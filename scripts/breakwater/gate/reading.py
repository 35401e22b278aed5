"""Read an offered file as text, and find the values that do not keep to the contract."""

from dataclasses import dataclass

import duckdb

from breakwater import text_files
from breakwater.errors import Refusal
from breakwater.gate import broken_rows
from breakwater.gate.content import Content
from breakwater.gate.contract import Column, Contract
from breakwater.gate.values import conforms, quoted
from breakwater.gate.workspace import Workspace

# What may stand around a value and does not belong to it: white space, and marks that nobody sees.
PADDING = quoted(" \t\r\n\v\f\u00a0\u2000\u2002\u2003\u2007\u2009\u200b\u202f\u3000\ufeff")


@dataclass(frozen=True)
class Field:
    """A column of a file: its name there, its name in the table `offered`, its contract if it has one."""

    written: str
    name: str
    column: Column | None


def read(
    connection: duckdb.DuckDBPyConnection, content: Content, contract: Contract, layout: str, space: Workspace
) -> list[Field]:
    """Fill `offered`, one text column a field; `broken`, where single rows cannot be read; and `odd` (place of the
    field, value, first line, rows, whether the value conforms).

    Odd is what does not conform; in a key, ten or eleven digits too, and in a person key nothing but digits; in
    a column without a contract, everything. Distinct values are looked at once, which makes the codes cheap.
    Values are trimmed, and empty ones made null, in the columns that need it only: few do, and it costs.

    Raises Refusal when the file cannot be read, or its columns are not those of the layout.
    """
    path = content.path
    written = text_files.header(path, content.source)
    fields = _fields(written, contract, layout, path.name)
    # the engine numbers rows under this name, and not where the file has it
    is_view = content.is_held and "file_row_number" not in {name.lower() for name in written}
    offer = _offer_view if is_view else _offer_table
    try:
        try:
            offer(connection, content, fields, space, set())
        except duckdb.Error:
            is_text = path.suffix.lower() != ".parquet"
            if not (is_text and broken_rows.read(connection, path, [field.name for field in fields], space)):
                raise
        _fill_odd(connection, fields, space)
        untidy = connection.execute(
            f"select distinct place from {space.odd} where value = '' or value <> trim(value, {PADDING})"
        ).fetchall()
        if untidy:
            offer(connection, content, fields, space, {place for (place,) in untidy})
            _fill_odd(connection, fields, space)
    except duckdb.Error as error:
        raise text_files.unreadable(path, error) from None
    return fields


def has_broken_rows(connection: duckdb.DuckDBPyConnection, space: Workspace) -> bool:
    """Whether `broken` is there."""
    return bool(
        connection.execute(
            "select count(*) from duckdb_tables() where database_name = 'memory' and schema_name = $1"
            " and table_name = 'broken'",
            [space.name],
        ).fetchone()[0]
    )


def _offer_view(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    fields: list[Field],
    space: Workspace,
    untidy: set,
) -> None:
    """Make `offered` a view of the bytes that are held, with their row numbers in the place of those of a table."""
    # Held files follow one another under one name: nothing that was read of one may be kept for the next.
    connection.execute("set enable_external_file_cache = false")
    names = ", ".join(f"c{place}" for place in range(len(fields)))
    rows = text_files.scan(content.path, content.source, ", file_row_number = true")
    connection.execute(
        f"create or replace view {space.offered} as select {_values(fields, untidy)}, rowid"
        f" from {rows} as file({names}, rowid)"
    )


def _offer_table(
    connection: duckdb.DuckDBPyConnection,
    content: Content,
    fields: list[Field],
    space: Workspace,
    untidy: set,
) -> None:
    """Make `offered` a table, from the file or, at the second time, from itself."""
    if untidy:
        tidied = ", ".join(_tidied(fields[place].name, fields[place].name) for place in untidy)
        connection.execute(
            f"create or replace table {space.offered} as select * replace ({tidied}) from {space.offered}"
        )
        return
    names = ", ".join(f"c{place}" for place in range(len(fields)))
    connection.execute(
        f"create table {space.offered} as select {_values(fields, untidy)}"
        f" from {text_files.scan(content.path, content.source)} as file({names})"
    )


def _values(fields: list[Field], untidy: set[int]) -> str:
    return ", ".join(
        _tidied(f"c{place}::varchar", field.name) if place in untidy else f"c{place}::varchar as {field.name}"
        for place, field in enumerate(fields)
    )


def _tidied(value: str, name: str) -> str:
    return f"nullif(trim({value}, {PADDING}), '') as {name}"


def _fill_odd(connection: duckdb.DuckDBPyConnection, fields: list[Field], space: Workspace) -> None:
    parts = [
        f"select {place} as place, value, line, occurs, {_conforms(field.column)} as conforms from"
        f" (select {field.name} as value, min({space.line}) as line, count() as occurs"
        f" from {space.offered} group by 1)"
        f" where value is not null and (value = '' or {_is_odd(field.column)})"
        for place, field in enumerate(fields)
    ]
    connection.execute(f"create or replace table {space.odd} as {' union all '.join(parts)}")


def _conforms(column: Column | None) -> str:
    """Return SQL for whether an odd value conforms: in most columns it would not be odd if it did."""
    if column is None:
        return "true"
    return conforms(column, "value") if column.key or column.person_key else "false"


def _is_odd(column: Column | None) -> str:
    if column is None:
        return "true"
    if column.key:
        # as long as an NHS number or a telephone number, and with nothing but marks beside the digits
        digits = "regexp_full_match(translate(value, '-/_', ''), '[0-9]{10,11}')"
        return f"(not {conforms(column, 'value')} or (length(value) between 10 and 14 and {digits}))"
    if column.person_key:
        return f"(not {conforms(column, 'value')} or regexp_full_match(value, '[0-9]+'))"
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
