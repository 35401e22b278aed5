"""Hold the rows of a file to its contract, in SQL: bad rows aside with a reason, the rest typed."""

from dataclasses import dataclass

import duckdb

from breakwater.gate.contract import SQL_TYPES, Column, Contract
from breakwater.gate.reading import OFFERED
from breakwater.gate.values import conforms, fault_of, quoted, shape, typed
from breakwater.manifest import Manifest

CHECKED, FAULTS, ACCEPTED = "memory.main.checked", "memory.main.faults", "memory.main.accepted"


@dataclass(frozen=True)
class Fault:
    """SQL that is true for a bad row, the column it is about, and the reason in words."""

    condition: str
    column: str
    reason: str


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
    by_column, by_rule = _column_faults(columns, odd), _rule_faults(contract)
    connection.execute(f"create or replace table {CHECKED} as {_checked(contract, told, by_column, by_rule)}")
    names = ", ".join(quoted(fault.column) for fault in by_column + by_rule)
    reasons = ", ".join(quoted(fault.reason) for fault in by_column + by_rule)
    connection.execute(
        f"create or replace table {FAULTS} as select _line as line, [{names}][_fault] as column_name,"
        f" [{reasons}][_fault] as reason from {CHECKED} where _fault is not null"
    )
    _add_repeated_keys(connection, contract, told)
    kept = ", ".join(column.name for column in contract.columns)
    connection.execute(
        f"create or replace table {ACCEPTED} as select {kept}, _line from {CHECKED}"
        f" where _line not in (select line from {FAULTS}) order by _line"
    )
    connection.execute(f"drop table {CHECKED}")
    offered, accepted, faulty = (
        connection.execute(f"select count(*) from {table}").fetchone()[0]
        for table in (OFFERED, ACCEPTED, FAULTS)
    )
    return Counts(offered, accepted, faulty)


def quarantine(
    connection: duckdb.DuckDBPyConnection, columns: tuple[Column, ...], odd: set[str], file_id: int
) -> None:
    """Write the bad rows into the ledger, of each only the values that keep to the contract.

    Of a value that does not, only the shape is kept: nobody knows what it is.
    """
    values = ", ".join(f"'{column.name}', {_kept(column, odd)}" for column in columns)
    connection.execute(
        f"insert into ledger.quarantine with bad as materialized (select o.*, f.column_name, f.reason"
        f" from {OFFERED} as o join {FAULTS} as f on o._line = f.line)"
        f" select {file_id}, _line, column_name, reason, json_object({values}) from bad as o order by _line"
    )


def _kept(column: Column, odd: set[str]) -> str:
    value = f"o.{column.name}"
    if column.name not in odd:
        return value
    return f"case when {conforms(column, value)} then {value} else {shape(value)} end"


def _checked(contract: Contract, told: Manifest, by_column: list[Fault], by_rule: list[Fault]) -> str:
    """Return SQL for the typed rows with `_fault`: the number, from 1, of the first fault of a row.

    Rules see typed values and `_period_end`.
    """
    present = {column.name for column in contract.columns_of(told.layout)}
    values = [
        f"{typed(column, f'o.{column.name}') if column.name in present else 'null'}"
        f"::{SQL_TYPES[column.type]} as {column.name}"
        for column in contract.columns
    ]
    return (
        f"with typed as (select {', '.join(values)}, _line, date '{told.period_end}' as _period_end,"
        f" {_first_of(by_column, 1)} as _column_fault from {OFFERED} as o)"
        f" select *, coalesce(_column_fault, {_first_of(by_rule, 1 + len(by_column))}) as _fault from typed"
    )


def _column_faults(columns: tuple[Column, ...], odd: set[str]) -> list[Fault]:
    faults = []
    for column in columns:
        value = f"o.{column.name}"
        if column.required:
            faults.append(Fault(f"{value} is null", column.name, "is empty"))
        if column.name in odd:
            bad = f"{value} is not null and not {conforms(column, value)}"
            faults.append(Fault(bad, column.name, fault_of(column)))
    return faults


def _rule_faults(contract: Contract) -> list[Fault]:
    return [Fault(rule.fails_when, rule.column, rule.reason) for rule in contract.rules]


def _first_of(faults: list[Fault], first: int) -> str:
    cases = " ".join(f"when {fault.condition} then {number}" for number, fault in enumerate(faults, first))
    return f"case {cases} end" if cases else "null::integer"


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
