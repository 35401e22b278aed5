"""The funnel plot: areas by their size, between the limits that chance alone would keep them in."""

import math

import altair as alt

from dashboards import theme
from dashboards.charts import parts
from dashboards.statistics import funnel as limits

SHAPES = {"Usual for its size": "circle", "High": "triangle-up", "Low": "triangle-down"}
SIDES = {"usual": "Usual for its size", "high": "High", "higher": "High", "low": "Low", "lower": "Low"}
BEYOND = {"high": "beyond the 99.8% limit", "low": "beyond the 99.8% limit", "higher": "beyond the 95% limit",
          "lower": "beyond the 95% limit", "usual": "within the limits"}  # fmt: skip
KINDS = ("proportion", "crude_rate")


def per(cell: dict) -> float | None:
    """Return the base of a cell's value (100, 1,000, 100,000), from its own released numbers; None if it has none."""
    if not (cell["value"] and cell["numerator"] and cell["denominator"]):
        return None
    return 10.0 ** round(math.log10(cell["value"] * cell["denominator"] / cell["numerator"]))


def places(cells: list[dict], series: dict, whole: dict | None) -> dict[str, str] | None:
    """Return where each shown area of some cells lies, by code; None where a funnel cannot be drawn.

    It can for a proportion or a crude rate with its denominators, against a place whose figure is shown.
    """
    if series["kind"] not in KINDS or whole is None or (base := per(whole)) is None:
        return None
    found = {
        cell["area_code"]: limits.place(cell["value"] / base, whole["value"] / base, cell["denominator"],
                                        proportion=series["kind"] == "proportion")
        for cell in cells if cell["value"] is not None and cell["denominator"]
    }  # fmt: skip
    return found if len(found) > 2 else None


def funnel(data: list[dict], cells: list[dict], series: dict, whole: dict, chosen: str | None):
    """A funnel plot of rows and the cells they were made from, in the same order; whole: the place's own cell."""
    colours, base = theme.now(), per(whole)
    found = places(cells, series, whole)
    dots = [
        row | {"size": cell["denominator"], "kind": SIDES[found[row["code"]]], "why": BEYOND[found[row["code"]]],
               "label": row["name"] if row["code"] == chosen or found[row["code"]] in ("high", "low") else ""}
        for row, cell in zip(data, cells, strict=True) if row["code"] in found
    ]  # fmt: skip
    most = max(dot["size"] for dot in dots)
    least = max(1.0, 0.6 * min(dot["size"] for dot in dots))
    sizes = [least + (1.05 * most - least) * (n / 40) ** 2 for n in range(41)]
    draw = limits.proportion_limits if series["kind"] == "proportion" else limits.rate_limits
    lines = []
    for name, deviate in (("95% limits", limits.INNER), ("99.8% limits", limits.OUTER)):
        for size in sizes:
            low, high = draw(whole["value"] / base, size, deviate)
            lines += [{"size": size, "value": base * low, "line": name, "side": "low"},
                      {"size": size, "value": base * high, "line": name, "side": "high"}]  # fmt: skip
    x = alt.X("size:Q", title="Out of", scale=alt.Scale(zero=False, nice=False), axis=alt.Axis(tickCount=4))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    dash = alt.StrokeDash(
        "line:N", scale=alt.Scale(range=[[4, 3], [1, 0]]), legend=alt.Legend(title=None, symbolType="stroke")
    )
    kinds = [kind for kind in SHAPES if any(dot["kind"] == kind for dot in dots)]
    colour = {"Usual for its size": colours.common, "High": colours.orange, "Low": colours.navy}
    legend = alt.Legend(title=None)
    tooltip = [*parts.hover("Area", series), alt.Tooltip("size:Q", title="Out of", format=","),
               alt.Tooltip("why:N", title="For its size")]  # fmt: skip
    points = parts.base(dots).mark_point(
        filled=True, size=80, opacity=1, stroke=colours.text, strokeWidth=0.5
    )
    names = parts.base([dot for dot in dots if dot["label"]]).mark_text(dy=-11, fontSize=12, limit=130)
    layers = [
        parts.base(lines).mark_line(color=colours.quiet, strokeWidth=1.5)
        .encode(x=x, y=y, strokeDash=dash, detail="side:N"),
        parts.base([{"value": whole["value"]}]).mark_rule(color=colours.text).encode(y="value:Q"),
        points.encode(x=x, y=y, tooltip=tooltip,
                      color=alt.Color("kind:N", legend=legend, scale=alt.Scale(
                          domain=kinds, range=[colour[kind] for kind in kinds])),
                      shape=alt.Shape("kind:N", legend=legend, scale=alt.Scale(
                          domain=kinds, range=[SHAPES[kind] for kind in kinds]))),
        names.encode(x=x, y=y, text="label:N"),
    ]  # fmt: skip
    return parts.dress(alt.layer(*layers), 340)
