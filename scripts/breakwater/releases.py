"""The releases in the data folder: finding one by its id, and what each says of itself."""

from pathlib import Path

from breakwater.errors import Refusal
from breakwater.settings import DataFolder

CURRENT = "current"
FILE = "release.duckdb"
# Its figures as files, under names that stay: `releases/current/files/<measure>.csv`.
FILES = "files"


def release_folder(data: DataFolder, release_id: str | None = None) -> Path:
    """Return the folder of a release; without an id the `current` link itself.

    Raises Refusal when there is no such release. Only names that the folder lists are accepted: an id is
    never joined to a path, so it cannot lead out of the folder.
    """
    wanted = release_id or CURRENT
    found = {folder.name: folder for folder in _listed(data)}
    if wanted in found:
        return found[wanted]
    if release_id is None:
        raise Refusal("there is no release yet; make one with `breakwater release`.")
    raise Refusal(f"there is no release {release_id!r}; `breakwater status` lists the releases there are.")


def described(data: DataFolder) -> list[tuple[str, str, str, str]]:
    """Return (id, made at, data up to, `current` or empty) of each release, in order of id."""
    current = (data.releases / CURRENT).resolve()
    return [
        (folder.name, *_says(folder / FILE), "current" if folder == current else "")
        for folder in sorted(_listed(data))
        if not folder.is_symlink()
    ]


def _listed(data: DataFolder) -> list[Path]:
    """The folders that hold a release, the link among them."""
    if not data.releases.is_dir():
        return []
    return [folder for folder in data.releases.iterdir() if (folder / FILE).is_file()]


def _says(path: Path) -> tuple[str, str]:
    import duckdb

    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(
                "select strftime(made_at, '%Y-%m-%d %H:%M'), data_up_to::varchar from release"
            ).fetchone()
    except duckdb.Error:
        return "cannot be read", ""
    return row or ("says nothing", "")
