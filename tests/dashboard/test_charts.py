"""Charts and maps: hatching stays inside, neighbours stay together, groups on the map are equal."""

import pytest
import shapely

from dashboards import charts, maps, outlines


def square(x: float, y: float, side: float) -> dict:
    ring = [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]
    return {"type": "MultiPolygon", "coordinates": [[ring]]}


def test_hatching_fills_the_area_and_stays_inside():
    area = square(0.3, 51.5, 0.02)
    polygon = shapely.geometry.shape(area)
    lines = shapely.geometry.shape(outlines.hatching(area, spacing=0.001))
    assert polygon.buffer(1e-9).covers(lines)
    # Diagonals 0.001 apart in height lie 0.001 / sqrt 2 apart, so their length is area over distance.
    assert lines.length == pytest.approx(polygon.area / (0.001 / 2**0.5), rel=0.02)


def test_hatching_of_a_real_outline_stays_inside(release):
    for area in release.areas.values():
        if area["area_type"] == "ward":
            flat = outlines.planar(area["outline"], 51.5)
            lines = shapely.geometry.shape(outlines.hatching(flat))
            assert shapely.geometry.shape(flat).buffer(1e-9).covers(lines) and lines.length > 0


def test_neighbours_stay_neighbours_on_the_flat_page(release):
    wards = [area["outline"] for area in release.areas.values() if area["area_type"] == "ward"]
    flat = [shapely.geometry.shape(outlines.planar(outline, 51.5)) for outline in wards]
    assert shapely.union_all(flat).area == pytest.approx(sum(shape.area for shape in flat), rel=1e-9)


def test_the_map_has_fifths_named_by_their_own_figures():
    features = [{"value": float(n), "figure": f"{n}.0"} for n in range(10)]
    assert maps.fifths(features) == ["0.0 to 1.0", "2.0 to 3.0", "4.0 to 5.0", "6.0 to 7.0", "8.0 to 9.0"]
    same = [{"value": 3.0, "figure": "3.0"} for _ in range(7)]
    assert maps.fifths(same) == ["3.0"]


def test_bars_run_from_high_to_low_and_what_is_not_shown_comes_last_by_name():
    def row(name, value):
        gap = None if value is not None else "[c] withheld"
        return {
            "name": name,
            "code": name,
            "value": value,
            "lower": None,
            "upper": None,
            "gap": gap,
            "kept": False,
        }

    series = {"kind": "crude_rate", "value_label": "per 1,000 people", "decimals": 1}
    data = [row("B", 2.0), row("Z", None), row("A", 1.0), row("D", None), row("C", 3.0)]
    spec = charts.ranked(data, series, "Area", "A", None).to_dict()
    axis = spec["layer"][0]["encoding"]["y"]["scale"]["domain"]
    assert axis == ["C", "B", "► A", "D", "Z"]
