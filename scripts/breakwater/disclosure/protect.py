"""The protector: primary cells by people, then complementary cells until no small count can be narrowed too far.

It works on a whole system (`layout.System`) at once and assumes the worst of an intruder: that they hold everything
released, know the policy and the method, and know of each withheld cell whether it holds 1 to the threshold.
The one exception is a block: where a total is itself small, even the pattern of its zeros can tell the rest, so all
its parts, zeros too, are withheld together, and nobody can know which of them are empty.
"""

from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.disclosure.layout import System
from breakwater.disclosure.policy import Policy

UNBOUNDED = 1 << 40
SHOWN, PRIMARY, COMPLEMENTARY = 0, 1, 2
# How many relations a search for something to withhold looks at before it settles for a block; more if none is near.
FARTHEST = 300
# After so many rounds blocks no longer wait until nothing else is left to withhold.
PATIENCE = 6
# A choice made in this round makes others wait while their search has no more than so many cells to look at.
NEIGHBOURHOOD = 8


@dataclass
class Sums:
    """Published weighted sums of cells, such as standardised rates: low <= coefficients . cells <= high.

    part, coefficient, start: in compressed rows as in System; low, high: one value a sum; shown: published or not.
    """

    part: np.ndarray
    coefficient: np.ndarray
    start: np.ndarray
    low: np.ndarray
    high: np.ndarray
    shown: np.ndarray


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
    return Sums(whole, real, np.zeros(1, np.int64), real, real, np.empty(0, bool))


def protect(
    system: System, sums: Sums, primary: np.ndarray, released: np.ndarray, policy: Policy
) -> Decision:
    """Return which cells are withheld, so that every small count keeps `least_candidates` possible values.

    primary, released: one boolean a cell. A weighted sum that must go is marked in `sums.shown`.
    Raises RuntimeError if withholding everything would not do, which would be an error in the system itself.
    """
    counted = system.cells["counted"].to_numpy()
    people = system.cells["people"].to_numpy()
    small = (people >= 1) & (people <= policy.threshold)
    status = np.where(primary & released, PRIMARY, SHOWN).astype(np.int8)
    rest = system.cells["rest"].to_numpy()
    cost = system.cells.select((pl.col("counted") + 1).log() * pl.col("weight")).to_series().to_numpy()
    block = np.zeros(len(status), bool)
    index = _Incidence(system, sums)
    farthest = FARTHEST
    for rounds in range(1, 500):
        low, high = prior_bounds(counted, status, block, released, rest, policy)
        prior = low.copy(), high.copy()
        propagate(system, sums, low, high)
        leaking = np.flatnonzero(small & (high - low + 1 < policy.least_candidates))
        if not len(leaking):
            return Decision(status, block, low, high, rounds)
        chosen_cells, chosen_sums, blocks = set(), set(), set()
        taken = np.zeros(len(status), bool)
        useful = released & (status == SHOWN) & (counted > 0)
        blockable = released & ~block & (counted <= policy.threshold)
        small_total = (counted > 0) & (counted <= policy.threshold)
        search = _Search(system, sums, index, cost, useful, taken, blockable, small_total, prior, low, high)
        for cell in leaking[np.argsort(high[leaking] - low[leaking], kind="stable")]:
            kind, choice = search.complement(int(cell), farthest)
            if kind == "cell":
                chosen_cells.add(choice)
                taken[choice] = True
            elif kind == "sum":
                chosen_sums.add(choice)
            elif kind == "block":
                blocks.update(choice)
                taken[choice] = True
        if not chosen_cells and not chosen_sums and not blocks:
            if farthest > len(system.whole):
                raise RuntimeError("no further cell to withhold, yet a small count can be narrowed")
            farthest *= 10
            continue
        status[list(chosen_cells)] = COMPLEMENTARY
        if blocks and (rounds > PATIENCE or not chosen_cells and not chosen_sums):
            # not at once, since a block withholds zeros and other choices may yet do
            together = np.array(sorted(blocks))
            block[together] = True
            status[together[status[together] == SHOWN]] = COMPLEMENTARY
        sums.shown[list(chosen_sums)] = False
    raise RuntimeError("protection did not settle")


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


def propagate(system: System, sums: Sums, low: np.ndarray, high: np.ndarray, sweeps: int = 200) -> None:
    """Narrow low and high in place by every sum, until nothing changes (bounds propagation, the shuttle algorithm)."""
    whole, part, start = system.whole, system.part, system.start
    begins, owner = start[:-1], np.repeat(np.arange(len(whole)), np.diff(start))
    sum_owner = np.repeat(np.arange(len(sums.low)), np.diff(sums.start))
    for _ in range(sweeps):
        before = int(low.sum()) - int(np.minimum(high, UNBOUNDED).sum())
        if len(whole):
            lows, highs = np.add.reduceat(low[part], begins), np.add.reduceat(high[part], begins)
            np.maximum.at(low, whole, lows)
            np.minimum.at(high, whole, highs)
            np.minimum.at(high, part, high[whole][owner] - (lows[owner] - low[part]))
            np.maximum.at(low, part, low[whole][owner] - (highs[owner] - high[part]))
        if len(sums.low):
            _propagate_sums(sums, sum_owner, low, high)
        np.minimum(high, UNBOUNDED, out=high)
        if int(low.sum()) - int(high.sum()) == before:
            return


def _propagate_sums(sums: Sums, owner: np.ndarray, low: np.ndarray, high: np.ndarray) -> None:
    part, coefficient, begins = sums.part, sums.coefficient, sums.start[:-1]
    lows = np.add.reduceat(coefficient * low[part], begins)
    highs = np.add.reduceat(coefficient * high[part], begins)
    slack = 1e-6  # of a person; whole numbers are wanted, so this only absorbs floating-point error
    room_up = (sums.high[owner] - (lows[owner] - coefficient * low[part])) / coefficient + slack
    room_down = (sums.low[owner] - (highs[owner] - coefficient * high[part])) / coefficient - slack
    active = sums.shown[owner]
    np.minimum.at(high, part[active], np.floor(np.clip(room_up[active], -1, UNBOUNDED)).astype(np.int64))
    np.maximum.at(low, part[active], np.ceil(np.clip(room_down[active], 0, UNBOUNDED)).astype(np.int64))


class _Incidence:
    """Which relations and weighted sums each cell stands in: values[start[c]:start[c + 1]] for cell c."""

    def __init__(self, system: System, sums: Sums):
        owner = np.repeat(np.arange(len(system.whole)), np.diff(system.start))
        self.cell = np.concatenate([system.part, system.whole])
        self.relation = np.concatenate([owner, np.arange(len(system.whole))])
        self.order = np.argsort(self.cell, kind="stable")
        self.start = np.searchsorted(self.cell[self.order], np.arange(len(system.cells) + 1))
        sum_owner = np.repeat(np.arange(len(sums.low)), np.diff(sums.start))
        by_cell = np.argsort(sums.part, kind="stable")
        self.sum_of = sum_owner[by_cell]
        self.sum_start = np.searchsorted(sums.part[by_cell], np.arange(len(system.cells) + 1))


class _Search:
    """Finds, in one round, what makes a cell's bounds as tight as they are, and the cheapest of it to withhold."""

    def __init__(self, system, sums, index, cost, useful, taken, blockable, small_total, prior, low, high):
        self.system, self.sums, self.index = system, sums, index
        self.cost, self.useful, self.taken = cost, useful, taken
        self.blockable, self.small_total = blockable, small_total
        # only bounds that sums have narrowed need an explanation; the others are what was published
        self.derived = (low > prior[0]) | (high < prior[1])
        tight = self._tight(low, high)[index.order]
        self.relation = index.relation[index.order][tight]
        self.start = np.append(0, np.cumsum(tight))[index.start]

    def _tight(self, low: np.ndarray, high: np.ndarray) -> np.ndarray:
        """Tell for each (cell, relation) of the incidence whether that relation by itself gives one of the bounds."""
        system, begins = self.system, self.system.start[:-1]
        if not len(system.whole):
            return np.zeros(0, bool)
        lows, highs = np.add.reduceat(low[system.part], begins), np.add.reduceat(high[system.part], begins)
        owner, part, whole = self.index.relation[: len(system.part)], system.part, system.whole
        from_above = high[whole][owner] - (lows[owner] - low[part]) <= high[part]
        from_below = low[whole][owner] - (highs[owner] - high[part]) >= low[part]
        of_whole = (lows >= low[whole]) | (highs <= high[whole])
        return np.concatenate([from_above | from_below, of_whole])

    def complement(self, cell: int, farthest: int):
        """Return what to withhold: ("cell", c), ("sum", s), ("block", cells) or, for now, ("wait", None).

        Looks first into the relations that make the cell's bounds as tight as they are, then into what makes the
        bounds of their other members tight, and so on outwards.
        """
        system = self.system
        seen_cells, seen_relations, frontier, parts_of_small = {cell}, set(), [cell], []
        while frontier and len(seen_relations) < farthest:
            best, best_cost, following = None, np.inf, []
            near = not parts_of_small
            for target in frontier:
                for relation in self.relation[self.start[target] : self.start[target + 1]].tolist():
                    if relation in seen_relations:
                        continue
                    seen_relations.add(relation)
                    parts = system.part[system.start[relation] : system.start[relation + 1]].tolist()
                    whole = int(system.whole[relation])
                    if near and self.small_total[whole]:
                        parts_of_small += [part for part in parts if self.blockable[part]]
                    for other in (*parts, whole):
                        if other in seen_cells:
                            continue
                        seen_cells.add(other)
                        if self.taken[other]:
                            if len(frontier) <= NEIGHBOURHOOD:
                                return "wait", None  # what was chosen nearby in this round may already do
                            continue
                        if self.useful[other] and self.cost[other] < best_cost:
                            best, best_cost = ("cell", other), self.cost[other]
                        if self.derived[other]:
                            following.append(other)
                if best is None:
                    weighted = self.index.sum_of[
                        self.index.sum_start[target] : self.index.sum_start[target + 1]
                    ]
                    best = next((("sum", one) for one in weighted.tolist() if self.sums.shown[one]), None)
            if best is not None:
                return best
            frontier = following
        # Nothing shown makes the bounds tight: the nearest small total and the zeros among its parts do.
        return ("block", parts_of_small) if parts_of_small else ("wait", None)
