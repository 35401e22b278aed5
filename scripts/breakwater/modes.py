"""File modes of the data folder: what a folder made by an earlier version, or copied, leaves open, and its repair.

Everything in it is for its user alone, but for releases, which anyone may read.
"""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from breakwater.settings import DataFolder

OTHERS = 0o077


def wrong(data: DataFolder) -> list[Path]:
    """Return what others may read, write or list and must not, and what of a release they cannot read."""
    return [path for path, mode, wanted in _modes(data) if mode != wanted]


def repair(data: DataFolder) -> None:
    """Give the modes of `wrong` back, as far as this user owns what has them."""
    for path, mode, wanted in _modes(data):
        if mode != wanted and path.lstat().st_uid == os.geteuid():
            path.chmod(wanted)


def _modes(data: DataFolder) -> Iterator[tuple[Path, int, int]]:
    """Yield (path, mode, what it should be) of all that the commands write; links have no mode of their own."""
    private = (data.provider, data.extracts, data.temporary, data.root / "dbt", data.root / "extensions")
    if data.root.is_dir():
        mode = stat.S_IMODE(data.root.stat().st_mode)
        # others may pass through it to the releases, and see nothing else
        yield data.root, mode, mode & ~0o066 | (0o011 if data.releases.is_dir() else 0)
    for path, mode in (found for top in private for found in _walk(top)):
        yield path, mode, mode & ~OTHERS
    for path in data.root.glob(f"{data.warehouse.name}*"):
        mode = stat.S_IMODE(path.stat().st_mode)
        yield path, mode, mode & ~OTHERS
    for path, mode in _walk(data.releases):
        if not path.relative_to(data.releases).name.startswith("."):  # what is no release yet, nobody reads
            yield path, mode, (mode | (0o055 if path.is_dir() else 0o044)) & ~0o022


def _walk(top: Path) -> Iterator[tuple[Path, int]]:
    """Yield a folder and all in it, with their modes; hidden folders and links are passed over, and what goes away."""
    for folder, folders, files in os.walk(top):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for path in (Path(folder), *(Path(folder, name) for name in files)):
            try:
                found = path.lstat().st_mode
            except FileNotFoundError:
                continue
            if not stat.S_ISLNK(found):
                yield path, stat.S_IMODE(found)
