"""House colours, light and dark, and the look of charts. Colour never carries a meaning alone."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import streamlit as st

FONT = "Frutiger, 'Source Sans', Arial, sans-serif"
# Order of the official colours of XmR points: common, improvement, concern, neither. Making data count, NHS England.
POINTS = ("common", "improvement", "concern", "neither")


@dataclass(frozen=True)
class Palette:
    """What everything is drawn in. navy, teal, plum, orange: the chart colours of the government Analysis Function.

    sequence: little to much of one hue, for maps and heat tables. higher and lower: grounds of table cells.
    """

    dark: bool
    navy: str
    teal: str
    plum: str
    orange: str
    sequence: tuple[str, ...]
    text: str
    quiet: str
    rule: str
    grid: str
    paper: str
    soft: str
    link: str
    withheld: str
    withheld_lines: str
    higher: str
    lower: str
    common: str
    improvement: str
    concern: str
    neither: str


LIGHT = Palette(
    dark=False, navy="#12436D", teal="#28A197", plum="#801650", orange="#F46A25",
    sequence=("#DCE9F5", "#A9CBEA", "#6BACE6", "#2073BC", "#12436D"),
    text="#212B32", quiet="#4C6272", rule="#AEB7BD", grid="#E1E5E8", paper="#FFFFFF", soft="#F0F4F5",
    link="#005EB8", withheld="#ECEEF0", withheld_lines="#768692", higher="#FCE3D2", lower="#D9ECF9",
    common="#A6A6A6", improvement="#00B0F0", concern="#E46C0A", neither="#490092",
)  # fmt: skip
# The same hues, light enough for a dark page.
DARK = Palette(
    dark=True, navy="#7DB8EA", teal="#4FC4BA", plum="#E58ABF", orange="#FF8A4C",
    sequence=("#16324A", "#1F5380", "#2F7CBF", "#6BACE6", "#CFE4F8"),
    text="#E8EDEE", quiet="#B4C1CB", rule="#5A6B78", grid="#2C3A45", paper="#14202A", soft="#1E2C38",
    link="#8FC7FF", withheld="#2A3742", withheld_lines="#8A9AA6", higher="#4A2E1C", lower="#173B52",
    common="#A6A6A6", improvement="#00B0F0", concern="#F08A3C", neither="#B48AE8",
)  # fmt: skip

_chosen: ContextVar[Palette | None] = ContextVar("palette", default=None)


def now() -> Palette:
    """Return the colours of the page being drawn: dark where the reader's browser is."""
    return _chosen.get() or (DARK if st.context.theme.type == "dark" else LIGHT)


@contextmanager
def on_paper():
    """Draw in the light colours whatever the reader's browser shows: for what is to be printed."""
    token = _chosen.set(LIGHT)
    try:
        yield
    finally:
        _chosen.reset(token)


def charts() -> dict:
    """Return the look of every chart, as a Vega-Lite configuration."""
    colours = now()
    words = {
        "labelColor": colours.text, "titleColor": colours.text, "labelFontSize": 13, "titleFontSize": 13,
        "titleFontWeight": "normal",
    }  # fmt: skip
    return {
        "background": "transparent",
        # Each chart has one text, from its page, and a table: its hundreds of marks need none of their own.
        "mark": {"aria": False},
        "font": FONT,
        "view": {"stroke": None},
        "axis": words | {"gridColor": colours.grid, "domainColor": colours.rule, "tickColor": colours.rule,
                         "labelLimit": 150},
        "legend": words | {"orient": "top", "labelLimit": 260},
        "text": {"color": colours.text, "fontSize": 13},
    }  # fmt: skip
