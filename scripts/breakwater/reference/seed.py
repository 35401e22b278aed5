"""Read and write the seeds, and the one command line that every rebuilding script shares."""

import csv
import io
from collections.abc import Callable, Iterable
from pathlib import Path

import click
import yaml

from breakwater.progress import say
from breakwater.settings import PROJECT

SEEDS = PROJECT / "seeds"
Rows = list[dict[str, object]]


def text(columns: Iterable[str], rows: Rows) -> str:
    """Return the seed as CSV text: the given columns, Unix line ends, empty where a value is None."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def read(name: str, folder: Path = SEEDS) -> list[dict[str, str]]:
    """Return the rows of a committed seed."""
    with (folder / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decisions(name: str, folder: Path = SEEDS) -> dict:
    """Return `config.meta` of a seed's YAML, where choices of our own stand beside the publisher's facts."""
    entry = yaml.safe_load((folder / f"{name}.yml").read_text(encoding="utf-8"))["seeds"][0]
    return entry["config"]["meta"]


def rebuild(name: str, build: Callable[[Path], str]) -> click.Command:
    """Return the command `python -m breakwater.reference.<name> FOLDER`, which writes the seed."""

    @click.command(help=f"Rebuild seeds/{name}.csv from the publisher's files in FOLDER.")
    @click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
    @click.option(
        "--out", type=click.Path(file_okay=False, path_type=Path), default=SEEDS, show_default="seeds"
    )
    def command(folder: Path, out: Path) -> None:
        content = build(folder)
        (out / f"{name}.csv").write_text(content, encoding="utf-8", newline="\n")
        say(name, f"{content.count(chr(10)) - 1:,} rows")

    return command
