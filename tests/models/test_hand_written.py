"""An independent count: one script written by hand gives every cell that the models give."""

import shutil

import duckdb
import pytest
from breakwater.bench import comparing, hand_written
from breakwater.settings import DataFolder


@pytest.fixture(scope="module")
def by_hand(small_place, tmp_path_factory):
    target = tmp_path_factory.mktemp("by_hand") / "by_hand.duckdb"
    hand_written.run(small_place.root, target)
    return target


def test_every_counted_cell_is_the_same_by_hand(small_place, by_hand):
    found = comparing.compare(small_place, by_hand)
    assert found.compared > 10_000
    assert found.differing == 0


@pytest.mark.parametrize(
    "change",
    [
        "update cells set people = people + 1 where rowid = 5",
        "update cells set counted = counted + 1 where rowid = 5",
        "delete from cells where rowid = 5",
    ],
)
def test_one_other_cell_is_found(small_place, by_hand, tmp_path, change):
    changed = tmp_path / "by_hand.duckdb"
    shutil.copy(by_hand, changed)
    with duckdb.connect(str(changed)) as connection:
        connection.execute(change)
    assert comparing.compare(small_place, changed).differing == 1


def test_a_set_that_is_not_written_by_hand_is_named(small_place, by_hand, tmp_path):
    changed = tmp_path / "by_hand.duckdb"
    shutil.copy(by_hand, changed)
    with duckdb.connect(str(changed)) as connection:
        connection.execute("delete from cells where category_set = 'lives here'")
    assert comparing.compare(small_place, changed).not_compared == ("residents_units: lives here",)


def test_what_the_script_covers_is_declared_and_the_rest_is_named(small_place, by_hand):
    with duckdb.connect(str(by_hand), read_only=True) as connection:
        written = {
            name for (name,) in connection.execute("select distinct units_model from cells").fetchall()
        }
    assert written == set(comparing.COVERED)
    found = comparing.compare(small_place, by_hand)
    assert found.not_compared == ()
    assert "falls_units" in found.beyond and not set(found.beyond) & written


def test_files_sent_by_mistake_and_replaced_ones_are_not_read(small_place):
    read = hand_written.files_to_read(small_place.root)
    with duckdb.connect() as connection:
        connection.execute(f"attach '{small_place.warehouse}' as warehouse (read_only)")
        landed = {
            name.split(".")[0].removesuffix("_copy")
            for (name,) in connection.execute(
                "select file_name from warehouse.ledger.files where outcome = 'landed' and list_contains(?, extract)",
                [list(hand_written.EXTRACTS.values())],
            ).fetchall()
        }
    names = {
        path.rsplit("/", 1)[1].split(".")[0].removesuffix("_copy")
        for paths in read.values()
        for path in paths
    }
    assert names == landed


def test_no_extract_no_files(tmp_path):
    folder = DataFolder(tmp_path)
    folder.provider.mkdir()
    (folder.provider / "planted.json").write_text('{"files": []}')
    assert not any(hand_written.files_to_read(folder.root).values())
