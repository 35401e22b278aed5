"""Hospital spells: emergencies that beget readmissions and may end in death, planned care, births."""

from dataclasses import dataclass, fields

import numpy as np

from breakwater.synthetic import published
from breakwater.synthetic.chance import lognormal_days, mean_one
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.people import band_of
from breakwater.synthetic.periods import DATA_END, FAR, Period, day
from breakwater.synthetic.place import Place

EMERGENCY, ELECTIVE, DAY_CASE, DELIVERY, BIRTH, TRANSFER, ANTENATAL = range(7)
_AGE = (0, 1, 5, 10, 18, 30, 45, 60, 70, 80, 90, 100)
# Spells per person and year by age, in the shape of England's HES 2022/23 before scaling.
_EMERGENCY = np.array((260, 120, 45, 40, 60, 62, 68, 95, 140, 260, 430, 480)) / 1000
_DAY_CASE = np.array((20, 20, 20, 20, 45, 70, 110, 190, 290, 330, 200, 90)) / 1000
_ELECTIVE = np.array((8, 8, 7, 7, 9, 12, 17, 30, 45, 50, 30, 15)) / 1000


@dataclass
class Spells:
    """One entry a spell; days. `died` means the person died in hospital on the day of discharge."""

    person: np.ndarray
    kind: np.ndarray
    admitted: np.ndarray
    discharged: np.ndarray
    died: np.ndarray

    @property
    def size(self) -> int:
        return self.person.size

    def __getitem__(self, some) -> "Spells":
        return Spells(*(getattr(self, f.name)[some] for f in fields(self)))


def admit(place: Place, lives: Lives, spans: list[Period], rng: np.random.Generator) -> Spells:
    """Return all spells that ended within the data, by person and day, none overlapping another."""
    people = lives.people
    parts = [_last_spells(lives, rng), _last_months(lives, rng), *_births(lives, rng)]
    for number, span in enumerate(spans):
        parts += _in_year(place, lives, span, number, rng)
    first = _joined([p for p in parts if p.size])
    again = _readmissions(lives, first, rng)
    spells = _possible(_joined([first, again, _readmissions(lives, again, rng)]), people)
    return _possible(_joined([spells, _transfers(spells, lives, rng)]), people)


def _joined(parts: list[Spells]) -> Spells:
    return Spells(*(np.concatenate([getattr(p, f.name) for p in parts]) for f in fields(Spells)))


def _spells(person, kind: int, admitted, stay, died=False) -> Spells:
    size = person.size
    admitted = np.asarray(admitted, dtype=np.int64)
    return Spells(
        person.astype(np.int64), np.full(size, kind), admitted, admitted + stay, np.full(size, died)
    )


def stays(rng, age: np.ndarray) -> np.ndarray:
    """Return emergency stays in days, 0 for the same day; long and skewed in old age."""
    same_day = rng.random(age.size) < np.interp(age, (0, 20, 50, 70, 85), (0.55, 0.45, 0.38, 0.25, 0.15))
    nights = lognormal_days(
        rng, np.interp(age, (0, 20, 50, 70, 85, 95), (1.0, 1.2, 2.0, 3.6, 5.8, 6.5)), 0.95, 150
    )
    return np.where(same_day, 0, nights)


def _in_year(place: Place, lives: Lives, span: Period, number: int, rng) -> list[Spells]:
    """Return the emergency, day case and planned spells of a year, some of which may yet overlap."""
    people = lives.people
    who = np.flatnonzero((people.entry <= span.last) & (people.exit > span.first)
                         & (people.death >= span.first) & (people.birth <= span.last))  # fmt: skip
    age = np.maximum(people.age((span.first + span.last) // 2, who), 0)
    rank = place.rank[people.area[who]]
    conditions = lives.conditions[number][who]
    group = band_of(age) * 5 + np.minimum(rank * 5, 4).astype(int)
    frail = mean_one(np.exp(0.26 * conditions) * (0.35 + 0.65 * people.trait[who]), group)
    # Deprivation doubles what age expects, and matters less in the oldest.
    effect = published.DEPRIVATION_EFFECT * np.interp(age, (65, 95), (1.0, 0.6))
    rate = (
        np.interp(age, _AGE, _EMERGENCY) * frail * np.exp(effect * (0.5 - rank)) * published.EMERGENCY_SCALE
    )
    mild = mean_one(np.exp(0.15 * conditions), group)
    return [
        _emergencies(people, span, np.repeat(who, rng.poisson(rate)), rng),
        _day_cases(span, np.repeat(who, rng.poisson(np.interp(age, _AGE, _DAY_CASE) * mild)), rng),
        _planned(people, span, np.repeat(who, rng.poisson(np.interp(age, _AGE, _ELECTIVE) * mild)), rng),
    ]


def _emergencies(people, span: Period, person: np.ndarray, rng) -> Spells:
    on = days_in(rng, span, person.size, winter=0.09)
    return _spells(person, EMERGENCY, on, stays(rng, people.age(on, person)))


def _day_cases(span: Period, person: np.ndarray, rng) -> Spells:
    return _spells(person, DAY_CASE, days_in(rng, span, person.size, winter=0.0), 0)


def _planned(people, span: Period, person: np.ndarray, rng) -> Spells:
    on = days_in(rng, span, person.size, winter=0.0)
    median = np.interp(people.age(on, person), (18, 80), (1.2, 2.8))
    return _spells(person, ELECTIVE, on, lognormal_days(rng, median, 0.7, 60))


def days_in(rng, span: Period, size: int, winter: float) -> np.ndarray:
    """Return days of the whole financial year, more of them around January by the share `winter`.

    The months of an unfinished year are a cut through a whole one: later days are dropped afterwards.
    """
    u = rng.random(size)
    peak = 0.78
    bend = winter / (2 * np.pi) * (np.sin(2 * np.pi * (u - peak)) + np.sin(2 * np.pi * peak))
    return span.first + np.floor(np.clip(u - bend, 0, 0.99999) * 365).astype(np.int64)


def _last_spells(lives: Lives, rng) -> Spells:
    """Return the spells in which people die: about two in five deaths."""
    people = lives.people
    dead = np.flatnonzero(people.death < FAR)
    age = people.age(people.death[dead], dead)
    dead = dead[rng.random(dead.size) < np.interp(age, (0, 50, 75, 95), (0.5, 0.42, 0.46, 0.36))]
    stay = lognormal_days(rng, np.full(dead.size, 6.0), 0.9, 90) - 1
    begun = np.maximum(people.death[dead] - stay, np.maximum(people.birth[dead], people.entry[dead]))
    return _spells(dead, EMERGENCY, begun, people.death[dead] - begun, died=True)


def _last_months(lives: Lives, rng) -> Spells:
    """Return further emergency spells in the last five months of life."""
    people = lives.people
    dead = np.flatnonzero(people.death < FAR)
    dead = np.repeat(dead, rng.poisson(0.7, dead.size))
    on = people.death[dead] - rng.integers(3, 150, dead.size)
    return _spells(dead, EMERGENCY, on, stays(rng, people.age(on, dead)))


def _births(lives: Lives, rng) -> list[Spells]:
    """Return babies' and mothers' spells, and some stays before the birth."""
    people = lives.people
    babies = np.flatnonzero(people.mother >= 0)
    born, mother = people.birth[babies], people.mother[babies].astype(np.int64)
    stay = rng.choice([0, 1, 2, 3, 5], p=[0.12, 0.40, 0.28, 0.14, 0.06], size=babies.size)
    early = np.minimum(stay, np.where(people.death[babies] == FAR, stay, people.death[babies] - born))
    baby = _spells(babies, BIRTH, born, early)
    baby.died = people.death[babies] <= baby.discharged
    before = rng.integers(0, 2, babies.size)
    before = np.where(born - before >= people.entry[mother], before, 0)
    some = rng.random(babies.size) < 0.35
    weeks = born[some] - rng.integers(20, 180, some.sum())
    return [baby, _spells(mother, DELIVERY, born - before, before + stay),
            _spells(mother[some], ANTENATAL, weeks, rng.integers(0, 3, some.sum()))]  # fmt: skip


def _readmissions(lives: Lives, spells: Spells, rng) -> Spells:
    """Return emergency spells that follow a discharge within weeks, likelier in the ill and the old."""
    index = spells[(spells.kind == EMERGENCY) & ~spells.died]
    people = lives.people
    age = people.age(index.discharged, index.person)
    chance = 0.065 + 0.019 * people.conditions[index.person] + 0.03 * (age > 65)
    index = index[rng.random(index.size) < chance]
    on = index.discharged + 1 + np.minimum(rng.exponential(13, index.size), 60).astype(np.int64)
    return _spells(index.person, EMERGENCY, on, stays(rng, people.age(on, index.person)))


def _transfers(spells: Spells, lives: Lives, rng) -> Spells:
    """Return stays in another hospital that follow a few emergency spells on the day of discharge."""
    index = spells[(spells.kind == EMERGENCY) & ~spells.died & (spells.discharged > spells.admitted)]
    index = index[rng.random(index.size) < 0.015]
    stay = lognormal_days(rng, np.full(index.size, 6.0), 0.6, 60)
    return _spells(index.person, TRANSFER, index.discharged, stay)


def _possible(spells: Spells, people) -> Spells:
    """Drop what cannot be: before arrival, after departure, death or the data, or during another stay."""
    who = spells.person
    last_stay = np.full(len(people), FAR)
    last_stay[who[spells.died]] = spells.admitted[spells.died]
    ok = (spells.admitted >= np.maximum(people.entry[who], people.birth[who])) & (
        spells.admitted < people.exit[who]
    )
    ok &= (spells.discharged <= day(DATA_END)) & (spells.discharged <= people.death[who])
    ok &= spells.died | ((spells.discharged <= last_stay[who]) & (spells.discharged < people.death[who]))
    spells = spells[ok]
    # Births and deliveries stand; of the others the earlier one does.
    fixed = np.isin(spells.kind, (DELIVERY, BIRTH)) | spells.died
    order = np.lexsort((spells.kind == TRANSFER, ~fixed, spells.admitted, spells.person))
    spells, fixed = spells[order], fixed[order]
    key = spells.person * FAR
    until = np.maximum.accumulate(key + spells.discharged)
    clash = np.append(False, (key + spells.admitted)[1:] < until[:-1]) & ~fixed
    clash |= np.append(_meets(spells, fixed), False) & ~fixed
    return spells[~clash]


def _meets(spells: Spells, fixed: np.ndarray) -> np.ndarray:
    """Return whether each spell but the last runs into a fixed one that follows it."""
    same = spells.person[1:] == spells.person[:-1]
    return same & fixed[1:] & (spells.discharged[:-1] > spells.admitted[1:])
