"""Areas compared: ranked bars and a map, a funnel, or each area over time."""

import streamlit as st

from dashboards import charts, choices, maps, page, sentences, tables, theme, words
from dashboards.charts import funnel_plot, small_multiples
from dashboards.choices import Choice
from dashboards.release import Release
from dashboards.sections import captions

VIEWS = {"ranked": "Ranked and map", "funnel": "Funnel", "lines": "Each over time"}


@st.fragment
def draw(choice: Choice, release: Release, whole: dict | None) -> None:
    if choice.area_type == "place":
        return
    series, areas = choice.series, release.areas
    shape = {"area_type": choice.area_type, "deprivation_quintile": "all"}
    cells = [cell for cell in release.cells(**choice.cut, **choice.people, **shape, period_start=choice.period_start)
             if cell["area_code"] in areas]  # fmt: skip
    if not cells:
        return
    kind, when = words.AREA_TYPES[choice.area_type], captions.when(choice)
    page.heading(f"{kind} compared")
    caption = f"{captions.named(series)}, {when}{captions.people(choice)}"
    spread = sentences.spread(cells, series, areas, choice.area_type)
    offered = {"ranked": VIEWS["ranked"]}
    placed = funnel_plot.places(cells, series, whole)
    if placed:
        offered["funnel"] = VIEWS["funnel"]
    over_time = []
    if len(cells) <= small_multiples.MOST:
        over_time = [cell for cell in release.cells(**choice.cut, **choice.people, **shape)
                     if cell["area_code"] in areas]  # fmt: skip
        if len({cell["period_start"] for cell in over_time}) > 2:
            offered["lines"] = VIEWS["lines"]
    view = choices.view("areas", "Kind of comparison", offered, "ranked") if len(offered) > 1 else "ranked"
    if view == "funnel":
        _funnel(choice, release, cells, whole, placed, caption)
    elif view == "lines":
        page.paragraph(spread)
        page.note(
            f"{captions.named(series)}{captions.people(choice)}. All on one scale; the latest figure above."
        )
        charts.multiples(over_time, series, {code: area["area_name"] for code, area in areas.items()})
    else:
        page.paragraph(spread)
        _ranked(choice, release, cells, whole, caption)
    _table(release, series, cells, kind, when, over_time if view == "lines" else [])


def _ranked(choice: Choice, release: Release, cells: list[dict], whole: dict | None, caption: str) -> None:
    series, areas, name = choice.series, release.areas, release.facts["place_name"]
    data = charts.rows(cells, series, lambda cell: areas[cell["area_code"]]["area_name"])
    place = charts.rows([whole], series, lambda cell: name)[0] if whole else None
    drawn = any(areas[cell["area_code"]]["outline"] for cell in cells)
    left, right = st.columns([2, 3], gap="medium") if drawn else (st.container(), None)
    chosen = choice.area["area_code"]
    with left:
        page.note(caption)
        box = st.container(height=620, border=False) if len(cells) > charts.TALL else st.container()
        with box:
            bars = charts.ranked(data, series, "Area", chosen, place)
            page.chart(bars, f"Bar chart, highest first. {caption}. The table below has the same figures.")
        page.note(f"The dashed line is {name} as a whole." if series["kind"] != "count" else "")
    if right:
        with right:
            page.note(caption)
            page.chart(maps.area_map(data, areas, series, chosen),
                       f"Map. {caption}. The table below has the same figures.")  # fmt: skip
            schematic = any(areas[cell["area_code"]]["outline_kind"] == "schematic" for cell in cells)
            shading = f"{'Lighter' if theme.now().dark else 'Darker'} is more."
            kept = "Schematic map: it shows which areas are neighbours, not where their boundaries run. "
            page.note(f"{kept if schematic else ''}{shading} Grey with lines is withheld or not yet known.")


def _funnel(
    choice: Choice, release: Release, cells: list[dict], whole: dict, placed: dict, caption: str
) -> None:
    areas, name = release.areas, release.facts["place_name"]
    data = charts.rows(cells, choice.series, lambda cell: areas[cell["area_code"]]["area_name"])
    beyond = {way: sorted(areas[code]["area_name"] for code, at in placed.items() if at == way)
              for way in ("high", "low")}  # fmt: skip
    said = [f"Unusually {way} for its size: {words.listed(names)}." for way, names in beyond.items() if names]
    page.paragraph(
        " ".join(said) or "Every area shown is within the 99.8% limits: sizes alone explain the differences."
    )
    page.note(caption)
    drawing = charts.funnel(data, cells, choice.series, whole, choice.area["area_code"])
    page.chart(drawing, f"Funnel plot. {caption}. {' '.join(said)} The table below has the same figures.")
    hidden = sum(not words.has_number(cell) for cell in cells)
    page.note(
        f"The line across is {name} as a whole. Between the limits an area differs by no more than chance explains at "
        "its size; people may still differ in ways that are not measured."
        + (f" {hidden} areas are not shown: withheld or not yet known." if hidden else "")
    )


def _table(
    release: Release, series: dict, cells: list[dict], kind: str, when: str, over_time: list[dict]
) -> None:
    areas = release.areas
    with st.expander(f"Table: {kind}, {when}"):
        ordered = sorted(cells, key=lambda cell: areas[cell["area_code"]]["area_name"])
        rows = tables.cell_rows(ordered, series, lambda cell: areas[cell["area_code"]]["area_name"])
        tables.draw(captions.same(kind, cells), tables.cell_headings(kind, series), rows)
    if over_time:
        starts = sorted({cell["period_start"] for cell in over_time})
        found = {(cell["area_code"], cell["period_start"]): cell for cell in over_time}
        names = {cell["area_code"]: areas[cell["area_code"]]["area_name"] for cell in over_time}
        rows = [[names[code], *(words.number(found.get((code, start)), series) for start in starts)]
                for code in sorted(names, key=names.get)]  # fmt: skip
        heads = [words.tick(over_time[0]["period_type"], start) for start in starts]
        with st.expander(f"Table: {kind} over time"):
            tables.draw(captions.same(f"{kind} over time", over_time), [kind, *heads], rows)
