"""Two landings at a time: each ends well or says in one sentence that the other holds the store; nothing is lost."""

import os
import subprocess
import sys
import time

import pytest

from tests.gate.conftest import rows_of


def start(data, *words) -> subprocess.Popen:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    command = [sys.executable, "-m", "breakwater", "land", *map(str, words), "--data", str(data.root)]
    return subprocess.Popen(command, env=kept, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


@pytest.mark.parametrize(
    ("files", "offset"), [("the same", 0.0), ("others", 1.0)], ids=["at once", "during another"]
)
def test_two_landings_at_a_time_lose_nothing(data, breakwater, extracts, query, files, offset):
    half = [extracts["gp_registrations"]], [extracts["apc_episodes"], extracts["permissions"]]
    first, second = half if files == "others" else ([], [])
    if files == "others":  # the store is there already
        assert breakwater("land", extracts["permissions"]).exit_code == 0
    landings = [start(data, *first)]
    time.sleep(offset)
    landings.append(start(data, *second))
    ended = [(*landing.communicate(timeout=300), landing.returncode) for landing in landings]
    for printed, said, status in ended:
        if status:
            assert status == 1 and said.count("\n") == 1 and said.startswith("breakwater: "), said
            assert "is held by another process: wait until it has ended, then try again" in said
        else:
            assert "0 refused" in printed and said == ""
    assert any(status == 0 for *_, status in ended)
    # what could not land then lands now, and the store holds each row of each file once
    assert breakwater("land").exit_code == 0
    for extract, path in extracts.items():
        assert query(f"select count(*), count(distinct _line) from landed.{extract}") == [
            (len(rows_of(path)),) * 2
        ]
    assert query("select count(*) from ledger.files where outcome = 'landed'") == [(3,)]
    told = breakwater("status")
    assert told.exit_code == 0 and "The sums agree." in told.output


def test_a_store_that_is_held_can_neither_be_read_nor_landed_into_and_says_so(data, breakwater, extracts):
    breakwater("land", extracts["permissions"])
    code = (
        "import sys; from pathlib import Path; from breakwater import warehouse;"
        " from breakwater.settings import DataFolder;"
        " held = warehouse.connect(DataFolder(Path(sys.argv[1]))); print('held', flush=True); input()"
    )
    command = [sys.executable, "-c", code, str(data.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout.readline() == "held\n"
        for verb in ("land", "status", "build", "release"):
            result = breakwater(verb)
            assert result.exit_code == 1 and "is held by another process" in result.output, verb
            assert result.output.count("\n") == 1, result.output
        other.communicate("\n")
    assert "2 landed, 1 unchanged" in breakwater("land").output
