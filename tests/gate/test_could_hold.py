"""The cheap question that comes before the search: what it lets pass unsearched, the search would not have found."""

import random

import duckdb
import pytest
from breakwater.gate import identities
from breakwater.gate import identity_patterns as patterns
from breakwater.gate.contract import contracts
from breakwater.gate.reading import Field
from breakwater.gate.workspace import Workspace

# What identities are written with; few of each, so that short texts often come near one.
PIECES = [*"0127899", *"aAeEzZ", *" .-/@+'", "é", "\u00a0", "９", "SS1", "1AA", "Jan", "at]", "[", "1980"]
TEXTS = 12_000


def judged_without(monkeypatch, extract: str, texts: list[str]) -> list[str]:
    """Return the texts that the search finds in any column of an extract when the cheap question is left out."""
    contract = contracts()[extract]
    layout = next(iter(contract.layouts))
    fields = [Field(column.file, column.name, column) for column in contract.columns_of(layout)]
    fields.append(Field("OTHER", "other", None))
    space = Workspace("texts", 1)
    monkeypatch.setattr(patterns, "COULD_HOLD", "")
    with duckdb.connect(":memory:") as connection:
        space.open(connection)
        connection.execute(
            f"create table {space.odd} as select place, text as value, line, 1 as occurs, false as conforms"
            " from (select unnest($1::varchar[]) as text, generate_subscripts($1, 1) as line),"
            " range($2) as places(place)",
            [texts, len(fields)],
        )
        judged = identities.judged(connection, fields, contract, layout, space)
        found = connection.execute(f"select distinct line from ({judged})").fetchall()
    return [texts[line - 1] for (line,) in found]


@pytest.mark.parametrize("extract", ["apc_episodes", "social_care_events"])
def test_nothing_that_the_search_finds_passes_unsearched(monkeypatch, extract):
    rng = random.Random(extract)
    texts = {"".join(rng.choices(PIECES, k=rng.randint(1, 6))) for _ in range(TEXTS)}
    texts = sorted({*texts, "9.1E9"})  # a valid number, written with as few digits as there are
    held = duckdb.execute(
        "select list_transform($1::varchar[], lambda text: regexp_matches(text, $2))",
        [texts, patterns.COULD_HOLD],
    ).fetchone()[0]
    passing = {text for text, could in zip(texts, held, strict=True) if not could}
    found = judged_without(monkeypatch, extract, texts)
    assert len(passing) > 100 and len(found) > 500
    assert passing.isdisjoint(found)
