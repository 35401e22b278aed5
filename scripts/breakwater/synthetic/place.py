"""The place as the seeds give it: areas with deprivation, residents, practices and the ways between them."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from breakwater.reference import seed
from breakwater.reference.population import BANDS, SEXES
from breakwater.reference.shares import whole

DECILES = 10
# People registered in the place who live elsewhere get small areas that were never issued.
OUTSIDE = tuple(f"E0109990{n}" for n in range(1, 6))
EARTH_KM = 111.2  # a degree of latitude
REACH_KM = 1.5  # how fast the pull of a practice falls with distance


@dataclass(frozen=True)
class Place:
    """Everything the generator knows of a place. Areas outside it follow the small areas in every array."""

    code: str
    areas: list[str]  # small areas, then OUTSIDE
    inside: int  # how many of them are of the place
    decile: np.ndarray  # local decile of deprivation of each area, 0 the most deprived
    rank: np.ndarray  # cumulative share of residents, 0 most deprived to 1 least; 0.5 outside
    people: np.ndarray  # residents and registered from outside, shape (areas, sexes, bands)
    practices: list[str]
    list_share: np.ndarray  # of all registered people, per practice
    practice_chance: np.ndarray  # cumulative, shape (areas, practices)
    move_chance: np.ndarray  # cumulative, shape (areas, areas)


def load(total: int | None = None, folder: Path = seed.SEEDS) -> Place:
    """Return the place of the seeds, with `total` residents (as published if None)."""
    areas = {row["area_code"]: row for row in seed.read("areas", folder)}
    small = [code for code, row in areas.items() if row["area_type"] == "small_area"]
    residents = _residents(small, folder)
    published = int(residents.sum())
    people = _scaled(residents, published if total is None else total)
    codes, sizes = _practices(folder)
    lists = sum(int(row["list_size"] or 0) for row in seed.read("practices", folder))
    people = np.concatenate([people, _outside(residents, round(people.sum() * (lists / published - 1)))])
    rank, decile = _deprivation(areas, small, residents)
    where = _coordinates(areas, small)
    weight = np.exp(-_km(where, _coordinates(areas, codes)) / REACH_KM) * sizes
    weight = np.concatenate([weight, np.tile(sizes, (len(OUTSIDE), 1))])
    # Whoever moves from outside stays outside; within the place nearer areas draw more.
    moves = np.eye(len(small) + len(OUTSIDE))
    moves[: len(small), : len(small)] = np.exp(-_km(where, where) / 3) * residents.sum(axis=(1, 2))
    return Place(
        code=next(code for code, row in areas.items() if row["area_type"] == "place"),
        areas=small + list(OUTSIDE),
        inside=len(small),
        decile=decile,
        rank=rank,
        people=people,
        practices=codes,
        list_share=sizes / sizes.sum(),
        practice_chance=_cumulative(_balanced(weight, people.sum(axis=(1, 2)), sizes / sizes.sum())),
        move_chance=_cumulative(moves),
    )


def _residents(small: list[str], folder: Path) -> np.ndarray:
    counts = np.zeros((len(small), len(SEXES), len(BANDS)), dtype=np.int64)
    position = {code: i for i, code in enumerate(small)}
    for row in seed.read("population", folder):
        at = position[row["area_code"]], SEXES.index(row["sex"]), BANDS.index(row["age_band"])
        counts[at] += int(row["people"])
    return counts


def _scaled(residents: np.ndarray, total: int) -> np.ndarray:
    """Return whole residents of the same distribution that sum to `total`; as published if that is the total.

    Cumulative rounding along age, sex and area: every age and sex keeps its share to within one person, where
    the largest remainders of thousands of cells below one would leave out the oldest.
    """
    order = residents.transpose(2, 1, 0)
    running = np.floor(np.cumsum(order.ravel()) * (total / residents.sum()) + 0.5).astype(np.int64)
    return np.diff(running, prepend=0).reshape(order.shape).transpose(2, 1, 0)


def _practices(folder: Path) -> tuple[list[str], np.ndarray]:
    """Return practice codes and list sizes; a practice without a published list has half of the smallest."""
    rows = seed.read("practices", folder)
    smallest = min(int(row["list_size"]) for row in rows if row["list_size"])
    return [row["practice_code"] for row in rows], np.array(
        [int(r["list_size"] or smallest // 2) for r in rows]
    )


def _outside(residents: np.ndarray, total: int) -> np.ndarray:
    """Return people from outside, of the place's own age and sex; shape (outside areas, sexes, bands)."""
    ages = whole(residents.sum(axis=0), max(total, 0))
    return np.stack([ages // len(OUTSIDE) + (n < ages % len(OUTSIDE)) for n in range(len(OUTSIDE))])


def _deprivation(areas: dict, small: list[str], residents: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return rank (share of residents in more deprived areas, mid-point) and local decile of each area."""
    order = np.argsort([int(areas[code]["deprivation_rank"]) for code in small])
    people = residents.sum(axis=(1, 2))[order]
    rank, decile = np.full(len(small) + len(OUTSIDE), 0.5), np.full(len(small) + len(OUTSIDE), DECILES // 2)
    rank[order] = (np.cumsum(people) - people / 2) / people.sum()
    # Local deciles hold equal numbers of areas, as the published figures do.
    decile[order] = np.arange(len(small)) * DECILES // len(small)
    return rank, decile


def _coordinates(areas: dict, codes: list[str]) -> np.ndarray:
    return np.array([[float(areas[c]["latitude"]), float(areas[c]["longitude"])] for c in codes])


def _km(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Return distances in kilometres, shape (a, b), on a flat map of the place."""
    north = (a[:, None, 0] - b[None, :, 0]) * EARTH_KM
    east = (a[:, None, 1] - b[None, :, 1]) * EARTH_KM * np.cos(np.radians(a[:, 0].mean()))
    return np.hypot(north, east)


def _balanced(weight: np.ndarray, people: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Return weights fitted to the people of each area and the list of each practice, by raking."""
    for _ in range(200):
        weight = weight * (people / np.maximum(weight.sum(axis=1), 1e-12))[:, None]
        weight = weight * (share * people.sum() / weight.sum(axis=0))
    return weight + 1e-12  # an area of a very small place may be empty


def _cumulative(weight: np.ndarray) -> np.ndarray:
    return np.cumsum(weight, axis=1) / weight.sum(axis=1, keepdims=True)
