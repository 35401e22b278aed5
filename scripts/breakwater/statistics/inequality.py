"""Slope and relative index of inequality over groups in order of deprivation."""

import math
from typing import NamedTuple

import numpy as np
from scipy.stats import norm


class Index(NamedTuple):
    """An index with its limits; the limits are NaN where no standard errors were given."""

    value: float
    lower: float
    upper: float


class Inequality(NamedTuple):
    """slope: least deprived less most deprived, in the unit of the values. relative: the one over the other."""

    slope: Index
    relative: Index


def inequality(values, people, standard_errors=None, confidence: float = 0.95) -> Inequality:
    """Return both indices of groups given most deprived first.

    values, people, standard_errors: shape (groups,). The line is the regression of Y sqrt(a) on sqrt(a) and b sqrt(a),
    a the share of people, b the mid-rank of their cumulative share. Its ends, at 0 and 1, are weighted sums of the
    values, so their variances follow from those of the groups; the limits of the ratio are taken on its logarithm.
    Raises ValueError for fewer than three groups or a group without people.
    Sources: Pamuk 1985, Population Studies 39:17-31; Low and Low 2004, Journal of Public Health 26:388-395.
    """
    values, people = np.asarray(values, float), np.asarray(people, float)
    if values.size < 3 or (people <= 0).any():
        raise ValueError("an index of inequality needs three groups or more, with people in each")
    share = people / people.sum()
    rank = np.cumsum(share) - share / 2
    root = np.sqrt(share)
    # the fit at rank 0 (most deprived) and its slope, as weights of the values
    fit = np.linalg.pinv(np.stack([root, rank * root], axis=1)) * root
    ends = np.stack([fit[0], fit[0] + fit[1]])  # at ranks 0 and 1
    most, least = ends @ values
    if standard_errors is None:
        none = math.nan
        return Inequality(Index(float(least - most), none, none), Index(_ratio(least, most), none, none))
    variance = ends * np.asarray(standard_errors, float) ** 2 @ ends.T
    z = norm.ppf((1 + confidence) / 2)
    reach = z * math.sqrt(variance[0, 0] + variance[1, 1] - 2 * variance[0, 1])
    slope = Index(*(float(least - most + sign * reach) for sign in (0, -1, 1)))
    ratio = _ratio(least, most)
    if math.isnan(ratio):
        return Inequality(slope, Index(ratio, ratio, ratio))
    spread = variance[0, 0] / most**2 + variance[1, 1] / least**2 - 2 * variance[0, 1] / (most * least)
    relative = Index(
        *(float(ratio * math.exp(sign * z * math.sqrt(max(spread, 0.0)))) for sign in (0, -1, 1))
    )
    return Inequality(slope, relative)


def _ratio(least: float, most: float) -> float:
    """The ratio of two ends of a line: none where the line goes through zero between them."""
    return float(least / most) if most > 0 and least > 0 else math.nan
