"""Kill land, build and release at random moments, and see that the last good state is there and finishing is whole.

A place is made and released. Then the last file of every extract is supplied again with fewer rows. What an
undisturbed run makes of that is the measure; the same is done again and again, each verb killed (SIGKILL) at
random moments until it gets through.
"""

import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from breakwater import account, progress, warehouse
from breakwater.bench import stages
from breakwater.errors import Refusal
from breakwater.gate.contract import contracts
from breakwater.manifest import read_manifest, sha256_of, write_manifest
from breakwater.settings import DataFolder

VERBS = {"land": ("--allow-refused",), "build": (), "release": ()}
# Tables of a release that say when it was made and how long that took.
OF_THE_RUN = ("release", "checks", "proof")


@dataclass
class Tally:
    """Kills by verb, runs that were over before the kill, and faults in words; none when all went well."""

    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(VERBS, 0))
    over: int = 0
    rounds: int = 0
    faults: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        return sum(self.kills.values())


@dataclass(frozen=True)
class Ended:
    """How a verb ended: exit status (negative when it was killed), processor seconds used, its last words."""

    status: int
    seconds: float
    said: str


def report(root: Path, people: int, years: int, times: int, seed: int = 1) -> int:
    """Make a place, kill its verbs, and print what was found; return the exit status."""
    start = root / "start"
    for verb, *options in (
        ("synthesise", "--people", str(people), "--years", str(years)),
        ("pseudonymise",),
        *((verb, *options) for verb, options in VERBS.items()),
    ):
        stages.run(verb, "breakwater", verb, *options, "--data", str(start))
    tally = kill_often(start, root, times, seed, lambda told: progress.say("bench", told))
    by_verb = ", ".join(f"{verb} {count}" for verb, count in tally.kills.items())
    progress.say(
        "bench",
        f"{tally.total} kills ({by_verb}) in {tally.rounds} rounds, seed {seed}; {tally.over} runs"
        f" were over before the kill; {len(tally.faults)} faults",
    )
    for fault in tally.faults:
        progress.say("bench", fault)
    return 1 if tally.faults else 0


def kill_often(start: Path, folder: Path, kills: int, seed: int, say: Callable[[str], None]) -> Tally:
    """Kill verbs `kills` times in copies of `start`, a data folder with a release; copies go into `folder`.

    A moment is told in processor seconds, of those that an undisturbed run of the verb uses: on a busy machine a
    run takes longer by the clock, and would not get beyond its beginning.
    """
    rng, tally = random.Random(seed), Tally()
    calm = _copy(start, folder / "calm")
    supply_again(calm)
    seconds = {verb: run(calm, verb) for verb in VERBS}
    wanted = released(calm), landed(calm)
    while tally.total < kills:
        data, before = _copy(start, folder / "killed"), tally.total
        supply_again(data)
        try:
            _round(data, seconds, kills, rng, tally, wanted[0])
            if released(data) != wanted[0]:
                tally.faults.append("the release differs from that of an undisturbed run")
            if landed(data) != wanted[1]:
                tally.faults.append("what has landed differs from an undisturbed run")
            tally.faults += [f"left behind: {path.name}" for path in left_behind(data)]
        except Refusal as refusal:
            tally.faults.append(refusal.message)
            kept = folder / f"fault_{tally.rounds}"
            shutil.rmtree(kept, ignore_errors=True)
            data.root.rename(kept)
        tally.rounds += 1
        say(f"{tally.total} kills; " + ("; ".join(tally.faults) or "no faults"))
        if tally.total == before:
            break  # what cannot be killed, for it fails or ends by itself, is told and not tried for ever
    return tally


def _round(
    data: DataFolder, seconds: dict[str, float], kills: int, rng: random.Random, tally: Tally, wanted: dict
) -> None:
    """Take one copy from its correction to its release, killing each verb several times before it may finish.

    Raises Refusal when a verb fails by itself.
    """
    before, known = released(data), {}
    tally.faults += [f"before the first kill: {fault}" for fault in faults(data, known)]
    for verb in VERBS:
        for _ in range(min(rng.randint(6, 10), kills - tally.total)):
            ended = kill(data, verb, rng.uniform(0.1, seconds[verb]))
            if ended.status > 0:
                raise Refusal(f"{verb} failed before it was killed: {ended.said}")
            if ended.status == 0:
                tally.over += 1
                break
            tally.kills[verb] += 1
            tally.faults += [f"{verb} killed: {fault}" for fault in faults(data, known)]
            if released(data) not in (before, wanted):
                tally.faults.append(f"{verb} killed: the current release is neither the old nor the new one")
        run(data, verb)


def supply_again(data: DataFolder) -> None:
    """Supply the last file of every extract again, without each hundredth row."""
    for extract in contracts():
        paths = sorted((data.extracts / extract).glob("*.parquet"))
        last = next((path for path in reversed(paths) if "_again" not in path.stem), None)
        if last is None:
            continue
        again = last.with_name(f"{last.stem}_again.parquet")
        table = f"read_parquet('{str(last).replace(chr(39), chr(39) * 2)}', file_row_number = true)"
        kept = f"select * exclude file_row_number from {table} where file_row_number % 100 <> 7"
        (rows,) = duckdb.execute(f"copy ({kept}) to '{str(again).replace(chr(39), chr(39) * 2)}'").fetchone()
        told = read_manifest(last).__dict__ | {
            "rows": rows,
            "sha256": sha256_of(again),
            "source_digest": None,
        }
        write_manifest(again, type(read_manifest(last))(**told))


def kill(data: DataFolder, verb: str, after: float) -> Ended:
    """Start a verb and kill it once it has used so many processor seconds, unless it ends by itself before."""
    return _end(data, verb, after)


def run(data: DataFolder, verb: str) -> float:
    """Run a verb to its end; return its processor seconds. Raises Refusal when it fails."""
    ended = _end(data, verb, None)
    if ended.status:
        raise Refusal(f"{verb} failed with nobody killing it: {ended.said}")
    return ended.seconds


def faults(data: DataFolder, known: dict[int, int]) -> list[str]:
    """Return what is wrong with the store; known: accepted rows by file as seen before, brought up to date here."""
    if not data.warehouse.exists():
        return ["there is no store"]
    try:
        with warehouse.connect(data, read_only=True) as connection:
            found = account.faults(connection)
            files = connection.execute(
                "select file_id, extract, outcome, accepted, quarantined from ledger.files"
            ).fetchall()
            stored = _rows_by_file(connection)
    except (Refusal, duckdb.Error) as error:
        return [f"the store does not open ({type(error).__name__})"]
    accepted = {no: rows for no, _, outcome, rows, _ in files if outcome in ("landed", "replaced")}
    found += [f"file {no} is lost" for no, rows in known.items() if accepted.get(no) != rows]
    standing = {no: rows for no, _, outcome, rows, _ in files if outcome == "landed" and rows}
    if stored != standing:
        found.append("rows of files that did not land, or not all rows of one that did")
    known |= accepted
    return found


def released(data: DataFolder) -> dict[str, tuple[int, int]]:
    """Return rows and a digest of every table of the current release, but of those that tell of the run."""
    path = data.releases / "current" / "release.duckdb"
    with duckdb.connect(str(path), read_only=True) as release:
        tables = [name for (name,) in release.execute("select table_name from duckdb_tables()").fetchall()]
        return {
            table: release.execute(f"select count(*), sum(hash(t::varchar)) from {table} as t").fetchone()
            for table in sorted(set(tables).difference(OF_THE_RUN))
        }


def landed(data: DataFolder) -> dict[str, tuple[int, int]]:
    """Return rows and a digest of every landed table; the number of a file says only when it was offered."""
    with warehouse.connect(data, read_only=True) as connection:
        return {
            extract: connection.execute(
                f"select count(*), sum(hash(t::varchar)) from (select * exclude _file_id from landed.{extract}) as t"
            ).fetchone()
            for extract in contracts()
        }


def left_behind(data: DataFolder) -> list[Path]:
    """Return what a killed run left that the next has not removed."""
    return [*data.releases.glob(".*"), *(path for path in data.temporary.glob("*-*") if any(path.iterdir()))]


def _rows_by_file(connection: duckdb.DuckDBPyConnection) -> dict[int, int]:
    tables = [f"{schema}.{extract}" for schema in ("landed", "outdated") for extract in contracts()]
    union = " union all ".join(f"select _file_id from {table}" for table in tables)
    return dict(connection.execute(f"select _file_id, count(*) from ({union}) group by 1").fetchall())


def _end(data: DataFolder, verb: str, after: float | None) -> Ended:
    command = [sys.executable, "-m", "breakwater", verb, *VERBS[verb], "--data", str(data.root)]
    with tempfile.TemporaryFile("w+") as words:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=words)
        start, ended = time.perf_counter(), 0
        while not ended:
            ended, status, used = os.wait4(process.pid, 0 if after is None else os.WNOHANG)
            if not ended:
                if _used(process.pid, start) >= after:
                    process.kill()
                time.sleep(0.01)
        process.returncode = os.waitstatus_to_exitcode(status)
        words.seek(0)
        said = words.read().strip().splitlines()[-3:] or ["it said nothing"]
    return Ended(process.returncode, used.ru_utime + used.ru_stime, " / ".join(said))


def _used(process: int, start: float) -> float:
    """Return the processor seconds of a running process; where the system does not list them, those by the clock."""
    try:
        numbers = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return time.perf_counter() - start
    return (int(numbers[11]) + int(numbers[12])) / os.sysconf("SC_CLK_TCK")


def _copy(start: Path, target: Path) -> DataFolder:
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(start, target, symlinks=True)
    return DataFolder(target)
