"""Build the population seed: residents by small area (2021), sex and five-year age band.

Published for small areas of 2011 and persons only, so two steps of our own follow, both with whole numbers
that add up: an area that was split is divided in the proportions of the census, and persons are divided
by sex in the national proportions of the age band.
"""

from collections import defaultdict
from pathlib import Path

import numpy as np

from breakwater.reference import files, seed
from breakwater.reference.shares import whole

COLUMNS = ("area_code", "sex", "age_band", "people", "year")
BANDS = [f"{low}-{low + 4}" for low in range(0, 90, 5)] + ["90+"]
NATION = "E92000001"
SEXES = ("female", "male")


def build(folder: Path) -> str:
    """Return the text of seeds/population.csv."""
    return seed.text(COLUMNS, rows(folder))


def rows(folder: Path) -> seed.Rows:
    """Return one row per small area, sex and band; zero is a row."""
    published = files.table(folder, "year", "lsoa11_code", "age_band", "persons")
    year = max(row["year"] for row in published)
    persons = {(r["lsoa11_code"], r["age_band"]): int(r["persons"]) for r in published if r["year"] == year}
    areas, people = _by_present_area(folder, persons)
    female = np.empty_like(people)
    share = _female_share(folder)
    for b in range(len(BANDS)):
        # One apportionment over all areas, so that no band drifts by rounding each small cell alone.
        female[:, b] = _capped(people[:, b], share[b])
    counts = {"female": female, "male": people - female}
    return [
        {"area_code": area, "sex": sex, "age_band": band, "people": counts[sex][a, b], "year": year}
        for a, area in enumerate(areas)
        for sex in SEXES
        for b, band in enumerate(BANDS)
    ]


def _capped(people: np.ndarray, share: float) -> np.ndarray:
    """Return women per area: `share` of the people, whole, never more than there are."""
    return np.minimum(whole(people * share, round(people.sum() * share)), people)


def _by_present_area(folder: Path, persons: dict) -> tuple[list[str], np.ndarray]:
    """Return the small areas of 2021 and their people, shape (areas, bands)."""
    successors = defaultdict(list)
    for row in files.table(folder, "lsoa11_code", "lsoa21_code", "change_code"):
        successors[row["lsoa11_code"]].append(row["lsoa21_code"])
    areas = sorted(code for codes in successors.values() for code in codes)
    position = {code: i for i, code in enumerate(areas)}
    census = _census(folder)
    people = np.zeros((len(areas), len(BANDS)), dtype=np.int64)
    for old, new in successors.items():
        for b, band in enumerate(BANDS):
            shares = np.array([census[code][_census_group(b)] for code in new])
            for code, n in zip(new, whole(shares, persons[old, band]), strict=True):
                people[position[code], b] += n
    return areas, people


def _census(folder: Path) -> dict[str, list[float]]:
    """Return usual residents by area in the census's broad age groups, youngest first."""
    groups: dict[str, dict[int, float]] = defaultdict(dict)
    for row in files.table(folder, "lsoa21_code", "age_group", "usual_residents"):
        # "Aged 15 years and under" starts at 0, every other group at the first number it names.
        digits = [int(word) for word in row["age_group"].split() if word.isdigit()]
        start = 0 if "under" in row["age_group"] else digits[0]
        groups[row["lsoa21_code"]][start] = float(row["usual_residents"])
    return {code: [n for _, n in sorted(by_start.items())] for code, by_start in groups.items()}


def _census_group(band: int) -> int:
    """Return which of the groups 0-15, 16-24, 25-34, 35-49, 50-64, 65+ holds the middle of the band."""
    return sum(5 * band + 2 >= start for start in (16, 25, 35, 50, 65))


def _female_share(folder: Path) -> np.ndarray:
    """Return the national share of women in each band, shape (bands,)."""
    count = {sex: np.zeros(len(BANDS)) for sex in ("females", "males")}
    for row in files.table(folder, "sex", "Code", "age", "count"):
        if row["Code"] == NATION:
            count[row["sex"]][min(int(row["age"].rstrip("+")) // 5, len(BANDS) - 1)] += float(row["count"])
    return count["females"] / (count["females"] + count["males"])


if __name__ == "__main__":
    seed.rebuild("population", build)()
