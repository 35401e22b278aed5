"""Tables on the terminal; plain columns when nobody looks, so that a program can read them."""

import sys
from collections.abc import Sequence

import click


def show(title: str, columns: list[str], rows: list[tuple]) -> None:
    """Print a titled table; numbers to the right, with thousands separated; empty for None."""
    texts = [[_text(value) for value in row] for row in rows]
    right = [bool(rows) and all(isinstance(row[i], int | None) for row in rows) for i in range(len(columns))]
    if sys.stdout.isatty():
        _show_rich(title, columns, texts, right)
    else:
        _show_plain(title, columns, texts, right)


def show_line(text: str) -> None:
    click.echo(text)


def _show_rich(title: str, columns: list[str], texts: list[list[str]], right: list[bool]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title=title, title_justify="left", header_style="bold")
    for name, is_right in zip(columns, right, strict=True):
        table.add_column(name, justify="right" if is_right else "left")
    for row in texts:
        table.add_row(*row)
    Console().print(table)


def _show_plain(title: str, columns: list[str], texts: list[list[str]], right: list[bool]) -> None:
    widths = [max(len(row[i]) for row in [columns, *texts]) for i in range(len(columns))]

    def line(row: Sequence[str]) -> str:
        cells = zip(row, widths, right, strict=True)
        return "  ".join(
            text.rjust(width) if left else text.ljust(width) for text, width, left in cells
        ).rstrip()

    click.echo(title)
    for row in [columns, *texts]:
        click.echo(line(row))
    click.echo("")


def _text(value: object) -> str:
    if value is None:
        return ""
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)
