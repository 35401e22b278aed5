"""A page a topic: its measures with their small charts, the pathway if there is one, and areas side by side."""

from html import escape

import streamlit as st

from dashboards import charts, choices, overview, page, pathways, words
from dashboards.charts import svg
from dashboards.headlines import Headline, headlines
from dashboards.release import Release

# Where areas are set side by side: the first of these that has figures enough.
AREA_TYPES = ("ward", "locality")


def topics(release: Release) -> list[str]:
    """Return the topics of the catalogue in the order of its measures."""
    return list(dict.fromkeys(measure["topic"] for measure in release.measures))


def draw(release: Release, topic: str) -> None:
    page.head(release, topic)
    measures = [one for one in release.measures if one["topic"] == topic]
    found = tuple(one for one in headlines(release) if one.measure["topic"] == topic)
    page.answer(overview.said(found))
    page.heading("Measures")
    st.html(f'<ul class="bw-cards">{"".join(_card(one, found) for one in measures)}</ul>')
    place = next(area for area in release.areas.values() if area["area_type"] == "place")
    for measure in measures:
        if (pathway := pathways.find(release, measure["measure"])) is not None:
            kinds = {row["period_type"] for row in release.combinations(measure["measure"])
                     if row["category"] == pathway.second[0]["category"]}  # fmt: skip
            widest = next(kind for kind in words.PERIOD_TYPES if kind in kinds)
            pathways.draw(release, measure, place, {"period_type": widest, "age_band": "all", "sex": "all"})
    _areas(release, found)
    if topic.lower().startswith("coverage"):
        page.heading("Quality of the records")
        text = "How valid, complete, linked and timely the records were"
        st.html(f"<p>{page.anchor(text, 'quality')}</p>")


def _card(measure: dict, found: tuple[Headline, ...]) -> str:
    """Return a measure as a card: its name, its headline figures with their lines, its first sentence."""
    told = []
    for one in found:
        if one.measure is measure:
            figure, unit = one.figure
            shape, change = one.change
            icon = svg.icon(one.variation.kind, one.variation.side) if one.variation else ""
            varies = f"<p>{icon}{escape(one.variation.said)}</p>" if one.variation else ""
            told.append(
                f"<p>{page.anchor(one.series['label'], measure['measure'], show=choices.series_key(one.series))}</p>"
                f'<p class="bw-figure">{escape(figure)} <small>{escape(unit)}, {escape(one.when)}</small></p>'
                f'<p><span class="bw-shape" aria-hidden="true">{shape}</span> {escape(change)}</p>{varies}'
                f"{overview.line(one) if len(one.cells) > 1 else ''}"
            )
    if not told:
        told.append(f"<p>{page.anchor('See the figures', measure['measure'])}</p>")
    first = measure["definition"].split(". ")[0].rstrip(".") + "."
    return f"<li><h3>{escape(measure['title'])}</h3>{''.join(told)}<p>{escape(first)}</p></li>"


def _areas(release: Release, found: tuple[Headline, ...]) -> None:
    """Draw the headlines of a topic by area: a heat table."""
    for area_type in AREA_TYPES:
        columns = [column for one in found if (column := _column(release, one, area_type))]
        names = sorted({name for column in columns for name in column["cells"]})
        if columns and len(names) > 2:
            kind = words.AREA_TYPES[area_type]
            place = release.facts["place_name"]
            page.heading(f"{kind} side by side")
            page.paragraph(_said(columns, kind, place))
            charts.heat(f"Headline figures by area: {kind.lower()}", kind[:-1], names, columns)
            page.note(f"▲ higher, ▼ lower than {place} as a whole: the 95% intervals lie apart. Without a sign: "
                      "similar, or a count, which is not compared. [c] withheld, [x] not yet known.")  # fmt: skip
            return


def _column(release: Release, one: Headline, area_type: str) -> dict | None:
    if one.cell is None:
        return None
    same = {
        name: one.cell[name]
        for name in ("measure", "category_type", "category", "period_type", "period_start")
    }
    cells = release.cells(**same, area_type=area_type, age_band="all", sex="all", deprivation_quintile="all")
    by_name = {release.areas[cell["area_code"]]["area_name"]: cell for cell in cells
               if cell["area_code"] in release.areas}  # fmt: skip
    unit = f", {one.series['value_label']}" if one.series["kind"] != "count" else ""
    heading = f"{one.series['label']}{unit}, {one.when}"
    return (
        {"heading": heading, "cells": by_name, "series": one.series, "whole": one.cell} if by_name else None
    )


def _said(columns: list[dict], kind: str, place: str) -> str:
    """Return in how many areas a figure is above or below the whole place's."""
    told = []
    for column in columns:
        if column["series"]["kind"] != "count":
            ways = [words.compared(cell, column["whole"], column["series"]["kind"])
                    for cell in column["cells"].values()]  # fmt: skip
            told.append(
                f"{column['series']['label']}: {ways.count('higher')} {kind.lower()} higher than {place}, "
                f"{ways.count('lower')} lower"
            )
    return ". ".join(told) + "." if told else ""
