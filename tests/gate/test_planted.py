"""Every piece of dirt that the synthetic place plants is found, and no more: file by file, row by row."""

import json

import pytest
from breakwater import warehouse
from breakwater.cli import main
from breakwater.settings import DataFolder
from click.testing import CliRunner


@pytest.fixture(scope="module")
def landed(tmp_path_factory) -> DataFolder:
    folder = DataFolder(tmp_path_factory.mktemp("planted"))
    for words in (["synthesise", "--people", "4000"], ["pseudonymise"], ["land", "--allow-refused"]):
        result = CliRunner().invoke(main, [*words, "--data", str(folder.root)])
        assert result.exit_code == 0, result.output
    return folder


def test_every_file_ends_as_planted(landed):
    planted = json.loads((landed.provider / "planted.json").read_text())["files"]
    with warehouse.connect(landed, read_only=True) as connection:
        found = connection.execute(
            "select file_name, outcome, offered, accepted, quarantined from ledger.files"
        ).fetchall()
    expected = {
        (
            file["file"].replace(".csv", ".parquet"),
            file["expected"],
            *(file[name] for name in ("offered", "accepted", "quarantined")),
        )
        for file in planted
    }
    assert set(found) == expected
    assert {"refused", "unchanged", "replaced", "landed"} <= {outcome for _, outcome, *_ in found}


def test_the_account_agrees(landed):
    result = CliRunner().invoke(main, ["status", "--data", str(landed.root)])
    assert result.exit_code == 0 and "The sums agree." in result.output
