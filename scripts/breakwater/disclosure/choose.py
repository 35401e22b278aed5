"""What to withhold: of the sums that make bounds too tight, the cells that cost least for what they save."""

from heapq import heapify, heappop, heappush

import numpy as np

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

    def options(self, cell: int, farthest: int) -> tuple[str, list[int]]:
        """Return what could be withheld for a cell: ("cells", any of them), ("sums", ...), ("block", all together).

        Looks first into the relations that make the cell's bounds tight, then into what makes the bounds of their
        other members tight, and so on outwards; the nearest that has something to offer is taken.
        """
        system = self.system
        seen_cells, seen_relations, frontier, parts_of_small = {cell}, set(), [cell], []
        while frontier and len(seen_relations) < farthest:
            found, weighted, following = [], [], []
            near = not parts_of_small
            for target in frontier:
                for relation in self.relations[self.start[target] : self.start[target + 1]].tolist():
                    if relation in seen_relations:
                        continue
                    seen_relations.add(relation)
                    parts = system.part[system.start[relation] : system.start[relation + 1]].tolist()
                    whole = int(system.whole[relation])
                    if near and self.small_total[whole]:
                        parts_of_small += [part for part in parts if self.blockable[part]]
                    for other in (*parts, whole):
                        if other not in seen_cells:
                            seen_cells.add(other)
                            if self.useful[other]:
                                found.append(other)
                            if self.derived[other]:
                                following.append(other)
                weighted += self._shown_sums_of(target)
            if found:
                return "cells", found
            if weighted:
                return "sums", weighted
            frontier = following
        # Nothing shown makes the bounds tight: the nearest small total and the zeros among its parts do.
        return "block", parts_of_small

    def _shown_sums_of(self, cell: int) -> list[int]:
        first, last = self.bounds.rows_start[cell], self.bounds.rows_start[cell + 1]
        sums = self.bounds.rows_of[first:last] - len(self.system.whole)
        return [one for one in sums.tolist() if one >= 0 and self.sums.shown[one]]


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
