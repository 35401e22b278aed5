"""Bars between areas or groups: ranked with intervals, or in a given order with a slope."""

import altair as alt

from dashboards import theme
from dashboards.charts import parts


def ranked(data: list[dict], series: dict, first: str, chosen: str | None, place: dict | None):
    """Bars from the highest to the lowest with their intervals; areas not shown come last, by name."""
    shown = sorted((row for row in data if row["gap"] is None), key=lambda row: (-row["value"], row["name"]))
    hidden = sorted((row for row in data if row["gap"]), key=lambda row: row["name"])
    marked = [
        row | {"label": f"► {row['name']}" if row["code"] == chosen else row["name"]}
        for row in shown + hidden
    ]
    return _bars(marked, series, first, place)


def groups(
    data: list[dict],
    series: dict,
    first: str,
    place: dict | None = None,
    slope: tuple[float, float] | None = None,
):
    """Bars in the order given, as for deprivation quintiles; slope: the line's value at the first and last end."""
    labelled = [row | {"label": row["name"]} for row in data]
    chart = _bars(labelled, series, first, place)
    if slope:
        ends = [{"label": labelled[0]["label"], "value": slope[0]},
                {"label": labelled[-1]["label"], "value": slope[1]}]  # fmt: skip
        line = parts.base(ends).mark_line(color=theme.now().plum, strokeWidth=3, strokeDash=[2, 3])
        y = alt.Y("label:N", sort=None)
        chart.layer = [*chart.layer, line.encode(x="value:Q", y=y, order=alt.Order("label:N"))]
    return chart


def _bars(data: list[dict], series: dict, first: str, place: dict | None):
    colours = theme.now()
    shown = [row for row in data if row["gap"] is None]
    hidden = [row for row in data if row["gap"]]
    labels = alt.Scale(domain=[row["label"] for row in data])
    y = alt.Y("label:N", scale=labels, sort=None, title=None, axis=alt.Axis(labelPadding=6, ticks=False))
    # Long lists scroll, so their scale stands where it is seen first; without figures there is none.
    axis = alt.Axis(tickCount=4, orient="top" if len(data) > parts.TALL else "bottom") if shown else None
    scale = alt.Scale(zero=True) if shown else alt.Scale(domain=[0, 1])
    x = alt.X("value:Q", title=None, axis=axis, scale=scale, stack=None)
    tooltip = parts.hover(first, series)
    colour = alt.condition(
        "indexof(datum.label, '►') == 0", alt.value(colours.sequence[2]), alt.value(colours.sequence[1])
    )
    layers = [
        parts.base(data)
        .mark_bar(height=alt.RelativeBandSize(0.72), stroke=colours.navy, strokeWidth=0.8)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    ]
    if any(row["lower"] is not None for row in shown):
        interval = parts.base(shown).mark_rule(color=colours.text, strokeWidth=1.5)
        layers.append(interval.encode(x="lower:Q", x2="upper:Q", y=y))
    # A bar of no length cannot be seen, and an earlier figure looks like any other: both are written out.
    signs = [row | {"sign": row["gap"]} for row in hidden]
    signs += [row | {"sign": row["figure"]} for row in shown if row["value"] == 0]
    if signs:
        text = parts.base(signs).mark_text(align="left", dx=5, color=colours.quiet, fontSize=13)
        layers.append(text.encode(x=alt.datum(0), y=y, text="sign:N", tooltip=tooltip))
    earlier = [row for row in shown if row["kept"] and row["value"] != 0]
    if earlier:
        text = parts.base(earlier).mark_text(align="left", dx=5, color=colours.text, fontSize=13)
        text = text.transform_calculate(sign="'[p]'")
        layers.append(text.encode(x=alt.datum(0), y=y, text="sign:N", tooltip=tooltip))
    if place and place["gap"] is None and series["kind"] != "count":
        line = parts.base([place]).mark_rule(color=colours.orange, strokeWidth=2, strokeDash=[5, 4])
        layers.append(line.encode(x="value:Q", tooltip=tooltip))
    return parts.dress(alt.layer(*layers), max(150, 24 * len(data) + 30))
