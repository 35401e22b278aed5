"""The protector: primary cells by people, then complementary cells until no small count can be narrowed too far.

It works on a whole system (`layout.System`) at once and assumes the worst of an intruder: that they hold everything
released, know the policy and the method, and know of each withheld cell whether it holds 1 to the threshold.
The one exception is a block: where a total is itself small, even the pattern of its zeros can tell the rest, so all
its parts, zeros too, are withheld together, and nobody can know which of them are empty.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.disclosure.bounds import UNBOUNDED, Bounds, take_back
from breakwater.disclosure.choose import FARTHEST, Search, cheapest_cover
from breakwater.disclosure.layout import System
from breakwater.disclosure.policy import Policy

SHOWN, PRIMARY, COMPLEMENTARY = 0, 1, 2
# After so many rounds blocks no longer wait until nothing else is left to withhold.
PATIENCE = 6


@dataclass
class Sums:
    """Published weighted sums of cells, such as standardised rates: low <= coefficients . cells <= high.

    part, coefficient, start: in compressed rows as in System; low, high: one value a sum; shown: published or not;
    figure: which published figure a sum is part of, since all sums of a figure share its fate.
    """

    part: np.ndarray
    coefficient: np.ndarray
    start: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shown: np.ndarray
    figure: np.ndarray


@dataclass
class Decision:
    """status: SHOWN, PRIMARY or COMPLEMENTARY per cell; low, high: what an intruder can bound each count to.

    block: cells withheld together with the zeros beside them.
    """

    status: np.ndarray
    block: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rounds: int


def no_sums() -> Sums:
    """Return an empty set of weighted sums."""
    whole, real = np.empty(0, np.int64), np.empty(0)
    return Sums(whole, real, np.zeros(1, np.int64), real, real, np.empty(0, bool), whole)


def protect(
    system: System, sums: Sums, primary: np.ndarray, released: np.ndarray, policy: Policy
) -> Decision:
    """Return which cells are withheld, so that every small count keeps `least_candidates` possible values.

    primary, released: one boolean a cell. A weighted sum that must go is marked in `sums.shown`.
    Raises RuntimeError if withholding everything would not do, which would be an error in the system itself.
    """
    work = _Work(system, sums, primary, released, policy)
    work.withhold()
    work.show_again()
    return Decision(work.status, work.block, work.low, work.high, work.rounds)


class _Work:
    """The state of one protection: what is withheld so far, and the bounds that follow."""

    def __init__(self, system, sums, primary, released, policy: Policy):
        self.sums, self.released, self.policy = sums, released, policy
        self.bounds = Bounds(system, sums)
        cells = system.cells
        self.counted, self.rest = cells["counted"].to_numpy(), cells["rest"].to_numpy()
        people = cells["people"].to_numpy()
        self.small = (people >= 1) & (people <= policy.threshold)
        self.cost = cells.select((pl.col("counted") + 1).log() * pl.col("weight")).to_series().to_numpy()
        self.status = np.where(primary & released, PRIMARY, SHOWN).astype(np.int8)
        self.block = np.zeros(len(self.status), bool)
        self.blocks: list[np.ndarray] = []
        self.rounds = 0

    def prior(self) -> tuple[np.ndarray, np.ndarray]:
        return prior_bounds(self.counted, self.status, self.block, self.released, self.rest, self.policy)

    def withhold(self) -> None:
        """Withhold more, in rounds, until no small count can be narrowed too far."""
        farthest = FARTHEST
        for self.rounds in range(1, 500):
            self.low, self.high = self.prior()
            prior = self.low.copy(), self.high.copy()
            self.bounds.narrow(self.low, self.high, np.arange(len(self.low)))
            width = self.high - self.low + 1
            leaking = np.flatnonzero(self.small & (width < self.policy.least_candidates))
            if not len(leaking):
                return
            useful = self.released & (self.status == SHOWN) & (self.counted > 0)
            few = self.counted <= self.policy.threshold
            blockable = self.released & ~self.block & few
            search = Search(
                self.bounds, useful, blockable, few & (self.counted > 0), prior, self.low, self.high
            )
            found = [search.options(cell, farthest) for cell in leaking.tolist()]
            if not self._withhold_one_of_each(found):
                if farthest > len(self.bounds.system.whole):
                    raise RuntimeError("no further cell to withhold, yet a small count can be narrowed")
                farthest *= 10
        raise RuntimeError("protection did not settle")

    def _withhold_one_of_each(self, found: list[tuple[str, list[int]]]) -> bool:
        cells = cheapest_cover([options for kind, options in found if kind == "cells"], self.cost)
        self.status[list(cells)] = COMPLEMENTARY
        weighted = [options[0] for kind, options in found if kind == "sums"]
        self.sums.shown[np.isin(self.sums.figure, self.sums.figure[weighted])] = False
        blocks = {tuple(sorted(set(options))) for kind, options in found if kind == "block" and options}
        if blocks and (self.rounds > PATIENCE or not cells and not weighted):
            # not at once, since a block withholds zeros and other choices may yet do
            for together in map(np.array, sorted(blocks)):
                self.block[together] = True
                self.status[together[self.status[together] == SHOWN]] = COMPLEMENTARY
                self.blocks.append(together)
        return bool(cells or weighted or blocks)

    def show_again(self) -> None:
        """Show what was withheld in an early round and later proved unneeded: what is worth most first."""
        for figure in np.unique(self.sums.figure[~self.sums.shown]).tolist():
            rows = np.flatnonzero(self.sums.figure == figure)
            self.sums.shown[rows] = True
            spans = [self.sums.part[self.sums.start[row] : self.sums.start[row + 1]] for row in rows]
            if not self._holds(np.concatenate(spans)):
                self.sums.shown[rows] = False
        self._open_blocks()
        withheld = np.flatnonzero((self.status == COMPLEMENTARY) & ~self.block)
        for cell in withheld[np.argsort(-self.cost[withheld], kind="stable")].tolist():
            self._try_to_show(np.array([cell]))
        # a cell that is shown again is no longer known to be one that is withheld
        self.low, self.high = self.prior()
        self.bounds.narrow(self.low, self.high, np.arange(len(self.low)))

    def _open_blocks(self) -> None:
        """Undo blocks that are not needed; in the others show zeros, as long as one stays to hide the rest."""
        within = np.zeros(len(self.status), np.int64)
        for together in self.blocks:
            within[together] += 1
        needed = []
        for together in self.blocks:
            if self._try_to_show(together[within[together] == 1]):
                within[together] -= 1
            else:
                needed.append(together)
        for together in needed:
            zeros = together[self.block[together] & (self.counted[together] == 0)]
            for zero in zeros[:-1][within[zeros[:-1]] == 1]:
                self._try_to_show(np.array([zero]))

    def _try_to_show(self, cells: np.ndarray) -> bool:
        """Take complementary cells back if every small count then still keeps its values; tell whether it does."""
        before = self.status[cells], self.block[cells], self.low[cells], self.high[cells]
        self.status[cells] = np.where(self.status[cells] == COMPLEMENTARY, SHOWN, self.status[cells])
        self.block[cells] = False
        given = (
            values[cells] for values in (self.counted, self.status, self.block, self.released, self.rest)
        )
        low, high = prior_bounds(*given, self.policy)
        self.low[cells] = np.maximum(self.low[cells], low)
        self.high[cells] = np.minimum(self.high[cells], high)
        fine = self._holds(cells)
        if not fine:
            self.status[cells], self.block[cells], self.low[cells], self.high[cells] = before
        return fine

    def _holds(self, moved: np.ndarray) -> bool:
        """Narrow the bounds after a change; undo it and return False if a small count would keep too few values."""
        fine, trail = self.bounds.narrow(self.low, self.high, moved, self.small, self.policy.least_candidates)
        if not fine:
            take_back(self.low, self.high, trail)
        return fine


def prior_bounds(counted, status, block, released, rest, policy: Policy) -> tuple[np.ndarray, np.ndarray]:
    """Return what an intruder knows of each cell by itself, before any sum is used."""
    low = np.zeros(len(counted), np.int64)
    high = np.full(len(counted), UNBOUNDED, np.int64)
    shown = released & (status == SHOWN)
    least = policy.threshold + 1
    low[shown], high[shown] = policy.interval(policy.published(counted[shown]))
    withheld = released & (status != SHOWN)
    few = withheld & (counted >= 1) & (counted <= policy.threshold)
    low[few], high[few] = 1, policy.threshold
    low[block], high[block] = 0, policy.threshold
    low[withheld & (counted > policy.threshold)] = least
    # An attribute that is never released is often empty, and an intruder may know that it is.
    empty_rest = rest & (counted == 0)
    high[empty_rest] = 0
    return low, high
