"""Funnel plots: how far an area's figure may lie from the average by chance, given its size.

Limits are quantiles of the binomial (proportions) or Poisson (rates) distribution around the average, interpolated
between whole numbers: Spiegelhalter 2005, Statistics in Medicine 24:1185-1202. The quantiles by the expansion of
Cornish and Fisher 1938, Revue de l'Institut International de Statistique 5:307-320, which needs no tables; a test holds
them to the exact ones of `breakwater.statistics`.
"""

import math

# Standard normal deviates of two-sided 95% and 99.8%.
INNER, OUTER = 1.959964, 3.090232


def proportion_limits(average: float, size: float, deviate: float) -> tuple[float, float]:
    """Return lower and upper limit of a proportion; average in 0..1, size in people (or whatever is counted)."""
    spread = math.sqrt(size * average * (1 - average))
    if not spread:
        return average, average
    skew, tails = (1 - 2 * average) / spread, (1 - 6 * average * (1 - average)) / spread**2
    low, high = (_quantile(size * average, spread, skew, tails, z) / size for z in (-deviate, deviate))
    return max(0.0, low), min(1.0, high)


def rate_limits(average: float, size: float, deviate: float) -> tuple[float, float]:
    """Return lower and upper limit of a rate; average in events per person, size in people."""
    expected = average * size
    if expected <= 0:
        return 0.0, 0.0
    spread = math.sqrt(expected)
    low, high = (_quantile(expected, spread, 1 / spread, 1 / expected, z) / size for z in (-deviate, deviate))
    return max(0.0, low), high


def _quantile(mean: float, spread: float, skew: float, tails: float, z: float) -> float:
    """Return the count at a normal deviate z; half is taken off because counts are whole numbers."""
    bent = z + (z**2 - 1) * skew / 6 + (z**3 - 3 * z) * tails / 24 - (2 * z**3 - 5 * z) * skew**2 / 36
    return mean + spread * bent - 0.5


def place(value: float, average: float, size: float, *, proportion: bool) -> str:
    """Return 'high' or 'low' beyond the 99.8% limits, 'higher' or 'lower' beyond the 95% ones, else 'usual'.

    value and average: as a share or as events per person.
    """
    limits = proportion_limits if proportion else rate_limits
    for deviate, names in ((OUTER, ("low", "high")), (INNER, ("lower", "higher"))):
        low, high = limits(average, size, deviate)
        if value < low:
            return names[0]
        if value > high:
            return names[1]
    return "usual"
