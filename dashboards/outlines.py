"""Outlines on a flat page: equal scales both ways, and hatching for areas that are not shown."""

import json
import math
from functools import lru_cache

# Distance of hatch lines in degrees of latitude: about 130 metres on the ground.
SPACING = 0.0012


@lru_cache(maxsize=2048)
def planar(outline: str, latitude: float) -> dict:
    """Return GeoJSON geometry text as a geometry with longitudes shrunk to the scale of latitudes.

    latitude: one for the whole map, or neighbours would come apart. The chart then draws the geometry without
    a map projection, for which the direction of a ring would matter.
    """
    geometry = json.loads(outline)
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    scale = math.cos(math.radians(latitude))
    shrunk = [[[[x * scale, y] for x, y in ring] for ring in polygon] for polygon in polygons]
    return {"type": "MultiPolygon", "coordinates": shrunk}


def hatching(geometry: dict, spacing: float = SPACING) -> dict:
    """Return diagonal lines that fill a MultiPolygon, by the even-odd rule along each diagonal y = x + c."""
    edges = [
        (ring[n], ring[n + 1])
        for polygon in geometry["coordinates"]
        for ring in polygon
        for n in range(len(ring) - 1)
    ]
    heights = [y - x for edge in edges for x, y in edge]
    lines = []
    for step in range(math.ceil(min(heights) / spacing), math.floor(max(heights) / spacing) + 1):
        crossings = sorted(x for edge in edges if (x := _crossing(*edge, step * spacing)) is not None)
        for start, end in zip(crossings[::2], crossings[1::2], strict=False):
            lines.append([[start, start + step * spacing], [end, end + step * spacing]])
    return {"type": "MultiLineString", "coordinates": lines}


def _crossing(start: list[float], end: list[float], height: float) -> float | None:
    """Return x where an edge crosses the diagonal y = x + height; one end counts, the other does not."""
    low, high = start[1] - start[0] - height, end[1] - end[0] - height
    if (low < 0) == (high < 0):
        return None
    return start[0] + (end[0] - start[0]) * low / (low - high)
