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
from breakwater.disclosure.attack.region import Region, Regions, program

# Free cells of a step, by how often its cell has been tried in vain; the last ones seek for that cell alone.
SIZES = (2000, 2000, 3000, 2000, 4000)
ALONE = 3
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
        self.tries = dict.fromkeys(targets.tolist(), 0)
        nothing = np.zeros(len(start), np.int64)
        taken = {cell: {int(start[cell])} for cell in self.tries}
        self.found = Walk(
            self.values.copy(), [], self.values.copy(), self.values.copy(), nothing, nothing.copy(), taken
        )

    def run(self) -> None:
        while True:
            waiting = [cell for cell in self.tries if self._lacks(cell) and self.tries[cell] < len(SIZES)]
            if not waiting:
                return
            fewest = min(self.tries[cell] for cell in waiting)
            cell = int(self.random.choice([cell for cell in waiting if self.tries[cell] == fewest]))
            before = self.found.taken(cell)
            self._step(cell, SIZES[fewest], alone=fewest >= ALONE)
            self.tries[cell] += self.found.taken(cell) == before

    def _lacks(self, cell: int) -> bool:
        return self.found.taken(cell) < self.wanted

    def _step(self, cell: int, size: int, alone: bool) -> None:
        region = self.regions.around(cell, size, self.values, int(self.random.integers(1 << 31)))
        here, system = region.cells, self.system
        low, high = system.low[here].copy(), system.high[here].copy()
        cost = np.zeros(len(here))
        for place in [0] if alone else range(len(here)):
            if int(here[place]) in self.tries and self._lacks(int(here[place])):
                self._aim(int(here[place]), place, low, high, cost)
        cost[0] *= 3
        solver = program(
            system.least[region.rows] - region.rest, system.most[region.rows] - region.rest, region, low, high
        )
        solver.changeColsCost(len(here), np.arange(len(here), dtype=np.int32), cost)
        values = _whole(solver, self.values[here].astype(float))
        if values is not None and self._agrees(region, values):
            self._keep(region, values)

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

    def _keep(self, region: Region, values: np.ndarray) -> None:
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
        solver.changeColsBounds(
            len(fractional), fractional.astype(np.int32), now[fractional], now[fractional]
        )
    return None
