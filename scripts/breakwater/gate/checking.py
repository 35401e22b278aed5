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
    """A way of being bad: the column it is about, the reason in words, and a query of the lines that are."""

    column: str
    reason: str
    lines: str


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
    rules, then an impossible day, then a repeated key.
    """
    faulty = _faulty_places(connection, space)
    faults = _broken_faults(connection, space) + _column_faults(contract, fields, faulty, space)
    faults += _rule_faults(contract, told, space)
    faults += [
        Fault(column, reason, f"select {space.line} as line from {space.offered} where {condition}")
        for column, reason, condition in calendar.impossible(connection, contract, told, space)
    ]
    parts = " union all ".join(f"select line, {n} as n from ({f.lines})" for n, f in enumerate(faults, 1))
    names, reasons = (
        "[" + ", ".join(quoted(text) for text in texts) + "]"
        for texts in ([fault.column for fault in faults], [fault.reason for fault in faults])
    )
    connection.execute(
        f"create table {space.faults} as select line, {names}[min(n)] as column_name,"
        f" {reasons}[min(n)] as reason from ({parts}) group by line"
    )
    _add_repeated_keys(connection, contract, told, space)
    offered, quarantined = (
        connection.execute(f"select count(*) from {table}").fetchone()[0]
        for table in (space.offered, space.faults)
    )
    good = f" where {space.line} not in (select line from {space.faults})" if quarantined else ""
    connection.execute(
        f"create view {space.accepted} as select {_landed_form(contract, told)}, {space.line} as _line"
        f" from {space.offered}{good}"
    )
    return Counts(offered, offered - quarantined, quarantined)


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


def _landed_form(contract: Contract, told: Manifest) -> str:
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
        Fault(WHOLE_ROW, reason, f"select line from {space.broken} where reason = {quoted(reason)}")
        for (reason,) in reasons
    ]


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
            faults.append(Fault(name, "is empty", f"{rows} where {name} is null"))
        if place in faulty:
            bad = f"select value from {space.odd} where place = {place} and not conforms"
            faults.append(Fault(name, fault_of(column), f"{rows} where {name} in ({bad})"))
    return faults


def _rule_faults(contract: Contract, told: Manifest, space: Workspace) -> list[Fault]:
    """Return the faults of whole rows; rules see typed values, `_period_start` and `_period_end`."""
    period = f"date '{told.period_start}' as _period_start, date '{told.period_end}' as _period_end"
    rows = f"(select {_landed_form(contract, told)}, {period}, {space.line} as line from {space.offered})"
    return [
        Fault(rule.column, rule.reason, f"select line from {rows} where {rule.fails_when}")
        for rule in contract.rules
    ]


def _add_repeated_keys(
    connection: duckdb.DuckDBPyConnection, contract: Contract, told: Manifest, space: Workspace
) -> None:
    """Add the rows whose key a good row has that is earlier in this file, or of another period: by contract, of
    any row of it or of one of another person.
    """
    key = contract.key.name
    good = (
        f"from {space.offered} where {{}} and {space.line} not in (select line from {space.faults})"
    ).format
    repeated = f"{key} in (select {key} from {space.offered} group by {key} having count(*) > 1)"
    connection.execute(
        f"insert into {space.faults} select {space.line}, '{key}', 'repeats the key of an earlier row'"
        f" {good(repeated)} qualify row_number() over (partition by {key} order by rowid) > 1"
    )
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
    connection.execute(
        f"insert into {space.faults} select {space.line}, '{key}', '{reason}' {good(f'{key} in ({held})')}",
        [told.period_start, told.period_end],
    )
