"""A figure against a benchmark."""

import math

JUDGED = {
    "higher_is_better": {"higher": "better", "lower": "worse"},
    "lower_is_better": {"higher": "worse", "lower": "better"},
    "neither": {},
}


def against(lower: float, upper: float, benchmark: float, polarity: str) -> str:
    """Return better, similar or worse; higher, similar or lower where the measure has no direction.

    lower, upper: limits of the figure. A benchmark between them, or at one of them, is similar. The interval of the
    benchmark is left out: chance plays little part in a whole country. polarity: higher_is_better, lower_is_better or
    neither.
    Raises ValueError on limits that are none, and on an unknown polarity.
    """
    if not lower <= upper or math.isnan(benchmark):
        raise ValueError("a comparison needs a lower and an upper limit, and a benchmark")
    if polarity not in JUDGED:
        raise ValueError("polarity is higher_is_better, lower_is_better or neither")
    if lower <= benchmark <= upper:
        return "similar"
    direction = "higher" if lower > benchmark else "lower"
    return JUDGED[polarity].get(direction, direction)
