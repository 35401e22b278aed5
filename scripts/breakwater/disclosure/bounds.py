"""Bounds propagation, compiled: what each cell can be narrowed to by all sums it stands in (the shuttle algorithm).

A worklist of sums whose members have moved. Bounds only ever narrow, so the result does not depend on the order; to
show one cell more is to narrow its own bounds and go on from there, and a trail takes that back.
"""

import numpy as np
from numba import njit

UNBOUNDED = 1 << 40
SLACK = 1e-6  # of a person; whole numbers are wanted, so this only absorbs floating-point error
# A sum is looked at so often in one call at most: great bounds that creep by ones are then left a little wide.
PATIENCE = 2000


class Bounds:
    """The sums of a system as rows, and which rows each cell stands in: rows_of[rows_start[c]:rows_start[c + 1]].

    The first rows are the relations, part sums of a whole; the others are published weighted sums.
    """

    def __init__(self, system, sums):
        relations = len(system.whole)
        self.system, self.sums = system, sums
        owner = np.repeat(np.arange(relations), np.diff(system.start))
        weighted = np.repeat(np.arange(len(sums.low)), np.diff(sums.start)) + relations
        cell = np.concatenate([system.part, system.whole, sums.part])
        row = np.concatenate([owner, np.arange(relations), weighted])
        order = np.argsort(cell, kind="stable")
        self.rows_of = row[order]
        self.rows_start = np.searchsorted(cell[order], np.arange(len(system.cells) + 1))

    def narrow(self, low, high, moved, target=None, least: int = 0):
        """Narrow low and high in place, given the cells that have moved; return (whether all is well, trail).

        target: one boolean a cell. Stops, and says that all is not well, as soon as one of these would keep fewer than
        `least` values.
        """
        target = np.zeros(len(low), np.bool_) if target is None else target
        system, sums = self.system, self.sums
        fine, *trail = _narrow(
            system.whole, system.part, system.start, sums.part, sums.coefficient, sums.start, sums.low, sums.high,
            sums.shown, self.rows_of, self.rows_start, low, high, np.asarray(moved, np.int64), target, least,
        )  # fmt: skip
        return fine, trail


def take_back(low: np.ndarray, high: np.ndarray, trail) -> None:
    """Undo one call of `narrow`."""
    cells, lows, highs = trail
    # the first entry of a cell is the oldest: written last, it wins
    low[cells[::-1]], high[cells[::-1]] = lows[::-1], highs[::-1]


@njit(cache=True)
def _narrow(
    whole, part, start, sum_part, coefficient, sum_start, sum_low, sum_high, shown, rows_of, rows_start, low, high,
    moved, target, least,
):  # fmt: skip
    relations = len(whole)
    rows = relations + len(sum_low)
    queue = np.empty(rows + 1, np.int64)  # a ring in which each row waits at most once
    waiting = np.zeros(rows, np.bool_)
    looked = np.zeros(rows, np.int64)
    ends = np.zeros(2, np.int64)  # first in the queue, and how many
    trail_cell, trail_low, trail_high = (
        np.empty(256, np.int64),
        np.empty(256, np.int64),
        np.empty(256, np.int64),
    )
    used = 0
    for cell in moved:
        if target[cell] and high[cell] - low[cell] + 1 < least:
            return False, trail_cell[:0], trail_low[:0], trail_high[:0]
        _wake(cell, rows_of, rows_start, queue, waiting, ends)
    while ends[1]:
        row = queue[ends[0]]
        ends[0], ends[1] = (ends[0] + 1) % (rows + 1), ends[1] - 1
        waiting[row] = False
        looked[row] += 1
        if looked[row] > PATIENCE or (row >= relations and not shown[row - relations]):
            continue
        if row < relations:
            begin, end = start[row], start[row + 1]
            members = part[begin:end]
            lows, highs = 0, 0
            for cell in members:
                lows, highs = lows + low[cell], highs + high[cell]
            if lows == highs == low[whole[row]] == high[whole[row]]:
                continue
        else:
            begin, end = sum_start[row - relations], sum_start[row - relations + 1]
            members = sum_part[begin:end]
            real_low, real_high, open_ended = 0.0, 0.0, 0
            for position in range(begin, end):
                cell = sum_part[position]
                real_low += coefficient[position] * low[cell]
                # without a bound there is nothing to add: a great number would drown the others
                open_ended += high[cell] >= UNBOUNDED
                real_high += coefficient[position] * high[cell] * (high[cell] < UNBOUNDED)
        for position in range(-1, end - begin):
            if row >= relations:
                if position < 0:
                    continue
                cell, weight = members[position], coefficient[begin + position]
                up = (sum_high[row - relations] - (real_low - weight * low[cell])) / weight + SLACK
                new_high = min(high[cell], np.int64(np.floor(min(max(up, -1.0), float(UNBOUNDED)))))
                new_low = low[cell]
                if open_ended == (high[cell] >= UNBOUNDED):
                    others = real_high - weight * high[cell] * (high[cell] < UNBOUNDED)
                    down = (sum_low[row - relations] - others) / weight - SLACK
                    new_low = max(new_low, np.int64(np.ceil(min(max(down, 0.0), float(UNBOUNDED)))))
            elif position < 0:
                cell = whole[row]
                new_low, new_high = max(low[cell], lows), min(high[cell], highs)
            else:
                cell = members[position]
                new_low = max(low[cell], low[whole[row]] - (highs - high[cell]))
                new_high = min(high[cell], high[whole[row]] - (lows - low[cell]))
            if new_low == low[cell] and new_high == high[cell]:
                continue
            if used == len(trail_cell):
                trail_cell, trail_low, trail_high = (
                    _longer(trail_cell),
                    _longer(trail_low),
                    _longer(trail_high),
                )
            trail_cell[used], trail_low[used], trail_high[used] = cell, low[cell], high[cell]
            used += 1
            if row < relations and position >= 0:
                lows, highs = lows + new_low - low[cell], highs + new_high - high[cell]
            elif row >= relations:
                was_open, is_open = high[cell] >= UNBOUNDED, new_high >= UNBOUNDED
                open_ended += is_open - was_open
                real_low += weight * (new_low - low[cell])
                real_high += weight * (new_high * (not is_open) - high[cell] * (not was_open))
            low[cell], high[cell] = new_low, new_high
            if target[cell] and new_high - new_low + 1 < least:
                return False, trail_cell[:used], trail_low[:used], trail_high[:used]
            _wake(cell, rows_of, rows_start, queue, waiting, ends)
    return True, trail_cell[:used], trail_low[:used], trail_high[:used]


@njit(cache=True)
def _wake(cell, rows_of, rows_start, queue, waiting, ends):
    """Put the rows of a cell that has moved into the queue, the one at work too: its other members may move again."""
    for position in range(rows_start[cell], rows_start[cell + 1]):
        row = rows_of[position]
        if not waiting[row]:
            waiting[row] = True
            queue[(ends[0] + ends[1]) % len(queue)] = row
            ends[1] += 1


@njit(cache=True)
def _longer(values):
    longer = np.empty(2 * len(values), values.dtype)
    longer[: len(values)] = values
    return longer
