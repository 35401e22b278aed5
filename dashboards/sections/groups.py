"""Between groups of people: deprivation groups with their slope, ages and sexes."""

from html import escape

import streamlit as st

from dashboards import charts, choices, page, tables, words
from dashboards.choices import Choice
from dashboards.release import Release
from dashboards.sections import captions
from dashboards.statistics.slope import slope_index

ENDS = {"1": "1 (most)", "5": "5 (least)"}


def deprivation(choice: Choice, release: Release, whole: dict | None) -> None:
    cells = release.cells(
        **choice.cut, **choice.people, area_type="place", period_start=choice.period_start,
        deprivation_quintile=list("12345"),
    )  # fmt: skip
    if not cells:
        return
    series, place_name = choice.series, release.facts["place_name"]
    page.heading("By deprivation")
    st.html('<p class="bw-text">Small areas in England are put in order of deprivation and cut into five equal groups. '
            f"These are the people of {escape(place_name)} in each group.</p>")  # fmt: skip
    slope = _slope(cells, series)
    page.paragraph(_gap(cells, series, slope))
    caption = (
        f"{captions.named(series)} by deprivation group, {captions.when(choice)}{captions.people(choice)}"
    )
    left, right = st.columns([6, 5], gap="medium")

    def name(cell: dict) -> str:
        return ENDS.get(cell["deprivation_quintile"], cell["deprivation_quintile"])

    with left:
        page.note(caption)
        place = charts.rows([whole], series, lambda cell: place_name)[0] if whole else None
        bars = charts.groups(charts.rows(cells, series, name), series, "Deprivation group", place, slope)
        page.chart(bars, f"Bar chart. {caption}. The table has the same figures.")
        page.note("The dotted line is the slope: a straight line through the groups, by how many people are in each. "
                  f"The dashed line across is {place_name} as a whole." if slope else "")  # fmt: skip
    with right:
        tables.draw(captions.same("Deprivation groups", cells), tables.cell_headings("Deprivation group", series),
                    tables.cell_rows(cells, series, name))  # fmt: skip


def _slope(cells: list[dict], series: dict) -> tuple[float, float] | None:
    """Return the line through five shown groups at its two ends; None for counts or where a figure is not shown."""
    sizes = [cell["denominator"] for cell in cells]
    if series["kind"] == "count" or len(cells) != 5 or not all(words.has_number(cell) for cell in cells):
        return None
    return slope_index([cell["value"] for cell in cells], sizes) if all(sizes) else None


def _gap(cells: list[dict], series: dict, slope: tuple[float, float] | None) -> str:
    """Return the difference between the most and the least deprived group in words."""
    by_group = {cell["deprivation_quintile"]: cell for cell in cells}
    most, least = by_group.get("1"), by_group.get("5")
    direction = words.compared(most, least, series["kind"])
    if direction is None or series["kind"] == "count":
        return ""
    figures = f"({words.number(most, series)} against {words.number(least, series)})"
    if direction == "similar":
        said = f"The most and the least deprived groups are similar {figures}."
    else:
        apart = words.difference(most, least, series)
        said = f"The most deprived group is {apart} {direction} than the least {figures}."
    if slope:
        change = f"{slope[1] - slope[0]:+,.{series['decimals'] or 0}f}".replace("-", "−")
        unit = series["value_label"] or ""
        said += f" From the most to the least deprived person the line changes by {change} {unit}."
    return said


def ages(choice: Choice, release: Release) -> None:
    cells = release.cells(
        **choice.cut, area_type=choice.area["area_type"], area_code=choice.area["area_code"],
        period_start=choice.period_start, deprivation_quintile="all", sex=["female", "male"],
    )  # fmt: skip
    bands = finest({cell["age_band"] for cell in cells})
    cells = sorted(
        (cell for cell in cells if cell["age_band"] in bands),
        key=lambda cell: (choices.age_order(cell["age_band"]), cell["sex"]),
    )
    if len(bands) < 2 or {cell["sex"] for cell in cells} != {"female", "male"}:
        return
    series = choice.series
    page.heading("By age and sex")
    caption = f"{captions.named(series)} by age and sex, {choice.area['area_name']}, {captions.when(choice)}"
    data = charts.rows(cells, series, lambda cell: words.age(cell["age_band"]))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        page.paragraph(_extreme(cells, series))
        page.note(caption)
        drawing = charts.pyramid(data, series) if series["kind"] == "count" else charts.ages(data, series)
        page.chart(drawing, f"Chart by age and sex. {caption}. The table has the same figures.")
    with right:
        found = {(cell["age_band"], cell["sex"]): cell for cell in cells}
        rows = [
            [words.age(band), *(words.number(found.get((band, sex)), series) for sex in ("female", "male"))]
            for band in sorted(bands, key=choices.age_order)
        ]
        tables.draw(captions.same("Age and sex", cells), ["Age", "Female", "Male"], rows)


def _extreme(cells: list[dict], series: dict) -> str:
    """Return the group with the highest shown figure."""
    shown = [cell for cell in cells if words.has_number(cell)]
    if not shown:
        return ""
    top = max(shown, key=lambda cell: cell["value"])
    who = words.group(top["age_band"], top["sex"])
    noun = "Most are" if series["kind"] == "count" else "Highest for"
    return f"{noun} {who} ({words.number(top, series)})."


def finest(bands: set[str]) -> set[str]:
    """Return the narrow bands where narrow ones were released, the broad ones otherwise; never both."""
    bands = bands - {"all"}
    narrow = {band for band in bands if "-" in band and _width(band) == 5}
    if len(narrow) < 10:
        return bands - narrow
    oldest = max((band for band in bands if band.endswith("+")), key=choices.age_order, default=None)
    return narrow | ({oldest} if oldest else set())


def _width(band: str) -> int:
    first, last = band.split("-")
    return int(last) - int(first) + 1
