"""A sample release and the dashboards upon it, for every test of this folder."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT), str(Path(__file__).parent)]


@pytest.fixture(scope="session")
def data(tmp_path_factory) -> Path:
    """A data folder with one release, which is current."""
    from sample_release import make_release

    folder = tmp_path_factory.mktemp("data")
    make_release(folder)
    return folder


@pytest.fixture(scope="session")
def release_file(data) -> Path:
    return (data / "releases" / "current" / "release.duckdb").resolve()


@pytest.fixture(scope="session")
def release(release_file):
    from dashboards.release import Release

    return Release(release_file)


@pytest.fixture
def served(data, monkeypatch) -> Path:
    """The environment of the dashboards, as `breakwater serve` makes it; returns the releases folder."""
    monkeypatch.setenv("BREAKWATER_RELEASE", str(data / "releases" / "current"))
    return data / "releases"


@pytest.fixture(scope="session")
def address(data):
    """`breakwater serve` on the sample release, as a user would start it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "breakwater", "serve", "--data", str(data), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        line = process.stdout.readline()
        assert f"http://127.0.0.1:{port}" in line
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)
