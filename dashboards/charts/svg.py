"""Small pictures that need no script: lines as small as a word, and the icons of variation.

Each is an image with its own text. Streamlit takes drawings out of a page's own HTML, so they come as data addresses.
"""

import base64
from html import escape

from dashboards import theme

TEXTS = {
    "common": "Usual variation: no significant change",
    "improvement": "Improvement: unusually {side}",
    "concern": "Concern: unusually {side}",
    "neither": "Change: unusually {side}, neither good nor bad",
}


def image(drawing: str, alt: str, css: str) -> str:
    """Return an img element of an SVG drawing; alt: its text, empty where the text stands beside it."""
    data = base64.b64encode(drawing.encode()).decode()
    return f'<img class="{css}" alt="{escape(alt)}" src="data:image/svg+xml;base64,{data}">'


def spark(
    values: list[float | None],
    alt: str,
    *,
    zero: bool = False,
    span: tuple[float, float] | None = None,
    wide: int = 240,
) -> str:
    """Return a line over time without axes, broken where a value is None; the last known value has a point.

    span: lowest and highest value, to draw several on one scale; zero: include nought.
    """
    known = [value for value in values if value is not None]
    if not known:
        return ""
    low, high = span or (min(known), max(known))
    low = min(low, 0.0) if zero else low
    room, colours = (high - low) or 1.0, theme.now()
    step = (wide - 12) / max(1, len(values) - 1)
    spots = [None if value is None else (6 + n * step, 52 - 44 * (value - low) / room)
             for n, value in enumerate(values)]  # fmt: skip
    path, pen = [], "M"
    for spot in spots:
        if spot is None:
            pen = "M"
        else:
            path.append(f"{pen}{spot[0]:.1f} {spot[1]:.1f}")
            pen = "L"
    x, y = [spot for spot in spots if spot][-1]
    gaps = "".join(
        f'<path d="M{6 + n * step:.1f} 52v6" stroke="{colours.quiet}" stroke-width="2"/>'
        for n, spot in enumerate(spots) if spot is None
    )  # fmt: skip
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} 60" preserveAspectRatio="none">'
        f'<path d="{"".join(path)}" fill="none" stroke="{colours.navy}" stroke-width="2.5" '
        f'vector-effect="non-scaling-stroke"/>{gaps}<circle cx="{x:.1f}" cy="{y:.1f}" r="4" '
        f'fill="{colours.navy}"/></svg>'
    )
    return image(drawing, alt, "bw-spark")


def icon(kind: str, side: str) -> str:
    """Return the icon of a variation: a ring in its colour with H or L, after Making data count; with its text.

    kind: common, improvement, concern or neither; side: 'high' or 'low'.
    """
    colours = theme.now()
    colour = getattr(colours, kind)
    letter = "" if kind == "common" else side[0].upper()
    dots = {"": "M8 26L14 20L20 27L26 19L32 25", "H": "M7 30L13 27L19 29L25 22L33 12",
            "L": "M7 12L13 15L19 13L25 20L33 30"}[letter]  # fmt: skip
    dash = ' stroke-dasharray="3 2"' if kind == "concern" else ""
    text = (
        f'<text x="{12 if letter == "H" else 28}" y="21" font-family="Arial" font-weight="700" font-size="13" '
        f'text-anchor="middle" fill="{colours.text}">{letter}</text>'
        if letter
        else ""
    )
    drawing = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 40"><circle cx="20" cy="20" r="17.5" '
        f'fill="{colours.paper}" stroke="{colour}" stroke-width="4"{dash}/><path d="{dots}" fill="none" '
        f'stroke="{colours.quiet if not letter else colour}" stroke-width="2.5"/>{text}</svg>'
    )
    return image(drawing, TEXTS[kind].format(side=side), "bw-icon")
