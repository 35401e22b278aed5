"""The protector: primary cells by people, then complementary cells until no small count can be narrowed too far.

It works on a whole system (`layout.System`) at once and assumes the worst of an intruder: that they hold everything
released, know the policy and the method, and know of each withheld cell whether it holds 1 to the threshold.
The one exception is a block: where a total is itself small, even the pattern of its zeros can tell the rest, so all
its parts, zeros too, are withheld together, and nobody can know which of them are empty.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.disclosure import sharper
from breakwater.disclosure.bounds import UNBOUNDED, Bounds, take_back
from breakwater.disclosure.choose import BLOCK, CELLS, FARTHEST, SUMS, Search, cheapest_cover
from breakwater.disclosure.earlier import Public, nothing_public, reach
from breakwater.disclosure.layout import System
from breakwater.disclosure.policy import Policy
from breakwater.errors import Refusal

SHOWN, PRIMARY, COMPLEMENTARY = 0, 1, 2
# After so many rounds blocks no longer wait until nothing else is left to withhold.
PATIENCE = 6
# Times at most that exact bounds are sought of what they had found too narrow.
SHARPER = 20
# After every so many rounds that saved nothing, one more cell is withheld for each count: what proves unneeded is shown
# again in the end.
STALLED = 2


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

    block: cells withheld together with the zeros beside them; kept: cells that show an earlier figure; protected: cells
    that keep their least number of values. because: for a cell withheld to protect another, that one and what it could
    be narrowed to if the first were shown.
    """

    status: np.ndarray
    block: np.ndarray
    kept: np.ndarray
    protected: np.ndarray
    low: np.ndarray
    high: np.ndarray
    rounds: int
    because: dict[int, tuple[int, int, int]]


def no_sums() -> Sums:
    """Return an empty set of weighted sums."""
    whole, real = np.empty(0, np.int64), np.empty(0)
    return Sums(whole, real, np.zeros(1, np.int64), real, real, np.empty(0, bool), whole)


def protect(
    system: System,
    sums: Sums,
    primary: np.ndarray,
    released: np.ndarray,
    policy: Policy,
    public: Public | None = None,
    protected: np.ndarray | None = None,
    hidden: np.ndarray | None = None,
    *,
    known: Callable | None = None,
    also: np.ndarray | None = None,
    tries: int = 0,
    exact: bool = False,
) -> Decision:
    """Return which cells are withheld, so that every protected one keeps `least_candidates` possible values.

    One boolean a cell each: primary, withheld by itself; released, shown if nothing speaks against it; protected, must
    keep its values (counts of few people, if not given); hidden, nobody can know whether it is empty.
    public: what earlier releases said, if there are any. A weighted sum that must go is marked in `sums.shown`.
    known: what an intruder knows of cells by themselves, if it is not what `prior_bounds` says. also: cells to withhold
    besides, because an attack sharper than bounds propagation asks for it. tries: so many withheld cells get second
    thoughts, each at the price of a protection: is there a way without it that loses less?
    exact: look at the result by exact bounds too, and withhold more until they find nothing.
    Raises Refusal where nothing that can be withheld would do.
    """
    people = system.cells["people"].to_numpy()
    work = _Work(system, sums, primary, released, policy, public or nothing_public(len(people)))
    work.small = ((people >= 1) & (people <= policy.threshold)) if protected is None else protected.copy()
    work.block = np.zeros(len(people), bool) if hidden is None else hidden.copy()
    work.leave_what_is_given()
    work.block_as_before()
    work.known = known or prior_bounds
    if also is not None:
        work.status[also & released & (work.status == SHOWN)] = COMPLEMENTARY
        work.held = also
    work.withhold()
    work.show_again()
    work.reconsider(tries)
    if exact:
        work.withhold_what_sharper_bounds_need()
    return Decision(
        work.status, work.block, work.kept, work.small, work.low, work.high, work.rounds, work.because
    )


class _Work:
    """The state of one protection: what is withheld so far, and the bounds that follow."""

    def __init__(self, system, sums, primary, released, policy: Policy, public: Public):
        self.sums, self.released, self.policy, self.public = sums, released, policy, public
        self.bounds = Bounds(system, sums)
        cells = system.cells
        self.counted, self.rest = cells["counted"].to_numpy(), cells["rest"].to_numpy()
        self.cost = cells.select((pl.col("counted") + 1).log() * pl.col("weight")).to_series().to_numpy()
        self.status = np.where(primary & released, PRIMARY, SHOWN).astype(np.int8)
        # figures that are public and would only be said again: they can be left unsaid, as an earlier one that is kept
        self.unconfirmed = np.zeros(len(self.status), bool)
        self.blocks: list[np.ndarray] = []
        self.held = self.barred = np.zeros(len(self.status), bool)
        # why a cell must stay withheld: another one, and what it could be narrowed to
        self.because: dict[int, tuple[int, int, int]] = {}
        self.rounds = 0

    @property
    def kept(self) -> np.ndarray:
        """Cells that show an earlier release's figure, and say so: today's count is near it, or the same."""
        return self.public.kept | self.unconfirmed

    def prior(self, cells=slice(None)) -> tuple[np.ndarray, np.ndarray]:
        """Return what an intruder knows of cells by themselves, from this release and all earlier ones."""
        fresh = self.released & ~self.kept
        given = (values[cells] for values in (self.counted, self.status, self.block, fresh, self.rest))
        low, high = self.known(*given, self.policy)
        unconfirmed, (unsaid_low, unsaid_high) = self.unconfirmed[cells], self._unsaid(cells)
        near_low = np.where(unconfirmed, unsaid_low, self.public.low[cells])
        near_high = np.where(unconfirmed, unsaid_high, self.public.high[cells])
        return np.maximum(low, near_low), np.minimum(high, near_high)

    def _unsaid(self, cells) -> tuple[np.ndarray, np.ndarray]:
        """Return what is known of today's counts of cells that show an earlier figure and say so."""
        said = self.public.said[cells]
        return np.maximum(said - reach(self.policy), 0), said + reach(self.policy)

    def leave_what_is_given(self) -> None:
        """Leave out what nothing can protect that is withheld, or left unsaid, today: earlier releases give it away.

        And zeros within a shown zero: where nobody of a great group is in a figure, nobody of a part of it is.
        """
        low, high = self.public.low.copy(), self.public.high.copy()
        shown, many = self.released & (self.status == SHOWN), self.counted > 0
        # an earlier figure that is not said again of today leaves today's count its reach
        again = shown & many & (self.public.high < UNBOUNDED)
        low[again], high[again] = self._unsaid(again)
        high[shown & ~many] = 0
        rates, self.sums.shown[:] = self.sums.shown.copy(), False
        self.bounds.narrow(low, high, np.arange(len(low)))
        self.sums.shown[:] = rates
        self.small &= high - low + 1 >= self.policy.least_candidates

    def block_as_before(self) -> None:
        """Take up the blocks that earlier releases may have had: parts of small totals that they withheld.

        Nothing else could protect these cells now, since what is beside them is public; those that need no block are
        taken out in the end.
        """
        if not self.public.withheld.any():
            return
        system = self.bounds.system
        few = self.public.withheld & (self.status == PRIMARY) & (self.counted <= self.policy.threshold)
        total = self.counted[system.whole]
        for relation in np.flatnonzero((total > 0) & (total <= self.policy.threshold)).tolist():
            parts = system.part[system.start[relation] : system.start[relation + 1]]
            if few[parts].any():
                self.blocks.append(parts[few[parts]])
                self.block[self.blocks[-1]] = True

    def withhold(self) -> None:
        """Withhold more, in rounds, until no small count can be narrowed too far."""
        farthest, fewest, stalled = FARTHEST, UNBOUNDED, 0
        for self.rounds in range(1, 500):
            self.low, self.high = self.prior()
            prior = self.low.copy(), self.high.copy()
            # a sum of which nothing is open tells nothing new
            self.bounds.narrow(self.low, self.high, np.flatnonzero(self.low < self.high))
            width = self.high - self.low + 1
            leaking = np.flatnonzero(self.small & (width < self.policy.least_candidates))
            if not len(leaking):
                return
            stalled = stalled + 1 if len(leaking) >= fewest else 0
            fewest = min(fewest, len(leaking))
            # to withhold what is public already would save nothing, but it need not be said again of today
            open_yet = self.released & (self.public.high == UNBOUNDED)
            useful = self.released & (self.status == SHOWN) & (self.counted > 0) & ~self.kept & ~self.barred
            few = self.counted <= self.policy.threshold
            blockable = open_yet & ~self.block & few
            search = Search(
                self.bounds, useful, blockable, few & (self.counted > 0), prior, self.low, self.high
            )
            found = search.options(leaking, farthest)
            if not self._withhold_one_of_each(found, 1 + stalled // STALLED):
                if farthest > len(self.bounds.system.whole):
                    raise Refusal(
                        f"{len(leaking)} counts could be narrowed to fewer than {self.policy.least_candidates} values "
                        "whatever is withheld; withdraw an earlier release, or give up one of the cuts."
                    )
                farthest *= 10
        raise RuntimeError("protection did not settle")

    def _withhold_one_of_each(self, found: list[tuple[str, list[int]]], covers: int) -> bool:
        options, cells = [options for kind, options in found if kind == CELLS], set()
        for _ in range(covers):
            left = [[cell for cell in each if cell not in cells] for each in options]
            cells |= cheapest_cover(left, self.cost)
        cells = np.array(sorted(cells), np.int64)
        public = self.public.high[cells] < UNBOUNDED
        self.status[cells[~public]], self.unconfirmed[cells[public]] = COMPLEMENTARY, True
        weighted = [options[0] for kind, options in found if kind == SUMS]
        self.sums.shown[np.isin(self.sums.figure, self.sums.figure[weighted])] = False
        blocks = {tuple(sorted(set(options))) for kind, options in found if kind == BLOCK}
        if blocks and (self.rounds > PATIENCE or not len(cells) and not weighted):
            # not at once, since a block withholds zeros and other choices may yet do
            for together in map(np.array, sorted(blocks)):
                self.block[together] = True
                self.status[together[self.status[together] == SHOWN]] = COMPLEMENTARY
                self.blocks.append(together)
        return bool(len(cells) or weighted or blocks)

    def withhold_what_sharper_bounds_need(self) -> None:
        """Withhold what pins counts that exact bounds leave too few values, until they find none.

        What is wide stays so when more is withheld, so only what was narrow is looked at again. Where nothing that
        could be withheld is near, the count is left to the attack before a release, which lets none out.
        """
        targets = np.flatnonzero(self.small)
        for _ in range(SHARPER):
            found = sharper.narrowed(self.bounds, *self.prior(), targets, self.policy.least_candidates)
            useful = self.released & (self.status == SHOWN) & (self.counted > 0) & ~self.kept
            choices = [sharper.options(self.bounds, bounds, useful) for bounds in found.values()]
            before = self.status.copy()
            if not self._withhold_one_of_each([choice for choice in choices if choice[1]], 1):
                return
            for cell, bounds in found.items():
                for withheld in bounds.pinned_by[
                    self.status[bounds.pinned_by] != before[bounds.pinned_by]
                ].tolist():
                    self.because[withheld] = cell, int(bounds.low), int(bounds.high)
            targets = np.array(list(found), np.int64)
            self.withhold()

    def show_again(self) -> None:
        """Show what was withheld in an early round and later proved unneeded: what is worth most first."""
        for figure in np.unique(self.sums.figure[~self.sums.shown]).tolist():
            rows = np.flatnonzero(self.sums.figure == figure)
            self.sums.shown[rows] = True
            spans = [self.sums.part[self.sums.start[row] : self.sums.start[row + 1]] for row in rows]
            if not self._holds(np.concatenate(spans)):
                self.sums.shown[rows] = False
        self._open_blocks()
        withheld = np.flatnonzero(
            (self.status == COMPLEMENTARY) & ~self.block & ~self.held | self.unconfirmed
        )
        for cell in withheld[np.argsort(-self.cost[withheld], kind="stable")].tolist():
            self._try_to_show(np.array([cell]))
        # a cell that is shown again is no longer known to be one that is withheld
        self.low, self.high = self.prior()
        self.bounds.narrow(self.low, self.high, np.arange(len(self.low)))

    def reconsider(self, tries: int) -> None:
        """Look for a cheaper way without each of the cells that cost most; keep it where there is one."""
        self.barred = self.barred.copy()
        withheld = np.flatnonzero((self.status == COMPLEMENTARY) & ~self.block & ~self.held)
        for cell in withheld[np.argsort(-self.cost[withheld], kind="stable")][:tries].tolist():
            if self.status[cell] != COMPLEMENTARY:
                continue
            state = ("status", "block", "unconfirmed", "low", "high", "because", "blocks")
            before = {name: getattr(self, name).copy() for name in state}
            sums, lost = self.sums.shown.copy(), self.cost[self.status == COMPLEMENTARY].sum()
            self.status[cell], self.barred[cell] = SHOWN, True
            try:
                self.withhold()
                self.show_again()
                better = (
                    self.cost[self.status == COMPLEMENTARY].sum() < lost and (self.sums.shown >= sums).all()
                )
            except Refusal:
                better = False
            self.barred[cell] = False
            if not better:
                vars(self).update(before)
                self.sums.shown[:] = sums

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
        changed = self.status, self.block, self.unconfirmed, self.low, self.high
        before = [values[cells] for values in changed]
        self.status[cells] = np.where(self.status[cells] == COMPLEMENTARY, SHOWN, self.status[cells])
        self.block[cells], self.unconfirmed[cells] = False, False
        low, high = self.prior(cells)
        self.low[cells] = np.maximum(self.low[cells], low)
        self.high[cells] = np.minimum(self.high[cells], high)
        fine = self._holds(cells)
        if not fine:
            self.because[int(cells[0])] = self.leaked
            for values, old in zip(changed, before, strict=True):
                values[cells] = old
        return fine

    def _holds(self, moved: np.ndarray) -> bool:
        """Narrow the bounds after a change; undo it and return False if a small count would keep too few values."""
        fine, trail = self.bounds.narrow(self.low, self.high, moved, self.small, self.policy.least_candidates)
        if not fine:
            leaked = int(trail[0][-1] if len(trail[0]) else next(cell for cell in moved if self.small[cell]))
            self.leaked = leaked, int(self.low[leaked]), int(self.high[leaked])
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
