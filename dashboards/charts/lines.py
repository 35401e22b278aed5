"""A figure over time: a line with its interval."""

import altair as alt

from dashboards import theme
from dashboards.charts import parts


def trend(data: list[dict], series: dict, area: str, place: list[dict] | None = None):
    """A line with its interval over periods; the whole place dashed behind it; gaps where nothing is shown.

    Counts start at zero; rates do not have to, because it is their change that is read.
    """
    colours = theme.now()
    x = parts.over_time(data)
    y = alt.Y(
        "value:Q", title=None, scale=alt.Scale(zero=series["kind"] == "count"), axis=alt.Axis(tickCount=5)
    )
    lines = [area] + ([place[0]["name"]] if place else [])
    legend = alt.Legend(title=None, symbolType="stroke") if place else None
    colour = alt.Color(
        "name:N", legend=legend, scale=alt.Scale(domain=lines, range=[colours.navy, colours.plum])
    )
    dashes = alt.StrokeDash("name:N", legend=legend, scale=alt.Scale(domain=lines, range=[[1, 0], [5, 4]]))
    layers = []
    shown = [row for row in data if row["gap"] is None]
    if any(row["lower"] is not None for row in shown):
        band = parts.base(shown).mark_errorbar(ticks=True, color=colours.navy, opacity=0.55, size=8)
        layers.append(band.encode(x=x, y=alt.Y("lower:Q", title=None), y2="upper:Q"))
    # Periods that are not shown stay in the data with an empty value, so the line breaks there.
    line = parts.base([*data, *(place or [])]).mark_line(strokeWidth=2.5)
    layers.append(line.encode(x=x, y=y, color=colour, strokeDash=dashes))
    tooltip = parts.hover("Area", series)
    points = parts.base(shown).mark_point(filled=True, size=70, opacity=1, color=colours.navy)
    layers.append(points.encode(x=x, y=y, tooltip=tooltip))
    layers += parts.kept(shown, x, y) + parts.not_shown(data, x, tooltip)
    return parts.dress(alt.layer(*layers), 300)
