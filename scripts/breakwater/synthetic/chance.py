"""Random draws that many steps share. Every step has its own stream: changing one leaves the others."""

import zlib

import numpy as np


def stream(seed: int, step: str) -> np.random.Generator:
    """Return the generator of a step: the same for the same seed and name."""
    return np.random.default_rng([seed, zlib.crc32(step.encode())])


def choose(rng: np.random.Generator, cumulative: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return one column per entry of `rows`, drawn with the probabilities of that row.

    cumulative: cumulative probabilities, shape (rows of the table, choices), last column 1.
    """
    u = rng.random(rows.size)
    result = np.empty(rows.size, dtype=np.int64)
    order = np.argsort(rows, kind="stable")
    edges = np.searchsorted(rows[order], np.arange(cumulative.shape[0] + 1))
    for row in range(cumulative.shape[0]):
        some = order[edges[row] : edges[row + 1]]
        result[some] = np.searchsorted(cumulative[row], u[some], side="right")
    return np.minimum(result, cumulative.shape[1] - 1)


def spread(rng: np.random.Generator, chance: np.ndarray, *groups: np.ndarray) -> np.ndarray:
    """Return who is drawn, each with their own chance, evenly over the groups.

    Systematic sampling: the number drawn from a group differs from what is expected by less than one person.
    groups: the first is the outermost. Source: Cochran 1977, Sampling Techniques, chapter 8.
    """
    order = np.lexsort((rng.random(chance.size), *reversed(groups)))
    running = np.cumsum(chance[order]) + rng.random()
    drawn = np.empty(chance.size, dtype=bool)
    drawn[order] = np.floor(running) > np.floor(np.append(running[:1] - chance[order][:1], running[:-1]))
    return drawn


def pick(rng: np.random.Generator, weights, size: int) -> np.ndarray:
    """Return `size` positions drawn in proportion to the weights."""
    cumulative = np.cumsum(np.asarray(weights, dtype=float))
    positions = np.searchsorted(cumulative / cumulative[-1], rng.random(size), side="right")
    return np.minimum(positions, cumulative.size - 1)


def lognormal_days(rng: np.random.Generator, median: np.ndarray, spread: float, most: int) -> np.ndarray:
    """Return whole days, at least 1 and at most `most`, lognormal around the medians."""
    days = np.ceil(median * np.exp(spread * rng.standard_normal(np.shape(median))))
    return np.clip(days, 1, most).astype(np.int32)


def mean_one(values: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Return the values divided by the mean of their group, so that the group's rate stays what it was."""
    size = int(groups.max()) + 1 if groups.size else 0
    mean = np.bincount(groups, values, size) / np.maximum(np.bincount(groups, minlength=size), 1)
    return values / mean[groups]
