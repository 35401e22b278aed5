"""Build the areas seed: place, localities, wards, small areas and practices, with centres and deprivation.

Localities and the ward a practice is drawn in are choices of our own; they are read from
`config.meta` of seeds/areas.yml (`localities`, `practice_ward`), so that another place makes its own.
"""

from pathlib import Path

from breakwater.errors import Refusal
from breakwater.reference import files, practices, seed

COLUMNS = ("area_code", "area_type", "area_name", "parent_code", "latitude", "longitude",
           "deprivation_rank", "deprivation_decile", "deprivation_quintile")  # fmt: skip
DECIMALS = 5  # about a metre


def build(folder: Path) -> str:
    """Return the text of seeds/areas.csv."""
    return seed.text(COLUMNS, rows(folder, seed.decisions("areas")))


def rows(folder: Path, choices: dict) -> seed.Rows:
    """Return every area, parents first; coordinates in degrees (WGS 84), deprivation for small areas only."""
    small = sorted(
        files.table(folder, "lsoa21_code", "ward_code", "ltla24_code"), key=lambda s: s["lsoa21_code"]
    )
    shapes = _shapes(folder)
    localities = choices["localities"]
    locality_of = {ward: code for code, made in localities.items() for ward in made["wards"]}
    place = (small[0]["ltla24_code"], small[0]["ltla24_name"])
    wards = dict(sorted((s["ward_code"], s["ward_name"]) for s in small))

    def centre(inside) -> dict:
        return _centre([shapes[s["lsoa21_code"]] for s in small if inside(s)])

    result = [_area(*place[:1], "place", place[1], None, centre(lambda s: True))]
    for code, made in localities.items():
        where = centre(lambda s, made=made: s["ward_code"] in made["wards"])
        result.append(_area(code, "locality", made["name"], place[0], where))
    for code, name in wards.items():
        where = centre(lambda s, code=code: s["ward_code"] == code)
        result.append(_area(code, "ward", name, _chosen(locality_of, code, "localities"), where))
    centres = {a["area_code"]: {k: a[k] for k in ("latitude", "longitude")} for a in result}
    deprivation = _deprivation(folder)
    for s in small:
        where = _centre([shapes[s["lsoa21_code"]]])
        area = _area(s["lsoa21_code"], "small_area", s["lsoa21_name"], s["ward_code"], where)
        result.append(area | deprivation[s["lsoa21_code"]])
    for p in practices.rows(folder):
        where = centres[_chosen(choices["practice_ward"], p["practice_code"], "practice_ward")]
        result.append(_area(p["practice_code"], "practice", p["practice_name"], place[0], where))
    return result


def _chosen(choice: dict[str, str], code: str, where: str) -> str:
    if code not in choice:
        raise Refusal(f"seeds/areas.yml does not place {code}; add it under config.meta.{where}.")
    return choice[code]


def _area(code: str, kind: str, name: str, parent: str | None, where: dict) -> dict[str, object]:
    return {"area_code": code, "area_type": kind, "area_name": name, "parent_code": parent} | where


def _shapes(folder: Path) -> dict:
    from shapely.geometry import shape

    return {code: shape(outline) for code, outline in files.boundaries(folder, "lsoa21_code").items()}


def _centre(shapes: list) -> dict[str, str]:
    """Return the centroid of the joined outlines, in degrees as text with a fixed number of decimals."""
    from shapely import union_all

    point = union_all([s.buffer(0) for s in shapes]).centroid
    return {"latitude": f"{point.y:.{DECIMALS}f}", "longitude": f"{point.x:.{DECIMALS}f}"}


def _deprivation(folder: Path) -> dict[str, dict]:
    """Return rank, decile and quintile among all small areas of England; 1 is the most deprived."""
    index = files.table(folder, "lsoa21_code", "IMD_rank", "IMD_decile")
    return {
        row["lsoa21_code"]: {
            "deprivation_rank": int(float(row["IMD_rank"])),
            "deprivation_decile": int(float(row["IMD_decile"])),
            "deprivation_quintile": (int(float(row["IMD_decile"])) + 1) // 2,
        }
        for row in index
    }


if __name__ == "__main__":
    seed.rebuild("areas", build)()
