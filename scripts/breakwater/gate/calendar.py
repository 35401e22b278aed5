"""Days that cannot be, whatever the extract: long past, or long after the period of the file."""

from breakwater.gate.contract import Column, Contract
from breakwater.gate.values import quoted
from breakwater.manifest import Manifest

# The first day and the first month of birth that can be meant. Whoever is 120 today was born after 1900.
FIRST_DAY, FIRST_MONTH = "1900-01-01", "1880-01-01"
# An event may be planned, so an end or a discharge may lie ahead, but not for longer than this.
AHEAD = "interval 1 year"


def impossible(contract: Contract, told: Manifest) -> list[tuple[str, str, str]]:
    """Return (column, reason, condition over the landed form) of what is wrong with days of this file.

    Null dates of the contract mean nothing and are let through.
    """
    columns = [c for c in contract.columns_of(told.layout) if c.type in ("date", "month")]
    return [found for column in columns for found in _conditions(column, contract, told)]


def _conditions(column: Column, contract: Contract, told: Manifest) -> list[tuple[str, str, str]]:
    day = column.name
    if column.type == "month":
        return [
            (day, f"is before {FIRST_MONTH[:4]}", f"{day} < date '{FIRST_MONTH}'"),
            (day, "is after the end of the period", f"{day} > date '{told.period_end}'"),
        ]
    nulls = "".join(f" and {day} <> date {quoted(null)}" for null in contract.null_dates)
    found = [(day, f"is before {FIRST_DAY[:4]}", f"{day} < date '{FIRST_DAY}'{nulls}")]
    if not column.open_ended:
        late = f"{day} > date '{told.period_end}' + {AHEAD}"
        found.append((day, "is more than a year after the end of the period", late))
    return found
