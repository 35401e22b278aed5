"""A copy of the small place that a test may change, and a way to run verbs that are meant to fail."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from breakwater.settings import DataFolder


@pytest.fixture
def copy_of_place(small_place, tmp_path) -> DataFolder:
    """The small place with its warehouse and release, in a folder of this test's own."""
    shutil.copytree(
        small_place.root, tmp_path / "place", symlinks=True, ignore=shutil.ignore_patterns("dbt", "provider")
    )
    return DataFolder(tmp_path / "place")


def attempt(root: Path, *words: str, **environment: str) -> subprocess.CompletedProcess:
    """Run a verb on a data folder as a process of its own, whatever comes of it."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    command = [sys.executable, "-m", "breakwater", words[0], "--data", str(root), *words[1:]]
    return subprocess.run(command, env=kept | environment, capture_output=True, text=True, check=False)


def attempt_watched(
    root: Path, *words: str, **environment: str
) -> tuple[subprocess.CompletedProcess, set[bytes]]:
    """Run a verb as `attempt` does; return with it every command line that it and its children showed meanwhile."""
    shown: set[bytes] = set()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    command = [sys.executable, "-m", "breakwater", words[0], "--data", str(root), *words[1:]]
    with tempfile.TemporaryFile("w+") as out, tempfile.TemporaryFile("w+") as errors:
        process = subprocess.Popen(command, env=kept | environment, stdout=out, stderr=errors)
        while process.poll() is None:
            shown |= {line for pid in _family(process.pid) if (line := _command_line(pid))}
            # a process just begun shows none for a moment, and a short one may be over after a pause
            time.sleep(0.05 if shown else 0)
        out.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(command, process.returncode, out.read(), errors.read()), shown


def _family(parent: int) -> list[int]:
    """Return a process and all that it started, and they, as /proc lists them."""
    family = [parent]
    for pid in family:
        for listed in Path("/proc").glob(f"{pid}/task/*/children"):
            family += map(int, _read(listed).split())
    return family


def _command_line(pid: int) -> bytes:
    return _read(Path(f"/proc/{pid}/cmdline"))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:  # it has ended
        return b""
