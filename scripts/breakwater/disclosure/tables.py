"""A system from any microdata: counts by attributes, some of which are functions of others, published at given cuts.

The catalogue's measures are laid out by `layout`; this is for tables of any other making, such as those on which
disclosure tools are measured. A level is a set of attributes, with everything that is a function of them; to leave
out an attribute that no other one determines is to go a step coarser.
"""

import ast
from functools import reduce

import numpy as np
import polars as pl

from breakwater.disclosure.layout import System, relate

ALL = "all"
Level = frozenset[str]
Functions = dict[str, tuple[str, ...]]


def cuts_of(text: str) -> set[Level]:
    """Return the cuts that a formula means, each factor with its total: `(ward + loc) * sex` gives six.

    + lists attributes of which a cut has one at a time, * crosses them.
    """

    def expand(node) -> set[Level]:
        match node:
            case ast.Name(id=name):
                return {frozenset(), frozenset({name})}
            case ast.BinOp(left=left, op=ast.Add(), right=right):
                return expand(left) | expand(right)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return {one | other for one in expand(left) for other in expand(right)}
        raise ValueError(f"{text!r}: a formula of cuts has names, +, * and brackets only")

    return expand(ast.parse(text.strip(), mode="eval").body)


def lay_out(
    microdata: pl.DataFrame, count: str, cuts: set[Level], functions: Functions
) -> tuple[System, np.ndarray]:
    """Return the system of all cells, and whether each is published (one boolean a cell).

    microdata: a row a combination of attributes that can be, with `count` units in it, each unit a person; zeros too.
    functions: attribute -> attributes that it determines, for example {"ward": ("loc",)}.
    The system holds the cells of all cuts, of everything coarser, and of the finest level that all cuts have in
    common. Its frame has a column an attribute (`all` where a cell is not cut by it), counted, people, rest, weight.
    """
    published = {_closed(level, functions) for level in cuts}
    levels = {
        frozenset().union(*published),
        *(coarser for level in published for coarser in _coarser(level, functions)),
    }
    attributes = sorted(frozenset().union(*published))
    units = microdata.select(*(pl.col(name).cast(pl.String) for name in attributes), counted=pl.col(count))
    order = sorted(levels, key=lambda level: (len(level), sorted(level)))
    cells = pl.concat([_cells(units, attributes, level, level in published) for level in order])
    cells = cells.with_row_index("cell").with_columns(pl.col("cell").cast(pl.Int64))
    system = System(cells.drop("level", "published"))
    relate(system, [edge for level in order for edge in _edges(cells, attributes, level, levels)])
    return system, cells["published"].to_numpy()


def _closed(level: Level, functions: Functions) -> Level:
    """Return the level with everything that its attributes determine."""
    found = reduce(lambda found, name: found | set(functions.get(name, ())), level, level)
    return found if found == level else _closed(found, functions)


def _coarser(level: Level, functions: Functions) -> set[Level]:
    """Return the closed level itself and all coarser ones."""
    free = [name for name in level if all(name not in functions.get(other, ()) for other in level)]
    return {level}.union(*(_coarser(level - {name}, functions) for name in free))


def _cells(units: pl.DataFrame, attributes: list[str], level: Level, published: bool) -> pl.DataFrame:
    """Return the cells of one level, in order of their attributes."""
    cells = units.with_columns(pl.lit(ALL).alias(name) for name in attributes if name not in level)
    cells = cells.group_by(attributes).agg(pl.col("counted").sum().cast(pl.Int64)).sort(attributes)
    return cells.with_columns(
        people=pl.col("counted"),
        rest=pl.lit(False),
        # totals are what is read first: an attribute less makes a cell worth more
        weight=pl.lit(1.0 + 2 * (len(attributes) - len(level))),
        level=pl.lit("*".join(sorted(level))),
        published=pl.lit(published),
    )


def _edges(
    cells: pl.DataFrame, attributes: list[str], level: Level, levels: set[Level]
) -> list[pl.DataFrame]:
    """Return (whole, part, kind) of a level's cells and those of each next finer level."""
    finer = [other for other in levels if level < other]
    nearest = [one for one in finer if not any(other < one for other in finer)]
    whole = cells.filter(pl.col("level") == "*".join(sorted(level))).select(*attributes, whole="cell")
    edges = []
    for other in nearest:
        kind = "*".join(sorted(other))
        parts = cells.filter(pl.col("level") == kind).with_columns(
            pl.lit(ALL).alias(name) for name in attributes if name not in level
        )
        edges.append(parts.join(whole, on=attributes).select("whole", part="cell", kind=pl.lit(kind)))
    return edges
