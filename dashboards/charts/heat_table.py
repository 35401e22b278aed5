"""The heat table: figures of several measures by area, shaded and signed where an area differs from the whole place."""

from html import escape

import streamlit as st

from dashboards import words

SIGNS = {"higher": "▲", "lower": "▼"}
CLASSES = {words.WITHHELD: "withheld", words.UNKNOWN: "unknown"}


def heat(caption: str, first: str, areas: list[str], columns: list[dict]) -> None:
    """Draw the table. columns: {heading, cells: {area name: cell}, series, whole}; whole is the place's own cell."""
    heads = "".join(f'<th scope="col" class="number">{escape(one["heading"])}</th>' for one in columns)
    rows = "".join(
        f'<tr><th scope="row">{escape(area)}</th>{"".join(_cell(area, one) for one in columns)}</tr>'
        for area in areas
    )
    st.html(
        f'<div class="bw-scroll bw-whole" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f'<table class="bw-table"><caption>{escape(caption)}</caption><thead><tr><th scope="col">{escape(first)}</th>'
        f"{heads}</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _cell(area: str, column: dict) -> str:
    cell = column["cells"].get(area)
    text = words.number(cell, column["series"])
    if text in CLASSES:
        return f'<td class="number {CLASSES[text]}">{text}</td>'
    counted = column["series"]["kind"] == "count"
    direction = None if counted else words.compared(cell, column["whole"], column["series"]["kind"])
    if direction not in SIGNS:
        return f'<td class="number">{escape(text) or "[z]"}</td>'
    return (
        f'<td class="number {direction}">{escape(text)} <span role="img" aria-label="{direction}">'
        f"{SIGNS[direction]}</span></td>"
    )
