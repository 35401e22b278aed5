"""Make the place: live the years, draw what follows from them, write the provider's files."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import polars as pl

from breakwater.reference import seed as seeds
from breakwater.synthetic import (
    community,
    comparison,
    conditions,
    deaths,
    emergency,
    episodes,
    frailty,
    identities,
    longterm,
    mental_health,
    offers,
    outpatients,
    permissions,
    reablement,
    registers,
    registrations,
    social_care,
    spells,
)
from breakwater.synthetic.chance import pick, stream
from breakwater.synthetic.files import Provider
from breakwater.synthetic.lives import Lives, live
from breakwater.synthetic.periods import FAR, Period, iso, lived, reported
from breakwater.synthetic.place import Place, load
from breakwater.synthetic.world import World

STEPS = 14  # how often `make` yields
ETHNIC = {"A": 80.5, "B": 0.9, "C": 5.2, "D": 1.0, "E": 0.6, "F": 0.9, "G": 0.7, "H": 1.6, "J": 0.9, "K": 0.9,
          "L": 1.1, "M": 0.5, "N": 2.2, "P": 0.4, "R": 0.7, "S": 0.9, "Z": 1.0}  # fmt: skip
UNKNOWN_SEX = 0.0005


@dataclass(frozen=True)
class Parameters:
    """What the command was asked for; the same parameters give the same bytes."""

    people: int | None
    years: int
    seed: int
    dirt: bool


def generator_hash() -> str:
    """Return a hash of everything the files depend on besides the parameters."""
    here = Path(__file__).parent
    digest = hashlib.sha256(f"numpy {np.__version__} polars {pl.__version__}".encode())
    for path in [*sorted(here.glob("*.py")), *sorted((here.parent / "reference").glob("*.py")),
                 *sorted(seeds.SEEDS.glob("*.csv"))]:  # fmt: skip
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def standing(folder: Path, asked: Parameters) -> dict | None:
    """Return place.json if this generator made it with these parameters and all its files are there."""
    try:
        made = json.loads((folder / "place.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if made["parameters"] != asdict(asked) or made["generator"] != generator_hash():
        return None
    sizes = {name: (folder / name).stat().st_size for name in made["files"] if (folder / name).is_file()}
    return made if sizes == made["files"] else None


def make(folder: Path, asked: Parameters, result: dict) -> Iterator[str]:
    """Write everything below the folder, yielding after each step; `result` becomes place.json."""
    _clear(folder)
    place, years, files = load(asked.people), lived(asked.years), reported(asked.years)
    lives = live(place, years, stream(asked.seed, "lives"))
    yield "lives"
    people = _person_table(lives, asked.seed)
    stretches = registrations.register(place, lives, years, stream(asked.seed, "registrations"))
    known = registers.enter(place, lives, stream(asked.seed, "registers"))
    weak = frailty.weaken(lives, known, stream(asked.seed, "frailty"))
    yield "registrations"
    services = longterm.support(place, lives, years, stream(asked.seed, "support"))
    stays = spells.admit(place, lives, years, stream(asked.seed, "spells"))
    yield "spells"
    rng = stream(asked.seed, "reablement")
    courses = reablement.offer(place, lives, stays, services, rng)
    figures = comparison.compare(place, lives, stays, services, courses, known, years)
    all_courses = reablement.with_community(place, lives, years, courses, rng)
    reablement.continued(all_courses, services, lives, rng)
    yield "re-ablement"
    postcodes = identities.postcodes(place)
    rng = stream(asked.seed, "episodes")
    held = conditions.coded(known, weak, stays.person, stays.admitted, episodes.SLOTS - 1)
    spell = episodes.of_spells(place, lives, stays, services, stretches, _followed(stays, courses), held, rng)
    world = World(asked.seed, place, years, files, lives, people, postcodes["postcode"], stretches, services,
                  stays, spell, known, weak)  # fmt: skip
    provider = Provider(folder, stream(asked.seed, "dirt"), asked.dirt)
    yield from _offer(provider, world, all_courses, rng)
    yield from _offer_care(provider, world, figures)
    postcodes.write_csv(folder / "postcodes.csv")
    _write_key(folder / "pseudonym.key", asked.seed)
    _write(folder / "planted.json", provider.ledger())
    result.update(_place(folder, place, lives, asked, provider, figures))
    _write(folder / "place.json", result)
    yield "ledger"


def _offer(provider: Provider, world: World, courses: reablement.Courses, rng) -> Iterator[str]:
    """Offer what is registered, admitted, cared for and permitted; `rng` goes on where the spells left it."""
    files = world.files
    offers.episodes(provider, files, episodes.rows(world, rng), world.postcodes[0])
    yield "episodes"
    offers.social_care_events(provider, files, social_care.rows(world, courses))
    yield "social care"
    offers.deaths(provider, files, deaths.rows(world))
    yield "deaths"
    whole = Period(files[0].first, files[-1].last, "")
    provider.offer("gp_registrations", "gp_registrations/1", whole,
                   registrations.rows(world.stretches, world.people, world.place, world.postcodes))  # fmt: skip
    clients, asked_on = _clients(world.services, courses)
    provider.offer("permissions", "permissions/1", whole, permissions.rows(
        world.place, world.lives, clients, asked_on, world.people, files, world.stream("permissions")))  # fmt: skip
    yield "permissions"
    offers.gp_conditions(provider, whole, conditions.rows(world.registers, world.frailty, world.people))
    yield "conditions"


def _offer_care(provider: Provider, world: World, figures: dict) -> Iterator[str]:
    """Offer attendances, appointments and contacts, and add how many there are to the figures."""
    files = world.files
    seen = emergency.attend(world, world.stream("attendances"))
    made = emergency.rows(world, seen, world.stream("emergency care"))
    offers.emergency_care(provider, files, made, world.postcodes[0])
    figures["emergency_care"] = comparison.emergency_care(world, seen)
    yield "emergency care"
    booked = outpatients.book(world, world.stream("appointments"))
    offers.outpatients(provider, files, outpatients.rows(world, booked, world.stream("outpatients")))
    figures["outpatients"] = comparison.a_year(world, booked.person, booked.on)
    yield "outpatients"
    visited = community.visit(world, world.stream("community"))
    made = community.rows(world, visited, world.stream("community contacts"))
    offers.community_contacts(provider, files, made)
    figures["community_contacts"] = comparison.a_year(world, visited.referrals.person[visited.of], visited.on)
    yield "community contacts"
    cared = mental_health.care(world, world.stream("mental health"))
    made = mental_health.rows(world, cared, world.stream("mental health records"))
    offers.mental_health(provider, files, made)
    figures["mental_health_contacts"] = comparison.a_year(world, cared.referrals.person[cared.of], cared.on)
    yield "mental health"


def _person_table(lives: Lives, seed: int) -> pl.DataFrame:
    """Return the identity of each person, by position."""
    rng, size = stream(seed, "identities"), len(lives.people)
    sex = np.where(rng.random(size) < UNKNOWN_SEX, "X", np.where(lives.people.sex == 0, "2", "1"))
    return pl.DataFrame({
        "nhs_number": pl.Series(identities.nhs_numbers(rng, size)).cast(pl.String),
        "given_name": identities.named(rng, identities.GIVEN, size),
        "family_name": identities.named(rng, identities.FAMILY, size),
        "date_of_birth": pl.Series(lives.people.birth).cast(pl.Int32).cast(pl.Date),
        "sex": sex,
        "ethnic_group": np.array(list(ETHNIC))[pick(rng, list(ETHNIC.values()), size)],
    })  # fmt: skip


def _followed(stays: spells.Spells, courses: reablement.Courses) -> np.ndarray:
    """Return whether each spell was followed by re-ablement."""
    key = courses.person[courses.discharge >= 0] * FAR + courses.discharge[courses.discharge >= 0]
    return np.isin(stays.person * FAR + stays.discharged, key)


def _clients(services: longterm.Services, courses: reablement.Courses) -> tuple[np.ndarray, np.ndarray]:
    """Return people with a service and the day of their first."""
    who = np.concatenate([services.person, courses.person])
    first = np.concatenate([services.first, courses.first])
    order = np.lexsort((first, who))
    clients, at = np.unique(who[order], return_index=True)
    return clients, first[order][at]


def _write_key(path: Path, seed: int) -> None:
    """Write the demonstration key. It follows from --seed so that runs repeat: never use it for real data."""
    key = hashlib.sha256(f"breakwater demonstration key, seed {seed}; not for real data".encode()).hexdigest()
    path.touch(mode=0o600)
    path.chmod(0o600)
    path.write_text(f"id: demo-2026\nkey: {key}\n", encoding="utf-8")


def _place(folder: Path, place: Place, lives: Lives, asked, provider: Provider, figures: dict) -> dict:
    names = sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())
    totals = provider.ledger()["totals"]
    return {
        "place": place.code, "parameters": asdict(asked), "generator": generator_hash(),
        "data_end": iso(reported(asked.years)[-1].last),
        "residents_at_start": int(place.people[: place.inside].sum()), "people_ever": len(lives.people),
        "key": "demonstration key, derived from the seed; not for real data",
        "rows": {extract: total["offered"] for extract, total in totals.items()},
        "comparison": figures,
        "files": {name: (folder / name).stat().st_size for name in names if name != "place.json"},
    }  # fmt: skip


def _write(path: Path, content: dict) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _clear(folder: Path) -> None:
    """Remove what an earlier run wrote, as its place.json lists it; nothing else in the folder is touched."""
    folder.mkdir(parents=True, exist_ok=True)
    try:
        earlier = json.loads((folder / "place.json").read_text(encoding="utf-8"))["files"]
    except (OSError, ValueError, KeyError):
        return
    for name in [*earlier, "place.json"]:
        (folder / name).unlink(missing_ok=True)
