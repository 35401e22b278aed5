"""Small multiples: one small line an area, all on one scale."""

from html import escape

import streamlit as st

from dashboards import words
from dashboards.charts import svg

# More than this would be a wall of lines.
MOST = 40


def multiples(cells: list[dict], series: dict, names: dict[str, str]) -> None:
    """Draw a grid of lines over time; names: {area code: name}. Above each line stands its latest figure."""
    by_area: dict[str, list[dict]] = {}
    for cell in sorted(cells, key=lambda one: one["period_start"]):
        by_area.setdefault(cell["area_code"], []).append(cell)
    known = [cell["value"] for cell in cells if words.has_number(cell)]
    if not known:
        return
    span = (min(known), max(known))
    items = []
    for code in sorted(by_area, key=lambda code: names[code]):
        line = by_area[code]
        values = [cell["value"] if words.has_number(cell) else None for cell in line]
        ends = [f"{words.number(cell, series)} {words.during(cell['period_type'], cell['period_start'])}"
                for cell in (line[0], line[-1])]  # fmt: skip
        picture = svg.spark(values, f"From {ends[0]} to {ends[1]}", zero=series["kind"] == "count", span=span)
        latest = words.number(line[-1], series)
        items.append(f"<li><strong>{escape(names[code])}</strong> {escape(latest)}{picture}</li>")
    st.html(f'<ul class="bw-cards bw-multiples">{"".join(items)}</ul>')
