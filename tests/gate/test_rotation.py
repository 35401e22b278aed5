"""Rotation of the key, as docs/pseudonyms.md says it is done: all extracts anew, into a store of its own."""

import shutil

import pytest
from breakwater import warehouse
from breakwater.cli import main
from breakwater.settings import DataFolder
from click.testing import CliRunner

KEYS = {"test-1": None, "test-2": "7f" * 32}  # the first is the tiny place's own


def run_on(data: DataFolder, *words):
    return CliRunner().invoke(main, [*map(str, words), "--data", str(data.root)])


def people(data: DataFolder) -> set[str]:
    with warehouse.connect(data, read_only=True) as connection:
        return {
            key
            for extract in ("gp_registrations", "apc_episodes")
            for (key,) in connection.execute(f"select distinct person_key from landed.{extract}").fetchall()
        }


@pytest.fixture
def rotated(data, breakwater, tmp_path) -> DataFolder:
    """The old store has landed; the extracts of the new key stand in a data folder of their own."""
    assert breakwater("pseudonymise").exit_code == 0
    assert breakwater("land").exit_code == 0
    new = tmp_path / "new.txt"
    new.write_text(f"id: test-2\nkey: {KEYS['test-2']}\n")
    after = DataFolder(tmp_path / "after")
    made = breakwater("pseudonymise", "--key-file", new, "--to", after.extracts)
    assert made.exit_code == 0 and "3 made, 0 unchanged; key test-2" in made.output
    return after


def test_the_new_store_holds_the_same_people_under_other_keys(data, breakwater, rotated):
    landed = run_on(rotated, "land")
    assert landed.exit_code == 0 and "3 landed" in landed.output
    before, after = people(data), people(rotated)
    assert len(before) == len(after) == 40 and not before & after
    for folder in (data, rotated):
        with warehouse.connect(folder, read_only=True) as connection:
            # within a store everybody links
            assert connection.execute(
                "select count(distinct e.person_key) from landed.apc_episodes as e"
                " inner join landed.gp_registrations as g on e.person_key = g.person_key"
            ).fetchone() == (40,)


def test_neither_store_takes_a_file_of_the_other_key(data, breakwater, rotated):
    assert run_on(rotated, "land").exit_code == 0
    before = people(data), people(rotated)
    late = next((data.extracts / "permissions").glob("*.parquet"))
    for store, offered, key, held in (
        (data, next((rotated.extracts / "permissions").glob("*.parquet")), "test-2", "test-1"),
        (rotated, late, "test-1", "test-2"),
    ):
        told = run_on(store, "land", offered)
        assert told.exit_code == 1
        assert f"with key '{key}' and the store holds key '{held}': nobody would link" in told.output
        status = run_on(store, "status")
        assert status.exit_code == 0 and "The sums agree." in status.output
    assert (people(data), people(rotated)) == before


def test_what_the_old_key_made_is_made_anew_in_the_same_folder_too(data, breakwater, tmp_path):
    """Whoever gives no other folder replaces the old files: none of the old key is left to be landed by mistake."""
    assert breakwater("pseudonymise").exit_code == 0
    old = {path.name: path.read_bytes() for path in data.extracts.rglob("*.parquet")}
    (data.provider / "pseudonym.key").write_text(f"id: test-2\nkey: {KEYS['test-2']}\n")
    assert "3 made, 0 unchanged" in breakwater("pseudonymise").output
    new = {path.name: path.read_bytes() for path in data.extracts.rglob("*.parquet")}
    assert new.keys() == old.keys() and all(new[name] != old[name] for name in new)


def test_a_store_of_two_keys_is_not_built(data, breakwater, rotated):
    """Even if somebody puts rows of both into one store past the gate, nothing joins them."""
    assert breakwater("land").exit_code == 0
    with warehouse.connect(data) as connection:
        connection.execute("update ledger.files set key_id = 'test-2' where extract = 'apc_episodes'")
    shutil.rmtree(data.extracts)
    told = breakwater("build")
    assert told.exit_code == 1 and "pseudonymised with different keys ('test-1', 'test-2')" in told.output
