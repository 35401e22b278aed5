"""Many people browse the dashboards at once: seconds until a page is whole, and until a changed choice is drawn.

They talk to the running server as a browser does, without drawing: the times are the server's.
"""

import asyncio
import random
import socket
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from breakwater.serving import environment
from breakwater.settings import PROJECT

PAGES = (
    "",
    "topic-unplanned-care",
    "emergency_admissions",
    "reablement",
    "board",
    "releases",
    "search?q=people",
)
# On the page of emergency admissions: what a reader changes.
CHOICES = (
    "area=",
    "every=quarter",
    "every=month",
    "age=85%2B",
    "compare=locality",
    "areas=funnel",
    "sex=female",
)
# So long a person looks at a page before the next click, seconds.
LOOKS = (2.0, 8.0)
SECONDS = 300.0


@contextmanager
def server(release: Path) -> Iterator[int]:
    """Run the dashboards on a release's folder, on a free port, and give the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = str(PROJECT / "dashboards" / "server.py")
    command = [sys.executable, "-m", "streamlit", "run", script, "--server.port", str(port)]
    child = subprocess.Popen(command, cwd=PROJECT, env=environment(release))
    try:
        while child.poll() is None:
            try:
                urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=1).close()
                break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        yield port
    finally:
        child.terminate()
        child.wait()


def browse(port: int, people: int, seconds: float) -> dict[str, list[float]]:
    """Return the seconds of every page opened and every choice changed, by 'page' and 'choice'.

    Raises RuntimeError if a script of the server fails or a connection is lost.
    """
    return asyncio.run(_all(port, people, seconds))


def in_words(found: dict[str, list[float]]) -> list[str]:
    """Return a line for each kind: how many, the median and the 95th percentile."""
    lines = []
    for kind, times in found.items():
        if len(times) > 1:
            high = statistics.quantiles(times, n=20)[-1]
            lines.append(
                f"{kind}: {len(times):,}, median {statistics.median(times):.2f} s, 95th percentile {high:.2f} s"
            )
    return lines


async def _all(port: int, people: int, seconds: float) -> dict[str, list[float]]:
    found: dict[str, list[float]] = {"page": [], "choice": []}
    end = time.monotonic() + seconds
    await asyncio.gather(*(_person(port, number, end, found) for number in range(people)))
    return found


async def _person(port: int, number: int, end: float, found: dict[str, list[float]]) -> None:
    import websockets

    chance = random.Random(number)
    await asyncio.sleep(chance.uniform(0, 5))
    while time.monotonic() < end:
        page, _, query = chance.choice(PAGES).partition("?")
        address = f"ws://127.0.0.1:{port}/_stcore/stream"
        # Each page is opened as by a link in a table: a new connection.
        started = time.monotonic()
        async with websockets.connect(address, subprotocols=["streamlit"], max_size=None) as connection:
            await _run(connection, page, query)
            found["page"].append(time.monotonic() - started)
            for _ in range(3 if page == "emergency_admissions" else 0):
                await asyncio.sleep(chance.uniform(*LOOKS))
                started = time.monotonic()
                await _run(connection, page, chance.choice(CHOICES))
                found["choice"].append(time.monotonic() - started)
            await asyncio.sleep(chance.uniform(*LOOKS))


async def _run(connection, page: str, query: str) -> None:
    """Ask for a page with choices, and wait until the server has drawn it."""
    from streamlit.proto.BackMsg_pb2 import BackMsg
    from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

    asked = BackMsg()
    asked.rerun_script.query_string = query
    asked.rerun_script.page_name = page
    await connection.send(asked.SerializeToString())
    while True:
        answer = ForwardMsg()
        answer.ParseFromString(await asyncio.wait_for(connection.recv(), 60))
        kind = answer.WhichOneof("type")
        if kind == "delta" and answer.delta.new_element.WhichOneof("type") == "exception":
            raise RuntimeError(f"the page {page!r} failed")
        if kind == "script_finished":
            return
