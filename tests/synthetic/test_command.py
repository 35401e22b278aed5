"""The command: repeatable to the byte, idle when nothing changed, scaled as asked."""

import hashlib
import json
import stat
from collections import Counter

from breakwater.gate.contract import contracts
from breakwater.reference import seed
from breakwater.synthetic.place import load
from synthetic_place import PEOPLE, make, synthesise


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_same_arguments_give_the_same_bytes(dirty, tmp_path):
    again = make(tmp_path)
    assert digests(again.folder) == digests(dirty.folder)


def test_another_seed_gives_other_people_and_another_key(dirty, tmp_path):
    other = make(tmp_path, "--seed", "2")
    assert other.rows("gp_registrations")[0] != dirty.rows("gp_registrations")[0]
    assert (other.folder / "pseudonym.key").read_text() != (dirty.folder / "pseudonym.key").read_text()


def test_second_run_writes_nothing_and_says_so(tmp_path):
    first = make(tmp_path)
    before = {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")}
    assert "nothing to do" in make(tmp_path).printed
    assert {path: path.stat().st_mtime_ns for path in first.folder.rglob("*")} == before


def test_a_lost_file_or_other_arguments_start_anew_and_leave_no_stale_file(tmp_path):
    first = make(tmp_path)
    lost = next((first.folder / "deaths").glob("*.csv"))
    lost.unlink()
    assert "nothing to do" not in make(tmp_path).printed
    assert lost.exists()
    synthesise(tmp_path, "--people", str(PEOPLE), "--years", "1")
    listed = json.loads((first.folder / "place.json").read_text())["files"]
    on_disk = {
        path.relative_to(first.folder).as_posix() for path in first.folder.rglob("*") if path.is_file()
    }
    assert on_disk == {*listed, "place.json"}


def test_key_is_private_and_says_that_it_is_for_demonstration(dirty):
    path = dirty.folder / "pseudonym.key"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    name, key = (line.split(": ")[1] for line in path.read_text().splitlines())
    assert name.startswith("demo")
    assert len(bytes.fromhex(key)) == 32
    assert "demonstration" in dirty.printed
    assert key not in dirty.printed


def test_residents_on_the_first_day_are_exactly_those_of_the_seed():
    place = load()
    published = Counter()
    for row in seed.read("population"):
        published[row["area_code"], row["sex"], row["age_band"]] += int(row["people"])
    flat = place.people[: place.inside]
    assert flat.sum() == 182_773
    assert sorted(flat.ravel().tolist()) == sorted(published.values())
    assert flat[0, 0, 0] == published[place.areas[0], "female", "0-4"]


def test_a_smaller_place_keeps_every_age_and_sex_to_within_one_person(clean):
    assert clean.place["residents_at_start"] == PEOPLE
    whole, small = load(), load(PEOPLE)
    expected = whole.people[: whole.inside].sum(axis=0) * PEOPLE / 182_773
    assert abs(small.people[: small.inside].sum(axis=0) - expected).max() <= 1


def test_registrations_of_the_first_day_are_the_residents_of_each_small_area(clean):
    lookup = dict(
        line.split(",")[:2] for line in (clean.folder / "postcodes.csv").read_text().splitlines()[1:]
    )
    on = "2023-04-01"
    living = Counter(
        lookup[row["postcode"]]
        for row in clean.rows("gp_registrations")
        if row["registered_from"] <= on <= (row["registered_to"] or "9999")
    )
    place = load(PEOPLE)
    assert living == Counter(dict(zip(place.areas, place.people.sum(axis=(1, 2)).tolist(), strict=True)))


def test_the_smallest_place_of_one_year_is_made_and_accounted_for(tmp_path):
    synthesise(tmp_path, "--people", "500", "--years", "1")
    ledger = json.loads((tmp_path / "provider" / "planted.json").read_text())
    assert set(ledger["totals"]) == set(contracts())
    for total in ledger["totals"].values():
        assert total["offered"] == sum(
            total[part] for part in ("accepted", "quarantined", "refused", "unchanged")
        )


def test_sidecars_say_what_each_file_is(clean):
    for extract, layouts in {
        "gp_registrations": {"gp_registrations/1"},
        "apc_episodes": {"hes_apc/2021"},
        "social_care_events": {"cld/1", "cld/2"},
        "deaths": {"civil_registration_deaths/1"},
        "permissions": {"permissions/1"},
        "gp_conditions": {"gp_conditions/1"},
        "emergency_care": {"ecds/1"},
        "outpatients": {"hes_op/2011"},
        "community_contacts": {"csds/1"},
        "mental_health": {"mhsds/1"},
    }.items():
        found = set()
        for path in (clean.folder / extract).glob("*.csv"):
            what = json.loads(path.with_suffix(".json").read_text())
            assert path.stem == f"{extract}_{what['period_start']}_{what['period_end']}"
            assert what["extract"] == extract
            found.add(what["layout"])
        assert found == layouts
