"""Disease registers of general practice: who is on which, since when, and who has come off again.

Prevalence follows age, sex, deprivation and the number of conditions a person holds, so the same people
fill the registers who fill the hospital. The share of the list on each register is fitted to the published one.
"""

from dataclasses import dataclass

import numpy as np

from breakwater.reference import seed
from breakwater.synthetic import published
from breakwater.synthetic.chance import mean_one
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.people import band_of
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, day
from breakwater.synthetic.place import Place

_AGE = (0, 18, 40, 50, 60, 70, 80, 90)


@dataclass(frozen=True)
class Shape:
    """How a register is made up: relative prevalence at the ages of _AGE, and log ratios to it.

    male: men to women; deprived: most to least deprived; burden: per condition held; resolved: people who have
    come off it, per person on it; years: mean time on it. Without years it began at an age that follows by_age,
    which keeps the prevalence of every age as it is over time.
    """

    by_age: tuple[float, ...]
    male: float
    deprived: float
    burden: float
    resolved: float = 0.0
    years: float | None = None


# Shapes of the order seen in English general practice; only the level is fitted to a published figure.
SHAPES = {
    "AF": Shape((0, 0.02, 0.2, 0.7, 2, 6, 13, 19), 0.3, 0.0, 0.25),
    "AST": Shape((3, 6, 6, 6.5, 7, 8, 8, 7), -0.1, 0.2, 0.15, 0.15),
    "CAN": Shape((0.1, 0.2, 1, 2.5, 5, 9, 13, 14), -0.05, -0.1, 0.15),
    "CHD": Shape((0, 0.02, 0.3, 1.5, 4.5, 10, 17, 22), 0.7, 0.4, 0.3),
    "CKD": Shape((0, 0.1, 0.4, 1, 3, 9, 22, 33), -0.1, 0.2, 0.3, 0.05),
    "COPD": Shape((0, 0.03, 0.3, 1.2, 4, 7.5, 9.5, 8), 0.15, 1.0, 0.3),
    "CVDPP": Shape((0, 0, 0.2, 1, 2, 2.5, 2.5, 0), 0.2, 0.3, 0.1),
    "DEM": Shape((0, 0, 0.02, 0.05, 0.3, 1.5, 8, 20), -0.2, 0.1, 0.2),
    "DEP": Shape((0, 8, 13, 14, 13, 10, 9, 8), -0.5, 0.5, 0.25, 0.25, years=12),
    "DM": Shape((0, 0.7, 3, 7, 11, 16, 18, 15), 0.25, 0.6, 0.25, 0.04),
    "EP": Shape((0, 0.7, 0.9, 1, 1, 1.1, 1.1, 1), 0.05, 0.6, 0.15, 0.1),
    "HF": Shape((0.01, 0.02, 0.1, 0.4, 1.2, 3, 7, 14), 0.3, 0.3, 0.4),
    "HYP": Shape((0, 0.2, 5, 14, 26, 42, 55, 58), 0.05, 0.3, 0.25, 0.02),
    "LD": Shape((0.6, 0.9, 0.7, 0.6, 0.5, 0.3, 0.2, 0.1), 0.4, 0.7, 0.0),
    "MH": Shape((0, 0.15, 1.3, 1.5, 1.5, 1.2, 1.1, 1.1), 0.15, 0.9, 0.2, 0.03),
    "OB": Shape((0, 4, 9, 11, 12, 11, 7, 3), -0.1, 0.6, 0.2, 0.3, years=12),
    "OST": Shape((0, 0, 0, 0.1, 0.4, 1, 1.6, 2), -2.0, 0.0, 0.2),
    "PAD": Shape((0, 0, 0.05, 0.3, 1, 2, 2.8, 2.8), 0.6, 0.7, 0.35),
    "PC": Shape((0.02, 0.03, 0.1, 0.2, 0.4, 0.9, 1.8, 4), 0.0, 0.2, 0.3, years=0.6),
    "RA": Shape((0, 0.1, 0.5, 0.8, 1.3, 1.8, 1.8, 1.5), -0.8, 0.1, 0.15),
    "STIA": Shape((0, 0.05, 0.3, 0.9, 2.2, 4.8, 9, 13), 0.15, 0.4, 0.25),
}
CODES = tuple(SHAPES)
# First and last age whose list a register is out of. The published share of asthma is of all ages, though it is
# counted from 6 years today.
AGES = {
    row["code"]: (int(row["minimum_age"] or 0), int(row["maximum_age"] or 200))
    for row in seed.read("conditions")
    if row["code_list"] == "QOF"
} | {"AST": (0, 200)}
DYING = 25.0  # how much likelier palliative care is for people in the last year of their lives


@dataclass(frozen=True)
class Registers:
    """First and last day on each register, shape (people, registers in the order of CODES); FAR for never."""

    first: np.ndarray
    last: np.ndarray

    def on(self, code: str, who: np.ndarray | slice = slice(None), at: np.ndarray | int = 0) -> np.ndarray:
        """Return whether people are on a register on a day."""
        column = CODES.index(code)
        return (self.first[who, column] <= at) & (self.last[who, column] >= at)


def last_seen(lives: Lives) -> np.ndarray:
    """Return the last day on which each person was in the place, within the data."""
    people = lives.people
    return np.minimum(np.minimum(people.exit - 1, people.death), day(DATA_END)).astype(np.int64)


def enter(place: Place, lives: Lives, rng: np.random.Generator) -> Registers:
    """Return everyone's registers."""
    people, seen = lives.people, last_seen(lives)
    known = (people.entry <= day(DATA_END)) & (people.birth <= seen)
    age = np.where(known, people.age(seen), -1.0)
    first = np.full((len(people), len(CODES)), FAR, dtype=np.int32)
    last = first.copy()
    present = np.zeros(len(people), dtype=bool)
    present[people.present(day(DATA_END))] = True
    for column, code in enumerate(CODES):
        weight = _weight(place, lives, code, age)
        chance = _fitted(weight, present & eligible(code, age), published.PREVALENCE[code])
        u = rng.random(len(people))
        shape = SHAPES[code]
        on, off = u < chance, (u >= chance) & (u < chance * (1 + shape.resolved))
        since = np.clip(_since(rng, shape, age, seen), people.birth, seen)
        first[:, column] = np.where(on | off, since, FAR)
        until = first[:, column] + rng.random(len(people)) * (seen - first[:, column])
        last[:, column] = np.where(off, until, FAR)
    return Registers(first, last)


def _since(rng, shape: Shape, age: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """Return a first day for each person, should they be on the register."""
    if shape.years:
        return seen - rng.exponential(shape.years * YEAR, seen.size)
    ages = np.arange(0, 121, 0.25)
    reached = np.maximum.accumulate(np.interp(ages, _AGE, shape.by_age)) + ages * 1e-9
    began = np.interp(rng.random(seen.size) * np.interp(age, ages, reached), reached, ages)
    return seen - np.maximum(age - began, 0) * YEAR


def eligible(code: str, age: np.ndarray) -> np.ndarray:
    """Return who is of the ages that a register is out of."""
    low, high = AGES[code]
    return (age >= low) & (age < high + 1)


def _weight(place: Place, lives: Lives, code: str, age: np.ndarray) -> np.ndarray:
    people, shape = lives.people, SHAPES[code]
    weight = np.interp(age, _AGE, shape.by_age, left=0) * np.exp(
        shape.male * people.sex + shape.deprived * (0.5 - place.rank[people.area])
    )
    weight *= mean_one(np.exp(shape.burden * people.conditions), band_of(np.maximum(age, 0)))
    if code == "PC":
        weight *= np.where(people.death - last_seen(lives) < YEAR, DYING, 1.0)
    return np.where(eligible(code, age), weight, 0.0)


def _fitted(weight: np.ndarray, listed: np.ndarray, share: float) -> np.ndarray:
    """Return chances in proportion to the weights, at most 0.95, of which `share` of the listed come out."""
    wanted, scale = share * listed.sum(), 1.0
    for _ in range(8):
        reached = np.minimum(weight[listed] * scale, 0.95).sum()
        scale *= wanted / reached if reached else 0.0
    return np.minimum(weight * scale, 0.95)
