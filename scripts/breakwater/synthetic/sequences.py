"""Referrals and what follows them: how often people are referred in a year, and contacts in a row."""

from collections.abc import Callable
from dataclasses import dataclass, fields

import numpy as np

from breakwater.synthetic.chance import mean_one
from breakwater.synthetic.people import band_of
from breakwater.synthetic.world import World

Rate = Callable[[np.ndarray, np.ndarray, int], np.ndarray]  # people, their ages, day -> expected a year
LEAD_IN = 180  # days before the data in which referrals begin, so that the first weeks are not empty


def referred(world: World, rng: np.random.Generator, rate: Rate) -> tuple[np.ndarray, np.ndarray]:
    """Return who is referred and on which day, over all years and a while before the first."""
    people, parts = world.lives.people, []
    for number, span in enumerate(world.years):
        who = np.flatnonzero((people.entry <= span.last) & (people.exit > span.first)
                             & (people.death >= span.first) & (people.birth <= span.last))  # fmt: skip
        middle = (span.first + span.last) // 2
        first = span.first - (LEAD_IN if number == 0 else 0)
        expected = rate(who, np.maximum(people.age(middle, who), 0), middle) * (span.last - first + 1) / 365
        who = np.repeat(who, rng.poisson(expected))
        parts.append((who, rng.integers(first, span.last + 1, who.size)))
    who, on = (np.concatenate(part) for part in zip(*parts, strict=True))
    born = people.birth[who] <= on
    return who[born], on[born]


def burden(world: World, who: np.ndarray, age: np.ndarray, log_ratio: float) -> np.ndarray:
    """Return relative need by conditions held, mean 1 within each age band."""
    return mean_one(np.exp(log_ratio * world.lives.people.conditions[who]), band_of(age))


def deprived(world: World, who: np.ndarray, log_ratio: float) -> np.ndarray:
    """Return relative need by deprivation: the log ratio is of the most to the least deprived."""
    return np.exp(log_ratio * (0.5 - world.place.rank[world.lives.people.area[who]]))


def in_a_row(rng: np.random.Generator, first: np.ndarray, count: np.ndarray, gap: np.ndarray):
    """Return, for so many contacts from a first day on, whose they are, their number from 0, and their day.

    gap: median days between one and the next, lognormal.
    """
    of = np.repeat(np.arange(first.size), count)
    starts = np.cumsum(count) - count
    number = np.arange(of.size) - starts[of]
    steps = np.maximum(np.rint(gap[of] * np.exp(0.5 * rng.standard_normal(of.size))), 1)
    steps[number == 0] = 0
    passed = np.cumsum(steps)
    return of, number, first[of] + (passed - passed[starts[of]]).astype(np.int64)


@dataclass(frozen=True)
class Referrals:
    """One entry a referral to a service: whose, on which day, how many contacts follow, how many days apart."""

    person: np.ndarray
    asked: np.ndarray
    service: np.ndarray
    count: np.ndarray
    gap: np.ndarray
    wait: np.ndarray  # days to the first contact


def to_service(
    rng: np.random.Generator,
    who: np.ndarray,
    asked: np.ndarray,
    service,
    mean: float,
    gap: float,
    wait: float,
) -> Referrals:
    """Return referrals of people to a service (one code, or one each), with `mean` contacts on average."""
    days = np.rint(rng.exponential(wait, who.size)).astype(np.int64) + 1
    return Referrals(who, asked, np.broadcast_to(np.asarray(service, dtype="U4"), who.shape),
                     1 + rng.poisson(mean - 1, who.size), np.full(who.size, gap), days)  # fmt: skip


def joined(parts: list[Referrals]) -> Referrals:
    """Return all referrals, by day and person."""
    whole = [np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Referrals)]
    order = np.lexsort((whole[0], whole[1]))
    return Referrals(*(column[order] for column in whole))


def contacts(world: World, rng: np.random.Generator, asked: Referrals) -> tuple[np.ndarray, np.ndarray]:
    """Return for each contact within the data, by day, its referral and its day; none during a stay in hospital."""
    of, _, on = in_a_row(rng, asked.asked + asked.wait, asked.count, asked.gap)
    who = asked.person[of]
    held = world.there(who, on) & ~world.in_hospital(who, on)
    of, on = of[held], on[held]
    order = np.lexsort((of, on))
    return of[order], on[order]
