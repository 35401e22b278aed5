"""The wall and the gate of releases, on the small place: what is in a release, and what keeps one from being made."""

import json
import re
import subprocess

import duckdb
import polars as pl
import pytest
from breakwater import checks, settings, warehouse
from breakwater.disclosure import policy
from breakwater.errors import Refusal

from tests.pipeline.conftest import attempt

FILE = "current/release.duckdb"
MARTS = ("residents", "emergency_admissions", "reablement")


@pytest.fixture(scope="module")
def release(small_place):
    with duckdb.connect(str(small_place.releases / FILE), read_only=True) as connection:
        yield connection


def person_keys(place) -> set[str]:
    with warehouse.connect(place, read_only=True) as source:
        return {
            row[0]
            for row in source.execute("select distinct person_key from landed.gp_registrations").fetchall()
        }


def test_no_person_key_in_any_column_or_anywhere_in_the_bytes(small_place, release):
    keys = person_keys(small_place)
    assert len(keys) > 3000
    content = (small_place.releases / FILE).read_bytes()
    assert not any(key.encode() in content for key in list(keys)[:500])
    assert not set(re.findall(rb"[0-9a-f]{64}", content)) & {key.encode() for key in keys}
    for table, column, kind in release.execute(
        "select table_name, column_name, data_type from duckdb_columns() where not internal"
    ).fetchall():
        assert not re.search("person|pseudo|nhs|hesid", column), f"{table}.{column}"
        if kind == "VARCHAR":
            values = {
                row[0] for row in release.execute(f'select distinct "{column}" from "{table}"').fetchall()
            }
            assert not values & keys, f"{table}.{column}"


def test_every_count_of_ours_is_zero_or_above_the_threshold_and_rounded(release):
    counts = release.execute("""
        select numerator from cells where numerator is not null
        union all
        select denominator from cells inner join series using (measure, category_type, category)
        where denominator is not null and (kind = 'proportion' or area_type = 'practice')
        union all
        select denominator - numerator from cells inner join series using (measure, category_type, category)
        where kind = 'proportion' and status = 'shown'
    """).fetchall()
    assert len(counts) > 10_000
    assert all(count == 0 or (count >= 8 and count % 5 == 0) for (count,) in counts)


def test_each_mart_has_the_one_shape_and_withheld_cells_are_there_and_empty(release):
    for mart in MARTS:
        assert [row[0] for row in release.execute(f"describe {mart}").fetchall()] == checks.COLUMNS
    withheld = release.execute(
        "select numerator, denominator, value, lower, upper from cells where status = 'c'"
    ).fetchall()
    assert len(withheld) > 1000
    assert all(number is None for row in withheld for number in row)


def test_rates_are_made_of_the_rounded_numbers_beside_them(release):
    wrong = release.execute("""
        select count(*) from cells inner join series using (measure, category_type, category)
        where status = 'shown' and (
            (kind = 'crude_rate' and abs(
                value
                - replace(regexp_extract(value_label, 'per ([0-9,]+)', 1), ',', '')::int * numerator / denominator
            ) > 1e-9)
            or (kind = 'proportion' and abs(value - 100.0 * numerator / denominator) > 1e-9)
            or (kind = 'count' and value <> numerator)
        )
    """).fetchone()[0]
    assert wrong == 0


def test_the_release_says_what_was_checked_and_attacked(release):
    gates = dict(release.execute("select gate, count(*) from checks where passed group by gate").fetchall())
    assert gates["attack"] == 2 and gates["release"] > 20
    assert release.execute("select count(*) from checks where not passed").fetchone()[0] == 0
    stated, rules = release.execute("select policy, rules from release").fetchone()
    assert json.loads(stated) == policy.load(settings.PROJECT).as_dict()
    assert rules.splitlines() == policy.load(settings.PROJECT).in_words()


def test_the_release_sums_its_proof_up_and_says_no_more_than_the_promise(release):
    (proof,) = release.sql("from proof").pl().to_dicts()
    withheld = release.execute("select count(*) from cells where status = 'c'").fetchone()[0]
    cells = release.execute("select count(*) from cells").fetchone()[0]
    assert (proof["cells"], proof["withheld"]) == (cells, withheld)
    assert 0 < proof["information_lost_percent"] < 100 and 0 < proof["settled_by_exact_bounds_percent"] <= 100
    assert "from_outside" in proof["attacks"] and "worst_case" in proof["attacks"]
    # the least number of values is the promise itself, whatever the narrowest count keeps
    assert proof["least_candidates"] == policy.load(settings.PROJECT).least_candidates
    assert set(proof) == {
        "cells", "withheld", "information_lost_percent", "attacks", "settled_by_exact_bounds_percent",
        "least_candidates", "seconds",
    }  # fmt: skip


def test_what_the_checks_say_counts_no_people(small_place, release):
    # checks travel with the release: between two of them an unrounded number of people could differ by one person
    told = " ".join(row[0] for row in release.execute("select detail from checks").fetchall())
    with warehouse.connect(small_place, read_only=True) as source:
        people = source.execute(
            "select count(distinct person_key) from (select person_key from landed.gp_registrations union "
            "select person_key from landed.apc_episodes union select person_key from landed.social_care_events union "
            "select person_key from landed.deaths union select person_key from landed.permissions)"
        ).fetchone()[0]
    assert "bytes searched" in told and str(people) not in re.findall(r"\d+", told)


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        ("update marts.residents set numerator = 3, value = 3 where numerator = 10", "no_small_count"),
        (
            "update marts.residents set numerator = numerator + 1, value = value + 1 where numerator > 50",
            "counts_rounded",
        ),
        (
            "delete from marts.emergency_admissions where status = 'c' and age_band = '85+'",
            "all_cells_present",
        ),
        ("update marts.emergency_admissions set numerator = 20 where status = 'c'", "withheld_is_empty"),
        (
            "update marts.emergency_admissions set denominator = denominator + 5 "
            "where area_type = 'ward' and status = 'shown'",
            "published_population",
        ),
        (
            "update marts.residents set area_code = (select min(person_key) from landed.gp_registrations) "
            "where category = 'registered' and area_type = 'place' and age_band = 'all' and sex = 'all'",
            "no_person_key",
        ),
        # the true count put where the joint decision had withheld it: only the attack can see that something is wrong
        (
            "update marts.residents as m set numerator = round(d.counted / 5.0) * 5, "
            "value = round(d.counted / 5.0) * 5, "
            "status = 'shown' from disclosure.decided_cells as d where m.status = 'c' and d.decision = 'complementary' "
            "and d.counted > 7 and d.units_model = 'residents_units' and d.category_set = 'lives here' "
            "and m.category = 'residents' and m.period_start = d.period_start and m.area_code = d.area_code "
            "and m.age_band = d.age_band and m.sex = d.sex and d.area_level = m.area_type "
            "and m.deprivation_quintile = 'all'",
            "worst_case",
        ),
    ],
)
def test_a_failed_gate_leaves_the_current_release_and_says_why(copy_of_place, damage, told):
    before = (copy_of_place.releases / "current").readlink()
    with warehouse.connect(copy_of_place) as source:
        source.execute(damage)
    result = attempt(copy_of_place.root, "release")
    assert result.returncode == 1
    assert told in result.stderr and "Traceback" not in result.stderr
    assert (copy_of_place.releases / "current").readlink() == before
    assert not list(copy_of_place.releases.glob(".new-*"))


def test_a_release_is_immutable_and_an_unchanged_one_is_not_made_again(copy_of_place):
    path = copy_of_place.releases / FILE
    assert path.stat().st_mode & 0o222 == 0
    result = attempt(copy_of_place.root, "release")
    assert result.returncode == 0 and "nothing has changed" in result.stdout
    assert len([folder for folder in copy_of_place.releases.iterdir() if not folder.is_symlink()]) == 1


def test_a_release_has_its_figures_as_files_under_names_that_stay(small_place, release):
    """A script fetches `releases/current/files/<measure>.csv`: all released cells, as they are."""
    files = small_place.releases / "current" / "files"
    expected = {f"{name}{end}" for (name,) in release.execute("select measure from measures").fetchall()
                for end in (".csv", ".csv-metadata.json", ".parquet")}  # fmt: skip
    assert {path.name for path in files.iterdir()} == expected | {"README.txt", "catalogue.csv", "SHA256SUMS"}
    assert subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=files).returncode == 0
    assert all(path.stat().st_mode & 0o777 == 0o444 for path in files.iterdir())
    columns = "measure, area_code, period_start, category, age_band, sex, deprivation_quintile, value, status"
    released = sorted(release.execute(f"select {columns} from cells").fetchall(), key=str)
    taken = pl.concat([pl.read_parquet(path) for path in sorted(files.glob("*.parquet"))])
    assert sorted(taken.select(columns.split(", ")).rows(), key=str) == released


def test_what_cannot_be_written_as_files_is_no_release(copy_of_place, monkeypatch):
    from breakwater import exporting
    from breakwater import release as releases

    def full(*_):
        raise Refusal("cannot write into files: No space left on device.")

    before = sorted(path.name for path in copy_of_place.releases.iterdir())
    # another content digest, as another landing would have made it: a release is due
    monkeypatch.setattr(releases, "_digest", lambda *_: "another")
    monkeypatch.setattr(exporting, "export", full)
    with pytest.raises(Refusal, match="No space left"):
        releases.make(copy_of_place)
    assert sorted(path.name for path in copy_of_place.releases.iterdir()) == before


def test_others_see_the_releases_and_nothing_else(small_place):
    mode = {
        path.relative_to(small_place.root): path.stat().st_mode & 0o777
        for path in small_place.root.rglob("*")
        if not path.is_symlink()
    }
    public = {path for path in mode if path.parts[0] == "releases"}
    assert {str(path) for path, bits in mode.items() if path not in public and bits & 0o077} == set()
    assert all(bits & 0o044 == 0o044 and not bits & 0o022 for path, bits in mode.items() if path in public)
    assert small_place.root.stat().st_mode & 0o777 == 0o711 and len(public) > 1


@pytest.mark.parametrize(
    "lost",
    [
        "delete from ledger.builds",
        "update ledger.builds set earlier = null",  # built before releases were reckoned with
    ],
)
def test_without_a_finished_build_there_is_no_release(copy_of_place, lost):
    with warehouse.connect(copy_of_place) as source:
        source.execute(lost)
    result = attempt(copy_of_place.root, "release")
    assert result.returncode == 1 and "breakwater build" in result.stderr
