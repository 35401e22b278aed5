"""`breakwater propose`: what one cut more would cost, before anybody adds it."""

import click

DIMENSIONS = {
    "period": "year, quarter, month or mid_year",
    "area": "place, locality, ward, quintile, practice or small_area",
    "age": "all, broad or five_year",
    "sex": "all or each",
}


def _dimension(name: str):
    return click.option(
        f"--{name}", required=True, metavar="LEVEL[,LEVEL]", help=f"One or more of {DIMENSIONS[name]}."
    )


@click.command()
@click.argument("measure")
@_dimension("period")
@_dimension("area")
@_dimension("age")
@_dimension("sex")
@click.option(
    "--series", "category", help="One category of the measure, such as fall; all of them otherwise."
)
@click.option("--data", type=click.Path(), help="Data folder.")
def command(
    measure: str, period: str, area: str, age: str, sex: str, category: str | None, data: str | None
) -> None:
    """Say how many figures a cut that is not released yet would have withheld, why, and what it would cost others.

    Decides the next release with the cut and without it, and compares. It tells numbers of figures, never a value, and
    changes nothing. To release the cut, add it to the measure's series in models/marts/MEASURE.yml.

    \b
    Example: breakwater propose emergency_admissions --period year --area ward --age broad --sex each
             breakwater propose reablement --series "at home" --period quarter --area locality --age all --sex all
    """
    from breakwater import proposing, settings
    from breakwater.progress import activity, say, stopwatch

    cut = {
        name: [level.strip() for level in levels.split(",")]
        for name, levels in zip(DIMENSIONS, (period, area, age, sex), strict=True)
    }
    with stopwatch() as seconds, activity("propose"):
        found = proposing.propose(settings.data_folder(data), measure, cut, category)
    withheld = found.cells - found.reasons["shown"] - found.reasons["not yet known"]
    say("series", ", ".join(found.series))
    say(
        "propose",
        f"{found.cells:,} figures, {withheld:,} of them withheld ({100 * withheld / found.cells:.0f}%), "
        f"in {seconds[0]:.1f} s",
    )
    for reason, number in sorted(found.reasons.items(), key=lambda item: -item[1]):
        say(reason, f"{number:,}")
    others = f"{found.lost.total():,} figures released today would be withheld too"
    say("others", others + (f", and {found.regained.total():,} shown again" if found.regained else ""))
