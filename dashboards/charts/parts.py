"""What the charts share: rows in words, tooltips, marks for what is not a plain figure, size and look."""

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
            "kept": cell["status"] == "p",
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


def base(data: list[dict]) -> alt.Chart:
    return alt.Chart(alt.Data(values=data))


def dress(chart, height: int):
    """Give a chart its size and the house look. In place: a copy would copy all of its data too."""
    chart.height, chart.width = height, "container"
    chart.autosize = {"type": "fit-x", "contains": "padding"}
    chart.config = theme.charts()
    return chart


def over_time(data: list[dict]) -> alt.X:
    """Return the axis of periods, with as many names as a telephone has room for, the last one among them."""
    order = sorted({row["start"] for row in data})
    names = {row["start"]: row["tick"] for row in data}
    labels = [names[start] for start in order]
    step = -(-len(labels) // 6)
    ticks = [label for n, label in enumerate(labels) if (len(labels) - 1 - n) % step == 0]
    axis = alt.Axis(values=ticks, labelAngle=0, labelOverlap=True, labelExpr="split(datum.label, ' ')")
    return alt.X("tick:O", sort=labels, title=None, scale=alt.Scale(domain=labels), axis=axis)


def not_shown(data: list[dict], x, tooltip, **encoding) -> list:
    """Return a layer with [c] or [x] at the foot of the chart where a figure is not shown; none where all are."""
    hidden = [row for row in data if row["gap"]]
    if not hidden:
        return []
    mark = base(hidden).mark_text(fontSize=13, baseline="bottom", color=theme.now().quiet)
    short = mark.transform_calculate(short="split(datum.gap, ' ')[0]")
    return [short.encode(x=x, y=alt.value(FLOOR), text="short:N", tooltip=tooltip, **encoding)]


def kept(data: list[dict], x, y) -> list:
    """Return a layer that writes [p] above each earlier figure that is kept."""
    earlier = [row for row in data if row["kept"]]
    if not earlier:
        return []
    mark = base(earlier).mark_text(fontSize=12, dx=13, dy=-8, color=theme.now().text)
    return [mark.transform_calculate(sign="'[p]'").encode(x=x, y=y, text="sign:N")]
