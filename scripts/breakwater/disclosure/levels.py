"""Levels: how finely a cell is cut in each dimension, and which levels are parts of which.

A level is a tuple (period, area, age, sex). What is released at one level can be summed to every coarser one, so
the cells of the coarser levels exist for an intruder whether they are released or not: `closure`.
"""

from collections.abc import Iterable
from itertools import combinations, product
from typing import NamedTuple

from breakwater.errors import Refusal

FIVE_YEAR_BANDS = tuple(f"{start}-{start + 4}" for start in range(0, 90, 5)) + ("90+",)
BROAD_BANDS = {"0-19": (0, 20), "20-64": (20, 65), "65-74": (65, 75), "75-84": (75, 85), "85+": (85, 200)}

# Each dimension as a graph: level -> the next coarser levels, whose cells are sums of this one's.
COARSER = {
    "period": {"month": ("quarter",), "quarter": ("year",), "year": (), "mid_year": ()},
    "area": {
        "small_area": ("ward", "quintile"),
        "ward": ("locality",),
        "locality": ("place",),
        "quintile": ("place",),
        "practice": ("place",),
        "place": (),
    },
    "age": {"five_year": ("broad",), "broad": ("all",), "all": ()},
    "sex": {"each": ("all",), "all": ()},
}


class Level(NamedTuple):
    """How finely a cell is cut: names of COARSER in each dimension."""

    period: str
    area: str
    age: str
    sex: str


def broad_band(five_year_band: str) -> str:
    """Return the broad age band that holds a five-year band."""
    start = int(five_year_band.split("-")[0].rstrip("+"))
    return next(name for name, (low, high) in BROAD_BANDS.items() if low <= start < high)


def expand(where: str, cut: dict) -> list[Level]:
    """Return the levels that a cut of the catalogue lists, for example {period: [year], area: [ward], ...}."""
    if set(cut) != set(COARSER):
        raise Refusal(f"{where}: a cut names exactly {', '.join(COARSER)}.")
    for dimension, names in cut.items():
        unknown = set(names) - set(COARSER[dimension])
        if unknown:
            raise Refusal(f"{where}: {dimension} must be of {', '.join(COARSER[dimension])}.")
    return [Level(*names) for names in product(*(cut[dimension] for dimension in COARSER))]


def coarser(level: Level) -> Iterable[tuple[str, Level]]:
    """Yield (dimension, level) for each level one step coarser in one dimension."""
    for dimension in COARSER:
        for name in COARSER[dimension][getattr(level, dimension)]:
            yield dimension, level._replace(**{dimension: name})


def closure(cuts: Iterable[Level]) -> set[Level]:
    """Return the cuts and every level coarser than one of them."""
    found: set[Level] = set()
    waiting = list(cuts)
    while waiting:
        level = waiting.pop()
        if level not in found:
            found.add(level)
            waiting.extend(step for _, step in coarser(level))
    return found


def set_name(categories: Iterable[str]) -> str:
    """Return the name of a set of categories, by which numerators, denominators and differences are known."""
    return " + ".join(sorted(categories))


def sets_of(series_list: Iterable) -> dict[str, tuple[frozenset[str], set[Level]]]:
    """Return every set of categories whose cells a reader has or can work out, with the levels it exists at.

    Sets that are counted or divided by, and the difference of any two of which one holds the other: a proportion
    publishes its complement, spells less people are repeat spells. series_list: all series that count rows of one
    units model, of whatever measure. Shape: name -> (categories, levels).
    """
    named: dict[frozenset[str], set[Level]] = {}
    for series in series_list:
        cuts = set(series.cuts)
        if series.kind == "directly_standardised_rate":
            # The rate is a weighted sum over five-year bands, whether those are released or not.
            cuts |= {cut._replace(age="five_year") for cut in series.cuts}
        for categories in filter(None, (series.counts, series.of, series.pending)):
            named.setdefault(frozenset(categories), set()).update(closure(cuts))
    differences: dict[frozenset[str], set[Level]] = {}
    for part, whole in combinations(
        sorted(named, key=lambda categories: (len(categories), sorted(categories))), 2
    ):
        if part < whole and (shared := named[part] & named[whole]):
            differences.setdefault(whole - part, set()).update(shared)
    for categories, shared in differences.items():
        named.setdefault(categories, set()).update(shared)
    return {set_name(categories): (categories, found) for categories, found in named.items()}
