"""XmR charts: which points of a series are more than its usual variation."""

from typing import NamedTuple

import numpy as np

LEAST_POINTS = 13
RUN, NEAR = 7, 2 / 3


class Limits(NamedTuple):
    """The mean and the natural process limits."""

    mean: float
    lower: float
    upper: float


class Chart(NamedTuple):
    """Limits, and the rules that each point breaks; shape (points,), an empty tuple where it breaks none."""

    limits: Limits
    signals: tuple[tuple[str, ...], ...]


def limits(values) -> Limits:
    """Return mean and limits of an XmR chart: mean +/- 2.66 x the mean moving range.

    Moving ranges of 3.267 times their mean or more are left out once, so that one jump does not widen the limits.
    Raises ValueError for fewer than two points.
    Source: Wheeler 2003, Making Sense of Data; NHS England, Making Data Count.
    """
    values = np.asarray(values, float)
    if values.size < 2:
        raise ValueError("a moving range needs two points")
    ranges = np.abs(np.diff(values))
    usual = ranges[ranges < 3.267 * ranges.mean()] if ranges.any() else ranges
    reach = 2.66 * (usual.mean() if usual.size else ranges.mean())
    mean = values.mean()
    return Limits(float(mean), float(mean - reach), float(mean + reach))


def chart(values) -> Chart:
    """Return the limits, and of each point which of four rules it breaks.

    outside: beyond a limit. shift: one of seven or more in a row on one side of the mean. trend: one of seven or more,
    each higher (or each lower) than the one before. near: one of two of three in a row in the outer third of one side.
    Raises ValueError for fewer than 13 points.
    """
    values = np.asarray(values, float)
    if values.size < LEAST_POINTS:
        raise ValueError(f"a chart needs {LEAST_POINTS} points")
    found = limits(values)
    side = np.sign(values - found.mean)
    step = np.sign(np.diff(values, prepend=values[0]))
    reach = (found.upper - found.mean) * NEAR
    rules = {
        "outside": (values > found.upper) | (values < found.lower),
        "shift": _runs(side, RUN),
        # seven points that rise are six steps up
        "trend": _with_the_point_before(_runs(step, RUN - 1)),
        "near": _two_of_three(values - found.mean > reach) | _two_of_three(found.mean - values > reach),
    }
    return Chart(found, tuple(tuple(name for name, at in rules.items() if at[i]) for i in range(values.size)))


def _runs(signs: np.ndarray, length: int) -> np.ndarray:
    """Mark the points of every run of one sign, not zero, that is at least so long."""
    marked, start = np.zeros(signs.size, bool), 0
    for end in range(1, signs.size + 1):
        if end == signs.size or signs[end] != signs[start]:
            marked[start:end] = bool(signs[start]) and end - start >= length
            start = end
    return marked


def _with_the_point_before(steps: np.ndarray) -> np.ndarray:
    return steps | np.append(steps[1:], False)


def _two_of_three(near: np.ndarray) -> np.ndarray:
    marked = np.zeros(near.size, bool)
    for start in range(near.size - 2):
        if near[start : start + 3].sum() >= 2:
            marked[start : start + 3] |= near[start : start + 3]
    return marked
