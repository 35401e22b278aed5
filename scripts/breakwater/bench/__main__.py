"""`python -m breakwater.bench`: seconds and peak memory of every stage, beside the hand-written script."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

import click

from breakwater import tables
from breakwater.bench import comparing, figures, gate, kills, stages
from breakwater.progress import say
from breakwater.settings import DataFolder

SMALL = {"people": 4_000, "years": 2}


@click.command()
@click.option("--people", type=click.IntRange(500, 600_000), help="Residents; all of the place if not given.")
@click.option("--years", type=click.IntRange(1, 10), default=5, show_default=True, help="Financial years.")
@click.option(
    "--small", is_flag=True, help=f"A quick try: {SMALL['people']:,} people, {SMALL['years']} years."
)
@click.option(
    "--data", type=click.Path(path_type=Path), help="An empty folder to work in; a temporary one otherwise."
)
@click.option("--keep", is_flag=True, help="Leave the folder as it is at the end.")
@click.option(
    "--kills", "times", type=int, is_flag=False, flag_value=100, help="Kill land, build and release so often."
)
@click.option(
    "--browse",
    "browsers",
    type=click.IntRange(1, 500),
    is_flag=False,
    flag_value=50,
    help="So many people (50 if nothing is said) browse the release in --data for five minutes.",
)
@click.option(
    "--disclosure",
    "what",
    is_flag=False,
    flag_value="peers",
    type=click.Choice(["peers", "growth"]),
    help="Disclosure control alone: beside other tools (if nothing is said), or how it grows.",
)
@click.option(
    "--table", "wanted", multiple=True, help="With --disclosure peers: this table alone, such as T2."
)
@click.option(
    "--reference",
    type=click.Path(path_type=Path),
    help="With --disclosure peers: the folder of their tables.",
)
@click.option(
    "--no-walk", is_flag=True, help="With --disclosure peers: leave out the walks over whole tables."
)
def main(
    people: int | None,
    years: int,
    small: bool,
    data: Path | None,
    keep: bool,
    times: int | None,
    browsers: int | None,
    what: str | None,
    wanted: tuple[str, ...],
    reference: Path | None,
    no_walk: bool,
) -> None:
    """Measure the pipeline, and hold its cells against those of one hand-written script.

    With --kills, measure nothing: kill land, build and release of a small place at random moments instead, and
    look whether anything is lost. Exits with 1 when any cell differs, or anything is lost.

    \b
    Example: python -m breakwater.bench
             python -m breakwater.bench --small
             python -m breakwater.bench --kills
             python -m breakwater.bench --browse --data data
             python -m breakwater.bench --disclosure --table T2
    """
    if browsers:
        _browse(data, browsers)
        return
    if what == "peers":
        _beside_peers(reference, wanted, not no_walk)
        return
    if what == "growth":
        _growth()
        return
    if small or (times and people is None):
        people, years = SMALL["people"], SMALL["years"]
    if times:
        with _folder(data, keep) as root:
            raise SystemExit(kills.report(root, people, years, times))
    with _folder(data, keep) as root:
        measured = _measure(root, people, years)
        _report(root, measured)
        whole = comparing.compare(DataFolder(root), root / "by_hand.duckdb")
        _say_compared(whole, "")
        month = _measure_new_month(root)
        _report_new_month(measured, month)
        after = comparing.compare(DataFolder(root), root / "by_hand.duckdb")
        _say_compared(after, ", after the new month")
    if whole.differing or after.differing or not whole.compared:
        raise SystemExit(1)


def _browse(data: Path | None, people: int) -> None:
    from breakwater.bench import browse
    from breakwater.releases import release_folder
    from breakwater.settings import data_folder

    release = release_folder(data_folder(str(data) if data else None))
    with browse.server(release) as port:
        for line in browse.in_words(browse.browse(port, people, browse.SECONDS)):
            say("browse", f"{people} people, {line}")


def _beside_peers(reference: Path | None, wanted: tuple[str, ...], walks: bool) -> None:
    from breakwater.bench import peer_tables, peers
    from breakwater.disclosure import policy
    from breakwater.settings import PROJECT

    if unknown := set(wanted) - set(peer_tables.TABLES):
        raise click.UsageError(f"there is no {min(unknown)}; tables are {', '.join(peer_tables.TABLES)}")
    folder = reference or peer_tables.REFERENCE
    peers.report(folder, policy.load(PROJECT), list(wanted) or list(peer_tables.TABLES), walks)


def _growth() -> None:
    from breakwater.bench import growth
    from breakwater.disclosure import policy
    from breakwater.settings import PROJECT

    growth.report(policy.load(PROJECT))


def _say_compared(found: comparing.Comparison, when: str) -> None:
    for name in found.not_compared:
        say("bench", f"not written by hand, so not compared: {name}")
    if found.beyond:
        say("bench", f"beyond the script, so the pipeline counts more: {', '.join(found.beyond)}")
    say(
        "bench",
        f"{found.compared:,} cells compared with the hand-written script: {found.differing:,} differ{when}",
    )


@contextmanager
def _folder(data: Path | None, keep: bool):
    root = Path(tempfile.mkdtemp(prefix="breakwater-bench-")) if data is None else data.resolve()
    if data is not None and root.exists() and any(root.iterdir()):
        raise click.UsageError(f"{data} is not empty; give an empty folder, for it is deleted at the end")
    root.mkdir(parents=True, exist_ok=True)
    try:
        yield root
    finally:
        if keep:
            say("bench", f"kept in {root}")
        else:
            shutil.rmtree(root, ignore_errors=True)


def _measure(root: Path, people: int | None, years: int) -> dict[str, stages.Measured]:
    """Run every stage once; the hand-written script before, between and after, for a machine is noisy."""
    folder = ("--data", str(root))
    size = ("--years", str(years), *(("--people", str(people)) if people else ()))
    measured: dict[str, stages.Measured] = {}
    by_hand: list[stages.Measured] = []
    plain: list[stages.Measured] = []

    def verb(name: str, *options: str) -> None:
        measured[name] = _note(name, "breakwater", name, *options, *folder)

    def hand_written() -> None:
        by_hand.append(_write_by_hand(root))

    def plain_copy() -> None:
        plain.append(_note("plain copy", "breakwater.bench.plain_copy", str(root)))

    verb("synthesise", *size)
    plain_copy()
    verb("pseudonymise")
    plain_copy()
    hand_written()
    verb("land", "--allow-refused")
    plain_copy()
    verb("build")
    hand_written()
    verb("release")
    hand_written()
    measured["dbt"] = _note(
        "start-up of dbt", "breakwater", "dbt", *folder, "--quiet", "parse", "--no-partial-parse"
    )
    measured["expectations"] = _note("start-up of Great Expectations", "breakwater.bench.start_up")
    measured["hand-written"], measured["plain copy"] = _middle(by_hand), _middle(plain)
    return measured


def _measure_new_month(root: Path) -> dict[str, stages.Measured]:
    """Land one month more on top of the whole, build and release: what a new month costs."""
    _note("new month", "breakwater.bench.new_month", str(root))
    options = {"land": ("--allow-refused",), "build": (), "release": ()}
    month = {
        name: _note(f"{name}, new month", "breakwater", name, *more, "--data", str(root))
        for name, more in options.items()
    }
    return month | {"hand-written": _write_by_hand(root)}


def _write_by_hand(root: Path) -> stages.Measured:
    target = root / "by_hand.duckdb"
    target.unlink(missing_ok=True)
    return _note("hand-written", "breakwater.bench.hand_written", str(root), str(target))


def _note(stage: str, module: str, *arguments: str) -> stages.Measured:
    found = stages.run(stage, module, *arguments)
    say("bench", f"{stage}: {found.seconds:.1f} s, {found.peak:,} MB")
    return found


def _middle(runs: list[stages.Measured]) -> stages.Measured:
    return sorted(runs, key=lambda run: run.seconds)[(len(runs) - 1) // 2]


def _report(root: Path, measured: dict[str, stages.Measured]) -> None:
    """Print the table of stages, then what is taken out of the comparison, then the ratio."""
    names = ["synthesise", "pseudonymise", "land", "build", "release", "hand-written"]
    lines = [
        (name, figures.rows(name, run.printed), f"{run.seconds:.1f}", f"{run.processor:.1f}", run.peak)
        for name in names
        for run in [measured[name]]
    ]
    tables.show("Stages", ["stage", "rows", "seconds", "processor seconds", "peak MB"], lines)
    apart = {
        "start-up of dbt": measured["dbt"].seconds,
        "start-up of Great Expectations, land": figures.start_up_of_expectations(measured["land"].printed),
        "start-up of Great Expectations, release": figures.start_up_of_expectations(
            measured["expectations"].printed
        ),
        "protection (decided_cells)": figures.protection(root),
        "attack": figures.attack(root / "releases" / "current" / "release.duckdb"),
    }
    tables.show(
        "Apart, in the stages above", ["part", "seconds"], [(part, f"{s:.1f}") for part, s in apart.items()]
    )
    whole = sum(measured[name].seconds for name in ("land", "build", "release"))
    peak = max(measured[name].peak for name in ("land", "build", "release"))
    say("bench", f"land to release: {whole:.1f} s, {peak:,} MB at the peak (target: 180 s, 4,096 MB)")
    gate.report(measured, measured["plain copy"])
    rest, by_hand = whole - sum(apart.values()), measured["hand-written"].seconds
    say(
        "bench",
        f"without what stands apart {rest:.1f} s, hand-written {by_hand:.1f} s:"
        f" {rest / by_hand:.1f} times (target: 3)",
    )
    # a busy machine stretches the clock of the one more than that of the other; processors are not stretched
    used = sum(measured[name].processor for name in ("land", "build", "release"))
    used -= measured["dbt"].processor + 2 * measured["expectations"].processor
    by_hand = measured["hand-written"].processor
    say(
        "bench",
        f"by processor seconds, protection and attack in, {used:.1f} and {by_hand:.1f}: {used / by_hand:.1f} times",
    )


def _report_new_month(measured: dict, month: dict) -> None:
    """Print what each stage took for all, and for the month that came after."""
    lines = [
        (name, figures.rows(name, run.printed), f"{run.seconds:.1f}", f"{run.processor:.1f}",
         f"{100 * run.processor / measured[name].processor:.0f}")
        for name, run in month.items()
    ]  # fmt: skip
    columns = ["stage", "rows", "seconds", "processor seconds", "% of the whole"]
    tables.show("A new month, on top of the whole", columns, lines)


if __name__ == "__main__":
    main()
