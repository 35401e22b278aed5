"""Five years in the place: people age, fall ill, are born, die, move in, out and about.

A year at a time, all people at once. Those who leave and arrive are chosen so that every age and sex keeps
about the number it had on the first day, as a place does whose structure is stable.
"""

from dataclasses import dataclass, field

import numpy as np

from breakwater.reference.population import BANDS
from breakwater.synthetic import burden, mortality
from breakwater.synthetic.chance import choose, mean_one, spread
from breakwater.synthetic.people import People, band_of, newcomers
from breakwater.synthetic.periods import FAR, YEAR, Period
from breakwater.synthetic.place import Place

# Births per woman and year by five-year age from 15-19: England in shape, raised to the babies of the seed.
FERTILITY = 1.17 * np.array([0.008, 0.042, 0.087, 0.103, 0.063, 0.014])
BOYS = 0.512


@dataclass
class Lives:
    """What the years leave behind; days throughout."""

    people: People
    moved: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = field(default_factory=list)  # who, day, area
    conditions: list[np.ndarray] = field(default_factory=list)  # per period, as held at its start
    exposure: list[tuple[np.ndarray, float]] = field(default_factory=list)  # residents present, years


def live(place: Place, spans: list[Period], rng: np.random.Generator) -> Lives:
    """Return everyone who is ever in the place in these periods, and what happens to them."""
    people = People()
    newcomers(people, place, rng, place.people, spans[0].first, spans[0].first)
    lives, rates = Lives(people), mortality.rates()
    for span in spans:
        _year(lives, place, span, rates, rng)
    return lives


def headcount(people: People, place: Place, at: int) -> np.ndarray:
    """Return people present, shape (areas, sexes, ages 0 to 110), at the start of a day."""
    who = people.present(at)
    age = np.clip(people.age(at, who), 0, 110).astype(np.int64)
    shape = (len(place.areas), 2, 111)
    flat = np.ravel_multi_index((people.area[who], people.sex[who], age), shape)
    return np.bincount(flat, minlength=np.prod(shape)).reshape(shape)


def _year(lives: Lives, place: Place, span: Period, rates: np.ndarray, rng: np.random.Generator) -> None:
    people, end = lives.people, span.last + 1
    before = headcount(people, place, span.first)
    who = people.present(span.first)
    rank = place.rank[people.area[who]]
    people.conditions[who] += burden.gained(
        rng, people.age(span.first, who), rank, people.trait[who], span.length
    ).astype(np.int16)
    np.minimum(people.conditions, burden.MOST, out=people.conditions)
    _leave_and_arrive(people, place, span, rates, rng)
    lives.conditions.append(people.conditions.copy())
    here = np.flatnonzero((people.entry < end) & (people.exit > span.first) & (people.death == FAR))
    _die(people, place, span, rates, here, rng)
    children = _bear(people, span, here, rng)
    _die(people, place, span, rates, children, rng)
    lives.conditions[-1] = people.conditions.copy()
    _move(lives, place, span, rng)
    lives.exposure.append(((before + headcount(people, place, end)) / 2, span.length))


def _leave_and_arrive(people: People, place: Place, span: Period, rates: np.ndarray, rng) -> None:
    """Set who leaves and add who arrives, so that ages and sexes stay near the first day's numbers."""
    end = span.last + 1
    who = people.present(span.first)
    age = people.age(end, who)
    area, sex, band = people.area[who], people.sex[who], band_of(age)
    survive = np.exp(-span.length * rates[sex, place.decile[area], np.clip(age, 0, 110).astype(int)])
    cell = np.ravel_multi_index((area, sex, band), place.people.shape)
    staying = np.bincount(cell, survive, place.people.size).reshape(place.people.shape)
    staying[:, :, 0] += _births_expected(people, who, span, place)
    target = place.people
    usual = _usual_leaving()[None, :] * span.length
    surplus = 1 - target.sum(axis=0) / np.maximum(staying.sum(axis=0), 1e-9)
    leaving = np.clip(np.maximum(usual, surplus), 0, 0.6)
    goes = rng.random(who.size) < leaving[sex, band]
    people.exit[who[goes]] = rng.integers(span.first + 1, end + 1, goes.sum())
    left = staying * (1 - leaving)
    lacking = np.maximum(target.sum(axis=0) - left.sum(axis=0), 0)
    short = np.maximum(target - left, 0) + 1e-6 * target + 1e-9
    arrivals = rng.poisson(lacking * short / short.sum(axis=0))
    entry = rng.integers(span.first + 1, end, arrivals.sum())
    newcomers(people, place, rng, arrivals, end, entry)


def _usual_leaving() -> np.ndarray:
    """Return the yearly share of each band that leaves a place of this size, at least."""
    return np.array([0.035] * 3 + [0.05] + [0.09] * 3 + [0.04] * 6 + [0.018] * (len(BANDS) - 13))


def _births_expected(people: People, who: np.ndarray, span: Period, place: Place) -> np.ndarray:
    """Return births expected, shape (areas, sexes)."""
    rate = _fertility(people, who, span) * span.length
    mothers = np.bincount(people.area[who], rate, len(place.areas))
    return np.stack([mothers * (1 - BOYS), mothers * BOYS], axis=1)


def _fertility(people: People, who: np.ndarray, span: Period) -> np.ndarray:
    age = people.age((span.first + span.last) // 2, who)
    rate = FERTILITY[np.clip(age // 5 - 3, 0, len(FERTILITY) - 1).astype(int)]
    return np.where((people.sex[who] == 0) & (age >= 15) & (age < 45), rate, 0.0)


def _die(people: People, place: Place, span: Period, rates: np.ndarray, who: np.ndarray, rng) -> None:
    """Set the day of death of those whose waiting time ends within their stay in this period."""
    begin = np.maximum(span.first, people.entry[who])
    until = np.minimum(span.last + 1, people.exit[who])
    age = np.clip(people.age((begin + until) / 2, who), 0, 110)
    decile, sex = place.decile[people.area[who]], people.sex[who]
    rate = rates[sex, decile, age.astype(int)]
    # Illness decides who dies, not how many: within age, sex and deprivation the risks average the rate.
    group = np.ravel_multi_index((band_of(age), sex, decile // 2), (len(BANDS), 2, 5))
    rate = rate * mean_one(np.exp(0.30 * people.conditions[who]), group)
    chance = -np.expm1(-rate * np.maximum(until - begin, 0) / YEAR)
    # Drawn evenly over these groups: the gap between deciles is then the rates' and not luck's.
    dies = spread(rng, chance, sex, decile, band_of(age))
    wait = -np.log1p(-rng.random(dies.sum()) * chance[dies]) / rate[dies] * YEAR
    day = np.minimum(np.floor(begin[dies] + wait), until[dies] - 1)
    people.death[who[dies]] = day.astype(np.int32)
    people.exit[who[dies]] = FAR


def _bear(people: People, span: Period, here: np.ndarray, rng) -> np.ndarray:
    """Add the children born in the period to women who are there on the day; return their positions."""
    bears = rng.random(here.size) < _fertility(people, here, span) * span.length
    mother = here[bears]
    day = rng.integers(span.first, span.last + 1, mother.size)
    there = (people.entry[mother] < day) & (people.exit[mother] > day) & (people.death[mother] > day)
    mother, day = mother[there], day[there]
    trait = rng.gamma(2.0, 0.5, mother.size)
    sex = (rng.random(mother.size) < BOYS).astype(np.int8)
    area = people.area[mother]
    return people.add(birth=day, sex=sex, area=area, first_area=area, entry=day, exit=FAR, death=FAR,
                      trait=trait, conditions=0, mother=mother)  # fmt: skip


def _move(lives: Lives, place: Place, span: Period, rng) -> None:
    """Move some of those who stay to another small area; one move a year at most."""
    people = lives.people
    who = people.present(span.last + 1)
    who = who[(people.entry[who] < span.first) & (people.area[who] < place.inside)]
    age = people.age(span.last, who)
    share = np.where((age >= 18) & (age < 35), 0.10, 0.035) * span.length
    who = who[rng.random(who.size) < share]
    to = choose(rng, place.move_chance, people.area[who].astype(np.int64)).astype(np.int16)
    day = rng.integers(span.first + 1, span.last + 1, who.size)
    moved = to != people.area[who]
    people.area[who[moved]] = to[moved]
    lives.moved.append((who[moved], day[moved], to[moved]))
