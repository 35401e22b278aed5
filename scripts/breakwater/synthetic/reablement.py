"""Re-ablement after hospital: who is offered it, when it starts, and what has become of them 84 days later.

The outcome is read from what happens to people anyway: hospital stays and deaths are drawn before, and people
are chosen so that the shares of the target come out. Moves into a care home are added here.
"""

from dataclasses import dataclass, fields

import numpy as np

from breakwater.synthetic import longterm, published
from breakwater.synthetic.chance import spread
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.longterm import COMMUNITY, Services
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, Period, day
from breakwater.synthetic.place import Place
from breakwater.synthetic.spells import ELECTIVE, EMERGENCY, Spells

FOLLOWED = 84  # days; Adult Social Care Outcomes Framework 2D
AT_HOME, READMITTED, DIED, CARE_HOME = range(4)


@dataclass(frozen=True)
class Courses:
    """One entry a course of re-ablement; days. `discharge` is -1 for people who come from the community."""

    person: np.ndarray
    discharge: np.ndarray
    first: np.ndarray
    last: np.ndarray
    outcome: np.ndarray


def eligible(place: Place, lives: Lives, spells: Spells, services: Services) -> np.ndarray:
    """Return positions of overnight discharges of residents of 65 and over who do not live in a care home."""
    people, who = lives.people, spells.person
    home, _ = services.in_home(len(people))
    ok = (people.age(spells.discharged, who) >= 65) & np.isin(spells.kind, (EMERGENCY, ELECTIVE))
    ok &= (spells.discharged > spells.admitted) & ~spells.died & (people.area[who] < place.inside)
    return np.flatnonzero(ok & (home[who] > spells.admitted))


def offer(place: Place, lives: Lives, spells: Spells, services: Services, rng) -> Courses:
    """Return the courses that follow a discharge; moves into care homes are added to `services`."""
    people = lives.people
    at = eligible(place, lives, spells, services)
    who, discharge = spells.person[at], spells.discharged[at]
    back = _next_emergency(spells, at)
    home, _ = services.in_home(len(people))
    death = people.death[who].astype(np.int64)
    fate = np.select(
        [death <= discharge + FOLLOWED, back <= discharge + FOLLOWED, home[who] <= discharge + FOLLOWED + 30],
        [DIED, READMITTED, CARE_HOME], AT_HOME)  # fmt: skip
    again = (back <= discharge + FOLLOWED)[fate == DIED]
    chosen = spread(rng, _chance(fate, float(again.mean()) if again.size else 0.0), fate)
    # People who leave the place, or who would start a second course within the window, are not followed.
    chosen &= people.exit[who] > discharge + FOLLOWED + 14
    chosen &= (death > discharge + 1) & (back > discharge + 1)
    chosen[chosen] = _apart(who[chosen], discharge[chosen])
    who, discharge, fate, back, death = (a[chosen] for a in (who, discharge, fate, back, death))
    delay = rng.choice([-1, 0, 1, 2, 3, 4, 5, 6, 7], size=who.size,
                       p=[0.02, 0.34, 0.25, 0.15, 0.10, 0.06, 0.04, 0.02, 0.02])  # fmt: skip
    first = np.minimum(discharge + delay, np.minimum(back, death) - 1)
    length = rng.choice([14, 21, 28, 35, 42], size=who.size, p=[0.10, 0.2, 0.25, 0.20, 0.25])
    length = length - rng.integers(0, 6, who.size)
    share = published.REABLEMENT_CARE_HOME / (published.REABLEMENT_AT_HOME + published.REABLEMENT_CARE_HOME)
    moves = (fate == AT_HOME) & (rng.random(who.size) < share)
    moving = first + rng.integers(18, 70, who.size)
    fate = np.where(moves, CARE_HOME, fate)
    stop = np.minimum(np.minimum(back, death), np.where(moves, moving, FAR))
    last = np.clip(np.minimum(first + length - 1, stop - 1), first, None)
    known = first <= day(DATA_END)
    _into_homes(services, people, who[moves & known], moving[moves & known], rng)
    return Courses(*(a[known] for a in (who, discharge, first, last, fate)))


def with_community(place: Place, lives: Lives, spans: list[Period], taken: Courses, rng) -> Courses:
    """Return the courses and others that follow no discharge: people of 65 and over referred from home."""
    people, parts = lives.people, []
    busy = np.zeros(len(people), dtype=bool)
    busy[taken.person] = True
    for span in spans:
        who = people.present(span.first)
        age = people.age(span.first, who)
        who = who[(age >= 65) & ~busy[who] & (people.area[who] < place.inside)
                  & (rng.random(who.size) < 0.0035 * span.length)]  # fmt: skip
        first = rng.integers(span.first, span.last + 1, who.size)
        last = first + rng.integers(14, 42, who.size)
        ok = (people.exit[who] > last) & (people.death[who] > last) & (first <= day(DATA_END))
        busy[who] = True
        parts.append((who[ok], first[ok], last[ok]))
    who, first, last = (np.concatenate(p).astype(np.int64) for p in zip(*parts, strict=True))
    community = Courses(who, np.full(who.size, -1), first, last, np.full(who.size, AT_HOME))
    return Courses(
        *(np.concatenate([getattr(c, f.name) for c in (taken, community)]) for f in fields(Courses))
    )


def continued(courses: Courses, services: Services, lives: Lives, rng) -> None:
    """Let a quarter of those who stay at home go on to long-term support there within a week."""
    ended = (courses.outcome == AT_HOME) & (rng.random(courses.person.size) < 0.25)
    who, first = courses.person[ended], courses.last[ended] + rng.integers(1, 7, ended.sum())
    # Not those who have, or will have, long-term support: one service at a time.
    ever = np.zeros(len(lives.people), dtype=bool)
    ever[services.person] = True
    ok = ~ever[who] & (lives.people.death[who] > first) & (lives.people.exit[who] > first)
    ok &= first <= day(DATA_END)
    _, once = np.unique(who, return_index=True)
    ok &= np.isin(np.arange(who.size), once)
    who, first = who[ok], first[ok]
    services.add(who, np.full(who.size, COMMUNITY), first, _until(lives.people, who, first, rng, 0.3))


def _chance(fate: np.ndarray, back_first: float) -> np.ndarray:
    """Return for each discharge the chance of an offer: fates then come out in the shares of the target.

    back_first: share of those who die who were in hospital again before, and count as readmitted too.
    """
    died = published.REABLEMENT_DIED
    readmitted = published.REABLEMENT_READMITTED - back_first * died
    chance = np.zeros(fate.size)
    for kind, share in ((DIED, died), (READMITTED, readmitted), (AT_HOME, 1 - died - readmitted)):
        of = fate == kind
        chance[of] = published.REABLEMENT_OFFERED * share / max(of.mean(), 0.01)
    return chance


def _next_emergency(spells: Spells, at: np.ndarray) -> np.ndarray:
    """Return the admission of the next overnight emergency spell after each discharge, FAR if none."""
    night = (spells.kind == EMERGENCY) & (spells.discharged > spells.admitted)
    key = spells.person[night] * FAR + spells.admitted[night]
    after = np.searchsorted(key, spells.person[at] * FAR + spells.discharged[at] + 1)
    person = np.append(spells.person[night], -1)[after]
    return np.where(person == spells.person[at], np.append(spells.admitted[night], FAR)[after], FAR)


def _apart(who: np.ndarray, discharge: np.ndarray) -> np.ndarray:
    """Return which discharges, sorted by person and day, are the first or well after the one before."""
    same = np.append(False, (who[1:] == who[:-1]) & (np.diff(discharge) < FOLLOWED + 60))
    return ~same


def _into_homes(services: Services, people, who: np.ndarray, on: np.ndarray, rng) -> None:
    ok = (people.death[who] > on) & (people.exit[who] > on) & (on <= day(DATA_END))
    who, on = who[ok], on[ok]
    longterm.end_before(services, who, on)
    setting = np.where(rng.random(who.size) < 0.35, longterm.NURSING, longterm.RESIDENTIAL)
    later = np.isin(services.person, who) & (services.first >= _on(who, on, services.person))
    services.drop(later)
    services.add(who, setting, on, _until(people, who, on, rng, 0.0))


def _on(who: np.ndarray, on: np.ndarray, person: np.ndarray) -> np.ndarray:
    """Return the day that belongs to each person, FAR for people who are not among `who`."""
    days = np.full(int(max(who.max(initial=0), person.max(initial=0))) + 1, FAR)
    days[who] = on
    return days[person]


def _until(people, who: np.ndarray, first: np.ndarray, rng, ending: float) -> np.ndarray:
    """Return last days: death, departure, or other reasons at `ending` a year; FAR if after the data."""
    last = np.minimum(people.death[who], people.exit[who] - 1).astype(np.int64)
    if ending:
        last = np.minimum(last, first + 14 + rng.exponential(YEAR / ending, who.size).astype(np.int64))
    return np.where(last > day(DATA_END), FAR, np.maximum(last, first))
