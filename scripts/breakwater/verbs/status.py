"""`breakwater status`: what was offered and what became of it, and the releases."""

import click

from breakwater.errors import Refusal
from breakwater.settings import data_folder


@click.command("status")
@click.option("--data", help="Data folder; BREAKWATER_DATA or data/ otherwise.")
def command(data) -> None:
    """List files, the account of their rows, and releases.

    Every row ever offered is accounted for: accepted, quarantined, refused, unchanged or replaced. When the
    sums do not agree, the exit status is 1.

    \b
    Example: breakwater status
    """
    from breakwater import account, releases, tables, warehouse

    folder = data_folder(data)
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
    if faults:
        raise Refusal("; ".join(faults))
