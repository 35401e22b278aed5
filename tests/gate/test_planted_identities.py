"""A thousand identities of over forty kinds, in every extract, as CSV and Parquet: each one is judged and refused.

They share files, for speed: the search of the gate is run over a file in which every row holds one identity, and
must name every row. That the verb then refuses the file and keeps nothing is in test_identities.py.
"""

import csv
import itertools
import random

import duckdb
import polars as pl
import pytest
from breakwater.gate import identities, reading
from breakwater.gate.content import Content
from breakwater.gate.contract import contracts
from breakwater.gate.workspace import Workspace

from tests.gate.planted import KINDS
from tests.gate.planted import identities as planted

LAYOUTS = [(name, layout) for name, contract in contracts().items() for layout in contract.layouts]
EACH = 1000 // len(LAYOUTS) + 1


def missed(path, contract, layout, rows) -> list[tuple]:
    """Return (kind, column, value) of the planted identities that the gate does not find in their row."""
    space = Workspace.of(path, "offer")
    with duckdb.connect(":memory:") as connection:
        space.open(connection)
        fields = reading.read(connection, Content.of(path), contract, layout, space)
        found = connection.execute(
            f"select place, line from ({identities.judged(connection, fields, contract, layout, space)})"
        ).fetchall()
    names = {(fields[place].column.name, line) for place, line in found}
    return [
        (kind, column.name, value)
        for line, (kind, column, value) in enumerate(rows, space.first_line)
        if (column.name, line) not in names
    ]


@pytest.mark.parametrize("form", ["csv", "parquet"])
@pytest.mark.parametrize(("extract", "layout"), LAYOUTS)
def test_every_one_is_found(tmp_path, extract, layout, form):
    contract = contracts()[extract]
    columns = contract.columns_of(layout)
    rng = random.Random(f"{extract} {layout}")
    rows = list(itertools.islice(planted(columns, rng), EACH))
    assert len({kind for kind, *_ in rows}) > min(EACH, len(KINDS)) * 0.9
    names = [column.file for column in columns]
    table = [[value if column is own else "" for column in columns] for _, own, value in rows]
    path = tmp_path / f"planted.{form}"
    if form == "csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([names, *table])
    else:
        pl.DataFrame(table, schema=dict.fromkeys(names, pl.String), orient="row").write_parquet(path)
    assert missed(path, contract, layout, rows) == []
