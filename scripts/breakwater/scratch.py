"""Scratch folders inside the data folder: one a use, named after its process, swept once that is dead."""

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breakwater.settings import DataFolder


@contextmanager
def scratch_folder(data: DataFolder) -> Iterator[Path]:
    """Yield a new folder, readable by its owner only, and remove it with all it holds at the end."""
    folder = new_scratch_path(data)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def new_scratch_path(data: DataFolder) -> Path:
    """Return a path of this process's own that does not exist yet; what killed processes left is removed."""
    data.temporary.mkdir(parents=True, exist_ok=True)
    for left in data.temporary.glob("*-*"):
        process = left.name.partition("-")[0]
        if process.isdigit() and not _alive(int(process)):
            shutil.rmtree(left, ignore_errors=True)
    return data.temporary / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"


def _alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
