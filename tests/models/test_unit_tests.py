"""dbt's unit tests, on a copy of the small place's warehouse."""

import shutil

import pytest
from breakwater import build
from breakwater.settings import DataFolder

pytestmark = pytest.mark.xdist_group("dbt unit tests")


@pytest.fixture(scope="module")
def results(small_place, tmp_path_factory) -> list:
    data = DataFolder(tmp_path_factory.mktemp("unit_tests"))
    shutil.copy(small_place.warehouse, data.warehouse)
    run = build.run_dbt(data, ["--quiet", "test", "--select", "test_type:unit"])
    assert run.exception is None
    return list(run.result)


def test_all_unit_tests_pass(results):
    assert len(results) >= 19
    failed = {result.node.name: result.message for result in results if result.status != "pass"}
    assert failed == {}
