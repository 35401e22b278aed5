"""By age and sex: the pyramid for counts, points with intervals for rates."""

import altair as alt

from dashboards import theme
from dashboards.charts import parts

SEXES = ("Female", "Male")


def pyramid(data: list[dict], series: dict):
    """Females to the left, males to the right, the oldest on top; bands that are not shown are named."""
    colours = theme.now()
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
        "sex:N", title=None, scale=alt.Scale(domain=list(side), range=[colours.teal, colours.navy])
    )
    tooltip = [alt.Tooltip("sex:N", title="Sex"), *parts.hover("Age", series)]
    bars = parts.base(signed).mark_bar(height=alt.RelativeBandSize(0.82))
    layers = [bars.encode(x=x, y=y, color=colour, tooltip=tooltip)]
    signs = [row | {"sign": row["gap"].split(" ")[0]} for row in signed if row["gap"]]
    signs += [row | {"sign": row["figure"]} for row in signed if row["value"] == 0]
    if signs:
        text = parts.base(signs).mark_text(color=colours.quiet, fontSize=12)
        layers.append(text.encode(x="edge:Q", y=y, text="sign:N", tooltip=tooltip))
    earlier = [row for row in signed if row["kept"] and row["value"]]
    if earlier:
        text = (
            parts.base(earlier).mark_text(color=colours.text, fontSize=12).transform_calculate(sign="'[p]'")
        )
        layers.append(text.encode(x="signed:Q", y=y, text="sign:N", tooltip=tooltip))
    return parts.dress(alt.layer(*layers), 24 * len(bands) + 30)


def ages(data: list[dict], series: dict):
    """Two rows of points over age bands, female and male, told apart by colour, shape and place."""
    colours = theme.now()
    bands = list(dict.fromkeys(row["name"] for row in data))
    x = alt.X("name:N", sort=bands, title=None, axis=alt.Axis(labelAngle=-45 if len(bands) > 6 else 0))
    y = alt.Y("value:Q", title=None, axis=alt.Axis(tickCount=5))
    look = {
        "color": alt.Color("sex:N", title=None, scale=alt.Scale(
            domain=list(SEXES), range=[colours.teal, colours.navy])),
        "shape": alt.Shape("sex:N", title=None, scale=alt.Scale(domain=list(SEXES))),
        "xOffset": alt.XOffset("sex:N"),
    }  # fmt: skip
    tooltip = [alt.Tooltip("sex:N", title="Sex"), *parts.hover("Age", series)]
    shown = [row for row in data if row["gap"] is None]
    layers = []
    if any(row["lower"] is not None for row in shown):
        interval = parts.base(shown).mark_errorbar(ticks=True, size=6)
        layers.append(interval.encode(x=x, y=alt.Y("lower:Q", title=None), y2="upper:Q", color=look["color"],
                                      xOffset=look["xOffset"]))  # fmt: skip
    points = parts.base(shown).mark_point(filled=True, size=80, opacity=1)
    layers.append(points.encode(x=x, y=y, tooltip=tooltip, **look))
    layers += parts.not_shown(data, x, tooltip, xOffset=look["xOffset"])
    return parts.dress(alt.layer(*layers), 280)
