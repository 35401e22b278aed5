"""Hold the rows of a file to its contract, in SQL: bad rows aside with a reason, the rest typed."""

from dataclasses import dataclass

import duckdb

from breakwater.gate.contract import SQL_TYPES, Column, Contract
from breakwater.gate.reading import OFFERED
from breakwater.gate.values import conforms, fault_of, quoted, shape, typed
from breakwater.manifest import Manifest

CHECKED, FAULTS, ACCEPTED = "memory.main.checked", "memory.main.faults", "memory.main.accepted"


@dataclass(frozen=True)
class Counts:
    """Rows of one file: all, those in the landed form, those set aside."""

    offered: int
    accepted: int
    quarantined: int


def check(connection: duckdb.DuckDBPyConnection, contract: Contract, told: Manifest, odd: set[str]) -> Counts:
    """Divide the table OFFERED into FAULTS (line, column_name, reason) and ACCEPTED (landed form, _line).

    A row has one fault at most: the first in the order of the contract's columns, then of its rules, then a
    repeated key. odd: names of the columns that have values that do not conform.
    """
    columns = contract.columns_of(told.layout)
    connection.execute(f"create or replace table {CHECKED} as {_checked(contract, columns, told, odd)}")
    connection.execute(
        f"create or replace table {FAULTS} as select _line as line, _fault.column_name, _fault.reason"
        f" from {CHECKED} where _fault is not null"
    )
    _add_repeated_keys(connection, contract, told)
    names = ", ".join(column.name for column in contract.columns)
    connection.execute(
        f"create or replace table {ACCEPTED} as select {names}, _line from {CHECKED}"
        f" where _line not in (select line from {FAULTS}) order by _line"
    )
    connection.execute(f"drop table {CHECKED}")
    offered, accepted, faulty = (
        connection.execute(f"select count(*) from {table}").fetchone()[0]
        for table in (OFFERED, ACCEPTED, FAULTS)
    )
    return Counts(offered, accepted, faulty)


def quarantine(connection: duckdb.DuckDBPyConnection, columns: tuple[Column, ...], file_id: int) -> None:
    """Write the bad rows into the ledger, of each only the values that keep to the contract.

    Of a value that does not, only the shape is kept: nobody knows what it is.
    """
    values = ", ".join(
        f"'{column.name}', case when {conforms(column, 'o.' + column.name)} then o.{column.name}"
        f" else {shape('o.' + column.name)} end"
        for column in columns
    )
    connection.execute(
        f"insert into ledger.quarantine with bad as materialized (select o.*, f.column_name, f.reason"
        f" from {OFFERED} as o join {FAULTS} as f on o._line = f.line)"
        f" select {file_id}, _line, column_name, reason, json_object({values}) from bad as o order by _line"
    )


def _checked(contract: Contract, columns: tuple[Column, ...], told: Manifest, odd: set[str]) -> str:
    """Return SQL for the typed rows with `_fault`; rules see typed values and `_period_end`."""
    present = {column.name for column in columns}
    values = [
        f"{typed(column, f'o.{column.name}') if column.name in present else 'null'}"
        f"::{SQL_TYPES[column.type]} as {column.name}"
        for column in contract.columns
    ]
    by_column = _column_faults(columns, odd)
    by_rule = [_fault(rule.fails_when, rule.column, rule.reason) for rule in contract.rules]
    return (
        f"with typed as (select {', '.join(values)}, _line, date '{told.period_end}' as _period_end,"
        f" coalesce({', '.join(by_column)}) as _column_fault from {OFFERED} as o)"
        f" select *, coalesce({', '.join(['_column_fault', *by_rule])}) as _fault from typed"
    )


def _column_faults(columns: tuple[Column, ...], odd: set[str]) -> list[str]:
    faults = []
    for column in columns:
        value = f"o.{column.name}"
        if column.required:
            faults.append(_fault(f"{value} is null", column.name, "is empty"))
        if column.name in odd:
            bad = f"{value} is not null and not {conforms(column, value)}"
            faults.append(_fault(bad, column.name, fault_of(column)))
    return faults


def _add_repeated_keys(connection: duckdb.DuckDBPyConnection, contract: Contract, told: Manifest) -> None:
    """Add the rows whose key an earlier good row has, in this file or, by contract, in another period's."""
    key = contract.key.name
    good = f"from {CHECKED} where _line not in (select line from {FAULTS})"
    connection.execute(
        f"insert into {FAULTS} select _line, '{key}', 'repeats the key of an earlier row' {good}"
        f" qualify row_number() over (partition by {key} order by _line) > 1"
    )
    if contract.key_scope == "store":
        connection.execute(
            f"insert into {FAULTS} select _line, '{key}', 'repeats the key of a row of another period' {good}"
            f" and {key} in (select landed.{key} from landed.{contract.extract} as landed"
            " join ledger.files as files on files.file_id = landed._file_id"
            " where not (files.period_start = $1 and files.period_end = $2))",
            [told.period_start, told.period_end],
        )


def _fault(condition: str, column: str, reason: str) -> str:
    fault = f"{{'column_name': {quoted(column)}, 'reason': {quoted(reason)}}}"
    return f"case when {condition} then {fault} end"
