"""The committed seeds are what the scripts make of the publishers' files."""

import importlib

import pytest
from breakwater.errors import Refusal
from breakwater.reference import practices, seed
from breakwater.settings import PROJECT

REFERENCE = PROJECT.parent / "shared" / "reference"
SEEDS = [
    "areas",
    "practices",
    "population",
    "standard_population",
    "cld_values",
    "small_areas_2011",
    "england_benchmarks",
]


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the publishers' files are not at ../shared/reference")
@pytest.mark.parametrize("name", SEEDS)
def test_seed_is_rebuilt_exactly(name):
    rebuilt = importlib.import_module(f"breakwater.reference.{name}").build(REFERENCE)
    assert rebuilt == (seed.SEEDS / f"{name}.csv").read_text(encoding="utf-8")


def test_a_folder_without_the_publishers_files_is_named(tmp_path):
    with pytest.raises(Refusal, match="practice_code"):
        importlib.import_module("breakwater.reference.practices").build(tmp_path)


@pytest.mark.parametrize(
    "published, written",
    [
        ("DR KRISHNAN & PTNR - KENT ELMS HC", "Dr Krishnan & Partner - Kent Elms Health Centre"),
        ("ST LUKE'S HEALTH CENTRE", "St Luke's Health Centre"),
        ("DRS. PALACIN & GUYLER", "Drs Palacin & Guyler"),
    ],
)
def test_practice_names_are_written_as_on_the_door(published, written):
    assert practices.tidy(published) == written
