"""Over time: a line with its interval, or an XmR chart where there are periods enough."""

import streamlit as st

from dashboards import charts, choices, page, tables, words
from dashboards.charts import svg
from dashboards.charts.xmr_chart import sentence
from dashboards.choices import Choice
from dashboards.release import Release
from dashboards.sections import captions
from dashboards.statistics import xmr

VIEWS = {"line": "Line with interval", "variation": "Usual variation (XmR)"}


@st.fragment
def draw(choice: Choice, cells: list[dict], whole: list[dict], release: Release, polarity: str) -> None:
    if len(cells) < 2:
        return
    page.heading("Over time")
    limits = xmr.limits([cell["value"] if words.has_number(cell) else None for cell in cells])
    view = choices.view("time", "Kind of chart", VIEWS, "variation") if limits else "line"
    left, right = st.columns([6, 5], gap="medium")
    caption = f"{captions.named(choice.series)}, {choice.area['area_name']}{captions.people(choice)}"
    with left:
        page.note(caption)
        if view == "line":
            _line(choice, cells, whole, release, caption)
        else:
            _variation(choice, cells, limits, polarity, caption)
    with right:
        rows = tables.cell_rows(
            cells[::-1], choice.series, lambda cell: words.period(cell["period_type"], cell["period_start"])
        )
        tables.draw(captions.same("Over time", cells), tables.cell_headings("Period", choice.series), rows)


def _line(choice: Choice, cells: list[dict], whole: list[dict], release: Release, caption: str) -> None:
    series, area, name = choice.series, choice.area["area_name"], release.facts["place_name"]
    data = charts.rows(cells, series, lambda cell: area)
    # A count of the whole place would squeeze that of one area flat.
    beside = choice.area["area_type"] != "place" and series["kind"] != "count"
    place = charts.rows(whole, series, lambda cell: name) if beside else None
    drawing = charts.trend(data, series, area, place)
    page.chart(drawing, f"Line chart. {caption}. The table has the same figures.")
    page.note("Upright lines show the 95% interval: the range in which the true figure is likely to lie."
              if any(row["interval"] for row in data) else "")  # fmt: skip


def _variation(choice: Choice, cells: list[dict], limits: xmr.Limits, polarity: str, caption: str) -> None:
    area = choice.area["area_name"]
    data = charts.rows(cells, choice.series, lambda cell: area)
    said, kind, side = sentence(data, limits, polarity, now=f"{choice.series['label']}, {area}")
    page.answer([said], svg.icon(kind, side))
    drawing = charts.variation(data, choice.series, limits, polarity)
    page.chart(drawing, f"XmR chart. {caption}. {said} The table has the same figures.")
    page.note(
        "Between the dashed limits lies what is usual for this series. A point is marked where it is outside them, or "
        "one of seven on one side of the average, of seven rising or falling, or of two in three near a limit. Points "
        "and limits are made from the released figures."
    )
