"""Which counts keep enough values by all sums together: settled one way or the other by exact bounds.

A point within all bounds and sums, whole or not, shows that linear programming can bound no cell to less than what it
takes there. So a few programs over a whole part, each for many cells at once, share their points; what they leave is
tried alone, first from a few free cells around it, then by true bounds. Given the true counts as the first such point.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from os import cpu_count

import highspy
import numpy as np

from breakwater.disclosure.attack import exact
from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.region import NO_BOUND, Region, Regions, program

# Joint programs of a part at most; another is worth it while one settles this share of what it was asked for.
ROUNDS, WORTH = 12, 0.25
# So few counts are sooner tried from near by.
FEW = 30
# So many counts of a part are tried alone at most, and by programs over the whole part: bounded work, whatever the
# place. Where more are left than that, only so many of the narrowest are looked at, and the others stay as propagation
# left them. Whoever protects is thorough, so that the attack before a release, which may take other ways, finds nothing
# that was not looked at.
MOST, THOROUGH = (60, 10, 0), (120, 120, 30)
SIZES = (100, 400)
# How far beyond what is seen a program may look for one count; a bound for the solver's sake.
FARTHEST = 40.0
# Steps of interior points, which want some thirty; and of the simplex method, which may be asked to clean up after
# them. Without these a program in some thousands does not end for minutes.
STEPS = {"ipm_iteration_limit": 200, "simplex_iteration_limit": 20_000}
# What a solver may be off by, in counts.
NEAR = 1e-5


@dataclass
class Settled:
    """wide: targets that keep enough values by exact bounds. narrow: those that do not, and what makes it so.

    Targets in neither were not settled by the work that is allowed.
    """

    wide: np.ndarray
    narrow: dict[int, exact.Bounds]


def settle(
    system: LinearSystem, start: np.ndarray, targets: np.ndarray, enough: int, thorough: bool = False
) -> Settled:
    """Return which targets, cells of the system, keep at least `enough` values by exact bounds, and which do not.

    start: the true counts, one a cell. Deterministic for a version of HiGHS. Parts are worked on side by side.
    Cost: at most ROUNDS programs a part, and a few for each of at most MOST, or THOROUGH, counts of it.
    """
    part_of = system.parts
    parts = []
    for part in np.unique(part_of[targets]).tolist():
        own, cells = system.of(np.flatnonzero(part_of == part))
        mine = targets[part_of[targets] == part]
        parts.append((own, cells, np.searchsorted(cells, mine)))
    # the longest first, so that no processor waits at the end
    parts.sort(key=lambda part: -len(part[1]))

    def work(part) -> Settled:
        own, cells, mine = part
        found = _Part(own, start[cells].astype(float), mine, enough).run(*(THOROUGH if thorough else MOST))
        narrow = {
            int(cells[cell]): exact.Bounds(b.low, b.high, cells[b.pinned_by], b.rows)
            for cell, b in found.narrow.items()
        }
        return Settled(cells[found.wide], narrow)

    with ThreadPoolExecutor(cpu_count()) as pool:  # the solver runs beside others of its process
        done = list(pool.map(work, parts))
    wide = np.sort(np.concatenate([np.empty(0, np.int64), *(one.wide for one in done)]))
    narrow = {cell: bounds for one in done for cell, bounds in one.narrow.items()}
    return Settled(wide, dict(sorted(narrow.items())))


class _Part:
    """Cells that share rows; least and greatest: what each target was seen to take, in points that agree."""

    def __init__(self, system: LinearSystem, start: np.ndarray, targets: np.ndarray, enough: int):
        self.system, self.start, self.targets, self.enough = system, start, targets, enough
        self.least, self.greatest = start[targets].copy(), start[targets].copy()
        self.sum, self.points = start.copy(), 1
        self.random, self.rounds = np.random.default_rng(1), 0
        # up or down: what a target was asked for last
        self.rose = self.random.random(len(targets)) < 0.5

    def run(self, most_alone: int, most_whole: int, of_many: int) -> Settled:
        self._joint_rounds(FEW)
        self.regions, self.centre = Regions(self.system), self.sum / self.points
        if self._lacking().sum() > most_alone:
            return self._verdict(of_many, 0)
        for place in self._left(most_alone):
            self._near(place)
        # up and down once more, for all that is left at once
        self._joint_rounds(0)
        return self._verdict(most_alone, most_whole)

    def _verdict(self, most_alone: int, most_whole: int) -> Settled:
        narrow = {}
        for number, place in enumerate(self._left(most_alone)):
            bounds = self._alone(place, over_all=number < most_whole)
            if bounds is not None and bounds.high - bounds.low + 1 < self.enough:
                narrow[int(self.targets[place])] = bounds
        return Settled(self.targets[~self._lacking()], narrow)

    def _left(self, most: int) -> list[int]:
        """The targets that are tried by themselves, the narrowest first."""
        left = np.flatnonzero(self._lacking())
        width = (self.system.high - self.system.low)[self.targets[left]]
        return left[np.argsort(width, kind="stable")][:most].tolist()

    def _joint_rounds(self, few: int) -> None:
        """Ask in rounds for all that is lacking, until few are or it is not worth it; of the last few both ways."""
        idle, patience = 0, 1 if few else 2
        while self.rounds < ROUNDS and idle < patience and (before := self._lacking()).sum() > few:
            self.rounds += 1
            self._joint(np.flatnonzero(before))
            gained = before.sum() - self._lacking().sum()
            idle = 0 if gained >= WORTH * before.sum() else idle + 1

    def _ends(self, places) -> tuple[np.ndarray, np.ndarray]:
        """The whole numbers between which a target was seen."""
        return np.ceil(self.least[places] - NEAR), np.floor(self.greatest[places] + NEAR)

    def _lacking(self) -> np.ndarray:
        low, high = self._ends(slice(None))
        return high - low + 1 < self.enough

    def _goals(self, places) -> tuple[np.ndarray, np.ndarray]:
        """How far up, and how far down, a target must be seen for enough values: no further is asked."""
        low, high = self._ends(places)
        return low + self.enough - 1, high - self.enough + 1

    def _joint(self, places: np.ndarray) -> None:
        """Ask for all these targets at once, each up or down and with a weight drawn at random."""
        system, cells = self.system, self.targets[places]
        up, down = self._goals(places)
        can_rise, can_fall = up <= system.high[cells], down >= system.low[cells]
        # what did not move far enough the one way is asked for the other
        rise = can_rise & (~can_fall | ~self.rose[places])
        fall = can_fall & ~rise
        self.rose[places] = rise
        low, high = system.low.copy(), np.minimum(system.high, self.start + FARTHEST)
        cost = np.zeros(len(low))
        weight = self.random.exponential(size=len(places)) + 0.1
        high[cells[rise]], cost[cells[rise]] = up[rise], -weight[rise]
        low[cells[fall]], cost[cells[fall]] = down[fall], weight[fall]
        solver = _whole(system, low, high, cost)
        solver.run()
        self._see(np.array(solver.getSolution().col_value))

    def _see(self, point: np.ndarray) -> None:
        """Take a point in, if it agrees: that is looked at without trusting the solver."""
        system = self.system
        if len(point) != len(self.start):
            return
        sums = system.by_row @ point
        off = (system.low - point, point - system.high, system.least - sums, sums - system.most)
        if max(over.max(initial=0.0) for over in off) > NEAR / 10:
            return
        self.least = np.minimum(self.least, point[self.targets])
        self.greatest = np.maximum(self.greatest, point[self.targets])
        self.sum, self.points = self.sum + point, self.points + 1

    def _near(self, place: int) -> None:
        """Try one target from a few free cells around it, in the midst of what was seen."""
        reached = 0
        for size in SIZES:
            region = self.regions.around(int(self.targets[place]), size, self.centre, seed=1)
            if len(region.cells) == reached:
                return
            reached = len(region.cells)
            self._stretch(place, region)
            if not self._lacking()[place]:
                return

    def _alone(self, place: int, over_all: bool) -> exact.Bounds | None:
        """Return true bounds of a target that is narrow; nothing where it was seen to be wide, or not settled."""
        if not self._lacking()[place]:
            return None
        cell = int(self.targets[place])
        bounds = exact.bounds_of(self.system, self.regions, cell, self.enough)
        if bounds.high - bounds.low + 1 < self.enough:
            return bounds
        return None if not over_all or self._stretch_whole(place) else self._true(cell)

    def _stretch(self, place: int, region: Region) -> None:
        """Move one target as far as a region lets it, everything else held where it is."""
        system = self.system
        least, most = system.least[region.rows] - region.rest, system.most[region.rows] - region.rest
        solver = program(least, most, region, system.low[region.cells], system.high[region.cells])
        for sign in (1.0, -1.0):
            solver.changeColCost(0, sign)
            solver.run()
            if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal:
                value = solver.getSolution().col_value[0]
                self.least[place] = min(self.least[place], value)
                self.greatest[place] = max(self.greatest[place], value)

    def _stretch_whole(self, place: int) -> bool:
        """Move one target as far as all rows let it; tell whether it was seen to keep enough values."""
        cell, high = int(self.targets[place]), np.minimum(self.system.high, self.start + FARTHEST)
        for sign in (1.0, -1.0):
            cost = np.zeros(len(high))
            cost[cell] = sign
            solver = _whole(self.system, self.system.low, high, cost)
            solver.run()
            self._see(np.array(solver.getSolution().col_value))
            if not self._lacking()[place]:
                return True
        return False

    def _true(self, cell: int) -> exact.Bounds | None:
        """True bounds by all rows of the part at once; none where the solver gives up."""
        ends, pins, rows = [], [np.array([cell])], []
        for sign in (1.0, -1.0):
            cost = np.zeros(len(self.start))
            cost[cell] = sign
            solver = _whole(self.system, self.system.low, self.system.high, cost, vertex=True)
            solver.run()
            if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
                return None
            ends.append(sign * solver.getInfo().objective_function_value)
            solution = solver.getSolution()
            pins.append(np.flatnonzero(np.abs(solution.col_dual) > exact.NEAR))
            rows.append(np.flatnonzero(np.abs(solution.row_dual) > exact.NEAR))
        tight = np.unique(np.concatenate(rows))
        return exact.Bounds(
            np.ceil(ends[0] - NEAR), np.floor(ends[1] + NEAR), np.unique(np.concatenate(pins)), tight
        )


def _whole(
    system: LinearSystem, low: np.ndarray, high: np.ndarray, cost: np.ndarray, vertex: bool = False
) -> highspy.Highs:
    """The program over all rows of a part, by interior points; `vertex`: end in a corner, whose duals say why."""
    matrix, lp = system.by_row, highspy.HighsLp()
    lp.num_col_, lp.num_row_ = len(low), len(system.least)
    lp.col_cost_, lp.col_lower_ = cost, low
    lp.col_upper_ = np.where(high > NO_BOUND, highspy.kHighsInf, high)
    lp.row_lower_ = np.where(system.least < -NO_BOUND, -highspy.kHighsInf, system.least)
    lp.row_upper_ = np.where(system.most > NO_BOUND, highspy.kHighsInf, system.most)
    lp.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    lp.a_matrix_.start_, lp.a_matrix_.index_, lp.a_matrix_.value_ = matrix.indptr, matrix.indices, matrix.data
    solver = highspy.Highs()
    settings = {
        "output_flag": False,
        "threads": 1,
        "solver": "ipm",
        "run_crossover": "on" if vertex else "off",
        **STEPS,
    }
    for option, value in settings.items():
        solver.setOptionValue(option, value)
    solver.passModel(lp)
    return solver
