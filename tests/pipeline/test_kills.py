"""A few kills of land, build and release: the last good state is there, and finishing is whole.

A hundred at random moments are in the bench (`python -m breakwater.bench --kills`); the same code looks here.
"""

import shutil

import pytest
from breakwater import warehouse
from breakwater.bench import kills
from breakwater.settings import DataFolder

from tests.pipeline.conftest import attempt


@pytest.fixture
def corrected(copy_of_place) -> DataFolder:
    """A copy of the small place to which the last file of every extract has been supplied again."""
    kills.supply_again(copy_of_place)
    return copy_of_place


def test_a_landing_and_a_build_that_are_killed_lose_nothing(corrected, tmp_path):
    calm = DataFolder(shutil.copytree(corrected.root, tmp_path / "calm", symlinks=True))
    seconds = kills.run(calm, "land")
    before, known = kills.released(corrected), {}
    assert kills.faults(corrected, known) == [] and len(known) > 20
    for part in (0.6, 0.9):
        assert kills.kill(corrected, "land", part * seconds).status < 0
        assert kills.faults(corrected, known) == []
    kills.run(corrected, "land")
    assert kills.landed(corrected) == kills.landed(calm)
    # well into dbt: there is no build then, and the current release does not notice
    assert kills.kill(corrected, "build", 6.0).status < 0
    assert kills.faults(corrected, known) == []
    refused = attempt(corrected.root, "release")
    assert refused.returncode == 1 and "there is no finished build" in refused.stderr
    assert kills.released(corrected) == before


def test_a_release_that_is_killed_is_none_and_the_next_one_is_whole(copy_of_place, small_place):
    shutil.rmtree(copy_of_place.releases)
    assert kills.kill(copy_of_place, "release", 2.5).status < 0
    assert not (copy_of_place.releases / "current").exists()
    kills.run(copy_of_place, "release")
    assert kills.released(copy_of_place) == kills.released(small_place)
    assert kills.left_behind(copy_of_place) == []


def test_what_is_looked_for_is_found(corrected):
    """The looks themselves: rows without a file, a file without its rows, a file that is gone, what is left."""
    known = {}
    assert kills.faults(corrected, known) == []
    with warehouse.connect(corrected) as connection:
        connection.execute("delete from landed.deaths where _line = 3")
        connection.execute("delete from ledger.files where extract = 'permissions'")
    (corrected.releases / ".new-1").mkdir()
    found = kills.faults(corrected, known)
    assert any("deaths" in fault and "in the store" in fault for fault in found)
    assert any("is lost" in fault for fault in found)
    assert any("did not land" in fault for fault in found)
    assert [path.name for path in kills.left_behind(corrected)] == [".new-1"]
