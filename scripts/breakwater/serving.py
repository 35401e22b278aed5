"""Running the dashboards as a process of their own that is told a release and nothing else."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from breakwater.errors import Refusal
from breakwater.progress import say
from breakwater.settings import PROJECT

ADDRESS = "127.0.0.1"
# All that the dashboards inherit. Keys of the warehouse and of pseudonyms are in no such variable.
INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "VIRTUAL_ENV")
PATIENCE = 60.0


def serve(release: Path, port: int) -> None:
    """Start the dashboards on a release's folder, say where they are, and wait until they are stopped.

    Raises Refusal if the port is taken or the dashboards end by themselves.
    """
    _refuse_taken(port)
    command = [sys.executable, "-m", "streamlit", "run", str(PROJECT / "dashboards" / "server.py")]
    options = ["--server.address", ADDRESS, "--server.port", str(port)]
    child = subprocess.Popen([*command, *options], cwd=PROJECT, env=environment(release))
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        _wait_until_ready(child, port)
        say("serve", f"http://{ADDRESS}:{port} shows release {release.resolve().name}; stop with Ctrl+C")
        child.wait()
    except KeyboardInterrupt:
        return
    finally:
        child.terminate()
        child.wait()
    raise _stopped(child, port)


def environment(release: Path) -> dict[str, str]:
    """Return the whole environment of the dashboards: where the release is, and what any program needs."""
    kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
    return kept | {
        "BREAKWATER_RELEASE": str(release),
        "PYTHONPATH": str(PROJECT),
        "PYTHONDONTWRITEBYTECODE": "1",
    }


def _refuse_taken(port: int) -> None:
    with socket.socket() as trial:
        # Without this, a port that was closed a moment ago would still count as taken.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((ADDRESS, port))
        except OSError:
            raise Refusal(f"port {port} is taken; choose another with --port.") from None


def _wait_until_ready(child: subprocess.Popen, port: int) -> None:
    end = time.monotonic() + PATIENCE
    while child.poll() is None and time.monotonic() < end:
        try:
            with urllib.request.urlopen(f"http://{ADDRESS}:{port}/_stcore/health", timeout=1):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    if child.poll() is None:
        raise Refusal(f"the dashboards did not answer on port {port} within {PATIENCE:.0f} seconds.")
    raise _stopped(child, port)


def _stopped(child: subprocess.Popen, port: int) -> Refusal:
    return Refusal(f"the dashboards on port {port} stopped with status {child.returncode}; see above.")
