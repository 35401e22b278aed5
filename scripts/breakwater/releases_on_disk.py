"""The releases in the data folder, as they say of themselves."""

import duckdb

from breakwater.settings import DataFolder


def releases(data: DataFolder) -> list[tuple[str, str, str, str]]:
    """Return (folder name, made at, data up to, `current` or empty) of each release, in order of name."""
    if not data.releases.exists():
        return []
    current = (data.releases / "current").resolve()
    folders = sorted(path for path in data.releases.iterdir() if (path / "release.duckdb").exists())
    return [
        (folder.name, *_says(folder / "release.duckdb"), "current" if folder == current else "")
        for folder in folders
        if not folder.is_symlink()
    ]


def _says(path) -> tuple[str, str]:
    try:
        with duckdb.connect(str(path), read_only=True) as connection:
            row = connection.execute(
                "select strftime(made_at, '%Y-%m-%d %H:%M'), data_up_to::varchar from release"
            ).fetchone()
    except duckdb.Error:
        return "cannot be read", ""
    return row or ("says nothing", "")
