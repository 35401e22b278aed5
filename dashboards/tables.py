"""Real tables beside the charts: headings, a caption, figures as text just as the charts say them."""

import re
from html import escape

import streamlit as st

from dashboards import words

# A number, an interval, a shorthand or nothing: what stands on the right of its column.
FIGURE = re.compile(r"(([\d,.]+|\[low\])( to ([\d,.]+|\[low\]))?|\[[a-z]+\])?")


def cell_rows(cells: list[dict], series: dict, first) -> list[list[str]]:
    """Return table rows of cells: what `first` says of the cell, value, interval, numerator, denominator.

    A count is its own numerator, so it stands alone.
    """
    parts = () if series["kind"] == "count" else ("numerator", "denominator")
    return [
        [
            first(cell),
            words.number(cell, series),
            words.interval(cell, series),
            *(words.number(cell, series, part) for part in parts),
        ]
        for cell in cells
    ]


def cell_headings(first: str, series: dict) -> list[str]:
    parts = [] if series["kind"] == "count" else [_capital(series["unit"]), "Out of"]
    return [first, _capital(series["value_label"]), "95% interval", *parts]


def draw(caption: str, headings: list[str], rows: list[list[str]], *, whole: bool = False) -> None:
    """Draw a table in a box that scrolls, or whole; its first column heads the rows, empty columns go."""
    kept = [n for n in range(len(headings)) if n == 0 or any(row[n] for row in rows)]
    figures = {n for n in kept if n and all(FIGURE.fullmatch(row[n]) for row in rows)}
    head = "".join(f'<th scope="col"{_class(n in figures)}>{escape(headings[n])}</th>' for n in kept)
    body = "".join(
        "<tr>" + "".join(_cell(row[n], n == 0, n in figures) for n in kept) + "</tr>" for row in rows
    )
    st.html(
        f'<div class="bw-scroll{" bw-whole" if whole else ""}" tabindex="0" role="region" '
        f'aria-label="{escape(caption)}"><table class="bw-table">'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def draw_html(caption: str, headings: list[str], rows: list[list[str]], *, even: bool = False) -> None:
    """Draw a table whose cells are already HTML: links, icons and small lines. A row is a block on a telephone."""
    st.html(
        f'<div class="bw-scroll bw-whole" tabindex="0" role="region" aria-label="{escape(caption)}">'
        f"{html(caption, headings, rows, even=even)}</div>"
    )


def html(caption: str, headings: list[str], rows: list[list[str]], *, even: bool = False) -> str:
    """Return a table whose cells are already HTML; even: columns of one width, as in its neighbours."""
    extra = " bw-even" if even else ""
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in headings)
    body = ""
    for first, *others in rows:
        cells = "".join(
            f'<td data-head="{escape(text)}">{cell}</td>'
            for text, cell in zip(headings[1:], others, strict=True)
        )
        body += f'<tr><th scope="row">{first}</th>{cells}</tr>'
    return (
        f'<table class="bw-table bw-stack{extra}"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def shorthand(cells: list[dict]) -> str:
    """Return the explanation of the shorthand that occurs in some cells; empty where none does."""
    notes = {status: f"[{status}] {text}" for status, text in words.STATUS.items() if status != "shown"}
    found = {cell["status"] for cell in cells}
    return "; ".join(note for status, note in notes.items() if status in found)


def _cell(text: str, first: bool, figure: bool) -> str:
    if first:
        return f'<th scope="row">{escape(text)}</th>'
    kind = {words.WITHHELD: "withheld", words.UNKNOWN: "unknown"}.get(text, "")
    names = " ".join(filter(None, ("number" if figure else "", kind)))
    return f'<td class="{names}">{escape(text)}</td>' if names else f"<td>{escape(text)}</td>"


def _class(figure: bool) -> str:
    return ' class="number"' if figure else ""


def _capital(text: str | None) -> str:
    return (text or "Value")[:1].upper() + (text or "Value")[1:]
