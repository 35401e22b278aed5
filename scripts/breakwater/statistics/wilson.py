"""The interval of a proportion."""

import math

from scipy.stats import norm


def wilson(events: float, of: float, confidence: float = 0.95) -> tuple[float, float]:
    """Return the score limits of events / of, as shares of 1.

    Source: Wilson 1927, JASA 22:209-212; recommended by Newcombe 1998, Statistics in Medicine 17:857-872.
    Raises ValueError unless 0 <= events <= of and of > 0.
    """
    if not 0 <= events <= of or of <= 0:
        raise ValueError("a proportion needs 0 to all of a group that is not empty")
    z = norm.ppf((1 + confidence) / 2)
    middle, whole = 2 * events + z * z, 2 * (of + z * z)
    reach = z * math.sqrt(z * z + 4 * events * (1 - events / of))
    return float(max(0.0, (middle - reach) / whole)), float(min(1.0, (middle + reach) / whole))
