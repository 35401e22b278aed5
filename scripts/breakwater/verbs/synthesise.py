"""`breakwater synthesise`: invent the people of the place and write the extracts its providers would hold."""

import click

from breakwater.errors import Refusal
from breakwater.progress import say, stopwatch, track
from breakwater.settings import data_folder


@click.command()
@click.option(
    "--people",
    type=click.IntRange(500, 600_000),
    help="Residents on the first day; as published if not given.",
)
@click.option("--years", type=click.IntRange(1, 10), default=5, show_default=True,
              help="Financial years, before the months of the present one.")  # fmt: skip
@click.option("--seed", type=click.IntRange(min=0), default=1, show_default=True,
              help="The same seed gives the same files, byte for byte.")  # fmt: skip
@click.option("--dirt/--no-dirt", default=True, show_default=True,
              help="Plant faults on purpose, with a ledger of them in planted.json.")  # fmt: skip
@click.option("--data", help="Data folder; its part provider/ is written.")
def command(people: int | None, years: int, seed: int, dirt: bool, data: str | None) -> None:
    """Make a synthetic place: identifiable extracts as its providers would hold them.

    Nobody in them exists: NHS numbers are never issued, postcodes never used. The key is for demonstration.

    \b
    Example: breakwater synthesise
             breakwater synthesise --people 3000 --years 2 --data /tmp/small
    """
    from breakwater.synthetic import comparison
    from breakwater.synthetic.make import STEPS, Parameters, make, standing

    folder, asked = data_folder(data).provider, Parameters(people, years, seed, dirt)
    place = standing(folder, asked)
    if place:
        say("synthesise", f"nothing to do: {len(place['files'])} files stand as these arguments make them")
        return
    place = {}
    try:
        with stopwatch() as seconds:
            for _ in track(make(folder, asked, place), "synthesise", total=STEPS):
                pass
    except PermissionError as error:
        raise Refusal(
            f"{error.filename} cannot be written; give a folder of your own with --data."
        ) from error
    rows = sum(place["rows"].values())
    say(
        "synthesise",
        f"{len(place['files'])} files, {rows:,} rows in {seconds[0]:.1f} s (key for demonstration only)",
    )
    for line in comparison.lines(place["comparison"]):
        click.echo(f"    {line}")
