"""Run one stage in a process of its own, and measure it."""

import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass

from breakwater.errors import Refusal


@dataclass(frozen=True)
class Measured:
    """One process: seconds by the clock and of the processors, peak memory in MB, what it printed."""

    stage: str
    seconds: float
    processor: float
    peak: int
    printed: str


def run(stage: str, module: str, *arguments: str) -> Measured:
    """Run `python -m module arguments`; raise Refusal with its last words when it fails.

    The peak is the kernel's, of the child alone. A child begins with its parent's memory on its account, so
    whoever measures must itself stay small: nothing heavy is imported before the last stage has ended.
    """
    with tempfile.TemporaryFile("w+") as out:
        start = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", module, *arguments], stdout=out, stderr=subprocess.STDOUT
        )
        _, status, used = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        printed = out.read()
    if process.returncode:
        last = printed.strip().splitlines()[-1:] or ["it said nothing"]
        raise Refusal(f"the stage `{stage}` ended with {process.returncode}: {last[0]}")
    return Measured(stage, seconds, used.ru_utime + used.ru_stime, used.ru_maxrss // 1024, printed)
