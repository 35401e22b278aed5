"""Find a publisher's file by the columns it has, wherever it lies in the folder the user gives."""

import csv
import json
from pathlib import Path

from breakwater.errors import Refusal

Row = dict[str, str]


def tables(folder: Path, *columns: str) -> list[list[Row]]:
    """Return the rows of every CSV under the folder whose header has all the columns, by path."""
    found = []
    for path in sorted(Path(folder).rglob("*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            if set(columns) <= set(reader.fieldnames or []):
                found.append(list(reader))
    return found


def table(folder: Path, *columns: str, rows: int | None = None) -> list[Row]:
    """Return the one table with these columns (and this number of rows, where two editions lie together).

    Raises Refusal if there is none or more than one: a seed must not depend on which came first.
    """
    found = [t for t in tables(folder, *columns) if rows is None or len(t) == rows]
    if len(found) != 1:
        wanted = ", ".join(columns)
        raise Refusal(
            f"{folder} holds {len(found)} CSV files with the columns {wanted}; give a folder with one."
        )
    return found[0]


def boundaries(folder: Path, code: str) -> dict[str, dict]:
    """Return GeoJSON geometries (WGS 84) by the area code held in the property `code`."""
    for path in sorted(Path(folder).rglob("*.geojson")):
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        if features and code in features[0]["properties"]:
            return {f["properties"][code]: f["geometry"] for f in features}
    raise Refusal(
        f"{folder} holds no GeoJSON file whose features have the property {code}; add the boundaries."
    )
