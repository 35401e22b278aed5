"""The charts. Each takes released cells as rows that `rows` has put into words, and returns a chart; nothing
is summed, smoothed or filled in; a cell that is not shown is a mark that says so, never a bar or a point."""

import altair as alt

from dashboards import theme, words

# More bars than this go into a box that scrolls.
TALL = 30
# Where a mark stands that has no value: just above the bottom of the chart.
FLOOR = alt.expr("height - 4")
GAP = {"c": "[c] withheld", "x": "[x] not yet known"}


def rows(cells: list[dict], series: dict, name) -> list[dict]:
    """Return chart rows: the cell's own numbers, and the words that tooltip, sentence and table share."""
    return [
        {
            "name": name(cell),
            "period": words.period(cell["period_type"], cell["period_start"]),
            "start": cell["period_start"].isoformat(),
            "tick": words.tick(cell["period_type"], cell["period_start"]),
            "code": cell["area_code"],
            "sex": words.SEXES.get(cell["sex"], cell["sex"]),
            "value": cell["value"],
            "lower": cell["lower"],
            "upper": cell["upper"],
            "figure": words.number(cell, series),
            "interval": words.interval(cell, series),
            "status": words.STATUS[cell["status"]],
            "gap": GAP.get(cell["status"]),
        }
        for cell in cells
    ]


def hover(first: str, series: dict) -> list[alt.Tooltip]:
    value = series["value_label"] or "value"
    return [
        alt.Tooltip("name:N", title=first),
        alt.Tooltip("period:N", title="Period"),
        alt.Tooltip("figure:N", title=value),
        alt.Tooltip("interval:N", title="95% interval"),
        alt.Tooltip("status:N", title="Status"),
    ]


def _base(data: list[dict]) -> alt.Chart:
    return alt.Chart(alt.Data(values=data))


def dress(chart, height: int):
    """Give a chart its size and the house look. In place: a copy would copy all of its data too."""
    chart.height, chart.width = height, "container"
    chart.autosize = {"type": "fit-x", "contains": "padding"}
    chart.config = theme.CHARTS
    return chart


def trend(data: list[dict], series: dict, area: str, place: list[dict] | None = None):
    """A line with its interval over periods; the whole place dashed behind it; gaps where nothing is shown.

    Counts start at zero; rates do not have to, because it is their change that is read.
    """
    order = sorted({row["start"] for row in data})
    names = {row["start"]: row["tick"] for row in data}
    labels = [names[start] for start in order]
    # With many periods every label would overlap its neighbour on a telephone.
    step = -(-len(labels) // 6)
    ticks = [label for n, label in enumerate(labels) if (len(labels) - 1 - n) % step == 0]
    x = alt.X("tick:O", sort=labels, title=None, scale=alt.Scale(domain=labels),
              axis=alt.Axis(values=ticks, labelAngle=0, labelOverlap=True,
                            labelExpr="split(datum.label, ' ')"))  # fmt: skip
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(zero=series["kind"] == "count"), axis=alt.Axis(tickCount=5)
    )
    lines = [area] + ([place[0]["name"]] if place else [])
    legend = alt.Legend(title=None, symbolType="stroke") if place else None
    colours = alt.Color(
        "name:N", legend=legend, scale=alt.Scale(domain=lines, range=[theme.NAVY, theme.PLUM])
    )
    dashes = alt.StrokeDash("name:N", legend=legend, scale=alt.Scale(domain=lines, range=[[1, 0], [5, 4]]))
    layers = []
    shown = [row for row in data if row["gap"] is None]
    if any(row["lower"] is not None for row in shown):
        band = _base(shown).mark_errorbar(ticks=True, color=theme.NAVY, opacity=0.55, size=8)
        layers.append(band.encode(x=x, y=alt.Y("lower:Q", title=None), y2="upper:Q"))
    # Periods that are not shown stay in the data with an empty value, so the line breaks there.
    line = _base([*data, *(place or [])]).mark_line(strokeWidth=2.5)
    layers.append(line.encode(x=x, y=y, color=colours, strokeDash=dashes))
    layers.append(
        _base(shown)
        .mark_point(filled=True, size=70, opacity=1, color=theme.NAVY)
        .encode(x=x, y=y, tooltip=hover("Area", series))
    )
    hidden = [row for row in data if row["gap"]]
    if hidden:
        mark = _base(hidden).mark_text(fontSize=13, baseline="bottom", color=theme.QUIET)
        layers.append(
            mark.transform_calculate(short="split(datum.gap, ' ')[0]").encode(
                x=x, y=alt.value(FLOOR), text="short:N", tooltip=hover("Area", series)
            )
        )
    return dress(alt.layer(*layers), 300)


def spark(data: list[dict], series: dict):
    """A small line without axes for a headline: its shape only; the figures stand beside it."""
    x = alt.X("start:O", axis=None)
    y = alt.Y("value:Q", axis=None, scale=alt.Scale(zero=series["kind"] == "count", padding=6))
    tooltip = hover("Area", series)
    line = _base(data).mark_line(color=theme.NAVY, strokeWidth=2).encode(x=x, y=y)
    points = _base([row for row in data if row["gap"] is None]).mark_point(
        filled=True, color=theme.NAVY, size=40
    )
    return dress(alt.layer(line, points.encode(x=x, y=y, tooltip=tooltip)), 56)


def ranked(data: list[dict], series: dict, first: str, chosen: str | None, place: dict | None):
    """Bars from the highest to the lowest with their intervals; areas not shown come last, by name."""
    shown = sorted((row for row in data if row["gap"] is None), key=lambda row: (-row["value"], row["name"]))
    hidden = sorted((row for row in data if row["gap"]), key=lambda row: row["name"])
    marked = [
        row | {"label": f"► {row['name']}" if row["code"] == chosen else row["name"]}
        for row in shown + hidden
    ]
    return _bars(marked, series, first, place)


def groups(data: list[dict], series: dict, first: str, place: dict | None = None):
    """Bars in the order given, as for deprivation quintiles."""
    return _bars([row | {"label": row["name"]} for row in data], series, first, place)


def _bars(data: list[dict], series: dict, first: str, place: dict | None):
    shown = [row for row in data if row["gap"] is None]
    hidden = [row for row in data if row["gap"]]
    labels = alt.Scale(domain=[row["label"] for row in data])
    y = alt.Y("label:N", scale=labels, sort=None, title=None, axis=alt.Axis(labelPadding=6, ticks=False))
    # Long lists scroll, so their scale stands where it is seen first; without figures there is none.
    axis = alt.Axis(tickCount=4, orient="top" if len(data) > TALL else "bottom") if shown else None
    scale = alt.Scale(zero=True) if shown else alt.Scale(domain=[0, 1])
    x = alt.X("value:Q", title=None, axis=axis, scale=scale, stack=None)
    tooltip = hover(first, series)
    colour = alt.condition(
        "indexof(datum.label, '►') == 0", alt.value(theme.SEQUENCE[2]), alt.value(theme.SEQUENCE[1])
    )
    layers = [
        _base(data)
        .mark_bar(height=alt.RelativeBandSize(0.72), stroke=theme.NAVY, strokeWidth=0.8)
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    ]
    if any(row["lower"] is not None for row in shown):
        interval = _base(shown).mark_rule(color=theme.TEXT, strokeWidth=1.5)
        layers.append(interval.encode(x="lower:Q", x2="upper:Q", y=y))
    if hidden:
        text = _base(hidden).mark_text(align="left", dx=5, color=theme.QUIET, fontSize=13)
        layers.append(text.encode(x=alt.datum(0), y=y, text="gap:N", tooltip=tooltip))
    if place and place["gap"] is None and series["kind"] != "count":
        line = _base([place]).mark_rule(color=theme.ORANGE, strokeWidth=2, strokeDash=[5, 4])
        layers.append(line.encode(x="value:Q", tooltip=tooltip))
    return dress(alt.layer(*layers), max(150, 24 * len(data) + 30))


def pyramid(data: list[dict], series: dict):
    """Females to the left, males to the right, the oldest on top; bands that are not shown are named."""
    bands = list(dict.fromkeys(row["name"] for row in data))[::-1]
    # A little more than the longest bar, or the last figure of the scale would be cut.
    most = 1.05 * max((row["value"] for row in data if row["value"] is not None), default=1)
    side = {"Female": -1, "Male": 1}
    signed = [row | {"signed": None if row["value"] is None else side[row["sex"]] * row["value"],
                     "edge": side[row["sex"]] * 0.02 * most} for row in data]  # fmt: skip
    y = alt.Y("name:N", sort=bands, title=None, axis=alt.Axis(ticks=False, labelPadding=6))
    x = alt.X("signed:Q", title=None, scale=alt.Scale(domain=[-most, most], nice=True), stack=None,
              axis=alt.Axis(labelExpr="format(abs(datum.value), ',')", tickCount=6))  # fmt: skip
    colour = alt.Color(
        "sex:N", title=None, scale=alt.Scale(domain=list(side), range=[theme.TEAL, theme.NAVY])
    )
    tooltip = [alt.Tooltip("sex:N", title="Sex"), *hover("Age", series)]
    layers = [
        _base(signed)
        .mark_bar(height=alt.RelativeBandSize(0.82))
        .encode(x=x, y=y, color=colour, tooltip=tooltip)
    ]
    hidden = [row for row in signed if row["gap"]]
    if hidden:
        text = _base(hidden).mark_text(color=theme.QUIET, fontSize=12)
        layers.append(
            text.transform_calculate(short="split(datum.gap, ' ')[0]").encode(
                x="edge:Q", y=y, text="short:N", tooltip=tooltip
            )
        )
    return dress(alt.layer(*layers), 24 * len(bands) + 30)


def ages(data: list[dict], series: dict):
    """Two lines over age bands, female and male, told apart by colour, shape and dash."""
    bands = list(dict.fromkeys(row["name"] for row in data))
    x = alt.X("name:N", sort=bands, title=None, axis=alt.Axis(labelAngle=-45 if len(bands) > 6 else 0))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5))
    sexes = alt.Scale(domain=["Female", "Male"], range=[theme.TEAL, theme.NAVY])
    look = {
        "color": alt.Color("sex:N", title=None, scale=sexes),
        "shape": alt.Shape("sex:N", title=None, scale=alt.Scale(domain=["Female", "Male"])),
        "xOffset": alt.XOffset("sex:N"),
    }
    tooltip = [alt.Tooltip("sex:N", title="Sex"), *hover("Age", series)]
    shown = [row for row in data if row["gap"] is None]
    layers = []
    if any(row["lower"] is not None for row in shown):
        interval = _base(shown).mark_errorbar(ticks=True, size=6)
        layers.append(interval.encode(x=x, y=alt.Y("lower:Q", title=None), y2="upper:Q", color=look["color"],
                                      xOffset=look["xOffset"]))  # fmt: skip
    points = _base(shown).mark_point(filled=True, size=80, opacity=1)
    layers.append(points.encode(x=x, y=y, tooltip=tooltip, **look))
    hidden = [row for row in data if row["gap"]]
    if hidden:
        text = _base(hidden).mark_text(color=theme.QUIET, fontSize=12, baseline="bottom")
        layers.append(
            text.transform_calculate(short="split(datum.gap, ' ')[0]").encode(
                x=x, y=alt.value(FLOOR), text="short:N", xOffset=look["xOffset"], tooltip=tooltip
            )
        )
    return dress(alt.layer(*layers), 280)
