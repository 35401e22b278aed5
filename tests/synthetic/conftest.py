"""One small place with dirt and one without, made once for all tests."""

import pytest
from synthetic_place import Made, make


@pytest.fixture(scope="session")
def dirty(tmp_path_factory) -> Made:
    return make(tmp_path_factory.mktemp("dirty"))


@pytest.fixture(scope="session")
def clean(tmp_path_factory) -> Made:
    return make(tmp_path_factory.mktemp("clean"), "--no-dirt")
