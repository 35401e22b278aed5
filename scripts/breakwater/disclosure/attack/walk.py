"""The walk: whole-number tables that agree with everything published, each reached from the one before.

It starts from the true counts and shows safety, never a leak. A step frees the cells of a region, asks by a linear
program for values that its small counts have not had yet, and keeps the result if it is whole (vertices mostly are,
since the sums are hierarchies; what is not is held where it was, and asked again). Every table visited satisfies every
bound and every sum, so whatever an intruder does, each value that a cell took remains possible.
"""

from dataclasses import dataclass, field

import highspy
import numpy as np

from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.region import NO_BOUND, Region, Regions, program

# Free cells of a step that asks for many cells at once, by how often its cell has been tried in vain.
SIZES = (2000,)
# Then a cell is tried so often for itself: from few free cells, more of them wherever the program is tight.
ALONE = 1
FEW, MANY = 100, 800
# Times that cells which came out fractional are held and the step asked again.
HOLDS = 20
NEAR = 1e-6


@dataclass
class Walk:
    """Where a walk went: steps[k] holds the cells that step k + 1 changed and their new values.

    least, greatest: least and greatest value of each cell seen; least_step, greatest_step: the step that saw it first
    (0 is the start). taken: how many different values each target took.
    """

    start: np.ndarray
    steps: list[tuple[np.ndarray, np.ndarray]]
    least: np.ndarray
    greatest: np.ndarray
    least_step: np.ndarray
    greatest_step: np.ndarray
    values: dict[int, set[int]] = field(repr=False)

    def taken(self, cell: int) -> int:
        return len(self.values[cell])


def visits_only_what_agrees(system: LinearSystem, found: Walk) -> bool:
    """Walk again by the steps alone, without a solver, and check every table in full: one sparse product each."""
    table = found.start.copy()
    if not system.agrees(table):
        return False
    for cells, values in found.steps:
        table[cells] = values
        if not system.agrees(table):
            return False
    return True


def walk(system: LinearSystem, start: np.ndarray, targets: np.ndarray, wanted: int, seed: int = 1) -> Walk:
    """Walk until each target has taken `wanted` values, or its tries are up.

    start: a table that agrees with the system, one count a cell. Deterministic for a seed and a version of HiGHS.
    Raises ValueError if the start does not agree.
    """
    if not system.agrees(start):
        raise ValueError("the true counts do not agree with what is published")
    walker = _Walker(system, start, targets, wanted, seed)
    walker.run()
    return walker.found


class _Walker:
    def __init__(self, system, start, targets, wanted, seed):
        self.system, self.wanted = system, wanted
        self.values = start.astype(np.int64)
        self.random = np.random.default_rng(seed)
        self.regions = Regions(system)
        self.targets = dict(zip(targets.tolist(), system.together[targets].tolist(), strict=True))
        self.tries = dict.fromkeys(self.targets.values(), 0)
        nothing = np.zeros(len(start), np.int64)
        taken = {cell: {int(start[cell])} for cell in self.targets}
        self.found = Walk(
            self.values.copy(), [], self.values.copy(), self.values.copy(), nothing, nothing.copy(), taken
        )

    def run(self) -> None:
        while waiting := [
            cell for cell in self.targets if self._lacks(cell) and self._tried(cell) < len(SIZES) + ALONE
        ]:
            fewest = min(map(self._tried, waiting))
            cell = int(self.random.choice([cell for cell in waiting if self._tried(cell) == fewest]))
            before = self.found.taken(cell)
            if fewest < len(SIZES):
                self._step(cell, SIZES[fewest])
            else:
                self._step_alone(cell)
            self.tries[self.targets[cell]] += self.found.taken(cell) == before

    def _tried(self, cell: int) -> int:
        return self.tries[self.targets[cell]]

    def _lacks(self, cell: int) -> bool:
        return self.found.taken(cell) < self.wanted

    def _step(self, cell: int, size: int) -> None:
        """Ask for new values of all targets of a region at once."""
        region = self.regions.around(cell, size, self.values, int(self.random.integers(1 << 31)))
        low, high = self.system.low[region.cells].copy(), self.system.high[region.cells].copy()
        cost = np.zeros(len(region.cells))
        for place, one in enumerate(region.cells.tolist()):
            if one in self.targets and self._lacks(one):
                self._aim(one, place, low, high, cost)
        cost[0] *= 3
        self._keep(region, _whole(self._program(region, low, high, cost), self.values[region.cells]))

    def _step_alone(self, cell: int) -> None:
        """Ask for a new value of one cell, and free more cells wherever the sums do not let it move."""
        size, seed = FEW, int(self.random.integers(1 << 31))
        region = self.regions.around(cell, size, self.values, seed)
        low, high, cost = self.system.low[[cell]].copy(), self.system.high[[cell]].copy(), np.zeros(1)
        self._aim(cell, 0, low, high, cost)
        while len(region.cells) < MANY:
            here = region.cells
            ends = self.system.low[here].copy(), self.system.high[here].copy()
            ends[0][0], ends[1][0] = low[0], high[0]
            solver = self._program(region, *ends, np.append(cost, np.zeros(len(here) - 1)))
            values = _whole(solver, self.values[here])
            if values is not None and values[0] != self.values[cell]:
                self._keep(region, values)
                return
            solver.changeColsBounds(len(here), np.arange(len(here), dtype=np.int32), *ends)
            solver.run()
            tight = region.rows[np.abs(np.array(solver.getSolution().row_dual)) > NEAR]
            further = self.regions.beyond(region, tight)
            if not len(further):
                return
            region = self.regions.of(np.append(here, further), self.values)

    def _program(self, region: Region, low, high, cost) -> highspy.Highs:
        least = self.system.least[region.rows] - region.rest
        most = self.system.most[region.rows] - region.rest
        solver = program(least, most, region, low, np.minimum(high, NO_BOUND))
        solver.changeColsCost(len(cost), np.arange(len(cost), dtype=np.int32), cost)
        return solver

    def _aim(self, cell: int, place: int, low: np.ndarray, high: np.ndarray, cost: np.ndarray) -> None:
        """Ask for the nearest value not taken yet, above or below, and for no more than that."""
        now, taken = int(self.values[cell]), self.found.values[cell]
        above = next((v for v in range(now + 1, now + 9) if v not in taken and v <= high[place]), None)
        below = next((v for v in range(now - 1, now - 9, -1) if v not in taken and v >= low[place]), None)
        if above is not None and (below is None or self.random.random() < 0.5):
            high[place], cost[place] = above, -1
        elif below is not None:
            low[place], cost[place] = below, 1

    def _agrees(self, region: Region, values: np.ndarray) -> bool:
        """Check a step without trusting the solver."""
        entries = region.weight * values[region.index]
        sums = region.rest + np.add.reduceat(entries, region.start[:-1])
        low, high = self.system.low[region.cells], self.system.high[region.cells]
        least, most = self.system.least[region.rows], self.system.most[region.rows]
        return bool(
            (values >= low).all()
            and (values <= high).all()
            and (sums >= least - NEAR).all()
            and (sums <= most + NEAR).all()
        )

    def _keep(self, region: Region, values: np.ndarray | None) -> None:
        if values is None or not self._agrees(region, values):
            return
        moved = np.flatnonzero(values != self.values[region.cells])
        if not len(moved):
            return
        cells, values, found = region.cells[moved], values[moved], self.found
        self.values[cells] = values
        found.steps.append((cells, values))
        for step, seen, beyond in (
            (found.least_step, found.least, values < found.least[cells]),
            (found.greatest_step, found.greatest, values > found.greatest[cells]),
        ):
            seen[cells[beyond]], step[cells[beyond]] = values[beyond], len(found.steps)
        for cell, value in zip(cells.tolist(), values.tolist(), strict=True):
            if cell in found.values:
                found.values[cell].add(value)


def _whole(solver: highspy.Highs, now: np.ndarray) -> np.ndarray | None:
    """Solve; hold what comes out fractional where it is now, which is always possible, until all of it is whole."""
    held = np.zeros(len(now), bool)
    for _ in range(HOLDS):
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        values = np.array(solver.getSolution().col_value)
        fractional = np.flatnonzero(np.abs(values - np.round(values)) > NEAR)
        if not len(fractional):
            return np.round(values).astype(np.int64)
        if held[fractional].all():
            return None
        held[fractional] = True
        where = now[fractional].astype(float)
        solver.changeColsBounds(len(fractional), fractional.astype(np.int32), where, where)
    return None
