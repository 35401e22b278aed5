"""The committed seeds are what the scripts make of the publishers' files."""

import importlib

import pytest
from breakwater.reference import seed
from breakwater.settings import PROJECT

REFERENCE = PROJECT.parent / "shared" / "reference"
SEEDS = ["areas", "practices", "population", "standard_population", "cld_values"]


@pytest.mark.skipif(not REFERENCE.is_dir(), reason="the publishers' files are not at ../shared/reference")
@pytest.mark.parametrize("name", SEEDS)
def test_seed_is_rebuilt_exactly(name):
    rebuilt = importlib.import_module(f"breakwater.reference.{name}").build(REFERENCE)
    assert rebuilt == (seed.SEEDS / f"{name}.csv").read_text(encoding="utf-8")
