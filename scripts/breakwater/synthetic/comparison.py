"""How close the synthetic place came to the published figures, measured on what happened in it."""

import numpy as np

from breakwater.reference.population import SEXES
from breakwater.synthetic import lifetable, published, registers
from breakwater.synthetic.emergency import MINUTES, Attendances
from breakwater.synthetic.lives import Lives
from breakwater.synthetic.longterm import Services
from breakwater.synthetic.periods import DATA_END, FAR, Period, day
from breakwater.synthetic.place import DECILES, Place
from breakwater.synthetic.reablement import FOLLOWED, Courses, eligible
from breakwater.synthetic.registers import Registers
from breakwater.synthetic.spells import EMERGENCY, Spells
from breakwater.synthetic.world import World

TARGETS = {
    "offered": published.REABLEMENT_OFFERED,
    "at_home": published.REABLEMENT_AT_HOME,
    "readmitted": published.REABLEMENT_READMITTED,
    "died": published.REABLEMENT_DIED,
    "care_home": published.REABLEMENT_CARE_HOME,
}


def compare(place: Place, lives: Lives, spells: Spells, services: Services, courses: Courses,
            known: Registers, spans: list[Period]) -> dict:  # fmt: skip
    """Return figures as {"name", "unit", "published" or "target", "made"}, residents of the place only.

    Whole financial years; deaths and spells by the area a person lived in last. Expectancies are None where a
    small place has nobody in some band.
    """
    whole = spans[:-1]
    years = np.sum([count[: place.inside] * span for count, span in lives.exposure[:-1]], axis=0)
    died = _deaths(place, lives, whole)
    share = np.array(published.PERSON_YEARS_BY_DECILE) / sum(published.PERSON_YEARS_BY_DECILE)
    made = _by_decile(place, years.sum(axis=(1, 2))) / years.sum()
    return {
        "population_by_decile": {"unit": "% of person-years, most deprived decile first",
                                 "published": _round(share * 100), "made": _round(made * 100)},
        "life_expectancy": _expectancy(place, died, years),
        "deaths_a_year": round(float(died.sum()) / len(whole), 1),
        "emergency_admissions": {
            "unit": "spells per 1,000 residents a year", "target": published.EMERGENCY_PER_1000,
            "made": _round(_emergencies(place, lives, spells, whole) / years.sum() * 1000)},
        "reablement": _reablement(place, lives, spells, services, courses),
        "registers": {"unit": "% of the list of the register's ages, on the last day",
                      "published": {code: _round(100 * share) for code, share in published.PREVALENCE.items()},
                      "made": _prevalence(lives, known)},
    }  # fmt: skip


def emergency_care(world: World, seen: Attendances) -> dict:
    """Return attendances per 1,000 residents a year, and the share that ended within four hours, as percent."""
    whole = world.files[:-1]
    years = sum(count[: world.place.inside].sum() * span for count, span in world.lives.exposure[:-1])
    day = seen.arrived // MINUTES
    within = (day >= whole[0].first) & (day <= whole[-1].last)
    within &= world.lives.people.area[seen.person] < world.place.inside
    quick = (seen.left - seen.arrived <= 240)[within]
    return {
        "attendances": {"unit": "per 1,000 residents a year", "target": published.A_AND_E_PER_1000,
                        "made": _round(within.sum() / years * 1000)},
        "within_4_hours": {"unit": "%", "published": _round(100 * published.A_AND_E_WITHIN_4_HOURS),
                           "made": _round(100 * quick.mean()) if quick.size else None},
    }  # fmt: skip


def a_year(world: World, person: np.ndarray, on: np.ndarray) -> dict:
    """Return rows a year and people with one, of residents, over the whole years."""
    whole = world.files[:-1]
    within = (
        (on >= whole[0].first)
        & (on <= whole[-1].last)
        & (world.lives.people.area[person] < world.place.inside)
    )
    return {
        "rows_a_year": round(int(within.sum()) / len(whole)),
        "people": int(np.unique(person[within]).size),
    }


def lines(figures: dict) -> list[str]:
    """Return the comparison as the lines of a short table."""
    deciles, expectancy = figures["population_by_decile"], figures["life_expectancy"]
    admitted, course = figures["emergency_admissions"], figures["reablement"]
    rows = ["% of people by local decile of deprivation, most deprived first"]
    for words in ("published", "made"):
        rows.append(f"    {words:<12}" + "".join(f"{share:6.1f}" for share in deciles[words]))
    rows.append(f"{'':<46}{'published':>11}{'made':>9}")
    for sex in SEXES:
        one = expectancy[sex]
        rows.append(_line(f"life expectancy at birth, {sex}, years", one["published"], one["made"]))
        rows.append(
            _line(f"slope index by local decile, {sex}, years", one["slope_published"], one["slope_made"])
        )
    rows.append(_line("emergency admissions per 1,000 *", admitted["target"], admitted["made"]))
    attended = figures["emergency_care"]
    rows.append(_line("A&E attendances per 1,000 *", *list(attended["attendances"].values())[1:]))
    rows.append(_line("A&E within four hours, %", *list(attended["within_4_hours"].values())[1:]))
    for name in ("offered", "at_home", "readmitted", "died", "care_home"):
        words = {"offered": "offered, % of eligible discharges"}.get(
            name, name.replace("_", " ") + " at 84 days, %"
        )
        rows.append(_line(f"re-ablement {words} *", course["target"][name], course["made"][name]))
    for name in ("outpatients", "community_contacts", "mental_health_contacts"):
        words = name.replace("_", " ") + " a year, and people in all the years"
        rows.append(f"{words:<46}{figures[name]['rows_a_year']:>11,}{figures[name]['people']:>9,}")
    rows.append("registers, % of the list: published, made")
    both = figures["registers"]
    shares = [
        f"{code:<5}{both['published'][code]:5.1f}{made or 0:5.1f}" for code, made in both["made"].items()
    ]
    rows += ["    " + "   ".join(shares[n : n + 5]) for n in range(0, len(shares), 5)]
    return [*rows, "* a target of ours, not a published figure"]


def _line(words: str, published_value: float | None, made: float | None) -> str:
    shown = ["-" if v is None else f"{v:.1f}" for v in (published_value, made)]
    return f"{words:<46}{shown[0]:>11}{shown[1]:>9}"


def _deaths(place: Place, lives: Lives, spans: list[Period]) -> np.ndarray:
    """Return deaths, shape (small areas, sexes, ages)."""
    people = lives.people
    who = np.flatnonzero((people.death >= spans[0].first) & (people.death <= spans[-1].last))
    who = who[people.area[who] < place.inside]
    age = np.clip(people.age(people.death[who], who), 0, 110).astype(np.int64)
    counts = np.zeros((place.inside, len(SEXES), 111))
    np.add.at(counts, (people.area[who], people.sex[who], age), 1)
    return counts


def _by_decile(place: Place, values: np.ndarray) -> np.ndarray:
    return np.array([values[place.decile[: place.inside] == d].sum(axis=0) for d in range(DECILES)])


def _expectancy(place: Place, died: np.ndarray, years: np.ndarray) -> dict:
    result = {}
    for s, sex in enumerate(SEXES):
        deaths, lived = (lifetable.banded(_by_decile(place, v[:, s])) for v in (died, years))
        each = np.array([lifetable.life_expectancy(deaths[d], lived[d]) for d in range(DECILES)])
        result[sex] = {
            "published": published.LIFE_EXPECTANCY[sex],
            "made": _round(lifetable.life_expectancy(deaths.sum(axis=0), lived.sum(axis=0))),
            "slope_published": published.SLOPE_INDEX[sex],
            "slope_made": _round(lifetable.slope_index(each, lived.sum(axis=1))),
            "by_decile": _round(each),
        }
    return result


def _emergencies(place: Place, lives: Lives, spells: Spells, spans: list[Period]) -> int:
    within = (spells.admitted >= spans[0].first) & (spells.admitted <= spans[-1].last)
    return int(
        (within & (spells.kind == EMERGENCY) & (lives.people.area[spells.person] < place.inside)).sum()
    )


def _reablement(place: Place, lives: Lives, spells: Spells, services: Services, courses: Courses) -> dict:
    """Return shares among courses whose 84 days have passed; one person may be in two ways of failing."""
    people, until = lives.people, day(DATA_END) - FOLLOWED
    at = eligible(place, lives, spells, services)
    base = int((spells.discharged[at] <= until).sum())
    known = (courses.discharge >= 0) & (courses.discharge <= until)
    who, discharge, first = (a[known] for a in (courses.person, courses.discharge, courses.first))
    last = discharge + FOLLOWED
    died = people.death[who] <= last
    night = (spells.kind == EMERGENCY) & (spells.discharged > spells.admitted)
    key = spells.person[night] * FAR + spells.admitted[night]
    after = np.searchsorted(key, who * FAR + np.maximum(discharge, first), side="right")
    back = np.append(key, np.iinfo(np.int64).max)[after] <= who * FAR + last
    home, _ = services.in_home(len(people))
    housed = (home[who] >= discharge) & (home[who] <= last)
    size = max(who.size, 1)
    failing = {"readmitted": back, "died": died, "care_home": housed}
    return {
        "unit": "%", "courses": int(who.size), "discharges": base,
        "target": {name: _round(100 * share) for name, share in TARGETS.items()},
        "made": {"offered": _round(100 * who.size / max(base, 1)),
                 "at_home": _round(100 * (~(back | died | housed)).sum() / size)}
        | {name: _round(100 * some.sum() / size) for name, some in failing.items()},
    }  # fmt: skip


def _prevalence(lives: Lives, known: Registers) -> dict[str, float | None]:
    """Return percentages of registered people by register."""
    today = day(DATA_END)
    who = lives.people.present(today)
    age = lives.people.age(today, who)
    shares = {}
    for code in registers.CODES:
        of = who[registers.eligible(code, age)]
        shares[code] = _round(100 * known.on(code, of, today).mean()) if of.size else None
    return shares


def _round(value):
    """Return numbers with two decimals for JSON, None for NaN."""
    if np.ndim(value):
        return [_round(v) for v in value]
    return None if np.isnan(value) else round(float(value), 2)
