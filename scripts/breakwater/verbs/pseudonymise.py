"""`breakwater pseudonymise`: identifiable extracts in, pseudonymised extracts and manifests out."""

from datetime import date
from pathlib import Path

import click

from breakwater.errors import Refusal
from breakwater.progress import say, stopwatch, track
from breakwater.settings import data_folder

DAY = click.DateTime(formats=["%Y-%m-%d"])
FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command("pseudonymise")
@click.argument("files", nargs=-1, type=FILE)
@click.option("--extract", help="What the files are, where no .json beside them says so.")
@click.option("--layout", help="Their layout, for example gp_registrations/1.")
@click.option("--period", nargs=2, type=DAY, help="First and last day of their period.")
@click.option("--key-file", type=FILE, help="File with the lines `id: NAME` and `key: HEX`.")
@click.option(
    "--lookup", type=FILE, help="File with the columns postcode, lsoa21 and, for some layouts, lsoa11."
)
@click.option("--format", "form", type=click.Choice(["parquet", "csv"]), default="parquet", show_default=True)
@click.option("--to", "target", type=click.Path(file_okay=False, path_type=Path), help="Folder to write to.")
@click.option("--data", help="Data folder; BREAKWATER_DATA or data/ otherwise.")
def command(files, extract, layout, period, key_file, lookup, form, target, data) -> None:
    """Turn identifiable extracts into pseudonymised ones, at the provider.

    Without FILES, everything in the provider folder. The key comes from --key-file or from the environment
    (BREAKWATER_PSEUDONYM_KEY=ID:HEX), never from the command line. What was made already is not made again.

    \b
    Example: breakwater pseudonymise
    Example: breakwater pseudonymise apc.csv --extract apc_episodes --layout hes_apc/2021 \\
                 --period 2025-04-01 2026-03-31 --key-file key.txt --lookup postcodes.csv --to out
    """
    from breakwater.pseudonyms.extract import Pseudonymiser, Source
    from breakwater.pseudonyms.key import read_key
    from breakwater.scratch import scratch_folder

    folder = data_folder(data)
    paths = list(files) or sorted(path.with_suffix(".csv") for path in folder.provider.glob("*/*.json"))
    if not paths:
        raise Refusal(
            f"nothing to pseudonymise in {folder.provider}: name files, or run `breakwater synthesise`"
        )
    key = read_key(key_file or _default(folder.provider / "pseudonym.key"))
    lookup = lookup or _default(folder.provider / "postcodes.csv")
    target = target or folder.extracts
    work = [
        (Source(path, told), target / told.extract / f"{path.stem}.{form}")
        for path in paths
        for told in [_told(path, extract, layout, period, key.id)]
    ]
    with stopwatch() as seconds, scratch_folder(folder) as scratch:
        run = Pseudonymiser(key, lookup, scratch).run(work)
        written = list(track(run, "pseudonymise", len(work)))
    made = sum(rows >= 0 for rows in written)
    rows = sum(max(rows, 0) for rows in written)
    say(
        "pseudonymise",
        f"{rows:,} rows; files: {made} made, {len(written) - made} unchanged; key {key.id}; in {seconds[0]:.1f} s",
    )


def _default(path: Path) -> Path | None:
    return path if path.exists() else None


def _told(path: Path, extract: str | None, layout: str | None, period: tuple, key_id: str):
    """Return what the file is: from the options, else from the .json beside it."""
    import json

    from breakwater.manifest import Manifest, check

    if extract and layout and period:
        told = Manifest(extract, layout, period[0].date(), period[1].date(), key_id)
    elif path.with_suffix(".json").exists() and path.exists():
        try:
            beside = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
            days = (date.fromisoformat(beside[name]) for name in ("period_start", "period_end"))
            told = Manifest(beside["extract"], beside["layout"], *days, key_id)
        except (ValueError, TypeError, KeyError):
            raise Refusal(
                f"{path.stem}.json does not say extract, layout, period_start, period_end"
            ) from None
    else:
        raise Refusal(
            f"{path.name}: say what it is with --extract, --layout and --period, or a .json beside it"
        )
    check(told, path.name)
    return told
