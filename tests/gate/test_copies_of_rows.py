"""The Parquet copies that Spark reads: the same rows as the store, whatever happened to either."""

import shutil
from pathlib import Path

import pytest
from breakwater import warehouse
from breakwater.engine import rows
from breakwater.errors import Refusal

from tests.gate.conftest import rewrite, rows_of
from tests.gate.test_corrections import FIRST, LATER, SECOND, supply  # noqa: F401


@pytest.fixture
def copies(data):
    """Bring the copies up to the ledger and return the tables that Spark is shown."""

    def write() -> dict[str, dict]:
        with warehouse.connect(data) as connection:
            return {table["name"]: table for table in rows.write(connection, rows.folder_of(data))}

    return write


@pytest.fixture
def landed(extracts, breakwater):
    assert breakwater("land", "--allow-refused").exit_code == 0
    return extracts


def assert_same_rows(data, tables: dict[str, dict]) -> int:
    """Hold what Spark would read against the store, row by row both ways; return how many rows there are."""
    total = 0
    with warehouse.connect(data, read_only=True) as connection:
        for extract in (name for name, table in tables.items() if table["schema"] == "landed"):
            names = ", ".join(name for name, _ in tables[extract]["columns"])
            in_store = f"select {names}, _file_id from landed.{extract}"
            parts = [
                f"select {names}, {file_id} as _file_id from read_parquet('{place}/*.parquet')"
                for file_id, place in tables[extract]["files"]
            ]
            copied = " union all ".join(parts) or f"{in_store} limit 0"
            for one, other in ((in_store, copied), (copied, in_store)):
                query = f"select count(*) from (({one}) except all ({other}))"
                assert connection.execute(query).fetchone() == (0,), extract
            total += connection.execute(f"select count(*) from ({in_store})").fetchone()[0]
    return total


def on_disk(data) -> dict[Path, tuple]:
    return {
        path: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in (data.root / "rows").rglob("*.parquet")
    }


def supply_again(extracts, breakwater) -> None:
    """The episodes of the period once more, without the first."""
    rewrite(extracts["apc_episodes"], rows_of(extracts["apc_episodes"])[1:])
    assert breakwater("land", "--allow-refused").exit_code == 0


def test_they_are_the_accepted_rows_by_extract_and_period_written_once(data, landed, copies):
    tables = copies()
    assert assert_same_rows(data, tables) > 60
    ((_, place),) = tables["apc_episodes"]["files"]
    assert Path(place).relative_to(data.root / "rows").parts[:3] == (
        "landed",
        "apc_episodes",
        "2025-04-01_2026-03-31",
    )
    before = on_disk(data)
    assert copies() == tables
    kept = {path: stamp for path, stamp in on_disk(data).items() if "landed" in path.parts}
    assert kept and kept.items() <= before.items()


def test_a_period_supplied_again_takes_the_old_copy_away_at_once(data, landed, breakwater, copies):
    copies()
    (old,) = (data.root / "rows" / "landed" / "apc_episodes").glob("*/*")
    supply_again(landed, breakwater)
    assert not old.exists()
    tables = copies()
    assert_same_rows(data, tables)
    assert [place for _, place in tables["apc_episodes"]["files"]] == [
        str(path) for path in (data.root / "rows" / "landed" / "apc_episodes").glob("*/*")
    ]


@pytest.mark.parametrize("moment", ["while writing", "before the ledger knew", "before the old one went"])
def test_a_kill_in_the_middle_leaves_nothing_that_is_read(data, landed, breakwater, copies, moment):
    (_, place), *_ = copies()["apc_episodes"]["files"]
    copy = Path(place) / "rows.parquet"
    if moment == "while writing":
        half = data.root / "rows" / rows.WRITING
        half.mkdir()
        (half / "rows.parquet").write_bytes(copy.read_bytes()[:100])
    elif moment == "before the ledger knew":
        with warehouse.connect(data) as connection:
            connection.execute("delete from ledger.row_files")
        copy.write_bytes(copy.read_bytes()[:100])
    else:
        kept = data.root / "kept"
        shutil.copytree(place, kept)
        supply_again(landed, breakwater)
        shutil.copytree(kept, place)
    assert_same_rows(data, copies())
    assert not (data.root / "rows" / rows.WRITING).exists()
    assert len(list((data.root / "rows" / "landed" / "apc_episodes").glob("*/*"))) == 1


def test_a_copy_that_was_changed_is_written_anew(data, landed, copies):
    (_, place), *_ = copies()["gp_registrations"]["files"]
    copy = Path(place) / "rows.parquet"
    content = bytearray(copy.read_bytes())
    content[len(content) // 2] ^= 1
    copy.write_bytes(content)
    assert_same_rows(data, copies())


def test_rows_that_later_files_say_anew_leave_the_copies_and_come_back(data, supply, query, copies):  # noqa: F811
    """Of as many rows outdated, first one and then another: a count alone would not see it."""
    supply("first", FIRST, (1, 1), (2, 2), (3, 3))
    for name, period, outdated in (("second", SECOND, 1), ("again", SECOND, 2), ("other", LATER, 3)):
        supply(name, period, (outdated, outdated, "2025-09-01"), (9, 9))
        assert (f"E{outdated:05d}",) in query("select event_reference from outdated.social_care_events")
        assert assert_same_rows(data, copies()) > 3


def test_a_store_made_again_does_not_take_the_copies_of_the_old_one(data, landed, breakwater, copies):
    """The same files under the same numbers, but another landing."""
    places = {place for _, place in copies()["apc_episodes"]["files"]}
    data.warehouse.unlink()
    assert breakwater("land", "--allow-refused").exit_code == 0
    tables = copies()
    assert not places & {place for _, place in tables["apc_episodes"]["files"]}
    assert_same_rows(data, tables)


def test_a_store_whose_rows_are_not_those_of_its_ledger_is_not_copied(data, landed, copies):
    with warehouse.connect(data) as connection:
        connection.execute("delete from landed.apc_episodes where _line = 2")
    with pytest.raises(Refusal, match=r"rows in the store and \d+ in the ledger"):
        copies()


def test_rows_of_an_encrypted_store_need_a_folder_that_somebody_chose(monkeypatch, tmp_path):
    monkeypatch.setenv(warehouse.KEY_VARIABLE, "of the test")
    with pytest.raises(Refusal, match="encrypted"):
        rows.require_safe_folder()
    monkeypatch.setenv(rows.FOLDER_VARIABLE, str(tmp_path))
    rows.require_safe_folder()
