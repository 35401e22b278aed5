"""The data test rows_hold: each thing it asks can fail, and a failed build says which did."""

import shutil

import pytest
from breakwater import build, warehouse
from breakwater.settings import DataFolder

pytestmark = pytest.mark.xdist_group("dbt unit tests")
MODEL = "int_registrations"
DAMAGES = {
    "registration_id is empty": "registration_id = null",
    "sex is another word": "sex = 'm'",
    "registration_id stands more than once": "registration_id = 'twice'",
    "valid_from < valid_until does not hold": "valid_until = valid_from",
}


def judged(data: DataFolder) -> list:
    result = build.run_dbt(data, ["--quiet", "test", "--select", f"{MODEL},test_name:rows_hold"])
    assert result.exception is None and len(result.result) == 1
    return [node for node in result.result if node.status == "fail"]


def test_what_is_broken_is_found_and_told(small_place, tmp_path):
    data = DataFolder(tmp_path)
    shutil.copy(small_place.warehouse, data.warehouse)
    assert judged(data) == []
    with warehouse.connect(data) as connection:
        for number, change in enumerate(DAMAGES.values()):
            # two rows each, so that what may stand once stands twice
            connection.execute(
                f"update linked.{MODEL} set {change} where rowid in ({number}, {number + 100})"
            )
    failed = judged(data)
    # two rows each of three kinds, and two keys: the one set, and the empty one
    assert len(failed) == 1 and failed[0].failures >= 8
    assert build.failures(data, failed) == [f"{MODEL} ({', '.join(sorted(DAMAGES))})"]
