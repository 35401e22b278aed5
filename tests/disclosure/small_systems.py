"""Small random systems of which every solution can be listed: tables with their totals, each cell in an interval."""

from itertools import product

import numpy as np
from breakwater.disclosure.attack.linear import LinearSystem


def random_system(
    rng: np.random.Generator, shape: tuple[int, ...], most: int = 6
) -> tuple[LinearSystem, np.ndarray]:
    """Return a table of this shape with every total as a cell, each within a random interval, and its true counts.

    No inner cell can be over `most`, so `every_solution` is complete.
    """
    members = [
        np.array(
            [all(w in ("all", v) for w, v in zip(where, inner, strict=True)) for inner in np.ndindex(shape)]
        )
        for where in product(*(("all", *range(size)) for size in shape))
    ]
    weights = np.array(members, int)
    inner = rng.integers(0, most + 1, np.prod(shape))
    true = weights @ inner
    slack = rng.choice([0, 1, 2, most], size=(2, len(true)), p=[0.3, 0.2, 0.2, 0.3])
    low, high = np.maximum(true - slack[0], 0), true + slack[1]
    single = weights.sum(axis=1) == 1
    high[single] = np.minimum(high[single], most)
    row, cell, weight, count = [], [], [], 0
    for axis in range(len(shape)):
        for number, where in enumerate(product(*(("all", *range(size)) for size in shape))):
            if where[axis] == "all":
                parts = [_at(shape, (*where[:axis], part, *where[axis + 1 :])) for part in range(shape[axis])]
                row += [count] * (len(parts) + 1)
                cell += [*parts, number]
                weight += [1.0] * len(parts) + [-1.0]
                count += 1
    nothing = np.zeros(count)
    entries = np.array(row), np.array(cell), np.array(weight)
    return LinearSystem(low.astype(float), high.astype(float), *entries, nothing, nothing.copy()), true


def _at(shape: tuple[int, ...], where: tuple) -> int:
    places = [0 if w == "all" else w + 1 for w in where]
    return int(np.ravel_multi_index(places, [size + 1 for size in shape]))


def every_solution(system: LinearSystem, shape: tuple[int, ...], most: int = 6) -> np.ndarray:
    """Return all whole-number tables that agree with the system, by brute force; shape (solutions, cells)."""
    axis = np.arange(most + 1)
    inner = np.stack([g.ravel() for g in np.meshgrid(*[axis] * int(np.prod(shape)), indexing="ij")])
    weights = np.array([
        [all(w in ("all", v) for w, v in zip(where, at, strict=True)) for at in np.ndindex(shape)]
        for where in product(*(("all", *range(size)) for size in shape))
    ], int)  # fmt: skip
    tables = weights @ inner
    agree = ((tables >= system.low[:, None]) & (tables <= system.high[:, None])).all(axis=0)
    return tables[:, agree].T
