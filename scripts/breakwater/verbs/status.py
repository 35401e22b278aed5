"""`breakwater status`: what was offered and what became of it, and the releases."""

import click

from breakwater.errors import Refusal
from breakwater.settings import DataFolder, data_folder


@click.command("status")
@click.option("--file", "name", help="Tell of one file only, by its name or its number.")
@click.option("--data", help="Data folder; BREAKWATER_DATA or data/ otherwise.")
def command(name, data) -> None:
    """List files, the account of their rows, and releases.

    Every row ever offered is accounted for: accepted, quarantined, refused, unchanged or replaced. When the
    sums do not agree, the exit status is 1.

    \b
    Example: breakwater status
    Example: breakwater status --file apc_episodes_2025-04-01_2026-03-31.parquet
    """
    from breakwater import account, modes, releases, tables, warehouse

    folder = data_folder(data)
    if name is not None:
        _tell_of_file(folder, name)
        return
    faults: list[str] = []
    if folder.warehouse.exists():
        with warehouse.connect(folder, read_only=True) as connection:
            if account.has_ledger(connection):
                tables.show("Files", *account.files(connection))
                tables.show("Rows", *account.rows(connection))
                faults = account.faults(connection)
                tables.show_line("The sums agree." if not faults else "The sums do not agree.")
            else:
                tables.show_line("Nothing has landed yet: run `breakwater land`.")
    else:
        tables.show_line(f"There is no warehouse in {folder.root} yet: run `breakwater land`.")
    if found := releases.described(folder):
        tables.show("Releases", ["release", "made at", "data up to", "current"], found)
    else:
        tables.show_line("There is no release yet: run `breakwater release`.")
    if opened := modes.wrong(folder):
        tables.show_line(
            f"{len(opened)} files and folders have modes that let others in, or keep them from a release (first:"
            f" {opened[0].relative_to(folder.root.parent)}): `breakwater land` or `build`, run by their owner,"
            " mends that."
        )
    if faults:
        raise Refusal("; ".join(faults))


def _tell_of_file(folder: DataFolder, name: str) -> None:
    from breakwater import file_account, tables, warehouse

    with warehouse.connect(folder, read_only=True) as connection:
        for story in file_account.stories(connection, name):
            tables.show_line(story.title)
            for line in story.lines:
                tables.show_line(f"  {line}")
            tables.show_line("")
            if story.quarantined:
                tables.show("Quarantined", ["column", "reason", "rows", "first line"], story.quarantined)
