"""The XmR chart: points between the limits of what is usual; what stands out is marked by colour and shape."""

import altair as alt

from dashboards import theme, words
from dashboards.charts import parts
from dashboards.statistics import xmr

SHAPES = {"common": "circle", "improvement": "triangle-up", "concern": "diamond", "neither": "square"}
NAMES = {
    "common": "Usual variation",
    "improvement": "Improvement",
    "concern": "Concern",
    "neither": "Change, neither good nor bad",
}


def variation(data: list[dict], series: dict, found: xmr.Limits, polarity: str):
    """An XmR chart of rows in order of time; found: their limits."""
    colours = theme.now()
    broken = xmr.signals([row["value"] for row in data], found)
    told = []
    for row, rules in zip(data, broken, strict=True):
        if row["gap"] is None:
            kind = NAMES[xmr.kind(row["value"], rules, found, polarity)]
            why = "; ".join(text for rule, text in xmr.RULES.items() if rule in rules)
            told.append(row | {"kind": kind, "why": why or "within what is usual"})
    x = parts.over_time(data)
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False, nice=True), axis=alt.Axis(tickCount=5))
    layers = [
        _line(found.centre, series, "Average", colours.text, [1, 0]),
        _line(found.upper, series, "Upper limit", colours.quiet, [5, 4]),
        _line(found.lower, series, "Lower limit", colours.quiet, [5, 4]),
        parts.base(data).mark_line(color=colours.quiet, strokeWidth=1.5).encode(x=x, y=y),
    ]
    kinds = [kind for kind in theme.POINTS if any(row["kind"] == NAMES[kind] for row in told)]
    names = [NAMES[kind] for kind in kinds]
    legend = alt.Legend(title=None, columns=2)
    tooltip = [*parts.hover("Area", series), alt.Tooltip("why:N", title="Signal")]
    points = parts.base(told).mark_point(
        filled=True, size=75, opacity=1, stroke=colours.text, strokeWidth=0.5
    )
    layers.append(
        points.encode(
            x=x, y=y, tooltip=tooltip,
            color=alt.Color("kind:N", legend=legend, scale=alt.Scale(
                domain=names, range=[getattr(colours, kind) for kind in kinds])),
            shape=alt.Shape("kind:N", legend=legend, scale=alt.Scale(
                domain=names, range=[SHAPES[kind] for kind in kinds])),
        )
    )  # fmt: skip
    layers += parts.kept(told, x, y) + parts.not_shown(data, x, parts.hover("Area", series))
    return parts.dress(alt.layer(*layers), 320)


def _line(value: float, series: dict, name: str, colour: str, dash: list[int]):
    text = f"{value:,.{(series['decimals'] or 0)}f}"
    row = {"value": value, "name": name, "figure": f"{text} {series['value_label'] or ''}".strip()}
    mark = parts.base([row]).mark_rule(color=colour, strokeDash=dash, strokeWidth=1.5)
    tooltip = [alt.Tooltip("name:N", title="Line"), alt.Tooltip("figure:N", title="At")]
    return mark.encode(y="value:Q", tooltip=tooltip)


def sentence(data: list[dict], found: xmr.Limits, polarity: str, *, now: str) -> tuple[str, str, str]:
    """Return what the chart says of its last known period, its kind and its side.

    now: the series and the area in words.
    """
    broken = xmr.signals([row["value"] for row in data], found)
    row, rules = [pair for pair in zip(data, broken, strict=True) if pair[0]["gap"] is None][-1]
    kind = xmr.kind(row["value"], rules, found, polarity)
    side = "high" if row["value"] > found.centre else "low"
    if kind == "common":
        return f"{now}, {row['period']}: within what is usual.", kind, side
    why = words.listed([text for rule, text in xmr.RULES.items() if rule in rules])
    judged = {"improvement": ", an improvement", "concern": ", a concern", "neither": ""}[kind]
    return f"{now}, {row['period']}: unusually {side}{judged} ({why}).", kind, side
