"""A copy of the small place that a test may change, and a way to run verbs that are meant to fail."""

import os
import shutil
import subprocess
import sys
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
