"""emergency_care: attendances in ECDS fields. Who is admitted through A&E has attended before; others go home."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.synthetic import emergency_codes as codes
from breakwater.synthetic import published
from breakwater.synthetic.chance import choose, mean_one, pick
from breakwater.synthetic.longterm import NURSING
from breakwater.synthetic.people import band_of
from breakwater.synthetic.spells import EMERGENCY, days_in
from breakwater.synthetic.world import World, dates, practice_in_hes, running

MINUTES = 1440
_AGE = (0, 1, 5, 15, 20, 30, 45, 60, 70, 80, 90)
_GOES_HOME = np.array((640, 570, 340, 350, 410, 340, 265, 240, 270, 375, 455)) / 1000  # attendances a year
# Arrivals by hour of the day.
_HOURS = (26, 21, 18, 16, 15, 16, 20, 28, 42, 56, 65, 66, 64, 62, 60, 59, 60, 62, 63, 60, 54, 47, 39, 32)
MAJOR, EYE, MINOR = "01", "02", "03"


@dataclass(frozen=True)
class Attendances:
    """One entry an attendance, by arrival; minutes since 1970-01-01 00:00. `spell` is -1 for who is not admitted."""

    person: np.ndarray
    arrived: np.ndarray
    left: np.ndarray
    spell: np.ndarray
    department: np.ndarray


def attend(world: World, rng: np.random.Generator) -> Attendances:
    """Return all attendances that begin within the data."""
    parts = [_admitted(world, rng)]
    parts += [_sent_home(world, number, rng) for number in range(len(world.years))]
    person, arrived, left, spell, department = (np.concatenate(p) for p in zip(*parts, strict=True))
    kept = world.there(person, arrived // MINUTES) | (
        (spell >= 0) & (arrived // MINUTES >= world.files[0].first)
    )
    order = np.flatnonzero(kept)[np.lexsort((person[kept], arrived[kept]))]
    return Attendances(*(a[order] for a in (person, arrived, left, spell, department)))


def _admitted(world: World, rng) -> tuple[np.ndarray, ...]:
    """Return the attendances that end in a stay: the patient leaves the department on the day of admission."""
    stays = world.spells
    spell = np.flatnonzero((stays.kind == EMERGENCY) & (world.spell["method"] == "21"))
    who, size = stays.person[spell], spell.size
    left = stays.admitted[spell] * MINUTES + rng.integers(0, MINUTES, size)
    wait = _waited(rng, np.full(size, published.A_AND_E_WAIT_ADMITTED), 0.62)
    people = world.lives.people
    begun = np.maximum(people.entry[who], people.birth[who]).astype(np.int64) * MINUTES
    # Who is admitted in the first hours of the data may have come the day before, and is then not in it.
    begun[begun == world.files[0].first * MINUTES] -= 2 * MINUTES
    return who, np.maximum(left - wait, begun), left, spell, np.full(size, MAJOR)


def _sent_home(world: World, number: int, rng) -> tuple[np.ndarray, ...]:
    """Return the attendances of a year after which people go home."""
    people, span = world.lives.people, world.years[number]
    who = np.flatnonzero((people.entry <= span.last) & (people.exit > span.first)
                         & (people.death >= span.first) & (people.birth <= span.last))  # fmt: skip
    age = np.maximum(people.age((span.first + span.last) // 2, who), 0)
    ill = mean_one(np.exp(0.15 * world.lives.conditions[number][who]) * people.trait[who], band_of(age))
    poor = np.exp(0.8 * (0.5 - world.place.rank[people.area[who]]))
    who = np.repeat(who, rng.poisson(np.interp(age, _AGE, _GOES_HOME) * ill * poor))
    on = days_in(rng, span, who.size, winter=0.03)
    free = world.there(who, on) & ~world.in_hospital(who, on)
    who, on = who[free], on[free]
    minute = pick(rng, _HOURS, who.size) * 60 + rng.integers(0, 60, who.size)
    department = np.array([MAJOR, EYE, MINOR])[pick(rng, (62, 5, 33), who.size)]
    old = people.age(on, who) >= 75
    median = np.where(department == MAJOR, published.A_AND_E_WAIT * np.where(old, 1.35, 1.0), 80.0)
    arrived = on * MINUTES + minute
    left = arrived + _waited(rng, median, 0.55)
    return who, arrived, left, np.full(who.size, -1), department


def _waited(rng, median: np.ndarray, spread: float) -> np.ndarray:
    """Return whole minutes from arrival to departure, lognormal, at most two days."""
    return np.clip(median * np.exp(spread * rng.standard_normal(median.size)), 5, 2 * MINUTES).astype(
        np.int64
    )


def rows(world: World, seen: Attendances, rng: np.random.Generator) -> Iterator[pl.DataFrame]:
    """Yield emergency_care in identifiable form, a frame a file."""
    ends = np.searchsorted(seen.arrived, [(span.last + 1) * MINUTES for span in world.files])
    for span, first, last in zip(world.files, np.append(0, ends[:-1]), ends, strict=True):
        some = Attendances(*(getattr(seen, name)[first:last] for name in Attendances.__dataclass_fields__))
        yield _fields(world, some, span.label, rng)


def _fields(world: World, seen: Attendances, label: str, rng) -> pl.DataFrame:
    who, size, day = seen.person, seen.person.size, seen.arrived // MINUTES
    age = np.maximum(world.lives.people.age(day, who), 0)
    admitted, wait = seen.spell >= 0, seen.left - seen.arrived
    known = world.identity(who, day)
    complaint, diagnosis = _why(world, seen, age, rng)
    gone_early = ~admitted & (rng.random(size) < np.where(wait > 240, 0.09, 0.03))
    first_look = np.minimum(rng.exponential(14, size), wait * 0.6).astype(np.int64)
    treated = (first_look + (wait - first_look) * rng.uniform(0.15, 0.6, size)).astype(np.int64)
    decided = (treated + (wait - treated) * rng.uniform(0.1, 0.7, size)).astype(np.int64)
    return pl.DataFrame({
        "EPIKEY": running(label, 1, size, 8), "NHS_NUMBER": known["nhs_number"],
        "DATE_OF_BIRTH": known["date_of_birth"], "POSTCODE": known["postcode"],
        "STATED_GENDER": known["sex"], "ETHNIC_CATEGORY": known["ethnic_group"],
        "PRACTICE_CODE_PATIENT_REGISTRATION": practice_in_hes(rng, known["practice_code"]),
        "AGE_AT_ARRIVAL": age.astype(np.int64), "PROVIDER_CODE": next(iter(published.PROVIDERS)),
        "DEPARTMENT_TYPE": seen.department,
        "ATTENDANCE_CATEGORY": np.array(["1", "2", "4"])[pick(rng, (95, 4, 1), size)],
        "ARRIVAL_DATE": dates(day), "ARRIVAL_TIME": _clock(seen.arrived),
        "ARRIVAL_MODE": _came_by(age, admitted, seen.department, rng),
        "ACUITY": codes.ACUITY[np.clip(pick(rng, (2, 14, 40, 36, 8), size) - admitted, 0, 4)],
        "CHIEF_COMPLAINT": complaint, "DIAGNOSIS_CODE_1": np.where(gone_early, "", diagnosis),
        "INITIAL_ASSESSMENT_TIME_SINCE_ARRIVAL": first_look,
        "SEEN_FOR_TREATMENT_TIME_SINCE_ARRIVAL": pl.Series(treated).set(pl.Series(gone_early), None),
        "DECISION_TO_ADMIT_TIME_SINCE_ARRIVAL": pl.Series(decided).set(pl.Series(~admitted), None),
        "DEPARTURE_DATE": dates(seen.left // MINUTES), "DEPARTURE_TIME": _clock(seen.left),
        "DEPARTURE_TIME_SINCE_ARRIVAL": wait,
        "DISCHARGE_STATUS": np.where(gone_early, codes.LEFT[pick(rng, (5, 3, 2), size)], codes.COMPLETED),
        "DISCHARGE_DESTINATION": _went_to(world, seen, admitted, rng),
    })  # fmt: skip


def _why(world: World, seen: Attendances, age: np.ndarray, rng) -> tuple[np.ndarray, np.ndarray]:
    """Return chief complaint and diagnosis."""
    drawn = choose(rng, codes.CHANCES, np.searchsorted(codes.AGES, age, side="right"))
    pairs = np.array([row[:2] for row in codes.COMPLAINTS])[drawn]
    stayed = codes.admitted(world.spell["diagnosis"][np.maximum(seen.spell, 0), 0])
    return tuple(np.where(seen.spell >= 0, stayed[n], pairs[:, n]) for n in (0, 1))


def _came_by(age: np.ndarray, admitted: np.ndarray, department: np.ndarray, rng) -> np.ndarray:
    """Return the mode of arrival: by ambulance the more the older and the iller."""
    chance = np.where(admitted, np.interp(age, (0, 20, 50, 80), (0.20, 0.35, 0.48, 0.80)),
                      np.interp(age, (0, 20, 50, 80, 95), (0.06, 0.13, 0.17, 0.45, 0.65)))  # fmt: skip
    chance = np.where(department == MAJOR, chance, 0.01)
    other = np.where(rng.random(age.size) < 0.12, codes.PUBLIC_TRANSPORT, codes.OWN_TRANSPORT)
    return np.where(rng.random(age.size) < chance, codes.AMBULANCE, other)


def _went_to(world: World, seen: Attendances, admitted: np.ndarray, rng) -> np.ndarray:
    """Return the destination: a ward, or where the person lives."""
    home, setting = world.services.in_home(len(world.lives.people))
    kind = np.where(setting[seen.person] == NURSING, codes.NURSING_HOME, codes.RESIDENTIAL_HOME)
    usual = np.where(home[seen.person] <= seen.arrived // MINUTES, kind, codes.HOME)
    stay = world.spells.discharged - world.spells.admitted
    short = (stay[np.maximum(seen.spell, 0)] == 0) & (rng.random(seen.spell.size) < 0.4)
    ward = np.where(rng.random(seen.spell.size) < 0.02, codes.INTENSIVE_CARE, codes.WARD)
    return np.where(admitted, np.where(short, codes.SHORT_STAY, ward), usual)


def _clock(minutes: np.ndarray) -> pl.Series:
    """Return the time of day as HH:MM:SS."""
    return pl.Series(minutes % MINUTES * 60_000_000_000).cast(pl.Time).dt.strftime("%H:%M:%S")
