"""The headline figures of a release: the latest of each, the year before, and whether it varies more than usual."""

from dataclasses import dataclass
from functools import lru_cache

from dashboards import sentences, words
from dashboards.release import Release
from dashboards.statistics import xmr

# Where variation is looked for: the shortest periods first, because only they have points enough.
FINEST = ("month", "quarter", "year", "mid_year")


@dataclass(frozen=True)
class Variation:
    """What the XmR chart says of the latest period: kind as in xmr.kind, side 'high' or 'low', rules in words."""

    kind: str
    side: str
    why: str
    period_type: str
    period: str

    @property
    def said(self) -> str:
        if self.kind == "common":
            return f"Usual ({self.period})"
        judged = {"improvement": "improvement", "concern": "concern", "neither": "change"}[self.kind]
        return f"{judged.capitalize()}: unusually {self.side} ({self.period})"


@dataclass(frozen=True)
class Headline:
    """One headline series of the whole place; cells: its widest periods in order of time; cell: the latest known."""

    measure: dict
    series: dict
    cells: tuple[dict, ...]
    cell: dict | None
    before: dict | None
    variation: Variation | None

    @property
    def change(self) -> tuple[str, str]:
        return sentences.change(self.cell, self.before, self.series, self.measure["polarity"])

    @property
    def figure(self) -> tuple[str, str]:
        """Return the figure and its unit; a percent sign stays with its figure."""
        unit = self.series["value_label"] or ""
        if self.cell is None or not words.has_number(self.cell):
            return words.number(self.cell, self.series), unit
        sign = "%" if unit.startswith("%") else ""
        mark = " [p]" if self.cell["status"] == "p" else ""
        return f"{words.number(self.cell, self.series, marked=False)}{sign}{mark}", unit.removeprefix(
            "%"
        ).strip()

    @property
    def when(self) -> str:
        return words.period(self.cell["period_type"], self.cell["period_start"]) if self.cell else ""


@lru_cache(maxsize=8)
def headlines(release: Release) -> tuple[Headline, ...]:
    """Return the headline figures in the order of the catalogue."""
    whole: dict[tuple, list[dict]] = {}
    for cell in release.cells(area_type="place", age_band="all", sex="all", deprivation_quintile="all"):
        whole.setdefault((cell["measure"], cell["category_type"], cell["category"]), []).append(cell)
    found = []
    for measure in release.measures:
        for series in release.series(measure["measure"]):
            if series["headline"]:
                key = (series["measure"], series["category_type"], series["category"])
                found.append(_headline(measure, series, whole.get(key, [])))
    return tuple(found)


def _headline(measure: dict, series: dict, cells: list[dict]) -> Headline:
    kinds = {cell["period_type"] for cell in cells}
    widest = next((kind for kind in words.PERIOD_TYPES if kind in kinds), None)
    wide = tuple(cell for cell in cells if cell["period_type"] == widest)
    cell, before = latest(wide)
    return Headline(measure, series, wide, cell, before, variation(cells, measure["polarity"]))


def latest(cells) -> tuple[dict | None, dict | None]:
    """Return the latest cell that is known, and that of the year before it."""
    known = [cell for cell in cells if cell["status"] != "x"] or list(cells)
    if not known:
        return None, None
    earlier = words.year_before(known[-1]["period_start"])
    return known[-1], next((cell for cell in cells if cell["period_start"] == earlier), None)


def variation(cells: list[dict], polarity: str) -> Variation | None:
    """Return how the latest known figure varies, over the shortest periods with points enough."""
    for period_type in FINEST:
        line = [cell for cell in cells if cell["period_type"] == period_type]
        values = [cell["value"] if words.has_number(cell) else None for cell in line]
        found = xmr.limits(values)
        if found is None:
            continue
        rules = xmr.signals(values, found)
        at = max(n for n, value in enumerate(values) if value is not None)
        kind = xmr.kind(values[at], rules[at], found, polarity)
        side = "high" if values[at] > found.centre else "low"
        why = words.listed([text for rule, text in xmr.RULES.items() if rule in rules[at]])
        return Variation(kind, side, why, period_type, words.period(period_type, line[at]["period_start"]))
    return None
