"""The quality of extracts in the release: protected, complete, and what the ledger says; and its gates can fail."""

import shutil
from datetime import date

import duckdb
import polars as pl
import pytest
from breakwater import quality_checks, settings, warehouse
from breakwater.disclosure import policy, shares

from tests.pipeline.conftest import attempt

FILE = "current/release.duckdb"
POLICY = policy.load(settings.PROJECT)


@pytest.fixture(scope="module")
def release(small_place):
    with duckdb.connect(str(small_place.releases / FILE), read_only=True) as connection:
        yield connection


def test_every_extract_and_period_in_store_has_its_shares(small_place, release):
    with warehouse.connect(small_place, read_only=True) as source:
        landed = source.execute(
            "select distinct extract, period_start, period_end from ledger.files where outcome = 'landed' order by all"
        ).fetchall()
    assert len({extract for extract, *_ in landed}) >= 5
    for indicator in ("valid", "keyed", "complete"):
        told = release.execute(
            f"select extract, period_start, period_end from quality where indicator = '{indicator}' order by all"
        ).fetchall()
        # permissions are of practices too, which have no person key
        assert told == [row for row in landed if indicator != "keyed" or row[0] != "permissions"], indicator
    linked = release.execute("select distinct extract from quality where indicator = 'linked'").fetchall()
    assert ("apc_episodes",) in linked and ("gp_registrations",) not in linked


def test_a_valid_share_is_what_the_ledger_counts(small_place, release):
    told = release.execute(
        "select extract, period_start, numerator, denominator from quality "
        "where indicator = 'valid' and status = 'shown'"
    ).fetchall()
    assert told
    with warehouse.connect(small_place, read_only=True) as source:
        for extract, start, accepted, offered in told:
            counted = source.execute(
                "select sum(accepted), sum(offered) from ledger.files "
                f"where outcome = 'landed' and extract = '{extract}' and period_start = '{start}'"
            ).fetchone()
            assert abs(accepted - counted[0]) <= 2 and abs(offered - counted[1]) <= 2


def test_linked_people_are_those_with_a_registration(small_place, release):
    told = release.execute(
        "select period_start, numerator, denominator from quality "
        "where indicator = 'linked' and extract = 'apc_episodes' and status = 'shown'"
    ).fetchall()
    assert told
    with warehouse.connect(small_place, read_only=True) as source:
        for month, registered, people in told:
            rows = source.execute(
                "select distinct person_key from landed.apc_episodes "
                f"where date_trunc('month', admidate) = date '{month}'"
            ).fetchall()
            known = {
                row[0]
                for row in source.execute(
                    "select distinct person_key from landed.gp_registrations"
                ).fetchall()
            }
            assert abs(people - len(rows)) <= 2
            assert abs(registered - sum(row[0] in known for row in rows)) <= 2


def test_deliveries_tell_refused_files_and_when_they_landed(small_place, release):
    told = release.execute(
        "select sum(files_landed), sum(files_refused), bool_and(days_after_period = landed_on - period_end) "
        "from deliveries"
    ).fetchone()
    with warehouse.connect(small_place, read_only=True) as source:
        counted = source.execute(
            "select count(*) filter (outcome in ('landed', 'replaced')), count(*) filter (outcome = 'refused') "
            "from ledger.files"
        ).fetchone()
        met = source.execute("select count(*) from ledger.expectations where passed").fetchone()[0]
    assert told == (*counted, True) and counted[1] > 0
    assert release.execute("select sum(expectations_met) from deliveries").fetchone()[0] == met > 0
    assert release.execute("select count(*) from expectations where passed").fetchone()[0] == met


@pytest.mark.parametrize(
    ("numerator", "denominator", "people", "status", "shown"),
    [
        (993, 1000, 500, "c", (None, None)),  # seven outside it
        (992, 1000, 500, "shown", (990, 1000)),  # eight
        (7, 1000, 500, "c", (None, None)),
        (8, 1000, 500, "shown", (10, 1000)),
        (1000, 1000, 500, "shown", (1000, 1000)),
        (400, 400, 7, "c", (None, None)),  # many rows of few people
        (400, 400, 8, "shown", (400, 400)),
        (19, 19, 19, "c", (None, None)),  # all of a small group
        (0, 19, 19, "c", (None, None)),
        (20, 20, 20, "shown", (20, 20)),
        (994, 1002, 500, "c", (None, None)),  # eight outside it, which rounding makes five
        (0, 0, 0, "x", (None, None)),
        (5, 5, 5, "c", (None, None)),
    ],
)
def test_a_share_at_the_threshold(numerator, denominator, people, status, shown):
    row = pl.DataFrame({"numerator": [numerator], "denominator": [denominator], "people": [people]})
    found = shares.protect(row, POLICY).row(0, named=True)
    assert (found["status"], (found["numerator"], found["denominator"])) == (status, shown)
    assert (found["value"] is None) == (status != "shown")
    assert status != "shown" or found["value"] == 100 * shown[0] / shown[1]
    assert "people" not in found


DAMAGES = {
    "quality_no_small_count": "update quality set numerator = denominator - 5 where denominator > 50",
    "quality_counts_rounded": "update quality set denominator = denominator + 1 where status = 'shown'",
    "quality_withheld_is_empty": "update quality set numerator = 40 where status = 'c'",
    "quality_shares_of_rounded": "update quality set value = value + 0.01 where status = 'shown'",
    "quality_all_present": "delete from quality where extract = 'deaths'",
    "quality_one_shape": "alter table deliveries add column rows_offered bigint",
}


def test_the_gates_pass_and_each_can_fail(small_place, tmp_path):
    with warehouse.connect(small_place, read_only=True) as source:
        path = tmp_path / "release.duckdb"
        for name, damage in {"": "select 1", **DAMAGES}.items():
            shutil.copy(small_place.releases / FILE, path)
            path.chmod(0o644)
            with duckdb.connect(str(path)) as copy:
                copy.execute(damage)
                found = quality_checks.run(copy, source, POLICY)
            failed = {check for check, (passed, _) in found.items() if not passed}
            assert set(found) == set(DAMAGES)
            assert failed == ({name} if name else set()) or (name and name in failed), damage


def test_no_date_of_a_person_and_no_key_is_in_the_tables(release):
    columns = {
        row[0]: row[1]
        for row in release.execute(
            "select column_name, data_type from duckdb_columns() "
            "where table_name in ('quality', 'deliveries', 'expectations')"
        ).fetchall()
    }
    assert not [name for name in columns if "person" in name or "key" in name]
    starts = release.execute(
        "select distinct period_start from quality where period_type = 'month'"
    ).fetchall()
    assert starts and all(isinstance(day, date) and day.day == 1 for (day,) in starts)


def test_extracts_of_different_keys_do_not_build_and_it_is_said(copy_of_place):
    """The gate refuses a second key; should one be in store all the same, nothing joins the two."""
    with warehouse.connect(copy_of_place) as source:
        source.execute(
            "update ledger.files set key_id = 'another' where extract = 'deaths' and outcome = 'landed'"
        )
    result = attempt(copy_of_place.root, "build")
    assert result.returncode == 1 and "Traceback" not in result.stderr
    assert "pseudonymised with different keys ('another', 'demo-2026')" in result.stderr
