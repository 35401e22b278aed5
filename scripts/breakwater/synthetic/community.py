"""community_contacts: contacts of community health services in CSDS fields.

They follow a discharge from hospital, a condition or frailty, a birth, or a need that comes with age.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.synthetic import published
from breakwater.synthetic.chance import pick
from breakwater.synthetic.frailty import MODERATE
from breakwater.synthetic.sequences import (
    Referrals,
    burden,
    contacts,
    deprived,
    joined,
    referred,
    to_service,
)  # fmt: skip
from breakwater.synthetic.spells import EMERGENCY
from breakwater.synthetic.world import World, dates, running

DISTRICT_NURSING, HEALTH_VISITING, END_OF_LIFE, SPEECH = "12", "16", "14", "33"
# After a stay: service and weight.
_AFTER_STAY = (("12", 40), ("51", 12), ("53", 14), ("26", 14), ("23", 12), ("43", 8))
# For a condition: register, service, referrals a year, contacts each, days between.
_FOR_CONDITION = (
    ("HF", "04", 0.35, 4, 21), ("COPD", "30", 0.25, 3, 21), ("DM", "27", 0.18, 4, 50), ("DM", "11", 0.12, 3, 40),
    ("STIA", "29", 0.12, 6, 7), ("DEM", DISTRICT_NURSING, 0.35, 7, 10), ("PC", END_OF_LIFE, 1.5, 10, 5),
)  # fmt: skip
# For anybody: service, referrals a year at the ages 0, 5, 18, 40, 65, 80 and 95, contacts each, days between.
_AT = (0, 5, 18, 40, 65, 80, 95)
_BY_AGE = (
    ("20", (0, 0.01, 0.025, 0.04, 0.035, 0.03, 0.02), 3, 18), ("27", (0, 0, 0.004, 0.008, 0.05, 0.10, 0.12), 3, 55),
    ("07", (0, 0.01, 0, 0.008, 0.025, 0.05, 0.06), 3, 40), ("42", (0, 0, 0.014, 0.025, 0.065, 0.10, 0.10), 2, 30),
    ("40", (0, 0.004, 0.014, 0.018, 0.042, 0.065, 0.06), 4, 6), ("32", (0, 0.09, 0, 0, 0, 0, 0), 2, 30),
    (SPEECH, (0.06, 0.07, 0.002, 0.002, 0.006, 0.01, 0.01), 5, 21), ("38", (0.02, 0.01, 0, 0, 0, 0, 0), 5, 10),
)  # fmt: skip
_VISITS = np.array((12, 45, 270, 385, 830))  # days after a birth on which the health visitor comes
FACE_TO_FACE, TELEPHONE, VIDEO = "01", "02", "11"


@dataclass(frozen=True)
class Community:
    """Referrals, and for each contact its referral and day, by day."""

    referrals: Referrals
    of: np.ndarray
    on: np.ndarray


def visit(world: World, rng: np.random.Generator) -> Community:
    """Return all contacts within the data."""
    parts = [_after_stay(world, rng), *_for_conditions(world, rng), _for_frailty(world, rng)]
    whole = joined([*parts, *_by_age(world, rng), _after_birth(world, rng)])
    return Community(whole, *contacts(world, rng, whole))


def _after_stay(world: World, rng) -> Referrals:
    stays, people = world.spells, world.lives.people
    night = np.flatnonzero((stays.kind == EMERGENCY) & ~stays.died & (stays.discharged > stays.admitted))
    age = people.age(stays.discharged[night], stays.person[night])
    some = night[rng.random(night.size) < np.interp(age, (18, 60, 75, 90), (0.04, 0.12, 0.32, 0.48))]
    codes, weights = zip(*_AFTER_STAY, strict=True)
    service = np.array(codes)[pick(rng, weights, some.size)]
    return to_service(rng, stays.person[some], stays.discharged[some], service, 6.0, 4.0, 2.0)


def _for_conditions(world: World, rng) -> list[Referrals]:
    made = []
    for code, service, a_year, mean, gap in _FOR_CONDITION:

        def rate(who, age, on, code=code, a_year=a_year):
            return a_year * world.registers.on(code, who, on) * deprived(world, who, 0.3)

        made.append(to_service(rng, *referred(world, rng, rate), service, mean, gap, 12.0))
    return made


def _for_frailty(world: World, rng) -> Referrals:
    since = world.frailty.since(len(world.lives.people), MODERATE)
    who, on = referred(world, rng, lambda who, age, on: 0.5 * (since[who] <= on))
    return to_service(rng, who, on, DISTRICT_NURSING, 9.0, 6.0, 4.0)


def _by_age(world: World, rng) -> list[Referrals]:
    made = []
    for service, a_year, mean, gap in _BY_AGE:

        def rate(who, age, on, a_year=a_year):
            return np.interp(age, _AT, a_year) * burden(world, who, age, 0.2) * deprived(world, who, 0.4)

        made.append(to_service(rng, *referred(world, rng, rate), service, mean, gap, 18.0))
    return made


def _after_birth(world: World, rng) -> Referrals:
    """Return a referral a visit: each child is seen at the same ages, nine in ten times."""
    people = world.lives.people
    born = np.flatnonzero(people.birth > world.files[0].first - _VISITS[-1])
    who = np.repeat(born, _VISITS.size)
    asked = people.birth[who].astype(np.int64) + np.tile(_VISITS, born.size) + rng.integers(-4, 20, who.size)
    came = rng.random(who.size) < 0.9
    size = int(came.sum())
    return Referrals(who[came], asked[came], np.full(size, HEALTH_VISITING, dtype="U4"),
                     np.ones(size, dtype=np.int64), np.ones(size), np.ones(size, dtype=np.int64))  # fmt: skip


def rows(world: World, made: Community, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Yield community_contacts in identifiable form, a frame a file."""
    ends = np.searchsorted(made.on, [span.last + 1 for span in world.files])
    for first, last in zip(np.append(0, ends[:-1]), ends, strict=True):
        yield _fields(world, Community(made.referrals, made.of[first:last], made.on[first:last]), first, rng)


def _fields(world: World, made: Community, done: int, rng) -> pl.DataFrame:
    asked, on, size = made.referrals, made.on, made.of.size
    who, service = asked.person[made.of], asked.service[made.of]
    known = world.identity(who, on)
    age = np.maximum(world.lives.people.age(on, who), 0)
    at_home = np.isin(service, (DISTRICT_NURSING, HEALTH_VISITING, END_OF_LIFE, "51", "53", "23"))
    mechanism = np.array([FACE_TO_FACE, TELEPHONE, VIDEO])[pick(rng, (84, 14, 2), size)]
    attended = np.array(["5", "6", "3", "2", "4"])[pick(rng, (88, 2, 4, 3, 3), size)]
    return pl.DataFrame({
        "UNIQUE CARE CONTACT IDENTIFIER": running("C", done + 1, size, 8),
        "UNIQUE SERVICE REQUEST IDENTIFIER": pl.select(
            pl.format("S{}", pl.lit(pl.Series(made.of)).cast(pl.String).str.zfill(8))).to_series(),
        "NHS NUMBER": known["nhs_number"], "PERSON BIRTH DATE": known["date_of_birth"],
        "POSTCODE OF USUAL ADDRESS": known["postcode"], "PERSON STATED GENDER CODE": known["sex"],
        "ETHNIC CATEGORY": known["ethnic_group"],
        "GENERAL MEDICAL PRACTICE CODE (PATIENT REGISTRATION)": known["practice_code"],
        "AGE AT CARE CONTACT DATE (YEARS)": age.astype(np.int64),
        "ORGANISATION IDENTIFIER (CODE OF PROVIDER)": np.full(size, published.COMMUNITY_PROVIDER),
        "REFERRAL REQUEST RECEIVED DATE": dates(asked.asked[made.of]),
        "SERVICE OR TEAM TYPE REFERRED TO (COMMUNITY CARE)": service,
        "CARE CONTACT DATE": dates(on),
        "CONSULTATION MECHANISM (COMMUNITY CARE)": np.where(service == "42", FACE_TO_FACE, mechanism),
        "ACTIVITY LOCATION TYPE CODE": np.where(at_home, "A01", "B01"), "ATTENDANCE STATUS": attended,
        "CLINICAL CONTACT DURATION OF CARE CONTACT": pl.Series(rng.choice([10, 15, 20, 30, 45, 60], size)).set(
            pl.Series(~np.isin(attended, ("5", "6"))), None),
    })  # fmt: skip
