"""The page of one measure, drawn from its catalogue entry and its released cells. The answer comes first."""

from html import escape

import streamlit as st

from dashboards import charts, choices, definition, downloads, maps, page, sentences, tables, words
from dashboards.choices import Choice
from dashboards.release import Release


def draw(release: Release, measure: dict) -> None:
    """Draw the page from top to bottom: answer, trend, areas, deprivation, age and sex, definition, files."""
    page.head(release, measure["title"])
    choice = choices.choose(release, measure, st.container(horizontal=True, key="filters", gap="small"))
    over_time = release.cells(
        **choice.cut, **choice.people, area_type=choice.area["area_type"], area_code=choice.area["area_code"],
        deprivation_quintile="all",
    )  # fmt: skip
    place = release.facts["place_code"]
    whole = release.cells(
        **choice.cut, **choice.people, area_type="place", area_code=place, deprivation_quintile="all"
    )
    cell, before = _at(over_time, choice), _year_before(over_time, choice)
    names = {
        "area": choice.area["area_name"],
        "place": release.facts["place_name"],
        "polarity": measure["polarity"],
    }
    said = [line for line in sentences.answer(cell, before, _at(whole, choice), choice.series, names) if line]
    st.html('<div class="bw-answer">' + "".join(f"<p>{escape(line)}</p>" for line in said) + "</div>")
    _trend(choice, over_time, whole, release)
    _areas(choice, release, _at(whole, choice))
    _deprivation(choice, release, _at(whole, choice))
    _ages(choice, release)
    definition.draw(release, measure)
    downloads.draw(release, measure, choice)


def _at(cells: list[dict], choice: Choice) -> dict | None:
    return next((cell for cell in cells if cell["period_start"] == choice.period_start), None)


def _year_before(cells: list[dict], choice: Choice) -> dict | None:
    earlier = words.year_before(choice.period_start)
    return next((cell for cell in cells if cell["period_start"] == earlier), None)


def _people(choice: Choice) -> str:
    people = words.group(choice.age_band, choice.sex)
    return f", {people}" if people else ""


def _trend(choice: Choice, cells: list[dict], whole: list[dict], release: Release) -> None:
    if len(cells) < 2:
        return
    series, area = choice.series, choice.area["area_name"]
    page.heading("Over time")
    data = charts.rows(cells, series, lambda cell: area)
    name = release.facts["place_name"]
    # A count of the whole place would squeeze that of one area flat.
    beside = choice.area["area_type"] != "place" and series["kind"] != "count"
    place = charts.rows(whole, series, lambda cell: name) if beside else None
    left, right = st.columns([6, 5], gap="medium")
    caption = f"{_named(series)}, {area}{_people(choice)}"
    with left:
        page.note(caption)
        page.chart(
            charts.trend(data, series, area, place), f"Line chart. {caption}. The table has the same figures."
        )
        page.note("Upright lines show the 95% interval: the range in which the true figure is likely to lie."
                  if any(row["interval"] for row in data) else "")  # fmt: skip
    with right:
        rows = tables.cell_rows(
            cells[::-1], series, lambda cell: words.period(cell["period_type"], cell["period_start"])
        )
        tables.draw(_same(cells), tables.cell_headings("Period", series), rows)


def _areas(choice: Choice, release: Release, whole: dict | None) -> None:
    if choice.area_type == "place":
        return
    series, areas = choice.series, release.areas
    cells = release.cells(
        **choice.cut, **choice.people, area_type=choice.area_type, period_start=choice.period_start,
        deprivation_quintile="all",
    )  # fmt: skip
    cells = [cell for cell in cells if cell["area_code"] in areas]
    if not cells:
        return
    kind = words.AREA_TYPES[choice.area_type]
    when = words.period(choice.period_type, choice.period_start)
    page.heading(f"{kind} compared")
    data = charts.rows(cells, series, lambda cell: areas[cell["area_code"]]["area_name"])
    place = charts.rows([whole], series, lambda cell: release.facts["place_name"])[0] if whole else None
    caption = f"{_named(series)}, {when}{_people(choice)}"
    spread = sentences.spread(cells, series, areas, choice.area_type)
    page.paragraph(spread)
    drawn = any(areas[cell["area_code"]]["outline"] for cell in cells)
    left, right = st.columns([2, 3], gap="medium") if drawn else (st.container(), None)
    with left:
        page.note(caption)
        box = st.container(height=620, border=False) if len(cells) > charts.TALL else st.container()
        with box:
            bars = charts.ranked(data, series, "Area", choice.area["area_code"], place)
            page.chart(bars, f"Bar chart, highest first. {caption}. The table below has the same figures.")
        line = (
            f"The dashed line is {release.facts['place_name']} as a whole."
            if series["kind"] != "count"
            else ""
        )
        page.note(line)
    if right:
        with right:
            page.note(caption)
            chosen = choice.area["area_code"]
            page.chart(maps.area_map(data, areas, series, chosen),
                       f"Map. {caption}. The table below has the same figures.")  # fmt: skip
            page.note("Schematic map: it shows which areas are neighbours, not where their boundaries run. "
                      "Darker is more. Grey with lines is withheld or not yet known.")  # fmt: skip
    with st.expander(f"Table: {kind}, {when}"):
        ordered = sorted(cells, key=lambda cell: areas[cell["area_code"]]["area_name"])
        rows = tables.cell_rows(ordered, series, lambda cell: areas[cell["area_code"]]["area_name"])
        tables.draw(_same(cells), tables.cell_headings(kind, series), rows)


def _deprivation(choice: Choice, release: Release, whole: dict | None) -> None:
    cells = release.cells(
        **choice.cut, **choice.people, area_type="place", period_start=choice.period_start,
        deprivation_quintile=list("12345"),
    )  # fmt: skip
    if not cells:
        return
    series = choice.series
    ends = {"1": "1 (most)", "5": "5 (least)"}
    name = lambda cell: ends.get(cell["deprivation_quintile"], cell["deprivation_quintile"])  # noqa: E731
    when = words.period(choice.period_type, choice.period_start)
    page.heading("By deprivation")
    st.html("<p>Small areas in England are put in order of deprivation and cut into five equal groups. "
            f"These are the people of {escape(release.facts['place_name'])} in each group.</p>")  # fmt: skip
    caption = f"{_named(series)} by deprivation group, {when}{_people(choice)}"
    left, right = st.columns([6, 5], gap="medium")
    with left:
        page.note(caption)
        place = charts.rows([whole], series, lambda cell: release.facts["place_name"])[0] if whole else None
        bars = charts.groups(charts.rows(cells, series, name), series, "Deprivation group", place)
        page.chart(bars, f"Bar chart. {caption}. The table has the same figures.")
    with right:
        rows = tables.cell_rows(cells, series, name)
        tables.draw(_same(cells), tables.cell_headings("Deprivation group", series), rows)


def _ages(choice: Choice, release: Release) -> None:
    cells = release.cells(
        **choice.cut, area_type=choice.area["area_type"], area_code=choice.area["area_code"],
        period_start=choice.period_start, deprivation_quintile="all", sex=["female", "male"],
    )  # fmt: skip
    bands = _finest({cell["age_band"] for cell in cells})
    cells = sorted(
        (cell for cell in cells if cell["age_band"] in bands),
        key=lambda cell: (choices.age_order(cell["age_band"]), cell["sex"]),
    )
    if len(bands) < 2 or {cell["sex"] for cell in cells} != {"female", "male"}:
        return
    series = choice.series
    when = words.period(choice.period_type, choice.period_start)
    page.heading("By age and sex")
    caption = f"{_named(series)} by age and sex, {choice.area['area_name']}, {when}"
    data = charts.rows(cells, series, lambda cell: words.age(cell["age_band"]))
    left, right = st.columns([6, 5], gap="medium")
    with left:
        page.note(caption)
        drawing = charts.pyramid(data, series) if series["kind"] == "count" else charts.ages(data, series)
        page.chart(drawing, f"Chart by age and sex. {caption}. The table has the same figures.")
    with right:
        found = {(cell["age_band"], cell["sex"]): cell for cell in cells}
        rows = [
            [words.age(band), *(words.number(found.get((band, sex)), series) for sex in ("female", "male"))]
            for band in sorted(bands, key=choices.age_order)
        ]
        tables.draw(_same(cells), ["Age", "Female", "Male"], rows)


def _finest(bands: set[str]) -> set[str]:
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


def _named(series: dict) -> str:
    """Return a series with its unit, to head a chart; a count needs none."""
    unit = series["value_label"] if series["kind"] != "count" else None
    return f"{series['label']} ({unit})" if unit else series["label"]


def _same(cells: list[dict]) -> str:
    """Return the caption of a table beside its chart: that the figures are the same, and the shorthand."""
    explained = tables.shorthand(cells)
    return f"The same figures. {explained}." if explained else "The same figures"
