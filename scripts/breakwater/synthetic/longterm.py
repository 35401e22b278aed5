"""Long-term social care: support at home, residential and nursing care, by age, deprivation and illness."""

from dataclasses import dataclass

import numpy as np

from breakwater.synthetic.chance import mean_one
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.people import band_of
from breakwater.synthetic.periods import DATA_END, FAR, YEAR, Period, day
from breakwater.synthetic.place import Place

COMMUNITY, RESIDENTIAL, NURSING = 0, 1, 2
_AGE = (18, 64, 65, 75, 85, 95)
# Shares supported on the first day, and starts per person and year; of the order of English returns (ASC-FR).
_AT_HOME = (0.008, 0.009, 0.012, 0.036, 0.095, 0.160)
_IN_HOMES = (0.0012, 0.0016, 0.004, 0.016, 0.066, 0.130)
_NEW_AT_HOME = (0.0012, 0.0020, 0.006, 0.018, 0.055, 0.080)
_NEW_IN_HOMES = (0.00005, 0.0002, 0.0009, 0.0036, 0.0155, 0.0290)
_ENDING = 0.20  # share of support at home that ends in a year for other reasons than death
_NURSING_SHARE = 0.35


@dataclass
class Services:
    """Long-term services; days, the last day belongs to the service. One open at a time for a person."""

    person: np.ndarray
    setting: np.ndarray
    first: np.ndarray
    last: np.ndarray  # FAR while it lasts

    def add(self, person, setting, first, last) -> None:
        """Append services."""
        for name, value in (("person", person), ("setting", setting), ("first", first), ("last", last)):
            setattr(self, name, np.concatenate([getattr(self, name), value]).astype(np.int64))

    def drop(self, some: np.ndarray) -> None:
        """Remove the services for which the mask is true."""
        for name in ("person", "setting", "first", "last"):
            setattr(self, name, getattr(self, name)[~some])

    def in_home(self, size: int) -> tuple[np.ndarray, np.ndarray]:
        """Return per person the first day in residential or nursing care (FAR if never) and the setting."""
        first, setting = np.full(size, FAR), np.zeros(size, dtype=np.int64)
        homes = np.flatnonzero(self.setting != COMMUNITY)
        homes = homes[np.argsort(-self.first[homes], kind="stable")]
        first[self.person[homes]], setting[self.person[homes]] = self.first[homes], self.setting[homes]
        return first, setting


def support(place: Place, lives: Lives, spans: list[Period], rng: np.random.Generator) -> Services:
    """Return the long-term services of residents over all periods."""
    people, start = lives.people, spans[0].first
    services = Services(*(np.empty(0, dtype=np.int64) for _ in range(4)))
    who = people.present(start)
    who = who[people.area[who] < place.inside]
    risk = _risk(place, lives, who, start, 0)
    age = people.age(start, who)
    u = rng.random(who.size)
    homes = np.interp(age, _AGE, _IN_HOMES, left=0) * risk
    supported = u < homes + np.interp(age, _AGE, _AT_HOME, left=0) * risk
    since = start - rng.exponential(1.8 * YEAR, who.size) - 1
    since = np.maximum(since, people.birth[who] + 18.0 * YEAR + 1)
    setting = np.where(u < homes, _kind_of_home(rng, who.size), COMMUNITY)
    services.add(who[supported], setting[supported], since[supported], np.full(supported.sum(), FAR))
    for number, span in enumerate(spans):
        _start_in(services, place, lives, span, number, rng)
    _end(services, lives, rng)
    return services


def _risk(place: Place, lives: Lives, who: np.ndarray, on: int, number: int) -> np.ndarray:
    """Return relative risk of needing care: mean 1 within each age band, more if ill and deprived."""
    conditions = lives.conditions[number][who]
    risk = np.exp(0.35 * conditions + 0.7 * (0.5 - place.rank[lives.people.area[who]]))
    return mean_one(risk, band_of(lives.people.age(on, who)))


def _kind_of_home(rng, size: int) -> np.ndarray:
    return np.where(rng.random(size) < _NURSING_SHARE, NURSING, RESIDENTIAL)


def _start_in(services: Services, place: Place, lives: Lives, span: Period, number: int, rng) -> None:
    """Add the services that start in a period; a move into a home ends support at home the day before."""
    people = lives.people
    who = people.present(span.first)
    who = who[(people.area[who] < place.inside) & (people.age(span.first, who) >= 18)]
    age = people.age(span.first, who)
    risk = _risk(place, lives, who, span.first, number) * span.length
    on = rng.integers(span.first, span.last + 1, who.size)
    there = (on < people.exit[who]) & (on < people.death[who])
    supported = np.zeros(len(people), dtype=bool)
    housed = supported.copy()
    supported[services.person[services.last == FAR]] = True
    housed[services.person[(services.last == FAR) & (services.setting != COMMUNITY)]] = True
    u = rng.random(who.size)
    home = np.interp(age, _AGE, _NEW_IN_HOMES) * risk
    into_home = there & ~housed[who] & (u < home)
    at_home = there & ~supported[who] & ~into_home & (u < home + np.interp(age, _AGE, _NEW_AT_HOME) * risk)
    end_before(services, who[into_home], on[into_home])
    services.add(who[into_home], _kind_of_home(rng, into_home.sum()), on[into_home],
                 np.full(into_home.sum(), FAR))  # fmt: skip
    services.add(who[at_home], np.full(at_home.sum(), COMMUNITY), on[at_home], np.full(at_home.sum(), FAR))


def end_before(services: Services, who: np.ndarray, on: np.ndarray) -> None:
    """End open services of these people on the day before `on`."""
    day_of = np.full(int(max(services.person.max(initial=0), who.max(initial=0))) + 1, FAR)
    day_of[who] = on
    ends = (services.last >= day_of[services.person]) & (services.first < day_of[services.person])
    services.last[ends] = day_of[services.person[ends]] - 1


def _end(services: Services, lives: Lives, rng) -> None:
    """End services with death, departure or, at home, for other reasons; nothing ends after the data."""
    people, who = lives.people, services.person
    last = np.minimum(services.last, np.minimum(people.death[who], people.exit[who] - 1))
    other = services.first + rng.exponential(YEAR / _ENDING, who.size)
    # Support that was running on the first day had not ended before it.
    begun = np.maximum(services.first, lives.people.entry[who].min())
    other = np.where(
        services.setting == COMMUNITY, np.maximum(other, begun + rng.exponential(YEAR, who.size)), FAR
    )
    last = np.minimum(last, other).astype(np.int64)
    services.last = np.where(last > day(DATA_END), FAR, np.maximum(last, services.first))
    services.drop(services.first > day(DATA_END))
