"""outpatients: appointments in HES fields, from a referral to a discharge, and after a stay in hospital."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, replace

import numpy as np
import polars as pl

from breakwater.synthetic import published, sequences
from breakwater.synthetic.chance import choose, lognormal_days, pick
from breakwater.synthetic.episodes import NULL_DATE, start_age
from breakwater.synthetic.spells import DAY_CASE, ELECTIVE, EMERGENCY
from breakwater.synthetic.world import World, dates, practice_in_hes, running

_AGE = (0, 5, 18, 30, 45, 60, 75, 85, 95)
_REFERRED = (0.30, 0.20, 0.20, 0.25, 0.32, 0.45, 0.62, 0.58, 0.40)  # referrals a year
GP, EMERGENCY_STAY, A_AND_E, CONSULTANT, OTHER = "03", "01", "04", "05", "11"  # sources of referral
_AGES = (18, 45, 65)
_SPECIALTIES = (  # treatment specialty, weights under 18, 18-44, 45-64, 65 and over
    ("420", (40, 0, 0, 0)), ("110", (10, 9, 13, 12)), ("130", (8, 5, 10, 22)), ("120", (9, 6, 6, 6)),
    ("330", (6, 9, 9, 8)), ("100", (3, 7, 8, 6)), ("101", (1, 3, 6, 8)), ("301", (2, 8, 9, 6)),
    ("320", (1, 4, 8, 12)), ("340", (1, 3, 5, 6)), ("502", (1, 18, 9, 3)), ("410", (1, 4, 7, 5)),
    ("400", (3, 5, 5, 6)), ("303", (1, 2, 4, 7)), ("650", (5, 12, 10, 6)), ("800", (0, 1, 5, 7)),
)  # fmt: skip
_WEIGHTS = np.array([row[1] for row in _SPECIALTIES], dtype=float).T
_CHANCES = np.cumsum(_WEIGHTS, axis=1) / _WEIGHTS.sum(axis=1, keepdims=True)
_CODES = np.array([row[0] for row in _SPECIALTIES])
MIDWIFERY = "560"
SEEN, LATE, TURNED_AWAY, DID_NOT_ATTEND, CANCELLED, CANCELLED_BY_HOSPITAL = "5", "6", "7", "3", "2", "4"
INVALID_DATE = NULL_DATE + 365  # 1801-01-01


@dataclass(frozen=True)
class Appointments:
    """One entry an appointment, by day. asked: day of the referral; number: from 0, in a row of appointments."""

    person: np.ndarray
    on: np.ndarray
    asked: np.ndarray
    number: np.ndarray
    last: np.ndarray
    specialty: np.ndarray
    source: np.ndarray


def book(world: World, rng: np.random.Generator) -> Appointments:
    """Return all appointments within the data."""
    every = [_from_referral(world, rng), _after_stay(world, rng), _before_birth(world, rng)]
    whole = Appointments(*(np.concatenate([getattr(e, f.name) for e in every]) for f in fields(Appointments)))
    possible = world.there(whole.person, whole.on) & ~world.in_hospital(whole.person, whole.on)
    order = np.flatnonzero(possible)[np.lexsort((whole.person[possible], whole.on[possible]))]
    return Appointments(*(getattr(whole, f.name)[order] for f in fields(Appointments)))


def _from_referral(world: World, rng) -> Appointments:
    people = world.lives.people

    def rate(who, age, on):
        women = np.where((people.sex[who] == 0) & (age >= 18) & (age < 50), 1.35, 1.0)
        ill = sequences.burden(world, who, age, 0.22) * (0.5 + 0.5 * people.trait[who])
        return np.interp(age, _AGE, _REFERRED) * women * ill * sequences.deprived(world, who, 0.15)

    who, asked = sequences.referred(world, rng, rate)
    specialty = _CODES[choose(rng, _CHANCES, np.searchsorted(_AGES, people.age(asked, who), side="right"))]
    source = np.array([GP, CONSULTANT, A_AND_E, OTHER])[pick(rng, (62, 20, 8, 10), who.size)]
    first = asked + lognormal_days(rng, np.full(who.size, 46.0), 0.85, 500)
    return _booked(rng, who, asked, first, rng.geometric(0.40, who.size), specialty, source, 70.0)


def _after_stay(world: World, rng) -> Appointments:
    stays = world.spells
    chance = np.select(
        [stays.kind == EMERGENCY, stays.kind == ELECTIVE, stays.kind == DAY_CASE], [0.22, 0.6, 0.25]
    )
    some = np.flatnonzero(~stays.died & (rng.random(stays.size) < chance))
    who, asked = stays.person[some], stays.discharged[some]
    first = asked + lognormal_days(rng, np.full(who.size, 30.0), 0.5, 120)
    source = np.where(stays.kind[some] == EMERGENCY, EMERGENCY_STAY, CONSULTANT)
    booked = _booked(rng, who, asked, first, rng.integers(1, 3, some.size),
                     world.spell["specialty"][some], source, 45.0)  # fmt: skip
    return replace(booked, number=booked.number + 1)  # the stay was the first attendance


def _before_birth(world: World, rng) -> Appointments:
    people = world.lives.people
    born = np.flatnonzero(people.mother >= 0)
    who, asked = people.mother[born].astype(np.int64), people.birth[born].astype(np.int64) - 210
    size = born.size
    return _booked(rng, who, asked, asked + rng.integers(5, 25, size), rng.integers(4, 8, size),
                   np.full(size, MIDWIFERY), np.full(size, GP), 26.0)  # fmt: skip


def _booked(rng, who, asked, first, count, specialty, source, gap: float) -> Appointments:
    of, number, on = sequences.in_a_row(rng, first, count, np.full(who.size, gap))
    return Appointments(who[of], on, asked[of], number, number == count[of] - 1, specialty[of], source[of])


def rows(world: World, booked: Appointments, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Yield outpatients in identifiable form, a frame a file."""
    ends = np.searchsorted(booked.on, [span.last + 1 for span in world.files])
    for span, first, last in zip(world.files, np.append(0, ends[:-1]), ends, strict=True):
        some = Appointments(*(getattr(booked, f.name)[first:last] for f in fields(Appointments)))
        yield _fields(world, some, span.label, rng)


def _fields(world: World, booked: Appointments, label: str, rng) -> pl.DataFrame:
    people, who, on, size = world.lives.people, booked.person, booked.on, booked.person.size
    known = world.identity(who, on)
    attended = _attended(world, who, people.age(on, who), rng)
    came = np.isin(attended, (SEEN, LATE))
    first, remote = booked.number == 0, rng.random(size) < 0.17
    luck = rng.random(size)
    asked = np.select([luck < 0.10, luck < 0.12], [NULL_DATE, INVALID_DATE], booked.asked)
    urgent = np.array(["1", "2", "3"])[pick(rng, (80, 13, 7), size)]
    return pl.DataFrame({
        "FYEAR": np.full(size, label), "ATTENDKEY": running(label, 1, size, 8),
        "NEWNHSNO": known["nhs_number"], "DOB": known["date_of_birth"], "HOMEADD": known["postcode"],
        "SEX": known["sex"], "ETHNOS": known["ethnic_group"],
        "GPPRAC": practice_in_hes(rng, known["practice_code"]),
        "APPTAGE": start_age(on - people.birth[who]), "APPTDATE": dates(on), "ADMINCAT": "01",
        "ATTENDED": attended, "DNADATE": pl.Series(dates(on)).set(pl.Series(came), None),
        "FIRSTATT": np.select([first & remote, first, remote], ["3", "1", "4"], "2"),
        "MAINSPEF": booked.specialty, "TRETSPEF": booked.specialty,
        "OUTCOME": np.where(came, np.where(booked.last, "1", np.where(luck < 0.7, "2", "3")), ""),
        "PRIORITY": np.where(first, urgent, "1"), "REFSOURC": booked.source, "REQDATE": dates(asked),
        "SERVTYPE": np.array(["1", "2", "3"])[pick(rng, (85, 10, 5), size)],
        "STAFFTYP": np.where(booked.specialty == MIDWIFERY, "04", "01"),
        "WAITING": pl.Series(on - asked).set(pl.Series((asked <= INVALID_DATE) | ~first), None),
        "DIAG_4_01": "R69X", "OPERTN_4_01": _procedure(booked.specialty, came, rng),
        "PROCODE3": np.array(list(published.PROVIDERS))[pick(rng, list(published.PROVIDERS.values()), size)],
    })  # fmt: skip


def _attended(world: World, who: np.ndarray, age: np.ndarray, rng) -> np.ndarray:
    """Return whether people came: the young and the deprived miss more appointments."""
    missed = (
        0.065
        * np.interp(age, (0, 20, 35, 60, 80), (1.0, 1.7, 1.4, 0.8, 0.9))
        * sequences.deprived(world, who, 0.8)
    )
    u = rng.random(who.size)
    other = np.array([SEEN, LATE, TURNED_AWAY, CANCELLED, CANCELLED_BY_HOSPITAL])
    return np.where(u < missed, DID_NOT_ATTEND, other[pick(rng, (845, 9, 2, 72, 72), who.size)])


def _procedure(specialty: np.ndarray, came: np.ndarray, rng) -> np.ndarray:
    """Return the main procedure, OPCS-4: X999 says that none was coded, as most rows do."""
    typical = {"130": "C873", "320": "U202", "301": "G451", "330": "S532", "502": "Q555", "101": "M459"}
    names, at = np.unique(specialty, return_inverse=True)
    code = np.array([typical.get(name, "X621") for name in names])[at]
    return np.where(came & (rng.random(specialty.size) < 0.25), code, np.where(came, "X999", ""))
