"""Bounds propagation: each sum narrows its parts and its whole, in turns, until nothing moves."""

import numpy as np

from breakwater.disclosure.attack.linear import LinearSystem
from breakwater.disclosure.attack.published import FAR


def tighten(system: LinearSystem, sweeps: int = 300) -> tuple[np.ndarray, np.ndarray]:
    """Return low and high as narrowed by each row in turn, over whole numbers, until nothing moves.

    Sound at any number of sweeps: each bound found is a true one. Cost: a few passes over the entries a sweep.
    Source: the shuttle algorithm, Buzzigoli and Giusti 1999; interval tightening of linear programming's presolve.
    Raises ValueError if a bound passes its opposite: the release contradicts itself.
    """
    row, node, weight = system.row, system.cell, system.weight
    least, most, low, high = system.least, system.most, system.low.copy(), system.high.copy()
    up = weight > 0
    for _ in range(sweeps):
        smallest = weight * np.where(up, low[node], high[node])
        largest = weight * np.where(up, high[node], low[node])
        row_smallest = np.bincount(row, smallest, len(least))
        row_largest = np.bincount(row, largest, len(least))
        above = (most[row] - (row_smallest[row] - smallest)) / weight
        below = (least[row] - (row_largest[row] - largest)) / weight
        new_high, new_low = high.copy(), low.copy()
        ceiling, floor = np.where(up, above, below), np.where(up, below, above)
        np.minimum.at(new_high, node, np.floor(np.clip(ceiling, -1, FAR) + 1e-6))
        np.maximum.at(new_low, node, np.ceil(np.clip(floor, 0, FAR) - 1e-6))
        if (new_low > new_high).any():
            raise ValueError("the published cells contradict one another")
        if np.array_equal(new_low, low) and np.array_equal(new_high, high):
            break
        low, high = new_low, new_high
    return low, high
