"""What to withhold: of the sums that make bounds too tight, the cells that cost least for what they save."""

from heapq import heapify, heappop, heappush

import numpy as np
from numba import njit

CELLS, SUMS, BLOCK = "cells", "sums", "block"
KINDS = ("nothing", CELLS, SUMS, BLOCK)
# How many relations a search for something to withhold looks at before it settles for a block; more if none is near.
FARTHEST = 300


class Search:
    """Finds, with the bounds of one round, what makes a cell's bounds as tight as they are.

    useful: cells that may be withheld; blockable: cells that may be part of a block; small_total: wholes whose parts
    may be withheld as one.
    """

    def __init__(self, bounds, useful, blockable, small_total, prior, low, high):
        self.bounds, self.system, self.sums = bounds, bounds.system, bounds.sums
        self.useful, self.blockable, self.small_total = useful, blockable, small_total
        # only bounds that sums have narrowed need an explanation; the others are what was published
        self.derived = (low > prior[0]) | (high < prior[1])
        self.relations, self.start = self._tight(low, high)

    def _tight(self, low: np.ndarray, high: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return, per cell, the relations that by themselves give one of its bounds, in compressed rows."""
        part, whole, starts = self.system.part, self.system.whole, self.system.start
        cells = len(low)
        if not len(whole):
            return np.empty(0, np.int64), np.zeros(cells + 1, np.int64)
        lows, highs = np.add.reduceat(low[part], starts[:-1]), np.add.reduceat(high[part], starts[:-1])
        owner = np.repeat(np.arange(len(whole)), np.diff(starts))
        from_above = high[whole][owner] - (lows[owner] - low[part]) <= high[part]
        from_below = low[whole][owner] - (highs[owner] - high[part]) >= low[part]
        of_whole = (lows >= low[whole]) | (highs <= high[whole])
        tight = np.concatenate([from_above | from_below, of_whole])
        cell = np.concatenate([part, whole])[tight]
        relation = np.concatenate([owner, np.arange(len(whole))])[tight]
        order = np.argsort(cell, kind="stable")
        return relation[order], np.searchsorted(cell[order], np.arange(cells + 1))

    def options(self, leaking: np.ndarray, farthest: int) -> list[tuple[str, list[int]]]:
        """Return for each cell what could be withheld: (CELLS, any of them), (SUMS, any), (BLOCK, all together).

        Looks first into the relations that make the cell's bounds tight, then into what makes the bounds of their
        other members tight, and so on outwards; the nearest that has something to offer is taken.
        """
        system, bounds = self.system, self.bounds
        kinds, found, ends = _options(
            leaking, farthest, system.whole, system.part, system.start, self.relations, self.start, self.useful,
            self.blockable, self.small_total, self.derived, bounds.rows_of, bounds.rows_start, self.sums.shown,
        )  # fmt: skip
        lists = np.split(found, ends[:-1])
        return [(KINDS[kind], options.tolist()) for kind, options in zip(kinds, lists, strict=True)]


@njit(cache=True)
def _options(
    leaking, farthest, whole, part, start, tight, tight_start, useful, blockable, small_total, derived, rows_of,
    rows_start, shown,
):  # fmt: skip
    kinds, ends = np.zeros(len(leaking), np.int64), np.zeros(len(leaking), np.int64)
    found, used = np.empty(1024, np.int64), 0
    # which search has seen a cell or relation last: nothing to clear between searches
    seen_cell, seen_relation = np.full(len(useful), -1, np.int64), np.full(len(whole), -1, np.int64)
    frontier, following = np.empty(len(useful), np.int64), np.empty(len(useful), np.int64)
    for number in range(len(leaking)):
        first, block_end, kind = used, used, 0
        frontier[0], size, relations_seen = leaking[number], 1, 0
        seen_cell[leaking[number]] = number
        while size and kind == 0 and relations_seen < farthest:
            ahead, near = 0, block_end == first
            cells_from = used
            sums_of = -1
            for target in frontier[:size]:
                for at in range(tight_start[target], tight_start[target + 1]):
                    relation = tight[at]
                    if seen_relation[relation] == number:
                        continue
                    seen_relation[relation] = number
                    relations_seen += 1
                    members = start[relation + 1] - start[relation]
                    for position in range(members + 1):
                        cell = part[start[relation] + position] if position < members else whole[relation]
                        if near and position < members and small_total[whole[relation]] and blockable[cell]:
                            # parts of a small total come before the cells, in the same list
                            found, used = _insert(found, used, block_end, cell)
                            block_end, cells_from = block_end + 1, cells_from + 1
                        if seen_cell[cell] == number:
                            continue
                        seen_cell[cell] = number
                        if useful[cell]:
                            found, used = _insert(found, used, used, cell)
                        if derived[cell]:
                            following[ahead] = cell
                            ahead += 1
                if used == cells_from and sums_of < 0:
                    for at in range(rows_start[target], rows_start[target + 1]):
                        weighted = rows_of[at] - len(whole)
                        if weighted >= 0 and shown[weighted]:
                            sums_of = weighted
                            break
            if used > cells_from:
                kind = 1
                found[first : first + used - cells_from] = found[cells_from:used].copy()
                used = first + used - cells_from
            elif sums_of >= 0:
                kind = 2
                used = first
                found, used = _insert(found, used, used, sums_of)
            frontier, following = following, frontier
            size = ahead
        if kind == 0 and block_end > first:
            # nothing shown makes the bounds tight: the nearest small total and the zeros among its parts do
            kind = 3
        elif kind == 0:
            used = first
        kinds[number], ends[number] = kind, used
    return kinds, found[:used], ends


@njit(cache=True)
def _insert(values, used, at, value):
    """Put a value at a place of a list that grows."""
    if used == len(values):
        longer = np.empty(2 * used, np.int64)
        longer[:used] = values
        values = longer
    for position in range(used, at, -1):
        values[position] = values[position - 1]
    values[at] = value
    return values, used + 1


def cheapest_cover(options: list[list[int]], cost: np.ndarray) -> set[int]:
    """Return cells of which each list of options holds one: those that serve most for what they cost, first."""
    serves: dict[int, set[int]] = {}
    for number, cells in enumerate(options):
        for cell in cells:
            serves.setdefault(cell, set()).add(number)
    # lazily: a score only falls as others are chosen, so the first that still has its score is the best
    heap = [(-len(found) / cost[cell], cell) for cell, found in serves.items()]
    heapify(heap)
    waiting, chosen = {number for number, cells in enumerate(options) if cells}, set()
    while waiting:
        score, cell = heappop(heap)
        now = -len(serves[cell] & waiting) / cost[cell]
        if now > score:
            heappush(heap, (now, cell))
        else:
            chosen.add(cell)
            waiting -= serves[cell]
    return chosen
