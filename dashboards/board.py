"""The board summary: two printed pages. First every headline, then what stands out and how to read it."""

from html import escape

import streamlit as st

from dashboards import overview, page, style, tables, theme, words
from dashboards.charts import funnel_plot, svg
from dashboards.headlines import Headline, headlines
from dashboards.release import Release

# What fits on the second page.
MOST = 8
HEADINGS = ["Headline", "Figure", "Period", "Against the year before", "Variation", "Over time"]


def draw(release: Release) -> None:
    facts = release.facts
    page.head(release, "Board summary")
    st.html('<p class="bw-screen-only bw-text">Two pages of A4: print this page with the browser (Ctrl+P), or save it '
            "as PDF there.</p>")  # fmt: skip
    with theme.on_paper():
        found = headlines(release)
        st.html(f"<style>{style.PAPER}</style>")
        st.html(
            f'<section class="bw-sheet"><h2>{escape(facts["place_name"])}: headline figures</h2>'
            f"{''.join(f'<p>{escape(line)}</p>' for line in overview.said(found))}"
            f"{tables.html('Headline figures', HEADINGS, [_row(one) for one in found])}"
            f'<p class="bw-release">{overview.KEY}</p></section>'
        )
        st.html(
            '<section class="bw-sheet bw-second"><h2>What stands out</h2>'
            f"{_list(_variation(found), 'No headline is outside its usual range.')}"
            "<h2>Areas beyond what their size explains</h2>"
            f"{_list(_areas(release, found), 'No area is beyond the limits of chance for its size.')}"
            "<h2>Most and least deprived</h2>"
            f"{_list(_deprivation(release, found), 'No headline differs, or none was released by deprivation.')}"
            f"<h2>How to read this</h2>{_reading(release)}</section>"
        )


def _row(one: Headline) -> list[str]:
    figure, unit = one.figure
    shape, change = one.change
    varies = (
        f'<span class="bw-change">{svg.icon(one.variation.kind, one.variation.side)}'
        f"<span>{escape(one.variation.said)}</span></span>"
        if one.variation
        else "Too few periods"
    )
    arrow = f'<span class="bw-shape" aria-hidden="true">{shape}</span> ' if shape else ""
    return [escape(one.series["label"]), f"<strong>{escape(figure)}</strong> {escape(unit)}", escape(one.when),
            f"{arrow}{escape(change)}", varies, overview.line(one)]  # fmt: skip


def _list(lines: list[str], otherwise: str) -> str:
    more = (
        f"<li>And {len(lines) - MOST} more, on the pages of the measures.</li>" if len(lines) > MOST else ""
    )
    items = "".join(f"<li>{escape(line)}</li>" for line in lines[:MOST])
    return f"<ul>{items}{more}</ul>" if lines else f"<p>{escape(otherwise)}</p>"


def _variation(found: tuple[Headline, ...]) -> list[str]:
    order = {"concern": 0, "improvement": 1, "neither": 2}
    told = sorted((one for one in found if one.variation and one.variation.kind in order),
                  key=lambda one: order[one.variation.kind])  # fmt: skip
    return [f"{one.series['label']}: {one.variation.said}; {one.variation.why}." for one in told]


def _areas(release: Release, found: tuple[Headline, ...]) -> list[str]:
    """Return a line for each headline that has wards beyond the 99.8% limits of a funnel."""
    told = []
    for one in found:
        if one.cell is None or one.series["kind"] not in funnel_plot.KINDS:
            continue
        cells = _same(release, one, area_type="ward", deprivation_quintile="all")
        cells = [cell for cell in cells if cell["area_code"] in release.areas]
        placed = funnel_plot.places(cells, one.series, one.cell) or {}
        for way in ("high", "low"):
            names = sorted(release.areas[code]["area_name"] for code, at in placed.items() if at == way)
            if names:
                said = words.listed(names[:4]) + (f" and {len(names) - 4} more" if len(names) > 4 else "")
                told.append(f"{one.series['label']}, {one.when}: {way} in {said}.")
    return told


def _deprivation(release: Release, found: tuple[Headline, ...]) -> list[str]:
    """Return a line for each headline whose most and least deprived groups differ."""
    told = []
    for one in found:
        if one.cell is None or one.series["kind"] == "count":
            continue
        cells = _same(release, one, area_type="place", deprivation_quintile=["1", "5"])
        ends = {cell["deprivation_quintile"]: cell for cell in cells}
        direction = words.compared(ends.get("1"), ends.get("5"), one.series["kind"])
        if direction in ("higher", "lower"):
            apart = words.difference(ends["1"], ends["5"], one.series)
            told.append(
                f"{one.series['label']}, {one.when}: {apart} {direction} among the most deprived fifth than the least "
                f"({words.number(ends['1'], one.series)} against {words.number(ends['5'], one.series)})."
            )
    return told


def _same(release: Release, one: Headline, **where) -> list[dict]:
    key = {
        name: one.cell[name]
        for name in ("measure", "category_type", "category", "period_type", "period_start")
    }
    return release.cells(**key, age_band="all", sex="all", **where)


def _reading(release: Release) -> str:
    facts = release.facts
    invented = (
        "All people in it are invented: it is for practice, not for decisions. " if facts["synthetic"] else ""
    )
    lines = [
        f"{invented}Release {facts['release_id']} of {words.day(facts['made_at'])}; records up to "
        f"{words.day(facts['data_up_to'])}; {facts['withheld']:,} of {facts['cells']:,} figures are withheld, [c].",
        *facts["rules"].splitlines()[:2],
        "Higher and lower are said only where 95% intervals lie apart. Variation is judged by the rules of Making data "
        "count (NHS England), areas by funnel limits of 99.8%.",
        "The figures say where to look, not who is to blame; they are not for decisions about a person.",
    ]
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"
