"""The bench runs from end to end on a small place, and says what it must say."""

import os
import re
import subprocess
import sys

from breakwater.bench import figures


def test_the_bench_runs_and_no_cell_differs(tmp_path):
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    folder = tmp_path / "bench"
    result = subprocess.run(
        [sys.executable, "-m", "breakwater.bench", "--small", "--data", str(folder)],
        env=kept, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode == 0, result.stdout[-2000:] + result.stderr[-2000:]
    for stage in ("synthesise", "pseudonymise", "land", "build", "release", "hand-written"):
        # rows, seconds, processor seconds and peak of each stage are there and not nothing
        found = re.search(rf"^{stage} +([\d,]+) +([\d.]+) +([\d.]+) +([\d,]+)$", result.stdout, re.MULTILINE)
        assert found, stage
        assert all(float(number.replace(",", "")) > 0 for number in found.groups()), stage
    apart = dict(
        re.findall(r"^(start-up of .*?|protection .*?|attack) {2,}([\d.]+)$", result.stdout, re.MULTILINE)
    )
    assert len(apart) == 5
    assert all(float(seconds) > 0 for seconds in apart.values())
    compared = re.findall(r"([\d,]+) cells compared with the hand-written script: 0 differ", result.stdout)
    assert len(compared) == 2
    assert all(int(cells.replace(",", "")) > 10_000 for cells in compared)
    month = result.stdout[result.stdout.index("A new month") :]
    landed = re.search(r"^land +([\d,]+) +([\d.]+) +([\d.]+) +(\d+)$", month, re.MULTILINE)
    assert 100 < int(landed[1].replace(",", "")) < 10_000
    assert re.search(r"^build +[\d,]+ +[\d.]+ +[\d.]+ +\d+$", month, re.MULTILINE)
    assert not folder.exists()


def test_a_folder_with_something_in_it_is_left_alone(tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    result = subprocess.run(
        [sys.executable, "-m", "breakwater.bench", "--small", "--data", str(tmp_path)],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert result.returncode != 0
    assert "not empty" in result.stderr
    assert (tmp_path / "mine.txt").read_text() == "mine"


def test_rows_are_read_from_the_lines_of_the_stages():
    assert figures.rows("land", "land  728,970 rows landed, 1,600 quarantined") == 728_970
    assert figures.rows("build", "build  31 models, 111 tests, 123,344 cells decided") == 123_344
    assert figures.rows("build", "build  nothing has changed") is None


def test_start_up_of_expectations_is_read():
    assert figures.start_up_of_expectations("..., of which Great Expectations start-up 3.8 s") == 3.8
    assert figures.start_up_of_expectations("nothing landed") == 0.0
