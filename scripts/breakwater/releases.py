"""Finding a release by its id: the current one is a link among the folders of all."""

from pathlib import Path

from breakwater.errors import Refusal
from breakwater.settings import DataFolder

CURRENT = "current"


def release_folder(data: DataFolder, release_id: str | None = None) -> Path:
    """Return the folder of a release; without an id the `current` link itself.

    Raises Refusal when there is no such release. Only names that the folder lists are accepted: an id is
    never joined to a path, so it cannot lead out of the folder.
    """
    wanted = release_id or CURRENT
    found = {folder.name: folder for folder in _listed(data.releases)}
    if wanted in found:
        return found[wanted]
    if release_id is None:
        raise Refusal("there is no release yet; make one with `breakwater release`.")
    raise Refusal(f"there is no release {release_id!r}; `breakwater status` lists the releases there are.")


def _listed(releases: Path) -> list[Path]:
    if not releases.is_dir():
        return []
    return [folder for folder in releases.iterdir() if (folder / "release.duckdb").is_file()]
