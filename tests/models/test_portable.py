"""Person-level SQL keeps to what both DuckDB and Spark run.

Parsers accept more than engines do, so the check is on what is written by hand, Jinja taken out: functions from a
list that both have, and none of the constructs that only one has. What differs goes through dbt's own macros.
"""

import re

import pytest
from breakwater import settings

FOLDERS = ("staging", "linked", "measures")
FILES = sorted(path for folder in FOLDERS for path in (settings.PROJECT / "models" / folder).glob("*.sql"))
# The macros that they use.
MACROS = [
    settings.PROJECT / "macros" / f"{name}.sql"
    for name in ("attributes", "count_cells", "coverage", "permissions", "quality")
]
GENERIC_TESTS = [
    settings.PROJECT / "tests" / "generic" / f"{name}.sql" for name in ("one_row_a_person", "rows_hold")
]

# Written name( in the SQL; the same meaning in both engines.
FUNCTIONS = {
    "abs", "avg", "cast", "ceil", "coalesce", "count", "dense_rank", "exp", "extract", "floor", "greatest", "grouping",
    "lag", "lead", "least", "length", "ln", "lower", "max", "min", "nullif", "power", "rank", "round", "row_number",
    "sqrt", "substring", "sum", "trim", "upper",
}  # fmt: skip
# Followed by a parenthesis without being functions.
WORDS = {
    "and",
    "as",
    "by",
    "exists",
    "from",
    "having",
    "in",
    "join",
    "not",
    "on",
    "or",
    "over",
    "sets",
    "then",
    "when",
    "where",
}
CONSTRUCTS = {
    "a cast by ::": r"::",
    "qualify": r"\bqualify\b",
    "star exclude, except or replace": r"\*\s*(exclude|except|replace)\b",
    "group or order by all": r"\b(group|order)\s+by\s+all\b",
    "an aggregate's filter": r"\bfilter\s*\(",
    "a list, struct or subscript": r"[\[\]{}]",
    "ilike or similar to": r"\b(ilike|similar\s+to|glob)\b",
    "a positional or as-of join": r"\b(positional|asof)\b",
    "using": r"\busing\b",
    "distinct on": r"\bdistinct\s+on\b",
    "union by name": r"\bby\s+name\b",
    "whole-number division": r"//",
    "a lambda or json arrow": r"->",
    "an interval": r"\binterval\b",
    "from first": r"^\s*from\b[^\n]*\n\s*(select\b|$)\s*\Z",
    "a hugeint or unsigned type": r"\bas\s+(hugeint|u(tiny|small|big|)int\w*|text)\b",
    "a double-quoted name": r'"',
}


def bare_sql(text: str) -> str:
    """Return the SQL without comments and Jinja: an expression leaves a name, a statement nothing."""
    text = re.sub(r"\{#.*?#\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{%.*?%\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"\{\{.*?\}\}", " jinja ", text, flags=re.DOTALL)
    text = re.sub(r"--[^\n]*", " ", text)
    return re.sub(r"'[^']*'", "''", text.lower())


def not_portable(text: str) -> list[str]:
    """Return what in a model or macro only one engine knows."""
    sql = bare_sql(text)
    called = (
        set(re.findall(r"\b([a-z_][a-z0-9_]*)\s*\(", sql))
        - WORDS
        - set(re.findall(r"\b(\w+)\s+as\s*\(", sql))
    )
    found = [f"the function {name}" for name in sorted(called - FUNCTIONS)]
    return found + [name for name, pattern in CONSTRUCTS.items() if re.search(pattern, sql)]


@pytest.mark.parametrize("path", FILES + MACROS + GENERIC_TESTS, ids=lambda path: path.stem)
def test_person_level_sql_is_portable(path):
    assert not_portable(path.read_text()) == []


def test_nothing_is_left_out():
    assert len(FILES) > 12


@pytest.mark.parametrize(
    "sql",
    [
        "select a::date from b",
        "select a from b qualify row_number() over (order by a) = 1",
        "select * exclude (a) from b",
        "select a, count(*) from b group by all",
        "select count(*) filter (where a) from b",
        "select [1, 2] from b",
        "select strftime(a, '%Y') from b",
        "select list(a) from b",
        "select a from b where c ilike 'd'",
        "select distinct on (a) a from b",
        "select a + interval 1 day from b",
        "select a // 2 from b",
        "select date_diff('day', a, b) from c",
        "select arg_max(a, b) from c",
        "select cast(a as hugeint) from b",
        "select a from b positional join c",
        'select "a" from b',
    ],
)
def test_what_only_duckdb_runs_is_found(sql):
    assert not_portable(sql) != []
