"""The small place: a few thousand people from extracts to a release, made once for all tests."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest
from breakwater.settings import DataFolder

# As little as still has every measure, every way of being withheld, and planted dirt.
PEOPLE, YEARS = 4000, 2
STEPS = (
    ("synthesise", "--people", str(PEOPLE), "--years", str(YEARS)),
    ("pseudonymise",),
    ("land", "--allow-refused"),
    ("build",),
    ("release",),
)


@pytest.fixture(scope="session")
def small_place(tmp_path_factory) -> DataFolder:
    """The data folder of the small place: extracts, warehouse, one release. To read only; copy what is to be changed.

    The commands make it as a user would. Under pytest-xdist the first worker that asks makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    # workers have a folder each, within that of their session
    session = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    root = session / "small_place"
    done = session / "small_place.done"
    with (session / "small_place.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not done.exists():
            for step in STEPS:
                run(root, *step)
            done.touch()
    return DataFolder(root)


def run(root: Path, *words: str) -> str:
    """Run a verb on a data folder, as a process of its own; return what it printed."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("BREAKWATER_")}
    command = [sys.executable, "-m", "breakwater", words[0], "--data", str(root), *words[1:]]
    result = subprocess.run(command, env=kept, capture_output=True, text=True, check=False)
    assert result.returncode == 0, (
        f"{' '.join(words)} failed:\n{result.stdout[-2000:]}{result.stderr[-2000:]}"
    )
    return result.stdout
