"""Exact bounds: the least and the greatest value of a cell over all sums together, by linear programming.

Where many cells are asked for, witnesses show most of them wide at once. A program over a region leaves out the sums
that reach beyond it, so its bounds are true but may be wide; the region grows until the cell is narrow, nothing is left
to add, or it is as large as pays. Bounds of a program are bounds of the whole
numbers in it; where they leave `enough` values, whole numbers may still be fewer: that is for the walk to settle.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.region import Regions, program
from breakwater.disclosure.attack.witnesses import shown_wide, whole

SIZES = (100, 400, 1200)
# So many cells of one part are first looked at together.
MANY = 100
NEAR = 1e-6


@dataclass
class Bounds:
    """What a program says of one cell: low and high and, by its duals, the cells and rows that make them so."""

    low: float
    high: float
    pinned_by: np.ndarray
    rows: np.ndarray


def bounds(system: LinearSystem, cells: np.ndarray, enough: int) -> dict[int, Bounds]:
    """Return true bounds of each cell; as sharp as the sums around it make them.

    A cell that witnesses show wide keeps the bounds it has: they are true, and that wide it tells nothing.
    Source: HiGHS, Huangfu and Hall 2018. Cost: two programs a cell and region, the second from the first's basis; with
    witnesses some ten or twenty programs a part, and those of the few cells that they leave.
    """
    regions, found = Regions(system), {}
    parts = system.parts[cells]
    for part in np.unique(parts).tolist():
        left = cells[parts == part]
        if len(left) >= MANY:
            every = whole(system, part)
            wide = every.cells[shown_wide(every, np.isin(every.cells, left), enough)]
            found |= {int(cell): _as_given(system, int(cell)) for cell in np.intersect1d(left, wide)}
            left = np.setdiff1d(left, wide)
        found |= {int(cell): bounds_of(system, regions, int(cell), enough) for cell in left}
    return found


def _as_given(system: LinearSystem, cell: int) -> Bounds:
    return Bounds(float(system.low[cell]), float(system.high[cell]), np.array([cell]), np.empty(0, np.int64))


def bounds_of(system: LinearSystem, regions: Regions, cell: int, enough: int) -> Bounds:
    found, reached = _as_given(system, cell), 0
    for size in SIZES:
        region = regions.around(cell, size, system.low, seed=1)
        if len(region.cells) == reached:
            break
        reached = len(region.cells)
        found = _over(system, region, regions)
        if found.high - found.low + 1 < enough:
            break
    return found


def _over(system: LinearSystem, region, regions: Regions) -> Bounds:
    """Bounds of a region's first cell by the rows that lie wholly within it."""
    here = region.cells
    open_members = [regions.open[regions.members(row)].sum() for row in region.rows]
    # the cell itself may be known: it is in the region, and no open one
    inside = np.add.reduceat(regions.open[here[region.index]].astype(np.int64), region.start[:-1])
    whole = inside == open_members
    least = np.where(whole, system.least[region.rows] - region.rest, -np.inf)
    most = np.where(whole, system.most[region.rows] - region.rest, np.inf)
    solver = program(least, most, region, system.low[here], system.high[here])
    ends, pins, rows = [], [here[:1]], []
    for sign in (1.0, -1.0):
        solver.changeColCost(0, sign)
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kInfeasible:
            raise ValueError("the published cells contradict one another")
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            ends.append(-sign * np.inf)
            continue
        ends.append(sign * solver.getInfo().objective_function_value)
        solution = solver.getSolution()
        pins.append(here[np.abs(solution.col_dual) > NEAR])
        rows.append(region.rows[np.abs(solution.row_dual) > NEAR])
    low, high = np.ceil(ends[0] - NEAR), np.floor(ends[1] + NEAR)
    tight = np.unique(np.concatenate([*rows, region.rows[:0]]))
    # what is known, a zero for example, is no variable of the program; it pins through its rows
    known = [members[~regions.open[members]] for members in map(regions.members, tight)]
    return Bounds(low, high, np.unique(np.concatenate([*pins, *known])), tight)
