"""Whether a share rises or falls over the years."""

from typing import NamedTuple

import numpy as np
from scipy.stats import chi2


class Trend(NamedTuple):
    """direction: rising, falling or none at the confidence asked for; statistic: chi-squared, one degree of freedom."""

    direction: str
    statistic: float
    p_value: float


def trend(events, of, confidence: float = 0.998) -> Trend:
    """Return the trend of events / of over periods of equal length, in order.

    events, of: shape (periods,). The confidence is that of Fingertips, 99.8%, for many trends are looked at together.
    Source: Armitage 1955, Biometrics 11:375-386 (chi-squared for a linear trend in proportions).
    Raises ValueError for fewer than three periods, or unless 0 <= events <= of and of > 0 in each.
    """
    events, of = np.asarray(events, float), np.asarray(of, float)
    if events.size < 3 or (of <= 0).any() or (events < 0).any() or (events > of).any():
        raise ValueError("a trend needs three periods, each with 0 to all of a group that is not empty")
    score = np.arange(events.size, dtype=float)
    whole, share = of.sum(), events.sum() / of.sum()
    score -= (score * of).sum() / whole
    variance = share * (1 - share) * (score**2 * of).sum()
    if variance == 0:
        return Trend("none", 0.0, 1.0)
    lean = float((score * events).sum())
    statistic = lean**2 / variance
    p_value = float(chi2.sf(statistic, 1))
    rising = "rising" if lean > 0 else "falling"
    return Trend(rising if p_value < 1 - confidence else "none", float(statistic), p_value)
