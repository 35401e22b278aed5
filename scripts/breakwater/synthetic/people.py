"""The table of people, held as one array a column, and how people are made for the first day."""

import numpy as np

from breakwater.reference.population import BANDS
from breakwater.synthetic import burden
from breakwater.synthetic.periods import FAR, YEAR
from breakwater.synthetic.place import Place

COLUMNS = {
    "birth": np.int32,  # day
    "sex": np.int8,  # 0 female, 1 male
    "area": np.int16,  # where they live now, position in Place.areas
    "first_area": np.int16,  # where they lived on `entry`
    "entry": np.int32,  # first day in the place
    "exit": np.int32,  # first day no longer in the place, FAR if they stay
    "death": np.int32,  # FAR if alive
    "trait": np.float32,  # lasting tendency to fall ill, mean 1
    "conditions": np.int16,  # long-term conditions held now
    "mother": np.int32,  # position of the mother of a child born in the place, -1 otherwise
}
OPEN_BAND_MEAN = 3.3  # years lived past 90 by the people of the open band, on average


class People:
    """All people ever in the place. Positions never change; `add` appends."""

    def __init__(self) -> None:
        self.columns = {name: np.empty(0, dtype=kind) for name, kind in COLUMNS.items()}

    def __getattr__(self, name: str) -> np.ndarray:
        try:
            return self.__dict__["columns"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __len__(self) -> int:
        return self.birth.size

    def add(self, **columns: np.ndarray) -> np.ndarray:
        """Append people given by their columns; return their positions."""
        size = np.size(columns["birth"])
        for name, kind in COLUMNS.items():
            value = np.broadcast_to(np.asarray(columns[name]), (size,)).astype(kind)
            self.columns[name] = np.concatenate([self.columns[name], value])
        return np.arange(len(self) - size, len(self))

    def age(self, at: np.ndarray | int, who: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Return exact age in years on the day `at`."""
        return (at - self.birth[who]) / YEAR

    def present(self, at: int) -> np.ndarray:
        """Return positions of people alive in the place at the start of the day."""
        return np.flatnonzero((self.entry <= at) & (self.exit > at) & (self.death > at) & (self.birth <= at))


def band_of(age: np.ndarray) -> np.ndarray:
    """Return the five-year band of each age in years, 18 for 90 and over."""
    return np.clip(np.asarray(age) // 5, 0, len(BANDS) - 1).astype(np.int64)


def ages_in(rng: np.random.Generator, band: np.ndarray) -> np.ndarray:
    """Return exact ages in years, even within a band and thinning out in the open one."""
    age = band * 5 + 5 * rng.random(band.size)
    old = band == len(BANDS) - 1
    past = -OPEN_BAND_MEAN * np.log1p(-rng.random(band.size) * (1 - np.exp(-18 / OPEN_BAND_MEAN)))
    return np.where(old, 90 + past, age)


def newcomers(
    people: People, place: Place, rng, counts: np.ndarray, day: int, entry: np.ndarray | int
) -> np.ndarray:
    """Add `counts` people (areas, sexes, bands) with the age they have on `day`; return their positions."""
    area, sex, band = (np.repeat(i, counts.ravel()) for i in np.indices(counts.shape).reshape(3, -1))
    age = ages_in(rng, band)
    trait = rng.gamma(2.0, 0.5, age.size)
    birth = np.floor(day - age * YEAR).astype(np.int32)
    return people.add(
        birth=birth,
        sex=sex,
        area=area,
        first_area=area,
        entry=np.maximum(entry, birth),
        exit=FAR,
        death=FAR,
        trait=trait,
        conditions=burden.held(rng, age, place.rank[area], trait),
        mother=-1,
    )
