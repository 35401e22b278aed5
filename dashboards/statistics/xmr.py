"""XmR charts: process limits of a series over time, and the points that chance alone does not explain.

The pages have their own, without arrays and with room for periods that are not shown, because nothing of the pipeline
comes through the wall; a test holds it to `breakwater.statistics`.

Source: NHS England, Making data count. Limits: Provost and Murray, The Health Care Data Guide, 2011, chapter 4; the
screening of moving ranges at 3.267 times their mean: Nelson 1982, Journal of Quality Technology 14:172-173.
"""

from dataclasses import dataclass

# Three standard deviations over d2 of a range of two, and the upper limit of such ranges.
LIMIT, SCREEN = 2.66, 3.267
# Fewer points than this tell nothing about what is usual; so many in a row make a run or a trend.
FEWEST, RUN = 13, 7
RULES = {
    "outside": "outside the limits",
    "shift": "seven or more in a row on one side of the average",
    "trend": "seven or more in a row rising or falling",
    "near": "two of three near the same limit",
}


@dataclass(frozen=True)
class Limits:
    """Average and natural limits of a series, in its own unit."""

    centre: float
    lower: float
    upper: float

    @property
    def third(self) -> float:
        """Return two thirds of the way from the average to a limit: beyond it a point is near the limit."""
        return (self.upper - self.centre) * 2 / 3


def limits(values: list[float | None]) -> Limits | None:
    """Return the limits of values in order of time; None where fewer than 13 are known.

    None among the values is a period whose figure is not shown: no range is taken across it.
    """
    known = [value for value in values if value is not None]
    if len(known) < FEWEST:
        return None
    pairs = zip(values, values[1:], strict=False)
    ranges = [abs(after - before) for before, after in pairs if before is not None and after is not None]
    if not ranges:
        return None
    mean = sum(ranges) / len(ranges)
    kept = [one for one in ranges if one < SCREEN * mean] or ranges
    centre, reach = sum(known) / len(known), LIMIT * sum(kept) / len(kept)
    return Limits(centre, centre - reach, centre + reach)


def signals(values: list[float | None], found: Limits) -> list[frozenset[str]]:
    """Return the rules (keys of RULES) that each value breaks; none for a value that is not known."""
    sides = [0 if value is None else (value > found.centre) - (value < found.centre) for value in values]
    broken: list[set[str]] = [set() for _ in values]
    for n, value in enumerate(values):
        if value is not None and not found.lower <= value <= found.upper:
            broken[n].add("outside")
    steps = [0 if None in pair else (pair[1] > pair[0]) - (pair[1] < pair[0])
             for pair in zip(values, values[1:], strict=False)]  # fmt: skip
    for first in range(len(values) - RUN + 1):
        window = range(first, first + RUN)
        if abs(sum(sides[n] for n in window)) == RUN:
            for n in window:
                broken[n].add("shift")
        if abs(sum(steps[first : first + RUN - 1])) == RUN - 1:
            for n in window:
                broken[n].add("trend")
    outer = [side * (value is not None and abs(value - found.centre) > found.third)
             for side, value in zip(sides, values, strict=True)]  # fmt: skip
    for first in range(len(values) - 2):
        window = range(first, first + 3)
        for side in (-1, 1):
            if sum(outer[n] == side for n in window) >= 2:
                for n in window:
                    if outer[n] == side:
                        broken[n].add("near")
    return [frozenset(rules) for rules in broken]


def kind(value: float, rules: frozenset[str], found: Limits, polarity: str) -> str:
    """Return common, improvement, concern or neither; a signal is judged by its side of the average."""
    if not rules:
        return "common"
    good = {"higher_is_better": 1, "lower_is_better": -1}.get(polarity)
    side = (value > found.centre) - (value < found.centre)
    if good is None or side == 0:
        return "neither"
    return "improvement" if side == good else "concern"
