"""What a command says while it works: a bar for what takes over two seconds, one line at the end."""

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

import click


def say(stage: str, message: str) -> None:
    """Print the one line with which a step reports, for example `land   12,345 rows in 3.2 s`."""
    click.echo(f"{stage:<13} {message}")


@contextmanager
def stopwatch() -> Iterator[list[float]]:
    """Yield a list that holds the seconds passed once the block has ended."""
    seconds: list[float] = []
    start = time.perf_counter()
    yield seconds
    seconds.append(time.perf_counter() - start)


def track(items: Iterable, label: str, total: int | None = None) -> Iterator:
    """Yield the items; on a terminal, show a progress bar once two seconds have passed."""
    if not sys.stderr.isatty():
        yield from items
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    if total is None and hasattr(items, "__len__"):
        total = len(items)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    start = time.monotonic()
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(label, total=total)
    shown = False
    try:
        for item in items:
            yield item
            bar.advance(task)
            if not shown and time.monotonic() - start > 2:
                bar.start()
                shown = True
    finally:
        if shown:
            bar.stop()


@contextmanager
def activity(label: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that says what is being done; on a terminal, a line shows it with the time passed.

    For work whose steps cannot be counted beforehand.
    """
    if not sys.stderr.isatty():
        yield lambda doing: None
        return
    from rich.console import Console
    from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(label)
        yield lambda doing: bar.update(task, description=f"{label:<13} {doing}")
