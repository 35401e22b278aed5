"""The first page: every headline figure on one page, how it moved, whether that is usual, how areas differ."""

from html import escape

import streamlit as st

from dashboards import choices, page, sentences, tables, words
from dashboards.charts import svg
from dashboards.headlines import Headline, headlines
from dashboards.release import Release

HEADINGS = [
    "Headline",
    "Figure",
    "Period",
    "Against the year before",
    "Variation",
    "Over time",
    "Between areas",
]


def draw(release: Release) -> None:
    facts = release.facts
    page.head(release, f"{facts['place_name']} at a glance")
    found = headlines(release)
    page.answer(said(found))
    by_topic: dict[str, list[Headline]] = {}
    for one in found:
        by_topic.setdefault(one.measure["topic"], []).append(one)
    page.heading("Headline figures")
    for topic, ones in by_topic.items():
        st.html(f'<h3 class="bw-head">{page.anchor(topic, page.topic_path(topic))}</h3>')
        table(release, topic, ones)
    st.html(f'<p class="bw-release">{KEY}</p>')
    page.heading("What was withheld")
    st.html(
        f'<p class="bw-text">This release has {facts["cells"]:,} figures. {facts["withheld"]:,} of them are withheld '
        "and shown as [c], so that nobody can be found in them, and some that would let a reader work those out. "
        f"{escape(' '.join(facts['rules'].splitlines()[:2]))}</p>"
    )


KEY = (
    "Variation: a ring with H or L marks a figure that is unusually high or low for this series: blue for an "
    "improvement, orange and dashed for a concern, purple for neither. A grey ring is usual variation. A series needs "
    "13 periods to be judged."
)


def said(found: tuple[Headline, ...]) -> list[str]:
    """Return sentences that sum the headlines up: how many stand out, and which are a concern."""
    judged = [one for one in found if one.variation]
    concern = [one.series["label"] for one in judged if one.variation.kind == "concern"]
    better = [one.series["label"] for one in judged if one.variation.kind == "improvement"]
    lines = [
        f"{len(found)} headline figures. {len(judged)} have enough periods to tell usual ups and downs from change."
    ]
    if concern:
        lines.append(f"Of concern: {words.listed(concern)}.")
    if better:
        lines.append(f"Improving: {words.listed(better)}.")
    if judged and not concern and not better:
        lines.append("None of them is outside its usual range.")
    return lines


def table(release: Release, caption: str, ones: list[Headline], *, linked: bool = True) -> None:
    """Draw headlines as the rows of a real table, with icon and small line; on a telephone each row is a block."""
    rows = [_row(release, one, linked) for one in ones]
    tables.draw_html(f"Headline figures: {caption}", HEADINGS, rows, even=True)


def _row(release: Release, one: Headline, linked: bool) -> list[str]:
    label = one.series["label"]
    name = (
        page.anchor(label, one.measure["measure"], show=choices.series_key(one.series))
        if linked
        else escape(label)
    )
    figure, unit = one.figure
    shape, change = one.change
    varies = (
        f'<span class="bw-change">{svg.icon(one.variation.kind, one.variation.side)}'
        f"<span>{escape(one.variation.said)}</span></span>"
        if one.variation
        else "Too few periods"
    )
    arrow = f'<span class="bw-shape" aria-hidden="true">{shape}</span> ' if shape else ""
    return [
        name,
        f"<strong>{escape(figure)}</strong> {escape(unit)}",
        escape(one.when),
        f"{arrow}{escape(change)}",
        varies,
        line(one),
        escape(between_areas(release, one.series, one.cell)) or "Not compared",
    ]


def line(one: Headline) -> str:
    """Return the small line of a headline over its periods, with its ends in words."""
    shown = [cell for cell in one.cells if words.has_number(cell)]
    if len(shown) < 2:
        return "Too few periods"
    ends = [f"{words.number(cell, one.series)} {words.during(cell['period_type'], cell['period_start'])}"
            for cell in (shown[0], shown[-1])]  # fmt: skip
    values = [cell["value"] if words.has_number(cell) else None for cell in one.cells]
    return svg.spark(values, f"From {ends[0]} to {ends[1]}", zero=one.series["kind"] == "count")


def between_areas(release: Release, series: dict, cell: dict | None) -> str:
    """Return the comparison of localities, or of wards where there are none; a count is not compared."""
    if cell is None or series["kind"] == "count":
        return ""
    same = {
        name: cell[name] for name in ("measure", "category_type", "category", "period_type", "period_start")
    }
    for area_type in ("locality", "ward"):
        cells = release.cells(
            **same, area_type=area_type, age_band="all", sex="all", deprivation_quintile="all"
        )
        if said := sentences.spread(cells, series, release.areas, area_type):
            return said
    return ""
