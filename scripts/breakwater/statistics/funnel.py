"""Funnel limits: how far a small group may lie from the whole by chance alone."""

from scipy.stats import binom, poisson

LEVELS = (0.95, 0.998)


def of_proportion(target: float, group: int, confidence: float) -> tuple[float, float]:
    """Return the limits of a share in a group of so many, if the true share is `target` (0 to 1).

    Exact limits of the binomial distribution, interpolated so that they fall smoothly as groups grow.
    Source: Spiegelhalter 2005, Statistics in Medicine 24:1185-1202, appendix A.1.1.
    Raises ValueError unless 0 < target < 1 and group > 0.
    """
    if not 0 < target < 1 or group <= 0:
        raise ValueError("a funnel needs a target between 0 and 1 and a group that is not empty")
    law = binom(group, target)
    return tuple(min(max(_quantile(law, tail) / group, 0.0), 1.0) for tail in _tails(confidence))


def of_ratio(expected: float, confidence: float) -> tuple[float, float]:
    """Return the limits of observed over expected events, if the true ratio is 1. Source: as above, A.1.2."""
    if expected <= 0:
        raise ValueError("a funnel of a ratio needs events to be expected")
    law = poisson(expected)
    return tuple(max(_quantile(law, tail) / expected, 0.0) for tail in _tails(confidence))


def _tails(confidence: float) -> tuple[float, float]:
    return (1 - confidence) / 2, (1 + confidence) / 2


def _quantile(law, tail: float) -> float:
    """The count below which so much of the distribution lies, interpolated between whole numbers."""
    count = law.ppf(tail)
    return float(count - (law.cdf(count) - tail) / law.pmf(count))
