"""Build the small_areas_2011 seed: which small areas of 2021 each small area of 2011 became.

An extract that has the small areas of 2011 is staged with the one of 2021 that holds most of the people (`best_fit`).
"""

from collections import defaultdict
from pathlib import Path

from breakwater.reference import files, seed

COLUMNS = ("small_area_2011", "small_area_2021", "change_code", "residents", "best_fit")


def build(folder: Path) -> str:
    """Return the text of seeds/small_areas_2011.csv, a row a pair."""
    residents: dict[str, int] = defaultdict(int)
    for row in files.table(folder, "lsoa21_code", "age_group", "usual_residents"):
        residents[row["lsoa21_code"]] += int(float(row["usual_residents"]))
    pairs = [
        {
            "small_area_2011": row["lsoa11_code"],
            "small_area_2021": row["lsoa21_code"],
            "change_code": row["change_code"],
            "residents": residents[row["lsoa21_code"]],
        }
        for row in files.table(folder, "lsoa11_code", "lsoa21_code", "change_code")
    ]
    pairs.sort(key=lambda pair: (pair["small_area_2011"], -pair["residents"], pair["small_area_2021"]))
    first: set[str] = set()
    for pair in pairs:
        pair["best_fit"] = str(pair["small_area_2011"] not in first).lower()
        first.add(pair["small_area_2011"])
    return seed.text(COLUMNS, pairs)


if __name__ == "__main__":
    seed.rebuild("small_areas_2011", build)()
