"""Free text and names: words that no code has, in a value that is no good value."""

import re
from functools import cache

import duckdb

from breakwater.gate.contract import contracts
from breakwater.gate.identity_patterns import MONTH_NAME

VOCABULARY = "memory.main.vocabulary"
# Words that a wrong code may well consist of, beside all words of the contracts' codes.
CODE_WORDS = re.findall(
    r"\w+",
    """
    absent applicable available blank code default dk dna dummy empty error false in invalid known missing na nan nil
    nk no none not notknown null of other recorded specified stated tbc test true type undefined unk unknown unspecified
    void xxx yes zzz
    """,
)


def load_vocabulary(connection: duckdb.DuckDBPyConnection) -> None:
    """Make the table of the words that codes have, once a connection."""
    connection.execute(
        f"create table if not exists {VOCABULARY} as select unnest($1::varchar[]) as word", [_code_words()]
    )


@cache
def _code_words() -> list[str]:
    texts = [code for each in contracts().values() for column in each.columns for code in column.codes]
    words = {word for text in texts for word in re.findall(r"[^\W\d_]{2,}", text.lower())}
    return sorted(words.union(CODE_WORDS))


def strange_words(odd: str) -> str:
    """Return a query (id, strange, long, glued): counts of words that no code has, in texts of `odd` (id, text).

    strange: words of two letters and more that stand alone; long: those of three and more; glued: five letters
    and more with digits at them, as in a name with a year.
    """
    alone = r"regexp_replace(lower(text), '[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*', ' ', 'g')"
    numbered = r"array_to_string(regexp_extract_all(lower(text), '[\p{L}\p{N}]*\p{N}[\p{L}\p{N}]*'), ' ')"
    return (
        "select id, count(*) filter (not is_glued) as strange,"
        " count(*) filter (not is_glued and length(word) > 2) as long, count(*) filter (is_glued) as glued from ("
        f" select id, false as is_glued, unnest(list_distinct(regexp_extract_all({alone}, '\\p{{L}}{{2,}}'))) as word"
        f" from ({odd}) union all"
        f" select id, true, unnest(list_distinct(regexp_extract_all({numbered}, '\\p{{L}}{{5,}}'))) from ({odd}))"
        f" where word not in (select word from {VOCABULARY}) group by id"
    )


def without_months(text: str) -> str:
    """Return SQL for the text of a date without the name of its month."""
    return f"regexp_replace({text}, '(?i)\\b{MONTH_NAME}\\b|\\b[0-9]+(st|nd|rd|th)\\b', ' ', 'g')"
