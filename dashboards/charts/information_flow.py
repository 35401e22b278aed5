"""The information-flow diagram, drawn from the metadata of a release: sources, identifiers, flows, legal basis."""

from html import escape

from dashboards.charts.svg import image

ROW, TOP, WIDE = 60, 64, 1290
BLUE, PALE, INK, QUIET = "#005EB8", "#E8EDEE", "#212B32", "#4C6272"
# Left edge and width of each column.
COLUMNS = {"sources": (16, 340), "sender": (406, 220), "store": (676, 210), "uses": (936, 340)}


def diagram(sources: list[dict], flows: list[dict], facts: dict) -> str:
    """Return the diagram as an image on white, with its whole content as text.

    sources: rows of `sources`; flows: rows of `flows`. Purposes that no released measure uses stay in the store.
    """
    purposes = list({one["purpose"]: one for one in flows}.values())
    tall = TOP + ROW * max(len(sources), 8) + 40
    middle = (TOP + tall - 40) / 2
    parts = [_head(name, text) for name, text in (
        ("sources", "Who sends what"), ("sender", "At the sender"), ("store", "Closed store"),
        ("uses", "What for, and what comes out"))]  # fmt: skip
    parts.append(_box("sender", middle - 78, 156, ["Names, NHS numbers,", "postcodes, days of birth go;",
                                                  "a keyed code, month of birth", "and small area stay.",
                                                  "The key stays here."]))  # fmt: skip
    parts.append(_box("store", middle - 92, 184, ["Files with identities are", "refused.",
                                                     "Opt-outs and refusals are", "applied for each use.",
                                                     "Linked by code, counted,", "protected together."]))  # fmt: skip
    for n, one in enumerate(sources):
        y = TOP + ROW * n
        parts.append(_box("sources", y, ROW - 8, [*_wrap(one["title"], 40)[:2], one["sender"]], small=True))
        parts.append(_arrow(_right("sources"), y + ROW / 2 - 4, COLUMNS["sender"][0], middle))
    parts.append(_arrow(_right("sender"), middle, COLUMNS["store"][0], middle))
    step = (tall - 40 - TOP) / max(1, len(purposes))
    for n, one in enumerate(purposes):
        y = TOP + step * n
        out = "Out: protected figures, this website" if one["released"] else "Out: nothing leaves the store"
        lines = [one["purpose_title"], *_wrap(one["purpose_basis"], 46)[:4], out]
        parts.append(_box("uses", y, min(step - 8, 104), lines, small=True))
        parts.append(_arrow(_right("store"), middle, COLUMNS["uses"][0], y + min(step - 8, 104) / 2,
                            dashed=not one["released"]))  # fmt: skip
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDE} {tall:.0f}" font-family="Arial, sans-serif">'
        f'<rect width="{WIDE}" height="{tall:.0f}" fill="#fff"/>{"".join(parts)}</svg>'
    )
    return image(drawing, _text(sources, purposes, facts), "bw-flow")


def _text(sources: list[dict], purposes: list[dict], facts: dict) -> str:
    sent = "; ".join(f"{one['title']} from {one['sender']}" for one in sources)
    uses = "; ".join(
        f"{one['purpose_title']} ({'released as protected figures' if one['released'] else 'nothing released'})"
        for one in purposes
    )
    return (
        f"Diagram of the way of the records for {facts['place_name']}. Sent: {sent}. At the sender identities are "
        f"taken out. In a closed store opt-outs are applied, records are linked by code and counted. "
        f"Used for: {uses}."
    )


def _right(column: str) -> float:
    left, wide = COLUMNS[column]
    return left + wide


def _head(column: str, text: str) -> str:
    return (f'<text x="{COLUMNS[column][0]}" y="36" font-size="19" font-weight="700" fill="{INK}">'
            f"{escape(text)}</text>")  # fmt: skip


def _box(column: str, y: float, tall: float, lines: list[str], *, small: bool = False) -> str:
    left, wide = COLUMNS[column]
    size, gap = (12, 15) if small else (13, 20)
    start = y + (tall - gap * (len(lines) - 1)) / 2 + size / 3
    texts = "".join(
        f'<text x="{left + 10}" y="{start + gap * n:.1f}" font-size="{size}" '
        f'fill="{INK}" font-weight="{700 if small and n == 0 else 400}">{escape(line)}</text>'
        for n, line in enumerate(lines)
    )
    fill = PALE if small else "#D9ECF9"
    return (f'<rect x="{left}" y="{y:.1f}" width="{wide}" height="{tall:.1f}" rx="4" fill="{fill}" '
            f'stroke="{BLUE}"/>{texts}')  # fmt: skip


def _arrow(x1: float, y1: float, x2: float, y2: float, *, dashed: bool = False) -> str:
    bend = (x1 + x2) / 2
    dash = ' stroke-dasharray="5 4"' if dashed else ""
    return (
        f'<path d="M{x1} {y1:.1f}C{bend} {y1:.1f} {bend} {y2:.1f} {x2 - 7} {y2:.1f}" fill="none" stroke="{QUIET}" '
        f'stroke-width="1.5"{dash}/>'
        f'<path d="M{x2 - 8} {y2 - 4:.1f}L{x2} {y2:.1f}L{x2 - 8} {y2 + 4:.1f}z" fill="{QUIET}"/>'
    )


def _wrap(text: str, wide: int) -> list[str]:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) + 1 > wide:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
