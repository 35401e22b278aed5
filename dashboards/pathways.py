"""Pathways, found from the catalogue: a measure whose second step parts those that its first step reached."""

from dataclasses import dataclass

from dashboards import charts, page, tables, words
from dashboards.release import Release


@dataclass(frozen=True)
class Pathway:
    """first: the series of those reached, out of everyone; second: the series that part them by outcome."""

    first: dict
    second: tuple[dict, ...]


def find(release: Release, measure: str) -> Pathway | None:
    """Return the pathway of a measure: outcomes that part (some of) those that another of its series counts."""
    series = [one | {"in": _parts(one.get("counts")), "of": _parts(one.get("whole"))}
              for one in release.series(measure)]  # fmt: skip
    for first in series:
        if not first["of"]:
            continue
        for whole in {one["of"] for one in series if one["of"] and one["of"] <= first["in"]}:
            second = [one for one in series if one["of"] == whole and one["in"] < whole]
            told = [part for one in second for part in one["in"]]
            if len(second) > 1 and len(told) == len(set(told)) and set(told) == whole:
                return Pathway(first, tuple(second))
    return None


def _parts(name: str | None) -> frozenset[str]:
    return frozenset((name or "").split(" + ")) - {""}


def draw(release: Release, measure: dict, area: dict, cut: dict) -> None:
    """Draw the flow of a measure's pathway in an area, for the latest period whose outcomes are known; or nothing.

    cut: period_type, age_band and sex of the cells.
    """
    found = find(release, measure["measure"])
    if found is None:
        return
    where = cut | {
        "area_type": area["area_type"],
        "area_code": area["area_code"],
        "deprivation_quintile": "all",
    }
    steps = [_cells(release, one, where) for one in (found.first, *found.second)]
    starts = [start for start in steps[0] if all(start in step for step in steps)
              and words.has_number(steps[0][start])
              and not all(step[start]["status"] == "x" for step in steps[1:])]  # fmt: skip
    page.heading("The pathway")
    if not starts:
        page.paragraph("No period of this choice has both steps released.")
        return
    start = max(starts)
    when = words.period(cut["period_type"], start)
    first, *second = (
        _band(series, step[start]) for series, step in zip((found.first, *found.second), steps, strict=True)
    )
    people = words.group(cut["age_band"], cut["sex"])
    caption = f"{measure['title']}, {area['area_name']}, {when}{', ' + people if people else ''}"
    page.paragraph(_said(first, second, when))
    page.note(caption)
    names = {"everyone": _capital(found.first["unit"])}
    page.chart(charts.sankey(first, second, names), f"Flow chart. {caption}. The table has the same figures.")
    page.note(
        "The second step is drawn larger than the first: it shows only those reached whose outcome is known. "
        "Each band is a released figure; a dashed line is one that is not shown."
    )
    rows = [[one["name"], one["figure"], words.number(one["cell"], one["series"], "denominator"), one["share"]]
            for one in (first, *second)]  # fmt: skip
    tables.draw("The pathway: the same figures", ["Step", "Counted", "Out of", "Share"], rows, whole=True)


def _cells(release: Release, series: dict, where: dict) -> dict:
    key = {name: series[name] for name in ("measure", "category_type", "category")}
    return {cell["period_start"]: cell for cell in release.cells(**key, **where)}


def _band(series: dict, cell: dict) -> dict:
    share = words.number(cell, series, marked=False)
    if words.has_number(cell):
        share += ("%" if series["kind"] == "proportion" else "") + (" [p]" if cell["status"] == "p" else "")
    return {
        "name": series["label"],
        "series": series,
        "cell": cell,
        "figure": words.number(cell, series, "numerator"),
        "share": share,
    }


def _said(first: dict, second: list[dict], when: str) -> str:
    whole = f"{first['cell']['denominator']:,} {first['series']['unit']}"
    most = max((one for one in second if words.has_number(one["cell"])), key=lambda one: one["cell"]["numerator"],
               default=None)  # fmt: skip
    said = f"In {when}, {first['figure']} of {whole} ({first['share']}): {first['name'].lower()}."
    if most:
        said += f" Most often: {most['name'].lower()} ({most['share']})."
    hidden = sum(one["cell"]["status"] == "c" for one in second)
    return said + (f" {hidden} of {len(second)} outcomes are withheld, [c]." if hidden else "")


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
