"""`breakwater serve`: what the dashboards' process is told, and what is refused before it starts."""

import socket
from pathlib import Path

import pytest
from breakwater.cli import main
from breakwater.serving import environment
from click.testing import CliRunner

SECRETS = {
    "BREAKWATER_WAREHOUSE_KEY": "a", "BREAKWATER_DATA": "b", "DBT_ENV_SECRET_KEY": "c", "PSEUDONYM_KEY": "d",
    "AWS_SECRET_ACCESS_KEY": "e", "STREAMLIT_SERVER_ADDRESS": "0.0.0.0",
}  # fmt: skip


def test_the_dashboards_inherit_no_key(monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    told = environment(Path("/releases/current"))
    assert not SECRETS.keys() & told.keys()
    assert told["BREAKWATER_RELEASE"] == "/releases/current" and "PATH" in told


def test_a_taken_port_is_refused(data):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = CliRunner().invoke(main, ["serve", "--data", str(data), "--port", str(port)])
    assert (
        done.exit_code == 1
        and done.output == f"breakwater: port {port} is taken; choose another with --port.\n"
    )


def test_no_release_is_refused_with_the_remedy(tmp_path):
    done = CliRunner().invoke(main, ["serve", "--data", str(tmp_path)])
    assert done.exit_code == 1 and "make one with `breakwater release`" in done.output


@pytest.mark.parametrize("name", ["..", "../../etc", "/etc", "current/..", "2020-01-01", "%2e%2e", "."])
def test_a_release_is_a_name_in_the_folder_and_nothing_else(data, name):
    done = CliRunner().invoke(main, ["serve", "--data", str(data), "--release", name])
    assert done.exit_code == 1 and "there is no release" in done.output
