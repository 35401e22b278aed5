"""Search the odd values of a file for identities: what must never be in the store, in any spelling."""

import re
from dataclasses import dataclass

import duckdb

from breakwater.gate.contract import Column, Contract, Excuse, contracts
from breakwater.gate.reading import Field
from breakwater.gate.values import quoted
from breakwater.gate.workspace import Workspace
from breakwater.nhs_number import is_valid

# Dates and times first lose themselves, so that their digits are not read on into a number.
TIMESTAMP = r"[0-9]{4}-[0-9]{2}-[0-9]{2}([ T][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]+)?)?)?"
SEPARATOR = r"[\s\x{00A0}\x{2010}-\x{2015}._/-]"
TEN_TOGETHER = "[0-9]+"
THREE_THREE_FOUR = (
    f"(?:^|[^0-9])[0-9]{{3}}{SEPARATOR}{{1,3}}[0-9]{{3}}{SEPARATOR}{{1,3}}[0-9]{{4}}(?:$|[^0-9])"
)
TEN_APART = f"[0-9](?:{SEPARATOR}{{0,3}}[0-9])+"

NOT_WORD = "[^0-9A-Za-z]"
POSTCODE = (
    rf"(?i)(^|{NOT_WORD})[A-Z]{{1,2}}[0-9][0-9A-Z]?[\s-]{{0,3}}[0-9][ABD-HJLNP-UW-Z]{{2}}($|{NOT_WORD})"
)
E_MAIL = r"[^@\s]+@[^@\s]+[.][A-Za-z]{2,}"
TELEPHONE = (
    rf"(^|{NOT_WORD})([+]44[\s-]?([(]0[)])?[\s-]?|0044[\s-]?|[(]?0)"
    rf"[1-378]([\s()-]{{0,2}}[0-9]){{8,9}}($|{NOT_WORD})"
)
FULL_DATE = (
    r"(^|[^0-9])([0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}|[0-9]{1,2}[-/. ][0-9]{1,2}[-/. ][0-9]{2,4}"
    r"|[0-9]{1,2}(st|nd|rd|th)?[ -][A-Za-z]{3,9}[ -][0-9]{2,4})($|[^0-9])"
)
NAME = r"\p{Lu}\p{Ll}{2,}|\p{Lu}{5,}"
THREE_WORDS = r"\p{L}{2,}\s+\p{L}{2,}\s+\p{L}{2,}"

# Words that a wrong code may well consist of, beside all words of the contracts' codes.
CODE_WORDS = [
    "unknown",
    "other",
    "known",
    "none",
    "null",
    "invalid",
    "test",
    "code",
    "missing",
    "type",
    "blank",
]


@dataclass(frozen=True)
class Finding:
    """The first of a kind in a column: the column as the file writes it, the line, the kind, rows with it."""

    column: str
    line: int
    kind: str
    rows: int


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
    if not connection.execute(f"select count(*) from {space.odd}").fetchone()[0]:
        return []
    of_birth = [place for place, field in enumerate(fields) if field.column and field.column.of_birth]
    dates = [place for place, field in enumerate(fields) if field.column and field.column.type == "date"]
    others = [place for place, field in enumerate(fields) if field.column is None]
    named = [place for place in others if fields[place].written.lower() in contract.identifying]
    tokens = [place for place, field in enumerate(fields) if field.column and field.column.person_key]
    phrases = [place for place, field in enumerate(fields) if field.column and _has_phrases(field.column)]
    kinds = {
        "an identifying column": _is_one_of("place", named),
        "an NHS number": nhs_number("value", whole_only=_is_one_of("place", tokens)),
        "a postcode": _matches(POSTCODE),
        "an e-mail address": _matches(E_MAIL),
        "a telephone number": f"{_matches(TELEPHONE)} and not {_is_one_of('place', dates)}",
        "a full date of birth": f"{_is_one_of('place', of_birth)}"
        f" and ({_matches(FULL_DATE)} or regexp_full_match(value, '[0-9]{{8}}'))",
        "a full date where none belongs": f"{_matches(FULL_DATE)}"
        f" and not {_is_one_of('place', dates + others)}",
        "free text or a name": f"case when {_is_one_of('place', others)} then {_matches(THREE_WORDS)}"
        f" else {_wordy('value', phrases=_is_one_of('place', phrases))} end",
    }
    excused = _excused(connection, fields, contract.excuses_of(layout), space)
    cases = " ".join(
        f"when ({condition}) and not {excused.get(kind, 'false')} then {quoted(kind)}"
        for kind, condition in kinds.items()
    )
    rows = connection.execute(
        "select place, min(line), kind, sum(occurs)::bigint"
        f" from (select *, case {cases} end as kind from {space.odd}) where kind is not null"
        " group by place, kind order by 2, 1, 3"
    ).fetchall()
    return [Finding(fields[place].written, line, kind, count) for place, line, kind, count in rows]


def _excused(
    connection: duckdb.DuckDBPyConnection, fields: list[Field], excuses: list[Excuse], space: Workspace
) -> dict[str, str]:
    """Return for each kind SQL that is true for a value that the contract excuses.

    One ten-digit number in eleven has a right check digit by chance. A column in which more than three in
    eleven do, of ten or more, holds NHS numbers, whatever its contract says.
    """
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


def nhs_number(value: str, whole_only: str = "false") -> str:
    """Return SQL for whether a text holds a check-digit-valid NHS number in any spelling.

    Ten digits in a row, in threes and four or in any grouping by spaces, dots and dashes, inside words; a
    number that became a decimal or lost its leading zero. Decimal fractions are measurements. Where
    `whole_only` is true (tokens, in which ten digits in a row come by chance), only the text as a whole.
    """
    plain = f"regexp_replace({value}, '{TIMESTAMP}', ' ', 'g')"
    runs = " || ".join(
        f"regexp_extract_all({plain}, '{form}')" for form in (TEN_TOGETHER, THREE_THREE_FOUR, TEN_APART)
    )
    candidates = f"list_transform({runs}, lambda run: regexp_replace(run, '[^0-9]', '', 'g'))"
    within = f"len(list_filter({candidates}, lambda digits: {is_valid('digits')})) > 0"
    as_number = f"regexp_extract({value}, '^[0]*([0-9]{{9,10}})([.]0*)?$', 1)"
    # A leading zero is lost only by numbers that begin with a day and a month: Scotland's, which hold the
    # date of birth. Without that test, one nine-digit code in eleven would be taken for one.
    padded = f"lpad({as_number}, 10, '0')"
    whole = (
        f"(len({as_number}) = 10 and {is_valid(as_number)}) or (len({as_number}) = 9 and {is_valid(padded)}"
        f" and regexp_matches({padded}, '^0[1-9](0[1-9]|1[0-2])'))"
    )
    written_out = f"coalesce(try_cast(try_cast({value} as double) as bigint)::varchar, '')"
    exponent = f"(regexp_full_match({value}, '[0-9][.][0-9]+[eE][+]?0?9') and {is_valid(written_out)})"
    fraction = f"regexp_full_match({value}, '-?[0-9]+[.][0-9]+')"
    return f"({whole} or {exponent} or (not {fraction} and not {whole_only} and {within}))"


def _wordy(value: str, phrases: str) -> str:
    """Return SQL for free text: a name, or two words or more that no code has.

    Where the codes are phrases, one strange word is a wrong code: it goes to quarantine, of which only the
    shape is kept.
    """
    words = f"regexp_extract_all(lower({value}), '\\p{{L}}{{3,}}')"
    strange = f"len(list_filter({words}, lambda word: not list_contains({_vocabulary()}, word)))"
    return f"({strange} >= 2 or ({strange} = 1 and not {phrases} and regexp_full_match({value}, '{NAME}')))"


def _has_phrases(column: Column) -> bool:
    return any(re.search("[a-z]{3}", code) for code in column.codes)


def _vocabulary() -> str:
    texts = [
        code for contract in contracts().values() for column in contract.columns for code in column.codes
    ]
    words = {word for text in texts for word in re.findall(r"[a-z]{3,}", text.lower())}.union(CODE_WORDS)
    return "[" + ", ".join(quoted(word) for word in sorted(words)) + "]"


def _matches(pattern: str) -> str:
    return f"regexp_matches(value, '{pattern}')"


def _is_one_of(name: str, places: list[int]) -> str:
    return f"{name} in ({', '.join(map(str, places))})" if places else "false"
