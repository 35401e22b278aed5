"""A region of a system: some cells free to move, everything else as it stands, as one linear program."""

from dataclasses import dataclass

import highspy
import numpy as np
from numba import njit

from breakwater.disclosure.attack.linear import LinearSystem

# A row with more open cells than this does not carry a region on: it ties the whole place together.
WIDEST = 60
# Beyond any count; HiGHS takes larger numbers as no bound.
NO_BOUND = 1e9


@dataclass
class Region:
    """cells: the free ones, nearest first. rows: every row they stand in. start, index, weight: those rows, compressed,
    over the free cells alone. rest: what the other cells add to each row."""

    cells: np.ndarray
    rows: np.ndarray
    start: np.ndarray
    index: np.ndarray
    weight: np.ndarray
    rest: np.ndarray


class Regions:
    """Finds regions of one system; keeps what it needs for that."""

    def __init__(self, system: LinearSystem):
        self.system = system
        by_row, by_cell = system.by_row, system.by_cell
        self.row = by_row.indptr.astype(np.int64), by_row.indices.astype(np.int64), by_row.data
        self.cell = by_cell.indptr.astype(np.int64), by_cell.indices.astype(np.int64)
        self.open = system.high > system.low
        self.seen_cell = np.zeros(len(system.low), np.int64)
        self.seen_row = np.zeros(len(system.least), np.int64)
        self.place = np.zeros(len(system.low), np.int64)
        self.visits = 0

    def members(self, row: int) -> np.ndarray:
        """Return the cells of a row."""
        start, cells, _ = self.row
        return cells[start[row] : start[row + 1]]

    def around(self, cell: int, size: int, values: np.ndarray, seed: int) -> Region:
        """Return the open cells nearest to a cell, through rows taken in an order drawn by seed."""
        self.visits += 1
        marks = self.seen_cell, self.seen_row, self.visits
        return self.of(_nearest(cell, size, seed, *self.row[:2], *self.cell, self.open, *marks), values)

    def of(self, cells: np.ndarray, values: np.ndarray) -> Region:
        """Return the region in which these cells, all of them open, are free."""
        self.visits += 1
        self.place[cells] = np.arange(len(cells))
        self.seen_cell[cells] = self.visits
        marks = self.seen_cell, self.seen_row, self.visits
        return Region(cells, *_rows_of(cells, *self.row, *self.cell, values, self.place, *marks))

    def beyond(self, region: Region, tight: np.ndarray) -> np.ndarray:
        """Return the open cells of these rows that are not in the region."""
        cells = np.unique(np.concatenate([self.members(row) for row in tight] or [region.cells[:0]]))
        return np.setdiff1d(cells[self.open[cells]], region.cells, assume_unique=True)


@njit(cache=True, nogil=True)
def _nearest(cell, size, seed, row_start, row_cell, cell_start, cell_row, open_, seen_cell, seen_row, visit):
    np.random.seed(seed)
    found = [cell]
    seen_cell[cell] = visit
    _with_equals(found, row_start, row_cell, cell_start, cell_row, open_, seen_cell, visit)
    at = 0
    while at < len(found) and len(found) < size:
        rows = cell_row[cell_start[found[at]] : cell_start[found[at] + 1]].copy()
        at += 1
        np.random.shuffle(rows)
        for row in rows:
            if seen_row[row] == visit or len(found) >= size:
                continue
            seen_row[row] = visit
            members = row_cell[row_start[row] : row_start[row + 1]]
            if np.sum(open_[members]) > WIDEST:
                continue
            for member in members:
                if open_[member] and seen_cell[member] != visit:
                    seen_cell[member] = visit
                    found.append(member)
                    _with_equals(found, row_start, row_cell, cell_start, cell_row, open_, seen_cell, visit)
    return np.array(found)


@njit(cache=True, nogil=True)
def _with_equals(found, row_start, row_cell, cell_start, cell_row, open_, seen_cell, visit):
    """Add what must equal the last cell found, and so on: free one of them without the others and none can move."""
    at = len(found) - 1
    while at < len(found):
        for row in cell_row[cell_start[found[at]] : cell_start[found[at] + 1]]:
            members = row_cell[row_start[row] : row_start[row + 1]]
            if np.sum(open_[members]) == 2:
                for member in members:
                    if open_[member] and seen_cell[member] != visit:
                        seen_cell[member] = visit
                        found.append(member)
        at += 1


@njit(cache=True, nogil=True)
def _rows_of(
    cells, row_start, row_cell, row_weight, cell_start, cell_row, values, place, seen_cell, seen_row, visit
):
    """Every row of these cells, in compressed form over them, and what the other cells add to each."""
    rows, index, start = [0], [0], [0]
    weight, rest = [0.0], [0.0]
    # numba sees by a first entry of what type a list is
    rows.pop(), index.pop(), weight.pop(), rest.pop()
    for cell in cells:
        for row in cell_row[cell_start[cell] : cell_start[cell + 1]]:
            if seen_row[row] == visit:
                continue
            seen_row[row] = visit
            others = 0.0
            for entry in range(row_start[row], row_start[row + 1]):
                member = row_cell[entry]
                if seen_cell[member] == visit:
                    index.append(place[member])
                    weight.append(row_weight[entry])
                else:
                    others += row_weight[entry] * values[member]
            rows.append(row)
            start.append(len(index))
            rest.append(others)
    return np.array(rows), np.array(start), np.array(index), np.array(weight), np.array(rest)


def program(
    least: np.ndarray, most: np.ndarray, region: Region, low: np.ndarray, high: np.ndarray
) -> highspy.Highs:
    """Return the linear program of a region, without a goal yet; bounds are one a row and one a cell of it."""
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(region.cells), len(region.rows)
    lp.col_cost_ = np.zeros(len(region.cells))
    lp.col_lower_, lp.col_upper_ = low, np.minimum(high, NO_BOUND)
    lp.row_lower_ = np.where(least < -NO_BOUND, -highspy.kHighsInf, least)
    lp.row_upper_ = np.where(most > NO_BOUND, highspy.kHighsInf, most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = region.start, region.index, region.weight
    solver = highspy.Highs()
    for option, value in (("output_flag", False), ("threads", 1), ("presolve", "off")):
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return solver
