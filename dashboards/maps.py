"""Maps without tiles and without internet: the outlines of the release, drawn like any other chart."""

import altair as alt

from dashboards import charts, theme
from dashboards.outlines import hatching, planar


def area_map(data: list[dict], areas: dict[str, dict], series: dict, chosen: str | None):
    """Areas coloured light to dark by fifths; withheld grey and hatched; the chosen one ringed."""
    drawn = [row for row in data if areas[row["code"]]["outline"]]
    latitude = max(areas[row["code"]]["latitude"] for row in drawn)
    features = [
        {"type": "Feature", "properties": {}, "geometry": planar(areas[row["code"]]["outline"], latitude)}
        | row
        for row in drawn
    ]
    shown = [feature for feature in features if feature["gap"] is None]
    hidden = [feature for feature in features if feature["gap"]]
    tooltip = charts.hover("Area", series)
    colours = theme.now()
    layers = []
    if shown:
        labels = fifths(shown)
        legend = alt.Legend(
            orient="bottom", symbolType="square", symbolSize=220, symbolStrokeWidth=0, columns=3, offset=8
        )
        scale = alt.Scale(domain=labels, range=list(colours.sequence[-len(labels) :]))
        colour = alt.Color("fifth:N", title=None, scale=scale, legend=legend)
        layers.append(_shapes(shown).encode(color=colour, tooltip=tooltip))
    if hidden:
        layers.append(_shapes(hidden, fill=colours.withheld).encode(tooltip=tooltip))
        lines = [
            {"type": "Feature", "geometry": hatching(feature["geometry"]), "properties": {}}
            for feature in hidden
        ]
        layers.append(_shapes(lines, fill=None, stroke=colours.withheld_lines, strokeWidth=0.8, tooltip=None))
    ring = [feature for feature in features if feature["code"] == chosen]
    if ring:
        layers.append(_shapes(ring, fill=None, stroke=colours.orange, strokeWidth=3))
    # As high as the place is at the width that the page gives a map, so that there is no empty band.
    xs, ys = zip(
        *(xy for f in features for polygon in f["geometry"]["coordinates"] for xy in polygon[0]), strict=True
    )
    height = 520 * (max(ys) - min(ys)) / (max(xs) - min(xs))
    return charts.dress(
        alt.layer(*layers).project(type="identity", reflectY=True), int(min(max(height, 180), 480))
    )


def fifths(features: list[dict]) -> list[str]:
    """Put features into five equal groups by value, lowest first; name each by its lowest and highest figure.

    Equal figures stay in one group, so there may be fewer groups.
    """
    ordered = sorted(features, key=lambda feature: feature["value"])
    first_at = {}
    for n, feature in enumerate(ordered):
        first_at.setdefault(feature["figure"], 5 * n // len(ordered))
    members: dict[int, list[str]] = {}
    for feature in ordered:
        members.setdefault(first_at[feature["figure"]], []).append(feature["figure"])
    names = {
        n: figures[0] if figures[0] == figures[-1] else f"{figures[0]} to {figures[-1]}"
        for n, figures in members.items()
    }
    for feature in ordered:
        feature["fifth"] = names[first_at[feature["figure"]]]
    return list(names.values())


def _shapes(features: list[dict], **mark):
    look = {"stroke": theme.now().paper, "strokeWidth": 1} | mark
    return alt.Chart(alt.Data(values=features)).mark_geoshape(**look)
