"""Spells as consultant episodes in HES fields: one row an episode, filed under the year in which it ended."""

import numpy as np
import polars as pl

from breakwater.synthetic import diagnoses, published
from breakwater.synthetic.chance import pick
from breakwater.synthetic.longterm import NURSING, Services
from breakwater.synthetic.place import Place
from breakwater.synthetic.registrations import Stretches
from breakwater.synthetic.spells import ANTENATAL, BIRTH, DAY_CASE, DELIVERY, EMERGENCY, TRANSFER, Spells
from breakwater.synthetic.world import World, dates, practice_in_hes

NULL_DATE = -62_091  # 1800-01-01, which stands for an empty date in HES
HES = (  # noqa: SIM905
    "FYEAR EPIKEY NEWNHSNO DOB HOMEADD ADMIDATE ADMIMETH ADMISORC CLASSPAT DISDATE DISDEST DISMETH "
    "EPIORDER EPISTART EPIEND EPISTAT EPITYPE SPELBGIN SPELEND STARTAGE SEX ETHNOS GPPRAC PROCODE3 "
    "MAINSPEF TRETSPEF DIAG_4_01 DIAG_4_02 DIAG_4_03 DIAG_4_04 DIAG_4_05 DIAG_4_06 OPERTN_4_01 DISREADYDATE"
).split()
_BABY = (1, 7, 29, 91, 182, 273)  # days at which STARTAGE turns from 7001 to 7002, and so on to 7007
SLOTS = 6


def rows(world: World, rng: np.random.Generator) -> pl.DataFrame:
    """Return apc_episodes in identifiable form with `period`, the position of the file it belongs to."""
    spells, spell, spans = world.spells, world.spell, world.files
    count, start, end = _split(spells, rng)
    of = np.repeat(np.arange(spells.size), count)
    order = np.arange(of.size) - np.repeat(np.cumsum(count) - count, count) + 1
    last = order == count[of]
    period = np.searchsorted([s.last for s in spans], end)
    age_days = start - world.lives.people.birth[spells.person[of]]
    who = world.people[spells.person[of]].select("nhs_number", "date_of_birth", "sex", "ethnic_group")
    began = spells.admitted[of] >= np.array([s.first for s in spans])[period]
    diagnosis = spell["diagnosis"][of]
    specialty = np.where((order == 1) & ~last, "326", spell["specialty"][of])
    frame = pl.DataFrame({
        "FYEAR": np.array([s.label for s in spans])[period],
        "NEWNHSNO": who["nhs_number"], "DOB": who["date_of_birth"],
        "HOMEADD": world.postcodes.gather(spell["postcode"][of]),
        "ADMIDATE": dates(spells.admitted[of]), "ADMIMETH": spell["method"][of],
        "ADMISORC": spell["source"][of],
        "CLASSPAT": spell["class"][of], "DISDATE": dates(np.where(last, spells.discharged[of], NULL_DATE)),
        "DISDEST": np.where(last, spell["destination"][of], "98"),
        "DISMETH": np.where(last, spell["how"][of], "8"),
        "EPIORDER": order, "EPISTART": dates(start), "EPIEND": dates(end), "EPISTAT": "3",
        "EPITYPE": spell["type"][of], "SPELBGIN": np.where(order > 1, "0", np.where(began, "2", "1")),
        "SPELEND": np.where(last, "Y", "N"), "STARTAGE": start_age(age_days), "SEX": who["sex"],
        "ETHNOS": who["ethnic_group"], "GPPRAC": spell["practice"][of], "PROCODE3": spell["provider"][of],
        "MAINSPEF": specialty, "TRETSPEF": specialty,
        **{f"DIAG_4_{n + 1:02d}": diagnosis[:, n] for n in range(SLOTS)},
        "OPERTN_4_01": diagnoses.procedures(diagnosis[:, 0], order == 1),
        "DISREADYDATE": dates(np.where(last, _ready(world)[of], NULL_DATE)),
        "period": period,
    })  # fmt: skip
    frame = frame.sort("period", maintain_order=True)
    key = pl.col("FYEAR") + pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(8)
    return frame.with_columns(EPIKEY=key).select(*HES, "period")


def _ready(world: World) -> np.ndarray:
    """Return the day on which each patient was ready to leave: for one old person in four some days too early."""
    stays, rng = world.spells, world.stream("discharge ready")
    age = world.lives.people.age(stays.discharged, stays.person)
    late = rng.random(stays.size) < np.interp(age, (40, 65, 90), (0.02, 0.14, 0.30))
    late &= (stays.kind == EMERGENCY) & ~stays.died & (stays.discharged - stays.admitted >= 2)
    waited = np.minimum(rng.geometric(0.28, stays.size), stays.discharged - stays.admitted - 1)
    return np.where(stays.died, NULL_DATE, stays.discharged - np.where(late, waited, 0))


def _split(spells: Spells, rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return episodes per spell, first and last day of each; about 15% of emergencies have more than one."""
    nights = spells.discharged - spells.admitted
    more = (spells.kind == EMERGENCY) & (nights >= 2) & (rng.random(spells.size) < 0.27)
    count = np.where(more, np.where((nights >= 4) & (rng.random(spells.size) < 0.2), 3, 2), 1)
    u = np.sort(rng.random((spells.size, 2)), axis=1)
    first_cut = spells.admitted + np.where(count > 1, np.maximum(1, (u[:, 0] * nights).astype(np.int64)), 0)
    second_cut = np.maximum(first_cut, spells.admitted + (u[:, 1] * nights).astype(np.int64))
    cuts = np.stack([spells.admitted, first_cut, np.where(count > 2, second_cut, spells.discharged)], axis=1)
    first_end = np.where(count > 1, first_cut, spells.discharged)
    ends = np.stack([first_end, cuts[:, 2], spells.discharged], axis=1)
    used = np.arange(3) < count[:, None]
    return count, cuts[used], ends[used]


def of_spells(place: Place, lives, spells: Spells, services: Services, stretches: Stretches,
              offered: np.ndarray, lasting: np.ndarray, rng) -> dict[str, np.ndarray]:  # fmt: skip
    """Return what all episodes of a spell share, and other extracts need to know of it.

    offered: whether each spell was followed by re-ablement, which is not offered in a hospice.
    lasting: codes of the conditions each person held, shape (spells, SLOTS - 1).
    """
    people, who, kind, size = lives.people, spells.person, spells.kind, spells.size
    age = people.age(spells.admitted, who)
    home, setting = services.in_home(len(people))
    care_home = np.where(setting[who] == NURSING, "55", "56")
    urgent = np.array(["21", "22", "24", "28", "2A", "2D"])[pick(rng, (84, 7, 4, 2, 2, 1), size)]
    booked = np.array(["11", "12", "13"])[pick(rng, (60, 25, 15), size)]
    mothers = np.isin(kind, (DELIVERY, ANTENATAL))
    method = np.select(
        [kind == EMERGENCY, kind == BIRTH, mothers, kind == TRANSFER], [urgent, "82", "31", "81"], booked
    )
    source = np.select(
        [kind == BIRTH, kind == TRANSFER, home[who] < spells.admitted], ["79", "51", care_home], "19"
    )
    after = np.append((kind[1:] == TRANSFER) & (who[1:] == who[:-1])
                      & (spells.admitted[1:] == spells.discharged[:-1]), False)  # fmt: skip
    luck = rng.random(size)
    destination = np.select(
        [spells.died, after, home[who] <= spells.discharged, (luck < 0.002) & ~offered, luck > 0.99],
        ["79", "51", care_home, "88", "29"], "19")  # fmt: skip
    # Discharge against advice changed its code in April 2022 (19,083 days after 1970-01-01).
    alone = np.where(spells.discharged < 19_083, "2", "6")
    how = np.select([spells.died, (kind == EMERGENCY) & (luck > 0.4) & (luck < 0.415)], ["4", alone], "1")
    stretch = stretches.at(who, spells.admitted)
    practice = practice_in_hes(rng, pl.Series(place.practices).gather(stretches.practice[stretch]))
    trusts = list(published.PROVIDERS)
    provider = np.array(trusts)[
        np.where(kind == TRANSFER, 1, pick(rng, list(published.PROVIDERS.values()), size))
    ]
    diagnosis, specialty = _diagnosis(spells, age, lasting, rng)
    return {
        "method": method, "source": source, "destination": destination, "how": how, "practice": practice,
        "provider": provider, "diagnosis": diagnosis, "specialty": specialty,
        "postcode": stretches.postcode[stretch],
        "class": np.where(kind == DAY_CASE, "2", "1"),
        "type": np.select([kind == DELIVERY, kind == BIRTH], ["2", "3"], "1"),
    }  # fmt: skip


def _diagnosis(spells: Spells, age: np.ndarray, lasting: np.ndarray, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return diagnoses, shape (spells, SLOTS), and the treatment specialty of each spell."""
    kind = spells.kind
    urgent, booked = diagnoses.emergency(rng, age), diagnoses.planned(rng, age)
    of_urgent, of_booked = (
        np.array([row[:2] for row in t]) for t in (diagnoses.EMERGENCY, diagnoses.PLANNED)
    )
    emergency = np.isin(kind, (EMERGENCY, TRANSFER))
    rule = [emergency, kind == DELIVERY, kind == BIRTH, kind == ANTENATAL]
    primary = np.select(rule, [of_urgent[urgent, 0], "O800", "Z380", "O479"], of_booked[booked, 0])
    specialty = np.select(rule, [of_urgent[urgent, 1], "501", "424", "501"], of_booked[booked, 1])
    # Children are seen by paediatricians, many of the oldest by geriatricians.
    specialty = np.where(emergency & (age < 16), "420", specialty)
    elderly = (
        emergency & (age >= 80) & np.isin(specialty, ("300", "340", "320")) & (rng.random(age.size) < 0.6)
    )
    specialty = np.where(elderly, "430", specialty)
    fell = emergency & diagnoses.FALLS[urgent] & (rng.random(age.size) < np.where(age >= 65, 0.9, 0.4))
    lasting = np.where(np.isin(kind, (BIRTH, DELIVERY, ANTENATAL))[:, None], "", lasting)
    shifted = np.concatenate([diagnoses.falls(rng, age.size)[:, None], lasting[:, :-1]], axis=1)
    secondary = np.where(fell[:, None], shifted, lasting)
    secondary[kind == DELIVERY, 0] = "Z370"
    return np.concatenate([primary[:, None], secondary], axis=1), specialty


def start_age(days: np.ndarray) -> np.ndarray:
    """Return STARTAGE for ages in days: whole years, or 7001 to 7007 before the first birthday."""
    years = (days / 365.25 + 1e-9).astype(np.int64)
    return np.where(days < 365, 7001 + np.searchsorted(_BABY, days, side="right"), np.clip(years, 1, 120))
