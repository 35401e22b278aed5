"""Indirect standardisation: what happened against what would have, had each group fared as in the standard."""

import math
from typing import NamedTuple

import numpy as np

from breakwater.statistics.poisson_limits import byar


class Ratio(NamedTuple):
    """Observed over expected with its 95% limits, and what was expected."""

    expected: float
    value: float
    lower: float
    upper: float


def standardised_ratio(observed: float, at_risk, standard_rates, confidence: float = 0.95) -> Ratio:
    """Return observed over expected events; 1 is as in the standard. NaN where nothing was expected.

    observed: events. at_risk, standard_rates: shape (groups,); people (or stays) and events per person in the standard.
    Limits are Byar's, exact below ten events. Source: Breslow and Day 1987, volume II, chapter 2.
    """
    expected = float((np.asarray(at_risk, float) * np.asarray(standard_rates, float)).sum())
    if expected <= 0:
        return Ratio(expected, math.nan, math.nan, math.nan)
    lower, upper = byar(observed, confidence)
    return Ratio(expected, observed / expected, lower / expected, upper / expected)
