"""Schematic outlines of areas, made from nothing but their centroids.

They stand in for official boundaries where those are not loaded: each smallest area is the ground nearest
to its centroid (a Voronoi cell) inside a softened hull of all centroids, and each larger area is the union
of its parts. They show who is whose neighbour, not where a boundary runs, so maps must call them schematic.
"""

import math
from collections.abc import Iterable

import numpy as np
import shapely

# 5 decimals of a degree are about a metre: more would claim a precision that a schematic does not have.
DECIMALS = 5
# 0 hugs every inlet of the outer centroids, 1 is the convex hull.
HULL_RATIO = 0.25

Area = tuple[str, float, float, str | None]


def schematic_outlines(areas: Iterable[Area]) -> dict[str, str]:
    """Return {area_code: GeoJSON geometry text} in degrees, longitude first, exterior rings anticlockwise.

    areas: (area_code, latitude, longitude, parent_code), the place with parent None or empty. The areas at
    the deepest level are the cells; other areas without parts (a practice among wards) get no outline.

    Raises ValueError if fewer than three centroids differ, or if a parent is not among the areas.
    """
    places = {code: (latitude, longitude, parent or None) for code, latitude, longitude, parent in areas}
    depth = {code: len(_ancestors(code, places)) for code in places}
    deepest = max(depth.values(), default=0)
    leaves = sorted(code for code, levels in depth.items() if levels == deepest)
    centroids = np.array([places[code][:2] for code in leaves], dtype=float)
    cells = dict(zip(leaves, _cells(centroids), strict=True))

    parts: dict[str, list[shapely.Geometry]] = {code: [cell] for code, cell in cells.items()}
    for code, cell in cells.items():
        for ancestor in _ancestors(code, places):
            parts.setdefault(ancestor, []).append(cell)
    return {code: shapely.to_geojson(_union(parts[code])) for code in sorted(parts)}


def _ancestors(code: str, places: dict[str, tuple]) -> list[str]:
    """Return the parent, its parent and so on up to the place."""
    found: list[str] = []
    parent = places[code][2]
    while parent is not None:
        if parent not in places or parent in found:
            raise ValueError(f"area {code} hangs under {parent}, which is not an area above it")
        found.append(parent)
        parent = places[parent][2]
    return found


def _cells(centroids: np.ndarray) -> list[shapely.Polygon]:
    """Return one polygon a centroid, in their order; centroids: latitude and longitude, shape (areas, 2)."""
    if len(np.unique(centroids, axis=0)) < max(3, len(centroids)):
        raise ValueError("schematic outlines need at least three areas and a different centroid for each")
    # A degree of longitude is shorter than one of latitude: stretch to equal scales to measure nearness.
    scale = math.cos(math.radians(centroids[:, 0].mean()))
    points = shapely.points(centroids[:, 1] * scale, centroids[:, 0])
    hull = _hull(points)
    diagram = shapely.voronoi_polygons(shapely.MultiPoint(points), extend_to=hull, ordered=True)
    clipped = [
        _part_holding(point, cell.intersection(hull))
        for point, cell in zip(points, shapely.get_parts(diagram), strict=True)
    ]
    return [_in_degrees(cell, scale) for cell in clipped]


def _hull(points: np.ndarray) -> shapely.Polygon:
    """Return the concave hull of the points, grown by about half the usual distance of neighbours."""
    tree = shapely.STRtree(points)
    nearest = tree.query_nearest(points, exclusive=True, return_distance=True)[1]
    gap = float(np.median(nearest))
    hull = shapely.concave_hull(shapely.MultiPoint(points), ratio=HULL_RATIO)
    # Out and most of the way back: what remains is the margin, with inlets filled and corners softened.
    return hull.buffer(2 * gap).buffer(-1.4 * gap)


def _part_holding(point: shapely.Point, shape: shapely.Geometry) -> shapely.Polygon:
    """Return the one polygon of a shape that holds the point: an inlet of the hull may cut a cell in two."""
    return next(part for part in shapely.get_parts(shape) if part.covers(point))


def _in_degrees(cell: shapely.Polygon, scale: float) -> shapely.Polygon:
    """Undo the stretch and round; neighbours share their corners, so equal corners stay equal."""
    return shapely.transform(cell, lambda xy: np.round(xy / [scale, 1], DECIMALS))


def _union(cells: list[shapely.Polygon]) -> shapely.Geometry:
    return shapely.orient_polygons(shapely.union_all(cells))
