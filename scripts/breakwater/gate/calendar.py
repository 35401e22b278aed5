"""Days that cannot be, whatever the extract: long past, or long after the period of the file."""

import duckdb

from breakwater.gate.contract import Column, Contract
from breakwater.gate.values import quoted, typed
from breakwater.gate.workspace import Workspace
from breakwater.manifest import Manifest

# The first day and the first month of birth that can be meant. Whoever is 120 today was born after 1900.
FIRST_DAY, FIRST_MONTH = "1900-01-01", "1880-01-01"
# An event may be planned, so an end or a discharge may lie ahead, but not for longer than this.
AHEAD = "interval 1 year"


def impossible(
    connection: duckdb.DuckDBPyConnection, contract: Contract, told: Manifest, space: Workspace
) -> list[tuple[str, str, str]]:
    """Return (column, reason, condition over the text of a row) of what is wrong with days of this file.

    Null dates of the contract mean nothing and are let through. One look at the distinct days of every column says
    which conditions a file needs, which is nearly always none.
    """
    found = []
    for column in contract.columns_of(told.layout):
        if column.type in ("date", "month"):
            asked = _conditions(column, contract, told)
            holds = ", ".join(f"coalesce(bool_or({condition}), false)" for *_, condition in asked)
            days = f"(select distinct {column.name} from {space.offered})"
            there = connection.execute(f"select {holds} from {days}").fetchone()
            found += [each for each, is_there in zip(asked, there, strict=True) if is_there]
    return found


def _conditions(column: Column, contract: Contract, told: Manifest) -> list[tuple[str, str, str]]:
    day = typed(column, column.name)
    if column.type == "month":
        return [
            (column.name, f"is before {FIRST_MONTH[:4]}", f"{day} < date '{FIRST_MONTH}'"),
            (column.name, "is after the end of the period", f"{day} > date '{told.period_end}'"),
        ]
    nulls = "".join(f" and {day} <> date {quoted(null)}" for null in contract.null_dates)
    found = [(column.name, f"is before {FIRST_DAY[:4]}", f"{day} < date '{FIRST_DAY}'{nulls}")]
    if not column.open_ended:
        late = f"{day} > date '{told.period_end}' + {AHEAD}"
        found.append((column.name, "is more than a year after the end of the period", late))
    return found
