"""`breakwater export`: released figures as files for other programs."""

import click

from breakwater.settings import data_folder


@click.command()
@click.argument("measures", nargs=-1, metavar="[MEASURE]...")
@click.option(
    "--format", "file_format", type=click.Choice(["csv", "parquet"]), default="csv", show_default=True
)
@click.option("--out", required=True, type=click.Path(file_okay=False), help="Folder to write into.")
@click.option("--release", "release_id", metavar="ID", help="An earlier release; the current one otherwise.")
@click.option("--data", type=click.Path(file_okay=False), help="Data folder.")
def command(
    measures: tuple[str, ...], file_format: str, out: str, release_id: str | None, data: str | None
) -> None:
    """Write the released figures of some measures, or of all, with what is needed to use them.

    \b
    Example:
      breakwater export --out figures
      breakwater export emergency_admissions --format parquet --out figures
    """
    from pathlib import Path

    from breakwater.exporting import export
    from breakwater.progress import say
    from breakwater.releases import release_folder

    folder = release_folder(data_folder(data), release_id)
    files, rows = export(folder, list(measures), file_format, Path(out))
    say("export", f"{rows:,} figures of release {folder.resolve().name} in {len(files)} files in {out}")
