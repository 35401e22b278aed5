"""The first page: every headline figure, how it moved, how areas differ, and what was withheld in total."""

from html import escape

import streamlit as st

from dashboards import charts, choices, page, sentences, tables, words
from dashboards.release import Release


def draw(release: Release, pages: dict) -> None:
    """Draw the overview; pages: {measure: its st.Page}, to link to."""
    facts = release.facts
    page.head(release, f"{facts['place_name']} at a glance")
    headlines = [
        (measure, series, _cells(release, series))
        for measure in release.measures
        for series in release.series(measure["measure"])
        if series["headline"]
    ]
    page.heading("Headline figures")
    with st.container(key="cards"):
        for measure, series, cells in headlines:
            with st.container(border=True):
                _card(release, measure, series, cells)
                link = {"show": choices.series_key(series)}
                label = f"More on {series['label'][:1].lower()}{series['label'][1:]}"
                st.page_link(pages[measure["measure"]], label=label, query_params=link)
    page.heading("The same figures as a table")
    headings = ["Headline", "Figure", "Unit", "Period", "On the year before"]
    rows = [_row(*headline) for headline in headlines]
    tables.draw("Headline figures of the whole place", headings, rows, whole=True)
    page.heading("What was withheld")
    st.html(
        f"<p>This release has {facts['cells']:,} figures. {facts['withheld']:,} of them are withheld and "
        "shown as [c], so that nobody can be found in them, and some that would let a reader work those out. "
        f"{' '.join(facts['rules'].splitlines()[:2])}</p>"
    )


def _cells(release: Release, series: dict) -> list[dict]:
    """Return the whole place's cells of a series, by year or the widest period there is, latest last."""
    found = release.cells(
        measure=series["measure"], category_type=series["category_type"], category=series["category"],
        area_type="place", age_band="all", sex="all", deprivation_quintile="all",
    )  # fmt: skip
    kinds = {cell["period_type"] for cell in found}
    widest = next((kind for kind in words.PERIOD_TYPES if kind in kinds), None)
    return [cell for cell in found if cell["period_type"] == widest]


def _latest(cells: list[dict]) -> tuple[dict | None, dict | None]:
    """Return the latest cell that is known, and that of the year before it."""
    known = [cell for cell in cells if cell["status"] != "x"] or cells
    if not known:
        return None, None
    earlier = words.year_before(known[-1]["period_start"])
    return known[-1], next((cell for cell in cells if cell["period_start"] == earlier), None)


def _card(release: Release, measure: dict, series: dict, cells: list[dict]) -> None:
    cell, before = _latest(cells)
    title = f'<p class="bw-topic">{escape(measure["topic"])}</p><h3>{escape(series["label"])}</h3>'
    if cell is None:
        st.html(f'<div class="bw-card">{title}<p>Nothing was released for the whole place.</p></div>')
        return
    unit = series["value_label"] or ""
    figure = words.number(cell, series)
    if unit.startswith("%") and words.has_number(cell):
        figure, unit = f"{figure}%", unit[1:].strip()
    shape, change = sentences.change(cell, before, series, measure["polarity"])
    when = words.during(cell["period_type"], cell["period_start"])
    st.html(
        f'<div class="bw-card">{title}<p class="bw-figure">{escape(figure)}</p>'
        f"<p>{escape(unit)} {escape(when)}</p>"
        f'<p><span class="bw-shape" aria-hidden="true">{shape}</span> {escape(change)}</p></div>'
    )
    shown = [one for one in cells if words.has_number(one)]
    if len(shown) > 1:
        first, last = (f"{words.number(one, series)} {words.during(one['period_type'], one['period_start'])}"
                       for one in (shown[0], shown[-1]))  # fmt: skip
        data = charts.rows(cells, series, lambda _: release.facts["place_name"])
        page.chart(charts.spark(data, series), f"Line chart from {first} to {last}.")
    page.note(_between_areas(release, series, cell))


def _between_areas(release: Release, series: dict, cell: dict) -> str:
    """Return the comparison of localities, or of wards where there are none; a count is not compared."""
    same = {
        name: cell[name] for name in ("measure", "category_type", "category", "period_type", "period_start")
    }
    for area_type in ("locality", "ward") if series["kind"] != "count" else ():
        cells = release.cells(
            **same, area_type=area_type, age_band="all", sex="all", deprivation_quintile="all"
        )
        if said := sentences.spread(cells, series, release.areas, area_type):
            return said
    return ""


def _row(measure: dict, series: dict, cells: list[dict]) -> list[str]:
    cell, before = _latest(cells)
    if cell is None:
        return [series["label"], "", "", "", ""]
    change = sentences.change(cell, before, series, measure["polarity"])[1]
    when = words.period(cell["period_type"], cell["period_start"])
    return [series["label"], words.number(cell, series), series["value_label"] or "", when, change]
