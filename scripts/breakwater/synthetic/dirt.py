"""Dirt planted on purpose, each piece in a ledger, so that a test can ask whether the gate caught all of it.

Rows to be quarantined are extra: copies of real rows with a key of their own and one fault each, at the end
of the file. What is true of the place stays in the rows that are accepted. No file is more than 1% dirt.
"""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import polars as pl

SHARE = 0.01
PER_KIND = 0.0006


@dataclass(frozen=True)
class Columns:
    """Where an extract keeps what the dirt spoils; `starts` and `end` move together past the end of the period.

    An extract without an end or a date of birth goes without the faults of these.
    """

    key: str
    number: str
    code: tuple[str, str]
    starts: tuple[str, ...]
    end: str | None = None
    birth: str | None = None


EXTRACTS = {
    "gp_registrations": Columns(
        "registration_id", "nhs_number", ("sex", "7"), ("registered_from",), "registered_to",
        "date_of_birth"),
    "apc_episodes": Columns("EPIKEY", "NEWNHSNO", ("ADMIMETH", "77"), ("ADMIDATE", "EPISTART"), "EPIEND"),
    "social_care_events": Columns(
        "Event_Reference", "NHS_Number", ("Event_Type", "Visit"), ("Event_Start_Date",), "Event_End_Date",
        "Date_of_Birth"),
    "deaths": Columns(
        "DEC_ID", "DEC_NHS_NUMBER", ("DEC_SEX", "5"), ("REG_DATE_OF_DEATH",), "REG_DATE",
        "DEC_DATE_OF_BIRTH"),
    "emergency_care": Columns(
        "EPIKEY", "NHS_NUMBER", ("DEPARTMENT_TYPE", "77"), ("ARRIVAL_DATE",), "DEPARTURE_DATE",
        "DATE_OF_BIRTH"),
    "outpatients": Columns(
        "ATTENDKEY", "NEWNHSNO", ("ATTENDED", "1"), ("APPTDATE",), birth="DOB"),
    "community_contacts": Columns(
        "UNIQUE CARE CONTACT IDENTIFIER", "NHS NUMBER", ("ATTENDANCE STATUS", "1"),
        ("REFERRAL REQUEST RECEIVED DATE",), "CARE CONTACT DATE", "PERSON BIRTH DATE"),
    "mental_health": Columns(
        "UniqRecordID", "NHSNumber", ("ServTeamTypeRefToMH", "Z99"), ("ReferralRequestReceivedDate",),
        "CareContDate", "PersonBirthDate"),
    "gp_conditions": Columns("condition_id", "nhs_number", ("code", "ZZ"), ("first_date",), "last_date"),
    "permissions": Columns(
        "permission_id", "nhs_number", ("permission_type", "type_9_opt_out"), ("from_date",), "to_date"),
}  # fmt: skip


def spoil(extract: str, frame: pl.DataFrame, last: date, serial: int, rng: np.random.Generator):
    """Return the frame with faulty rows at its end, and their ledger as (kind, column, count).

    last: the last day of the file's period. serial: rows planted in the extract before; it numbers the keys.
    """
    columns = EXTRACTS[extract]
    without = {"birth in the future": columns.birth, "end before start": columns.end}
    kinds = [kind for kind in _FAULTS if without.get(kind, True)]
    # Only rows of people can carry a wrong NHS number; only rows with a date can be turned round.
    people = frame.filter(pl.col(columns.number).is_not_null() & (pl.col(columns.number) != ""))
    budget = int(frame.height * SHARE)
    each = max(1, min(round(frame.height * PER_KIND), 60))
    kinds = kinds[: min(len(kinds), budget // each, people.height // each)]
    parts, ledger = [frame], []
    rows = rng.permutation(people.height)[: len(kinds) * each]
    for n, kind in enumerate(kinds):
        some = people[np.sort(rows[n * each : (n + 1) * each])]
        fault = _FAULTS[kind]
        some, column = fault(some, columns, last)
        if kind != "duplicate key":
            some = _renumbered(some, columns.key, serial + n * each)
        parts.append(some.select(frame.columns).cast(dict(frame.schema)))
        ledger.append((kind, column, each))
    return pl.concat(parts), ledger


def _renumbered(frame: pl.DataFrame, key: str, serial: int) -> pl.DataFrame:
    """Return the rows with keys that no real row has: 99 in the place of the first digits of the count."""
    width = len(frame[key][0])
    stem = 4 if frame[key][0][0].isdigit() else 1
    number = pl.int_range(serial + 1, serial + frame.height + 1).cast(pl.String).str.zfill(width - stem - 2)
    return frame.with_columns(pl.col(key).str.slice(0, stem) + "99" + number)


def _wrong_number(frame, columns: Columns, last):
    first, check = (
        pl.col(columns.number).str.slice(0, 9),
        pl.col(columns.number).str.slice(9, 1).cast(pl.Int64),
    )
    return frame.with_columns(
        (first + ((check + 1) % 10).cast(pl.String)).alias(columns.number)
    ), columns.number


def _duplicate(frame, columns: Columns, last):
    return frame, columns.key


def _unknown_code(frame, columns: Columns, last):
    column, code = columns.code
    return frame.with_columns(pl.lit(code).alias(column)), column


def _end_before_start(frame, columns: Columns, last):
    start = _as_date(frame[columns.starts[-1]])
    return _with_date(frame, columns.end, start - timedelta(days=5)), columns.end


def _after_the_period(frame, columns: Columns, last):
    late = [last + timedelta(days=20)] * frame.height
    for column in (*columns.starts, *([columns.end] if columns.end else [])):
        frame = _with_date(frame, column, pl.Series(late, dtype=pl.Date))
    return frame, columns.starts[0]


def _unborn(frame, columns: Columns, last):
    return _with_date(
        frame, columns.birth, pl.Series([last + timedelta(days=400)] * frame.height)
    ), columns.birth


_FAULTS = {
    "invalid NHS number": _wrong_number,
    "duplicate key": _duplicate,
    "unknown code": _unknown_code,
    "end before start": _end_before_start,
    "after the end of the period": _after_the_period,
    "birth in the future": _unborn,
}


def _as_date(values: pl.Series) -> pl.Series:
    return values if values.dtype == pl.Date else values.str.to_date("%Y%m%d")


def _with_date(frame: pl.DataFrame, column: str, values: pl.Series) -> pl.DataFrame:
    written = values if frame.schema[column] == pl.Date else values.dt.strftime("%Y%m%d")
    return frame.with_columns(written.alias(column))
