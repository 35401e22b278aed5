"""Search the odd values of a file for identities: what must never be in the store, in any spelling."""

import re
from dataclasses import dataclass

import duckdb

from breakwater.gate import identity_patterns as patterns
from breakwater.gate import wording
from breakwater.gate.contract import Column, Contract, Excuse
from breakwater.gate.identity_patterns import matches
from breakwater.gate.reading import Field
from breakwater.gate.values import quoted
from breakwater.gate.workspace import Workspace
from breakwater.nhs_number import is_valid

# A name in a column without a contract, where codes may be any letters in capitals.
NAME = r"\p{Lu}\p{Ll}{2,}|\p{Ll}{4,}"
OUTSIDE = r"[^\p{L}\p{N}]"
APOSTROPHE = r"^\p{L}{1,2}[''\x{2019}`]\p{L}{3,}"


@dataclass(frozen=True)
class Finding:
    """The first of a kind in a column: the column as the file writes it, the line, the kind, rows with it."""

    column: str
    line: int
    kind: str
    rows: int


@dataclass(frozen=True)
class Places:
    """Places of the columns of a file that are searched in a way of their own, as SQL over `place`."""

    of_birth: str  # months of birth, where a day must never stand
    dates: str
    others: str  # columns without a contract
    named: str  # those that the identifiable form calls by a name of its own
    tokens: str  # person keys
    keys: str
    phrases: str  # codes that are words
    texts: str  # columns with a contract that are neither dates nor keys nor tokens

    @classmethod
    def of(cls, fields: list[Field], contract: Contract) -> "Places":
        def where(holds) -> str:
            found = [str(place) for place, field in enumerate(fields) if field.column and holds(field.column)]
            return f"place in ({', '.join(found)})" if found else "false"

        others = [str(place) for place, field in enumerate(fields) if field.column is None]
        named = [place for place in others if fields[int(place)].written.lower() in contract.identifying]
        return cls(
            where(lambda column: column.of_birth),
            where(lambda column: column.type == "date"),
            f"place in ({', '.join(others)})" if others else "false",
            f"place in ({', '.join(named)})" if named else "false",
            where(lambda column: column.person_key),
            where(lambda column: column.key),
            where(_has_phrases),
            where(lambda column: not (column.type == "date" or column.key or column.person_key)),
        )


def search(
    connection: duckdb.DuckDBPyConnection,
    fields: list[Field],
    contract: Contract,
    layout: str,
    space: Workspace,
) -> list[Finding]:
    """Return the first finding of each column and kind among the odd values, in the order of lines.

    Only the place of a value leaves the engine, never the value.
    """
    suspects = f"select count(*) from {space.odd} where {_could_hold(Places.of(fields, contract))}"
    if not connection.execute(suspects).fetchone()[0]:
        return []
    rows = connection.execute(
        "select place, min(line), kind, sum(occurs)::bigint"
        f" from ({judged(connection, fields, contract, layout, space)}) group by place, kind order by 2, 1, 3"
    ).fetchall()
    return [Finding(fields[place].written, line, kind, count) for place, line, kind, count in rows]


def judged(
    connection: duckdb.DuckDBPyConnection,
    fields: list[Field],
    contract: Contract,
    layout: str,
    space: Workspace,
) -> str:
    """Return a query (place, line, occurs, kind) of every odd value that holds an identity."""
    wording.load_vocabulary(connection)
    at = Places.of(fields, contract)
    excused = _excused(connection, fields, contract.excuses_of(layout), space)
    cases = " ".join(
        f"when ({condition}) and not {excused.get(kind, 'false')} then {quoted(kind)}"
        for kind, condition in _kinds(at).items()
    )
    read = (
        f"select *, {patterns.number_forms('text')} from (select rowid as id, place, line, occurs, conforms,"
        f" {patterns.plain('value')} as text, value from {space.odd} where {_could_hold(at)})"
    )
    dated = f"case when {at.dates} or {at.of_birth} then {wording.without_months('text')} else text end"
    words = wording.strange_words(
        f"select id, {dated} as text from ({read}) where not conforms or {at.others}"
    )
    return (
        f"select place, line, occurs, case {cases} end as kind from ({read}) as odd"
        f" left join ({words}) as words using (id) where kind is not null"
    )


def _could_hold(at: Places) -> str:
    """Return SQL for what an odd value must be to hold an identity of any kind."""
    return f"({at.named} or {matches('value', patterns.COULD_HOLD)})"


def _kinds(at: Places) -> dict[str, str]:
    """Return for each kind of identity SQL that is true for an odd value that holds one."""
    full_date = matches("text", patterns.FULL_DATE)
    telephone = matches("text", patterns.TELEPHONE)
    day = f"{at.dates} and regexp_full_match(text, '{patterns.DAY_AND_TIME}')"
    as_number = f"{at.texts} and regexp_full_match(text, '{patterns.MOBILE_NUMBER}')"
    return {
        "an identifying column": at.named,
        "an NHS number": patterns.nhs_number("text", whole_only=at.tokens),
        "a postcode": matches("text", patterns.POSTCODE),
        "an e-mail address": matches("text", patterns.E_MAIL),
        "a telephone number": f"({telephone} and not ({day})) or ({as_number})",
        "a National Insurance number": matches("text", patterns.INSURANCE),
        "coordinates": matches("text", patterns.COORDINATES),
        "a full date of birth": f"{at.of_birth} and {patterns.birth_date('text')}",
        "a full date where none belongs": f"({full_date} and not ({at.dates} or {at.others}))"
        f" or ({at.texts} and {patterns.compact_date('text')})",
        "free text or a name": _wordy(at),
    }


def _wordy(at: Places) -> str:
    """Return SQL for free text or a name, by the strange words of a value.

    Where the codes are phrases, one strange word is a wrong code: it goes to quarantine, of which only the
    shape is kept. In keys and person keys, letters and digits mix: a word has no digit beside it or a capital.
    """
    several = "coalesce(strange, 0) >= 2"
    name = f"regexp_full_match(text, '{NAME}') or {matches('text', APOSTROPHE)}"
    capital = matches("text", rf"(^|{OUTSIDE})(\p{{Lu}}\p{{Ll}}+)+($|{OUTSIDE})")
    in_key = f"(not regexp_matches(text, '[0-9]') or {capital})"
    return (
        f"case when {at.others} then ({several} or (coalesce(long, 0) > 0 and ({name})))"
        f" when {at.keys} or {at.tokens} then ({several} or (coalesce(long, 0) > 0 and {in_key}))"
        f" when {at.phrases} then ({several} or {matches('text', APOSTROPHE)})"
        f" else {several} or coalesce(long, 0) > 0 or coalesce(glued, 0) > 0 end"
    )


def _excused(
    connection: duckdb.DuckDBPyConnection, fields: list[Field], excuses: list[Excuse], space: Workspace
) -> dict[str, str]:
    """Return for each kind SQL that is true for a value that the contract excuses.

    One ten-digit number in eleven has a right check digit by chance. A column in which more than three in
    eleven do, of ten or more, holds NHS numbers, whatever its contract says.
    """
    if not excuses:
        return {}
    places = {field.written.lower(): place for place, field in enumerate(fields)}
    crowded = connection.execute(
        "select place from (select place, count(*) as rows,"
        f" count(*) filter (where {is_valid('value')}) as valid"
        f" from {space.odd} where regexp_full_match(value, '[0-9]{{10}}') group by place)"
        " where rows >= 10 and valid > rows * 3 / 11"
    ).fetchall()
    conditions: dict[str, list[str]] = {}
    for excuse in excuses:
        place = places.get(excuse.column)
        if place is not None and (place,) not in crowded:
            told = f"(place = {place} and regexp_full_match(value, {quoted(excuse.form)}))"
            conditions.setdefault(excuse.kind, []).append(told)
    return {kind: f"({' or '.join(parts)})" for kind, parts in conditions.items()}


def _has_phrases(column: Column) -> bool:
    return any(re.search("[a-z]{3}", code) for code in column.codes)
