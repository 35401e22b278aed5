"""95% and other limits of a count of events."""

import math

from scipy.stats import chi2, norm


def exact(events: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the exact limits of a Poisson count; the lower one of no event is 0.

    Source: Garwood 1936, Biometrika 28:437-442, by the chi-squared distribution (Ulm 1990, AJE 131:373-375).
    Raises ValueError where the count is negative.
    """
    _require_count(events)
    tail = (1 - confidence) / 2
    lower = chi2.ppf(tail, 2 * events) / 2 if events > 0 else 0.0
    return float(lower), float(chi2.ppf(1 - tail, 2 * events + 2) / 2)


def byar(events: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return Byar's approximation of the limits, good from ten events; fewer are given exactly.

    Source: Breslow and Day 1987, Statistical Methods in Cancer Research, volume II, page 69.
    Raises ValueError where the count is negative.
    """
    if events < 10:
        return exact(events, confidence)
    z, more = norm.ppf((1 + confidence) / 2), events + 1
    lower = events * (1 - 1 / (9 * events) - z / (3 * math.sqrt(events))) ** 3
    return float(lower), float(more * (1 - 1 / (9 * more) + z / (3 * math.sqrt(more))) ** 3)


def _require_count(events: float) -> None:
    if not events >= 0:
        raise ValueError("a count of events cannot be negative")
