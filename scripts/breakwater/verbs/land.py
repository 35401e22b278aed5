"""`breakwater land`: extracts through the gate into the warehouse."""

from collections import Counter
from pathlib import Path

import click

from breakwater.errors import Refusal
from breakwater.progress import say, stopwatch, track
from breakwater.settings import data_folder

DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.command("land")
@click.argument("files", nargs=-1, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--extract", help="What the files are, where they have no manifest.")
@click.option("--layout", help="Their layout, for example hes_apc/193.")
@click.option("--period", nargs=2, type=DAY, help="First and last day of their period.")
@click.option("--key-id", help="Id of the key of their pseudonyms.")
@click.option("--allow-refused", is_flag=True, help="Exit with 0 although a file was refused.")
@click.option("--data", help="Data folder; BREAKWATER_DATA or data/ otherwise.")
@click.pass_context
def command(context, files, extract, layout, period, key_id, allow_refused, data) -> None:
    """Let extracts through the gate into the warehouse.

    Without FILES, everything in the extracts folder, in order of name. Every file is offered; a refused one
    is told in one sentence, and makes the exit status 1 at the end.

    \b
    Example: breakwater land
    Example: breakwater land artificial_hes_apc_0102.csv --extract apc_episodes --layout hes_apc/193 \\
                 --period 2001-04-01 2002-03-31 --key-id hes-artificial
    """
    from breakwater import warehouse
    from breakwater.engine import rows
    from breakwater.gate import ledger
    from breakwater.gate.expectations import Expectations
    from breakwater.gate.landing import land_all

    folder = data_folder(data)
    told = _told(extract, layout, period, key_id)
    paths = list(files) or sorted(_extracts(folder.extracts), key=lambda path: path.name)
    if not paths:
        raise Refusal(f"nothing to land in {folder.extracts}: name files, or run `breakwater pseudonymise`")
    with stopwatch() as seconds, warehouse.connect(folder) as connection:
        ledger.prepare(connection)
        suites = Expectations(connection)
        outcomes = list(track(land_all(connection, paths, told, suites), "land", len(paths)))
        rows.forget_replaced(connection, rows.folder_of(folder))
    for outcome in outcomes:
        if outcome.outcome == "refused":
            Refusal(outcome.reason).show()
        elif outcome.reason and files:  # of a whole folder, every night, it would say nothing new
            click.echo(outcome.reason)
    say("land", _line(outcomes, seconds[0], suites.start_up))
    if not allow_refused and any(outcome.outcome == "refused" for outcome in outcomes):
        context.exit(1)


def _line(outcomes: list, seconds: float, start_up: float) -> str:
    files = Counter(outcome.outcome for outcome in outcomes)
    accepted = sum(outcome.counts.accepted for outcome in outcomes)
    quarantined = sum(outcome.counts.quarantined for outcome in outcomes)
    started = f", of which Great Expectations start-up {start_up:.1f} s" if start_up else ""
    return (
        f"{accepted:,} rows landed, {quarantined:,} quarantined; files: {files['landed']} landed,"
        f" {files['unchanged']} unchanged, {files['refused']} refused; in {seconds:.1f} s{started}"
    )


def _extracts(folder: Path) -> list[Path]:
    return [path for path in folder.glob("*/*") if path.suffix in (".parquet", ".csv")]


def _told(extract: str | None, layout: str | None, period: tuple, key_id: str | None):
    """Return the manifest that the options make up, or None when none was given."""
    from breakwater.manifest import Manifest, check

    given = [extract, layout, period, key_id]
    if not any(given):
        return None
    if not all(given):
        raise Refusal("give --extract, --layout, --period and --key-id together, or none of them")
    told = Manifest(extract, layout, period[0].date(), period[1].date(), key_id)
    check(told, "options")
    return told
