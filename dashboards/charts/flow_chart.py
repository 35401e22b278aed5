"""The flow of a pathway: bands as wide as the released counts they stand for, a cell each."""

import altair as alt

from dashboards import theme, words
from dashboards.charts import parts

STEPS = 24
# Where the three columns stand, and the least room between two bands of the last one, as shares of the chart.
LEFT, MIDDLE, RIGHT, THICK, ROOM = 0.0, 0.30, 0.58, 0.018, 0.03
# A name has up to three lines of so many letters, which need so much height.
LETTERS, LINES = 20, 0.14


def sankey(first: dict, second: list[dict], names: dict):
    """Draw everyone -> those that `first` counts -> where `second` says they were.

    first, second: {name, cell, figure} of released cells, whose numerators are the widths of the bands. The bands of
    the second step are drawn on the scale of those the second step counts, because they are a small part of
    everyone: two scales, and the names say the counts. names: everyone, reached: what the columns are called.
    A band that is not shown is a dashed line of no width, with its sign.
    """
    colours = theme.now()
    shown = [one for one in second if words.has_number(one["cell"])]
    total = sum(one["cell"]["numerator"] for one in shown) or 1
    room = ROOM * (len(second) - 1)
    links, nodes, labels, empty = [], [], [], []
    whole = first["cell"]["denominator"] or 1
    part = min(1.0, max(0.03, (first["cell"]["numerator"] or 0) / whole))
    nodes.append({"x": LEFT, "x2": LEFT + THICK, "y": 0.0, "y2": 1.0, "hue": "from"})
    nodes.append({"x": MIDDLE, "x2": MIDDLE + THICK, "y": 0.0, "y2": 1 - room, "hue": "from"})
    links += _band("first", LEFT + THICK, MIDDLE, (0.0, part), (0.0, 1 - room), first)
    labels.append({"x": LEFT + THICK + 0.012, "y": 0.93, "text": f"{names['everyone']}: {whole:,}"})
    labels.append({"x": MIDDLE + THICK + 0.012, "y": -0.035, "text": f"{first['name']}: {first['figure']}"})
    top, at = 0.0, 0.0
    for one in second:
        if words.has_number(one["cell"]):
            tall = (1 - room) * one["cell"]["numerator"] / total
            end = top + max(0.0, LINES - tall) / 2
            links += _band(one["name"], MIDDLE + THICK, RIGHT, (at, at + tall), (end, end + tall), one)
            nodes.append({"x": RIGHT, "x2": RIGHT + THICK, "y": end, "y2": end + tall, "hue": "to"})
            at += tall
        else:
            tall = 0.0
            empty += _line(one["name"], MIDDLE + THICK, RIGHT, min(at, 1 - room), top + LINES / 2, one)
        label = _lines(f"{one['name']}: {one['figure']}")
        labels.append({"x": RIGHT + THICK + 0.012, "y": top + max(tall, LINES) / 2, "text": label})
        top += max(tall, LINES) + ROOM
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[0, 1.08]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[max(1.0, top), -0.08]))
    tooltip = [alt.Tooltip("name:N", title="Band"), alt.Tooltip("figure:N", title="People or stays"),
               alt.Tooltip("share:N", title="Share")]  # fmt: skip
    layers = [
        parts.base(links).mark_area(opacity=0.55, color=colours.sequence[2])
        .encode(x=x, y=y, y2="y2:Q", detail="band:N", tooltip=tooltip),
        parts.base(nodes).mark_rect(color=colours.navy).encode(x=x, x2="x2:Q", y=y, y2="y2:Q"),
        parts.base(labels).mark_text(align="left", baseline="middle", fontSize=13, color=colours.text, lineBreak="\n")
        .encode(x=x, y=y, text="text:N"),
    ]  # fmt: skip
    if empty:
        dashed = parts.base(empty).mark_line(color=colours.withheld_lines, strokeDash=[4, 4])
        layers.append(dashed.encode(x=x, y=y, detail="band:N", tooltip=tooltip))
    return parts.dress(alt.layer(*layers), 380)


def _band(name: str, x1: float, x2: float, start: tuple, end: tuple, one: dict) -> list[dict]:
    """Return the rows of a band from x1 to x2 whose edges ease from start to end."""
    told = {"band": name, "name": one["name"], "figure": one["figure"], "share": one["share"]}
    rows = []
    for n in range(STEPS + 1):
        t = n / STEPS
        ease = t * t * (3 - 2 * t)
        low, high = (a + (b - a) * ease for a, b in zip(start, end, strict=True))
        rows.append(told | {"x": x1 + (x2 - x1) * t, "y": low, "y2": high})
    return rows


def _lines(text: str) -> str:
    """Return a label broken into lines that a telephone has room for."""
    lines = [""]
    for word in text.split():
        if lines[-1] and len(lines[-1]) + len(word) >= LETTERS:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "\n".join(lines)


def _line(name: str, x1: float, x2: float, start: float, end: float, one: dict) -> list[dict]:
    return [{key: row[key] for key in row if key != "y2"}
            for row in _band(name, x1, x2, (start, start), (end, end), one)]  # fmt: skip
