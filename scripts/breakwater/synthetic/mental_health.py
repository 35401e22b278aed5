"""mental_health: referrals, contacts and hospital stays in MHSDS fields, one row a record of its table.

People on the registers of severe mental illness, depression and dementia are referred most; stays are of the first.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.synthetic import published
from breakwater.synthetic.chance import lognormal_days, pick
from breakwater.synthetic.periods import DATA_END, FAR, Period, day
from breakwater.synthetic.sequences import (
    Referrals,
    contacts,
    deprived,
    joined,
    referred,
    to_service,
)  # fmt: skip
from breakwater.synthetic.spells import EMERGENCY
from breakwater.synthetic.world import World, dates, running

CRISIS, LIAISON = "A02", "A11"
# Register, team, referrals a year, contacts each, days between.
_FOR_CONDITION = (
    ("MH", "A06", 0.70, 10, 16), ("MH", CRISIS, 0.14, 6, 3), ("MH", "A08", 0.05, 16, 10),
    ("DEP", "A05", 0.065, 4, 15), ("DEP", "A06", 0.055, 6, 18), ("DEP", CRISIS, 0.010, 5, 3),
    ("DEM", "A17", 0.28, 4, 35), ("DEM", "A07", 0.20, 5, 20),
)  # fmt: skip
# For anybody: team, referrals a year at the ages 0, 5, 12, 18, 40, 65 and 95, contacts each, days between.
_AT = (0, 5, 12, 18, 40, 65, 95)
_BY_AGE = (
    ("A13", (0, 0.02, 0.055, 0.030, 0.006, 0.002, 0), 6, 14), ("A05", (0, 0, 0, 0.022, 0.016, 0.010, 0.008), 3, 15),
    ("A18", (0, 0, 0.004, 0.014, 0.010, 0.005, 0.004), 1, 5), ("A14", (0, 0, 0.001, 0.004, 0.0005, 0, 0), 14, 10),
)  # fmt: skip
# Stays a year of people on a register, and their median length in days.
_STAYS = (("MH", 0.095, 24.0), ("DEP", 0.0020, 16.0), ("DEM", 0.020, 45.0))
REFERRAL, CONTACT, STAY = "MHS101", "MHS201", "MHS501"
MHSDS = (  # noqa: SIM905
    "UniqRecordID TableName UniqServReqID NHSNumber PersonBirthDate Postcode Gender EthnicCategory GMPReg OrgIDProv "
    "ReferralRequestReceivedDate SourceOfReferralMH ServTeamTypeRefToMH ServDischDate CareContDate AttendStatus "
    "ConsMechanismMH ClinContDurOfCareCont UniqHospProvSpellID StartDateHospProvSpell DischDateHospProvSpell "
    "MethAdmMHHospProvSpell DestOfDischHospProvSpell"
).split()


@dataclass(frozen=True)
class Stays:
    """One entry a stay, by day; FAR while it lasts. `of`: the referral it belongs to."""

    of: np.ndarray
    first: np.ndarray
    last: np.ndarray


@dataclass(frozen=True)
class Care:
    """Referrals with the day each was closed (FAR while open), contacts (referral and day), and stays."""

    referrals: Referrals
    closed: np.ndarray
    of: np.ndarray
    on: np.ndarray
    stays: Stays


def care(world: World, rng: np.random.Generator) -> Care:
    """Return all mental health care within the data."""
    who, first, last = _stays(world, rng)
    made = [to_service(rng, who, first - rng.integers(0, 4, who.size), CRISIS, 4.0, 3.0, 1.0)]
    made += [*_for_conditions(world, rng), *_by_age(world, rng), _after_stay(world, rng)]
    referrals = joined(made)
    of, on = contacts(world, rng, referrals)
    end = np.full(referrals.person.size, -1)
    np.maximum.at(end, of, on)
    stays = _admitted(referrals, who, first, last)
    np.maximum.at(end, stays.of, np.minimum(stays.last, FAR))
    closed = np.maximum(end, referrals.asked) + rng.integers(1, 40, end.size)
    people = world.lives.people
    closed = np.minimum(closed, np.minimum(people.death[referrals.person], people.exit[referrals.person]))
    closed = np.maximum(closed, np.maximum(end, referrals.asked))
    return Care(referrals, np.where(closed > day(DATA_END), FAR, closed), of, on, stays)


def _for_conditions(world: World, rng) -> list[Referrals]:
    made = []
    for code, team, a_year, mean, gap in _FOR_CONDITION:

        def rate(who, age, on, code=code, a_year=a_year):
            return a_year * world.registers.on(code, who, on) * deprived(world, who, 0.4)

        made.append(to_service(rng, *referred(world, rng, rate), team, mean, gap, 14.0))
    return made


def _by_age(world: World, rng) -> list[Referrals]:
    made = []
    for team, a_year, mean, gap in _BY_AGE:

        def rate(who, age, on, a_year=a_year):
            return np.interp(age, _AT, a_year) * deprived(world, who, 0.6)

        made.append(to_service(rng, *referred(world, rng, rate), team, mean, gap, 25.0))
    return made


def _after_stay(world: World, rng) -> Referrals:
    """Return referrals to psychiatric liaison after an emergency in the general hospital."""
    stays = world.spells
    some = np.flatnonzero((stays.kind == EMERGENCY) & ~stays.died & (rng.random(stays.size) < 0.03))
    return to_service(rng, stays.person[some], stays.discharged[some], LIAISON, 2.0, 3.0, 1.0)


def _stays(world: World, rng) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return person, first and last day of stays, by person and day; none overlaps another of the person."""
    people, parts = world.lives.people, []
    for code, a_year, median in _STAYS:

        def rate(who, age, on, code=code, a_year=a_year):
            return a_year * world.registers.on(code, who, on) * (age >= 16) * deprived(world, who, 0.5)

        who, first = referred(world, rng, rate)
        parts.append((who, first, first + lognormal_days(rng, np.full(who.size, median), 0.9, 400)))
    who, first, last = (np.concatenate(part) for part in zip(*parts, strict=True))
    ok = world.there(who, first) & ~world.in_hospital(who, first)
    order = np.flatnonzero(ok)[np.lexsort((first[ok], who[ok]))]
    who, first, last = who[order], first[order], last[order]
    last = np.minimum(last, np.minimum(people.death[who], people.exit[who] - 1))
    until = np.maximum.accumulate(who * FAR + last)
    apart = np.append(True, (who * FAR + first)[1:] > until[:-1])[: who.size]
    return who[apart], first[apart], np.where(last > day(DATA_END), FAR, last)[apart]


def _admitted(referrals: Referrals, who: np.ndarray, first: np.ndarray, last: np.ndarray) -> Stays:
    """Return the stays with their referral: the person's last one to the crisis team before the stay."""
    crisis = np.flatnonzero(referrals.service == CRISIS)
    crisis = crisis[np.lexsort((referrals.asked[crisis], referrals.person[crisis]))]
    key = referrals.person[crisis] * FAR + referrals.asked[crisis]
    of = crisis[np.searchsorted(key, who * FAR + first, side="right") - 1]
    order = np.argsort(first, kind="stable")
    return Stays(of[order], first[order], last[order])


def rows(world: World, made: Care, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Yield mental_health in identifiable form, a frame a file; a record is in the file of its own day."""
    done = 0
    for span in world.files:
        kinds = [
            _referrals(world, made, span, rng),
            _contacts(made, span, rng),
            _stay_records(world, made, span, rng),
        ]
        frame = pl.concat(kinds, how="diagonal").sort("on", "TableName", maintain_order=True)
        of, on = frame["of"].to_numpy(), frame["on"].to_numpy()
        known = world.identity(made.referrals.person[of], on)
        yield frame.with_columns(
            UniqRecordID=running("M", done + 1, frame.height, 8),
            UniqServReqID=pl.format("Q{}", pl.col("of").cast(pl.String).str.zfill(8)),
            NHSNumber=known["nhs_number"], PersonBirthDate=known["date_of_birth"], Postcode=known["postcode"],
            Gender=known["sex"], EthnicCategory=known["ethnic_group"], GMPReg=known["practice_code"],
            OrgIDProv=pl.lit(published.COMMUNITY_PROVIDER),
            ReferralRequestReceivedDate=dates(made.referrals.asked[of]),
            ServTeamTypeRefToMH=pl.Series(made.referrals.service[of]),
        ).select(MHSDS)  # fmt: skip
        done += frame.height


def _within(days: np.ndarray, span: Period) -> np.ndarray:
    return np.flatnonzero((days >= span.first) & (days <= span.last))


def _referrals(world: World, made: Care, span: Period, rng) -> pl.DataFrame:
    of = _within(made.referrals.asked, span)
    of = of[world.there(made.referrals.person[of], made.referrals.asked[of])]
    source = np.array(["A1", "B1", "H1", "H2", "C1", "P1"])[pick(rng, (52, 16, 9, 8, 7, 8), of.size)]
    return pl.DataFrame({
        "TableName": np.full(of.size, REFERRAL), "of": of, "on": made.referrals.asked[of],
        "SourceOfReferralMH": source, "ServDischDate": _until(made.closed[of]),
    })  # fmt: skip


def _contacts(made: Care, span: Period, rng) -> pl.DataFrame:
    at = _within(made.on, span)
    attended = np.array(["5", "6", "3", "2", "4"])[pick(rng, (80, 2, 10, 5, 3), at.size)]
    minutes = pl.Series(rng.choice([15, 30, 45, 60, 90], at.size)).set(
        pl.Series(~np.isin(attended, ("5", "6"))), None
    )
    return pl.DataFrame({
        "TableName": np.full(at.size, CONTACT), "of": made.of[at], "on": made.on[at],
        "CareContDate": dates(made.on[at]), "AttendStatus": attended,
        "ConsMechanismMH": np.array(["01", "02", "11"])[pick(rng, (66, 24, 10), at.size)],
        "ClinContDurOfCareCont": minutes,
    })  # fmt: skip


def _stay_records(world: World, made: Care, span: Period, rng) -> pl.DataFrame:
    at = _within(made.stays.first, span)
    last = made.stays.last[at]
    died = world.lives.people.death[made.referrals.person[made.stays.of[at]]] == last
    home = np.array(["19", "29", "54"])[pick(rng, (88, 6, 6), at.size)]
    return pl.DataFrame({
        "TableName": np.full(at.size, STAY), "of": made.stays.of[at], "on": made.stays.first[at],
        "UniqHospProvSpellID": pl.select(
            pl.format("W{}", pl.lit(pl.Series(at)).cast(pl.String).str.zfill(7))).to_series(),
        "StartDateHospProvSpell": dates(made.stays.first[at]), "DischDateHospProvSpell": _until(last),
        "MethAdmMHHospProvSpell": np.array(["2A", "21", "28", "11"])[pick(rng, (30, 25, 30, 15), at.size)],
        "DestOfDischHospProvSpell": np.where(last == FAR, "", np.where(died, "79", home)),
    })  # fmt: skip


def _until(days: np.ndarray) -> pl.Series:
    """Return last days as dates, empty while it lasts."""
    return dates(days).set(pl.Series(days >= FAR), None)
