"""Schematic outlines: they tile the place, one polygon a small area, larger areas exactly their parts."""

import json

import pytest
import shapely
from breakwater.outlines import schematic_outlines
from hypothesis import given, settings
from hypothesis import strategies as st

# Whole hundredths keep the invented centroids apart: nearer than the rounding, no area could be drawn.
spots = st.tuples(st.integers(5100, 5200), st.integers(-100, 100))


def areas_at(points, wards=3):
    """Return areas of an invented place: small areas at the points, dealt to wards, wards under one place."""
    rows = [("place", 0.0, 0.0, None)] + [(f"ward {n}", 0.0, 0.0, "place") for n in range(wards)]
    return rows + [
        (f"area {n:03}", latitude / 100, longitude / 100, f"ward {n % wards}")
        for n, (latitude, longitude) in enumerate(points)
    ]


def shapes(outlines, kind):
    return [shapely.from_geojson(text) for code, text in outlines.items() if code.startswith(kind)]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(spots, min_size=5, max_size=60, unique=True).filter(
        lambda points: shapely.MultiPoint(points).convex_hull.area > 0
    )
)
def test_cells_tile_the_place(points):
    areas = areas_at(points)
    outlines = schematic_outlines(areas)
    cells = shapes(outlines, "area")
    assert len(cells) == len(points)
    assert all(cell.geom_type == "Polygon" and cell.is_valid for cell in cells)
    place = shapely.from_geojson(outlines["place"])
    assert place.area == pytest.approx(sum(cell.area for cell in cells), rel=1e-6)
    assert sum(ward.area for ward in shapes(outlines, "ward")) == pytest.approx(place.area, rel=1e-6)
    for code, latitude, longitude, _ in areas[4:]:
        assert shapely.from_geojson(outlines[code]).distance(shapely.Point(longitude, latitude)) < 1e-4


@settings(max_examples=20, deadline=None)
@given(
    st.lists(spots, min_size=6, max_size=30, unique=True).filter(
        lambda points: shapely.MultiPoint(points).convex_hull.area > 0
    ),
    st.randoms(use_true_random=False),
)
def test_order_of_the_areas_does_not_matter(points, random):
    areas = areas_at(points)
    shuffled = random.sample(areas, len(areas))
    assert schematic_outlines(shuffled) == schematic_outlines(areas)


def test_a_ward_is_the_union_of_its_small_areas():
    grid = [(5150 + row, column) for row in range(6) for column in range(6)]
    areas = areas_at(grid)
    outlines = schematic_outlines(areas)
    for ward in ("ward 0", "ward 1", "ward 2"):
        parts = [shapely.from_geojson(outlines[code]) for code, _, _, parent in areas if parent == ward]
        assert (
            shapely.from_geojson(outlines[ward]).symmetric_difference(shapely.union_all(parts)).area < 1e-12
        )


def test_coordinates_are_rounded_and_longitude_comes_first():
    outline = json.loads(
        schematic_outlines(areas_at([(5150, 0), (5160, 0), (5150, 20), (5163, 24)]))["place"]
    )
    longitudes, latitudes = zip(*outline["coordinates"][0], strict=True)
    assert all(round(number, 5) == number for number in longitudes + latitudes)
    assert min(latitudes) > 50 and max(longitudes) < 1


def test_a_practice_beside_the_wards_gets_no_outline():
    areas = [*areas_at([(5150, 0), (5160, 0), (5150, 20), (5163, 24)]), ("practice", 51.5, 0.1, "place")]
    assert "practice" not in schematic_outlines(areas)


@pytest.mark.parametrize(
    "rows",
    [
        [("a", 51.0, 0.0, None), ("b", 51.0, 0.1, "a")],
        [("a", 51.0, 0.0, None), *((f"b{n}", 51.0, 0.0, "a") for n in range(4))],
        [("b", 51.0, 0.0, "nowhere")],
        [("a", 51.0, 0.0, "b"), ("b", 51.0, 0.1, "a")],
    ],
)
def test_places_that_cannot_be_drawn_are_refused(rows):
    with pytest.raises(ValueError):
        schematic_outlines(rows)
