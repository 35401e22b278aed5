"""Registered deaths: one row a registration, in the file of the period in which it was registered."""

import numpy as np
import polars as pl

from breakwater.synthetic import diagnoses, published
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, day
from breakwater.synthetic.world import World

HOSPITAL_SITE = f"{next(iter(published.PROVIDERS))}01"  # invented site; H is at home, E elsewhere


def rows(world: World) -> pl.DataFrame:
    """Return deaths in identifiable form with `period`, the position of their file.

    Registered two days to some weeks after the death; those not registered by the data end are not there yet.
    """
    spells, stretches, rng = world.spells, world.stretches, world.stream("deaths")
    everyone = world.lives.people
    who = np.flatnonzero(everyone.death < FAR)
    died = everyone.death[who].astype(np.int64)
    registered = died + 2 + np.minimum(rng.exponential(6, who.size), 200).astype(np.int64)
    seen = registered <= day(DATA_END)
    who, died, registered = who[seen], died[seen], registered[seen]
    age, unit = _age(died - everyone.birth[who])
    in_hospital = np.isin(who, spells.person[spells.died])
    elsewhere = np.where(rng.random(who.size) < 0.45, "H", "E")
    known = world.people[who].select("nhs_number", "date_of_birth", "sex")
    frame = pl.DataFrame({
        "DEC_NHS_NUMBER": known["nhs_number"],
        "DEC_DATE_OF_BIRTH": known["date_of_birth"].dt.strftime("%Y%m%d"),
        "DEC_POSTCODE": world.postcodes.gather(stretches.postcode[stretches.at(who, died)]),
        "REG_DATE": _written(registered), "REG_DATE_OF_DEATH": _written(died),
        "DEC_SEX": known["sex"], "DEC_AGEC": age, "DEC_AGECUNIT": unit,
        "S_UNDERLYING_COD_ICD10": diagnoses.causes(rng, (died - everyone.birth[who]) / YEAR),
        "POD_CODE": np.where(in_hospital, HOSPITAL_SITE, elsewhere),
        "period": np.searchsorted([s.last for s in world.files], registered),
    }).sort("REG_DATE", maintain_order=True)  # fmt: skip
    key = pl.format("D{}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(6))
    return frame.select(key.alias("DEC_ID"), pl.all())


def _age(days: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return DEC_AGEC and DEC_AGECUNIT: years, months under one year, days under four weeks."""
    years, months = (days / YEAR).astype(np.int64), (days / (YEAR / 12)).astype(np.int64)
    return np.select([days < 28, years < 1], [days, months], years), np.select(
        [days < 28, years < 1], ["4", "2"], "1"
    )


def _written(days: np.ndarray) -> pl.Series:
    return pl.Series(days).cast(pl.Int32).cast(pl.Date).dt.strftime("%Y%m%d")
