"""`breakwater export`: released figures as files for people and for programs."""

import click

from breakwater.errors import Refusal
from breakwater.settings import data_folder

FORMS = ("csv", "parquet", "xlsx", "ods")


@click.command()
@click.argument("measures", nargs=-1, metavar="[MEASURE]...")
@click.option(
    "--format", "forms", type=click.Choice(FORMS), multiple=True, default=["csv"], show_default=True,
    help="May be given several times.",
)  # fmt: skip
@click.option(
    "--only", multiple=True, metavar="NAME=VALUE[,VALUE]",
    help="Only figures with one of these values of a column, such as area_type, period_start or sex. "
    "May be given several times.",
)  # fmt: skip
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write into.")
@click.option("--release", "release_id", metavar="ID", help="An earlier release; the current one otherwise.")
@click.option("--data", type=click.Path(file_okay=False), help="Data folder.")
def command(measures, forms, only, out: str, release_id: str | None, data: str | None) -> None:
    """Write the released figures of some measures, or of all, with what is needed to use them.

    \b
    Example:
      breakwater export --out figures
      breakwater export emergency_admissions --format xlsx --out figures
      breakwater export --only area_type=ward --only period_type=year --format parquet --out figures
    """
    from pathlib import Path

    from breakwater.exporting import export
    from breakwater.progress import say, stopwatch
    from breakwater.releases import release_folder

    folder = release_folder(data_folder(data), release_id)
    with stopwatch() as seconds:
        files, figures = export(
            folder, list(measures), list(dict.fromkeys(forms)), Path(out), selection(only)
        )
    name = folder.resolve().name
    say("export", f"{figures:,} figures of release {name} in {len(files)} files in {out}, {seconds[0]:.1f} s")


def selection(given: tuple[str, ...]) -> dict[str, list[str]]:
    """Return name -> values of `--only NAME=VALUE[,VALUE]`; raise Refusal if one is not of that shape."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, sign, values = text.partition("=")
        if not sign or not name or not values:
            raise Refusal(f"--only {text!r} is not of the shape NAME=VALUE, such as area_type=ward.")
        found.setdefault(name, []).extend(values.split(","))
    return found
