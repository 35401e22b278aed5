"""Witnesses: points within all bounds and sums, each of which shows many cells at once to keep their values.

What a program finds of one cell it finds of all others too. Bounds are convex: between two points that agree with what
is published, every value of a cell is possible as far as linear programming can tell. So a few programs, each of which
pulls all open cells at random up or down, spare nearly all programs of single cells.
"""

from dataclasses import dataclass

import highspy
import numpy as np

from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.region import NO_BOUND

NEAR = 1e-6
# After so many programs that settled nothing the rest is left to programs of single cells.
IN_VAIN = 4


@dataclass
class Whole:
    """The program of a part of a system over its open cells; `cells` says which cell a column is."""

    cells: np.ndarray
    matrix: object
    least: np.ndarray
    most: np.ndarray
    low: np.ndarray
    high: np.ndarray
    solver: highspy.Highs

    def at_most(self, cost: np.ndarray) -> np.ndarray | None:
        """Return a point near the least cost, checked without trusting the solver; None if there is no such point."""
        places = np.arange(len(self.cells), dtype=np.int32)
        self.solver.changeColsCost(len(places), places, cost)
        self.solver.run()
        if self.solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        point = np.array(self.solver.getSolution().col_value)
        sums = self.matrix @ point
        within = (point >= self.low - NEAR).all() and (point <= self.high + NEAR).all()
        agrees = (sums >= self.least - NEAR).all() and (sums <= self.most + NEAR).all()
        return point if within and agrees else None


def whole(system: LinearSystem, part: int) -> Whole:
    """Return the program of one part of a system, for an interior-point method that stops inside.

    Source: HiGHS, Huangfu and Hall 2018. Inside, it takes the time of one factorisation a step and no crossover.
    """
    cells = np.flatnonzero((system.parts == part) & (system.high > system.low))
    known = np.where(system.high > system.low, 0, system.low)
    rows = np.unique(system.by_cell[:, cells].indices)
    matrix = system.by_row[rows]
    known_sums = matrix @ known
    matrix = matrix[:, cells].tocsr()
    low, high = system.low[cells], np.minimum(system.high[cells], NO_BOUND)
    least, most = system.least[rows] - known_sums, system.most[rows] - known_sums
    lp = highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(cells), len(rows)
    lp.col_cost_, lp.col_lower_, lp.col_upper_ = np.zeros(len(cells)), low, high
    lp.row_lower_ = np.where(least < -NO_BOUND, -highspy.kHighsInf, least)
    lp.row_upper_ = np.where(most > NO_BOUND, highspy.kHighsInf, most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_ = matrix.indptr, matrix.indices
    lp.a_matrix_.value_ = matrix.data
    solver = highspy.Highs()
    for option, value in (
        ("output_flag", False),
        ("threads", 1),
        ("solver", "ipm"),
        ("run_crossover", "off"),
    ):
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return Whole(cells, matrix, least, most, low, high, solver)


def shown_wide(program: Whole, wanted: np.ndarray, enough: int, seed: int = 1) -> np.ndarray:
    """Return which cells (one boolean a column) two points show to keep at least `enough` whole values.

    wanted: the columns to look at, one boolean each. What is not shown is not narrow yet: it needs its own program.
    """
    random = np.random.default_rng(seed)
    least, greatest = np.full(len(wanted), np.inf), np.full(len(wanted), -np.inf)
    wide, vain, number = np.zeros(len(wanted), bool), 0, 0
    sign = np.ones(len(wanted))
    while (left := wanted & ~wide).any() and vain < IN_VAIN:
        # up and then down: the two ends of a cell are farther apart than two points at random
        sign = random.choice([-1.0, 1.0], len(wanted)) if number % 2 == 0 else -sign
        point = program.at_most(np.where(left, sign * random.uniform(0.5, 1, len(wanted)), 0.0))
        if point is None:
            break
        number += 1
        least, greatest = np.minimum(least, point), np.maximum(greatest, point)
        wide = np.floor(greatest + NEAR) - np.ceil(least - NEAR) + 1 >= enough
        vain = 0 if (left & wide).any() else vain + 1
    return wide
