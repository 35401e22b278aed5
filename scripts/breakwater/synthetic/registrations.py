"""Who is registered with which practice, when, from which postcode: one stretch a row, with history."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from breakwater.synthetic import identities
from breakwater.synthetic.chance import choose
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, Period, day
from breakwater.synthetic.place import Place

SWITCHING = 0.012  # people a year who change practice without moving


@dataclass(frozen=True)
class Stretches:
    """Time with one practice and one postcode, sorted by person and day; the last day belongs to it."""

    person: np.ndarray
    first: np.ndarray
    last: np.ndarray  # FAR while it lasts
    practice: np.ndarray
    postcode: np.ndarray

    def at(self, person: np.ndarray, on: np.ndarray) -> np.ndarray:
        """Return the position of the stretch each person was in on a day (the first, before any)."""
        key = self.person.astype(np.int64) * FAR + np.clip(self.first, 0, FAR - 1)
        found = np.searchsorted(key, person.astype(np.int64) * FAR + on, side="right") - 1
        start = np.searchsorted(self.person, person)
        return np.clip(found, start, None)


def register(place: Place, lives: Lives, spans: list[Period], rng: np.random.Generator) -> Stretches:
    """Return everyone's stretches, in order of person and day."""
    people = lives.people
    everyone = np.arange(len(people))
    switch = rng.random(len(people)) < SWITCHING * sum(s.length for s in spans)
    switched = everyone[switch]
    switch_day = rng.integers(spans[0].first + 1, spans[-1].last, switched.size)
    person = np.concatenate([everyone, *(who for who, _, _ in lives.moved), switched])
    area = np.concatenate([people.first_area, *(to for _, _, to in lives.moved), np.full(switched.size, -1)])
    first = np.concatenate([people.entry, *(on for _, on, _ in lives.moved), switch_day])
    order = np.lexsort((first, person))
    person, area, first = person[order], area[order].astype(np.int64), first[order]
    # A change after death or departure, or on the day of another, does not happen.
    real = (first < people.exit[person]) & (first <= people.death[person]) & (first >= people.entry[person])
    real &= first <= day(DATA_END)
    real &= np.append(True, (person[1:] != person[:-1]) | (first[1:] != first[:-1]))
    person, area, first = person[real], area[real], first[real]
    begins = np.append(True, person[1:] != person[:-1])
    where = area.copy()
    for _ in range(int(np.unique(person, return_counts=True)[1].max())):
        where[1:] = np.where(where[1:] < 0, where[:-1], where[1:])
    practice = _practices(place, where, area < 0, begins, rng)
    postcode = _kept(where * identities.POSTCODES_AN_AREA
                     + rng.integers(0, identities.POSTCODES_AN_AREA, where.size), area >= 0)  # fmt: skip
    ends = np.minimum(people.exit[person] - 1, people.death[person])
    last = np.where(np.append(begins[1:], True), ends, np.append(first[1:], 0) - 1)
    return Stretches(person, _since(people, person, first, begins, spans, rng),
                     np.where(last > day(DATA_END), FAR, last), practice, postcode)  # fmt: skip


def _practices(place: Place, area: np.ndarray, switching: np.ndarray, begins: np.ndarray, rng) -> np.ndarray:
    """Return a practice a stretch: kept after a move if it is still among the likely ones of the new area."""
    drawn = choose(rng, place.practice_chance, area)
    chance = np.diff(place.practice_chance, axis=1, prepend=0)
    kept = drawn.copy()
    position = np.arange(area.size) - np.flatnonzero(begins)[np.cumsum(begins) - 1]
    luck = rng.random(area.size)
    for step in range(1, int(position.max()) + 1):
        row = np.flatnonzero(position == step)
        before = kept[row - 1]
        stays = luck[row] < chance[area[row], before] / chance[area[row]].max(axis=1) + 0.15
        kept[row] = np.where(stays & ~switching[row], before, drawn[row])
    return kept


def _kept(values: np.ndarray, fresh: np.ndarray) -> np.ndarray:
    """Return the values with each row that is not fresh taking the last fresh one before it."""
    return values[np.maximum.accumulate(np.where(fresh, np.arange(values.size), 0))]


def _since(people, person, first, begins, spans, rng) -> np.ndarray:
    """Return the first day of each stretch; those there on the first day registered some years before."""
    birth = people.birth[person]
    earlier = spans[0].first - rng.exponential(9 * YEAR, person.size)
    # A newborn is registered within six weeks, everyone else from the day they came.
    soon = np.maximum(birth + rng.integers(3, 42, person.size), earlier)
    initial = begins & (people.entry[person] == spans[0].first) & (people.mother[person] < 0)
    newborn = begins & (people.mother[person] >= 0)
    since = np.where(initial, np.minimum(soon, spans[0].first), np.where(newborn, soon, first))
    return np.maximum(since, birth).astype(np.int32)


def rows(stretches: Stretches, people: pl.DataFrame, place: Place, codes: pl.Series) -> pl.DataFrame:
    """Return gp_registrations in its identifiable form. A registration ends on the day given, inclusive."""
    # The last children born before the data end are not registered yet.
    done = (stretches.last >= stretches.first) & (stretches.first <= day(DATA_END))
    who = stretches.person[done]
    last = stretches.last[done]
    frame = people[who].select(
        "nhs_number", "given_name", "family_name", "date_of_birth", "sex", "ethnic_group"
    )
    frame = frame.with_columns(
        registration_id=pl.format("R{}", pl.int_range(1, who.size + 1).cast(pl.String).str.zfill(8)),
        postcode=codes.gather(stretches.postcode[done]),
        practice_code=pl.Series(place.practices).gather(stretches.practice[done]),
        registered_from=pl.Series(stretches.first[done]).cast(pl.Int32).cast(pl.Date),
        registered_to=pl.Series(np.where(last == FAR, 0, last)).cast(pl.Int32).cast(pl.Date),
        open=pl.Series(last == FAR),
    )
    return frame.with_columns(registered_to=pl.when("open").then(None).otherwise("registered_to")).select(
        "registration_id", "nhs_number", "given_name", "family_name", "date_of_birth", "postcode", "sex",
        "ethnic_group", "practice_code", "registered_from", "registered_to",
    )  # fmt: skip
