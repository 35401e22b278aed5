"""A data folder that an earlier version left open is closed by the next landing, and `status` tells of it before."""

import os
import stat

import pytest


def mode(path) -> int:
    return stat.S_IMODE(path.lstat().st_mode)


@pytest.fixture
def opened(data, breakwater, extracts):
    """The data folder after a landing and a release, with the modes that a common umask gave it once."""
    assert breakwater("land").exit_code == 0
    for folder in (data.root / "dbt", data.releases / "2026-10-01-120000", data.releases / ".new-1"):
        folder.mkdir(parents=True)
        (folder / "file").touch()
    (data.releases / "current").symlink_to("2026-10-01-120000")
    for path in data.root.rglob("*"):
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() else 0o644)
    data.root.chmod(0o755)
    closed = data.releases / "2026-10-01-120000"
    (closed / "file").chmod(0o400)
    closed.chmod(0o700)
    return data


def test_status_tells_of_open_files_and_the_next_landing_closes_them(opened, breakwater):
    told = breakwater("status")
    assert told.exit_code == 0 and "let others in, or keep them from a release (first: data)" in told.output
    assert breakwater("land").exit_code == 0
    release = opened.releases / "2026-10-01-120000"
    assert (mode(opened.root), mode(opened.releases), mode(release), mode(release / "file")) == (
        0o711, 0o755, 0o755, 0o444,
    )  # fmt: skip
    private = [
        path
        for path in opened.root.rglob("*")
        if not path.is_relative_to(opened.releases) and not path.is_symlink()
    ]
    assert len(private) > 15
    for path in private:
        assert mode(path) == (0o700 if path.is_dir() else 0o600), path
    assert "let others in" not in breakwater("status").output


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file to another user")
def test_what_another_user_owns_is_told_of_and_left(opened, breakwater, extracts):
    theirs = extracts["permissions"]
    os.chown(theirs, 12345, 12345)
    assert breakwater("land").exit_code == 0
    assert mode(theirs) == 0o644
    told = breakwater("status").output
    assert "1 files and folders have modes" in told and theirs.name in told


def test_a_link_in_the_folder_is_not_followed(opened, breakwater, tmp_path):
    outside = tmp_path / "mine.txt"
    outside.touch()
    outside.chmod(0o644)
    (opened.extracts / "mine.txt").symlink_to(outside)
    assert breakwater("land").exit_code == 0
    assert mode(outside) == 0o644
