"""What has happened in the place, for the extracts that tell of it: people, their homes, stays and illnesses."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.synthetic.chance import stream
from breakwater.synthetic.frailty import Frailty
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.longterm import Services
from breakwater.synthetic.periods import DATA_END, FAR, Period, day
from breakwater.synthetic.place import Place
from breakwater.synthetic.registers import Registers
from breakwater.synthetic.registrations import Stretches
from breakwater.synthetic.spells import Spells

UNKNOWN_PRACTICES = {"V81999": 0.003, "V81998": 0.002, "V81997": 0.001}  # how HES writes that there is none


@dataclass(frozen=True)
class World:
    """Everything that the extracts of a place are made from."""

    seed: int
    place: Place
    years: list[Period]  # as lived
    files: list[Period]  # as the files cover them: the last one ends with the data
    lives: Lives
    people: pl.DataFrame  # identities, by position
    postcodes: pl.Series
    stretches: Stretches
    services: Services
    spells: Spells  # by person and day
    spell: dict[str, np.ndarray]  # what the extract of admitted patient care says of each
    registers: Registers
    frailty: Frailty

    def stream(self, step: str) -> np.random.Generator:
        """Return the generator of a step."""
        return stream(self.seed, step)

    def there(self, who: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Return who lives, in the place, on a day of the data, and not on their last."""
        people = self.lives.people
        return (
            (people.entry[who] <= on) & (people.birth[who] <= on) & (on < people.exit[who])
            & (on < people.death[who]) & (on >= self.files[0].first) & (on <= day(DATA_END))
        )  # fmt: skip

    def in_hospital(self, who: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Return who is in hospital on a day, the days of admission and discharge included."""
        key = self.spells.person * FAR + self.spells.admitted
        before = np.searchsorted(key, who * FAR + on, side="right") - 1
        same = (before >= 0) & (self.spells.person[before] == who)
        return same & (self.spells.discharged[before] >= on)

    def identity(self, who: np.ndarray, on: np.ndarray) -> pl.DataFrame:
        """Return who people are, where they live and with which practice they are, on a day."""
        stretch = self.stretches.at(who, on)
        return self.people[who].select("nhs_number", "date_of_birth", "sex", "ethnic_group").with_columns(
            postcode=self.postcodes.gather(self.stretches.postcode[stretch]),
            practice_code=pl.Series(self.place.practices).gather(self.stretches.practice[stretch]),
        )  # fmt: skip


def practice_in_hes(rng: np.random.Generator, practice: pl.Series) -> np.ndarray:
    """Return the practices with a few that are not known, as HES writes them."""
    luck, edge = rng.random(len(practice)), 0.0
    result = practice.to_numpy().astype("U6")
    for code, share in UNKNOWN_PRACTICES.items():
        result = np.where((luck >= edge) & (luck < edge + share), code, result)
        edge += share
    return result


def dates(days: np.ndarray) -> pl.Series:
    """Return days as dates."""
    return pl.Series(np.minimum(days, FAR)).cast(pl.Int32).cast(pl.Date)


def running(prefix: str, first: int, size: int, width: int) -> pl.Series:
    """Return `size` keys in a row: the prefix and a number of so many digits, from `first` on."""
    return pl.select(
        pl.format("{}{}", pl.lit(prefix), pl.int_range(first, first + size).cast(pl.String).str.zfill(width))
    ).to_series()
