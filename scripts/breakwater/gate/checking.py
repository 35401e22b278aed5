"""Hold the rows of a file to its contract, in SQL: bad rows aside with a reason, the rest typed."""

from dataclasses import dataclass

import duckdb

from breakwater.gate import calendar
from breakwater.gate.contract import SQL_TYPES, Column, Contract
from breakwater.gate.reading import Field, has_broken_rows
from breakwater.gate.values import conforms, fault_of, quoted, shape, typed
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest

WHOLE_ROW = "the row"  # in place of the name of a column, where a row is broken


@dataclass(frozen=True)
class Fault:
    """A way of being bad: the column it is about, the reason in words, and which rows are.

    They are those for which `holds` is true, SQL over the landed form; or those of a query of lines.
    """

    column: str
    reason: str
    holds: str | None = None
    lines: str | None = None


@dataclass(frozen=True)
class Counts:
    """Rows of one file: all, those in the landed form, those set aside."""

    offered: int
    accepted: int
    quarantined: int


def check(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    told: Manifest,
    fields: list[Field],
    space: Workspace,
) -> Counts:
    """Divide the table `offered` into `faults` (line, column_name, reason) and `accepted` (landed form, _line).

    A row has one fault at most: that it is broken, else the first in the order of the contract's columns, then of its
    rules, then an impossible day, then a repeated key. Keys of other periods are held against the store later
    (`add_keys_of_other_periods`).
    """
    faulty = _faulty_places(connection, space)
    faults = _broken_faults(connection, space) + _column_faults(contract, fields, faulty, space)
    faults += _rule_faults(contract)
    faults += [Fault(*told_of) for told_of in calendar.impossible(contract, told)]
    parts = _numbered_lines(faults, contract, told, space)
    names, reasons = (
        "[" + ", ".join(quoted(text) for text in texts) + "]"
        for texts in ([fault.column for fault in faults], [fault.reason for fault in faults])
    )
    connection.execute(
        f"create table {space.faults} as select line, {names}[min(n)] as column_name,"
        f" {reasons}[min(n)] as reason from ({parts}) group by line"
    )
    _add_repeated_keys(connection, contract, space)
    return _accept(connection, contract, told, space)


def add_keys_of_other_periods(
    connection: duckdb.DuckDBPyConnection,
    contract: Contract,
    told: Manifest,
    space: Workspace,
    before: Counts,
) -> Counts:
    """Set aside the good rows whose key a row of another period has: by contract, any, or one of another person."""
    key = contract.key.name
    # the store is what grows: its keys stream past those of the file, which are few
    if contract.key_scope == "file":  # what it says of the same person in another period it may say anew
        anothers = f" and landed.{contract.person_key} <> offered.{contract.person_key}"
        reason = "repeats the key of a row of another person"
    else:
        anothers, reason = "", "repeats the key of a row of another period"
    held = (
        f"select landed.{key} from landed.{contract.extract} as landed"
        f" semi join {space.offered} as offered on landed.{key} = offered.{key}{anothers}"
        " where landed._file_id not in (select file_id from ledger.files"
        " where period_start = $1 and period_end = $2)"
    )
    (added,) = connection.execute(
        f"insert into {space.faults} select {space.line}, '{key}', '{reason}'"
        f" from {space.offered} where {key} in ({held}) and {_is_good(space)}",
        [told.period_start, told.period_end],
    ).fetchone()
    return _accept(connection, contract, told, space) if added else before


def quarantine(
    connection: duckdb.DuckDBPyConnection, fields: list[Field], file_id: int, space: Workspace
) -> None:
    """Write the bad rows into the ledger, of each only the values that keep to the contract.

    Of a value that does not, only the shape is kept: nobody knows what it is.
    """
    faulty = _faulty_places(connection, space)
    values = ", ".join(
        f"'{field.column.name}', {_kept(field.column, place in faulty)}"
        for place, field in enumerate(fields)
        if field.column
    )
    connection.execute(
        "insert into ledger.quarantine with bad as materialized"
        f" (select o.*, f.line as _line, f.column_name, f.reason from {space.offered} as o"
        f" join {space.faults} as f on o.rowid + {space.first_line} = f.line)"
        f" select {file_id}, _line, column_name, reason, json_object({values}) from bad as o order by _line"
    )


def _faulty_places(connection: duckdb.DuckDBPyConnection, space: Workspace) -> set[int]:
    found = connection.execute(f"select distinct place from {space.odd} where not conforms").fetchall()
    return {place for (place,) in found}


def _kept(column: Column, is_faulty: bool) -> str:
    value = f"o.{column.name}"
    if not is_faulty:
        return value
    return f"case when {conforms(column, value)} then {value} else {shape(value)} end"


def landed_form(contract: Contract, told: Manifest) -> str:
    """Return the select list that turns rows of `offered` into landed ones."""
    present = {column.name for column in contract.columns_of(told.layout)}
    return ", ".join(
        f"{typed(column, column.name) if column.name in present else 'null'}"
        f"::{SQL_TYPES[column.type]} as {column.name}"
        for column in contract.columns
    )


def _broken_faults(connection: duckdb.DuckDBPyConnection, space: Workspace) -> list[Fault]:
    """Return the faults of rows that no fields could be read from; they are of no column."""
    if not has_broken_rows(connection, space):
        return []
    reasons = connection.execute(f"select distinct reason from {space.broken} order by 1").fetchall()
    return [
        Fault(WHOLE_ROW, reason, lines=f"select line from {space.broken} where reason = {quoted(reason)}")
        for (reason,) in reasons
    ]


def _accept(
    connection: duckdb.DuckDBPyConnection, contract: Contract, told: Manifest, space: Workspace
) -> Counts:
    """Make `accepted` of the rows without a fault, and count."""
    offered, quarantined = (
        connection.execute(f"select count(*) from {table}").fetchone()[0]
        for table in (space.offered, space.faults)
    )
    good = f" where {_is_good(space)}" if quarantined else ""
    connection.execute(
        f"create or replace view {space.accepted} as"
        f" select {landed_form(contract, told)}, {space.line} as _line from {space.offered}{good}"
    )
    return Counts(offered, offered - quarantined, quarantined)


def _is_good(space: Workspace) -> str:
    return f"{space.line} not in (select line from {space.faults})"


def _numbered_lines(faults: list[Fault], contract: Contract, told: Manifest, space: Workspace) -> str:
    """Return a query (line, n) of every bad row and the number, from 1, of a fault that it has.

    What is asked of the landed form is asked in one pass over the rows, which gives the first of these faults.
    Rules see `_period_start` and `_period_end` too.
    """
    numbered = list(enumerate(faults, 1))
    parts = [f"select line, {n} as n from ({fault.lines})" for n, fault in numbered if fault.lines]
    cases = " ".join(f"when {fault.holds} then {n}" for n, fault in numbered if fault.holds)
    period = f"date '{told.period_start}' as _period_start, date '{told.period_end}' as _period_end"
    rows = f"select {landed_form(contract, told)}, {period}, {space.line} as line from {space.offered}"
    if cases:
        parts.append(f"select line, case {cases} end as n from ({rows}) where n is not null")
    return " union all ".join(parts)


def _column_faults(
    contract: Contract, fields: list[Field], faulty: set[int], space: Workspace
) -> list[Fault]:
    """Return the faults of single values, in the order of the contract's columns."""
    places = {field.column.name: place for place, field in enumerate(fields) if field.column}
    rows = f"select {space.line} as line from {space.offered}"
    faults = []
    for name in (column.name for column in contract.columns if column.name in places):
        place = places[name]
        column = fields[place].column  # as the layout of this file writes it
        if column.required:
            faults.append(Fault(name, "is empty", lines=f"{rows} where {name} is null"))
        if place in faulty:
            bad = f"select value from {space.odd} where place = {place} and not conforms"
            faults.append(Fault(name, fault_of(column), lines=f"{rows} where {name} in ({bad})"))
    return faults


def _rule_faults(contract: Contract) -> list[Fault]:
    """Return the faults of whole rows."""
    return [Fault(rule.column, rule.reason, holds=f"({rule.fails_when})") for rule in contract.rules]


def _add_repeated_keys(connection: duckdb.DuckDBPyConnection, contract: Contract, space: Workspace) -> None:
    """Add the rows whose key an earlier good row of the file has."""
    key = contract.key.name
    repeated = f"{key} in (select {key} from {space.offered} group by {key} having count(*) > 1)"
    connection.execute(
        f"insert into {space.faults} select {space.line}, '{key}', 'repeats the key of an earlier row'"
        f" from {space.offered} where {repeated} and {_is_good(space)}"
        f" qualify row_number() over (partition by {key} order by rowid) > 1"
    )
