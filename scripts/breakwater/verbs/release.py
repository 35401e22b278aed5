"""`breakwater release`: from protected marts to a release that was checked and attacked."""

import click


@click.command()
@click.option("--data", type=click.Path(), help="Data folder.")
def command(data: str | None) -> None:
    """Write a release in a new file, check it, attack it, and make it current by one rename.

    A failed gate leaves the current release as it is and says why. There is no way to force one.

    \b
    Example: breakwater release
    """
    from breakwater import preview, release, settings
    from breakwater.progress import activity, say, stopwatch

    folder = settings.data_folder(data)
    with stopwatch() as seconds, activity("release") as report:
        name, figures = release.make(folder, report)
    if "unchanged" in figures:
        say("release", f"{name} is current and nothing has changed")
    else:
        say(
            "release",
            f"{name}: {figures['cells']:,} cells, {figures['withheld']:,} withheld, {figures['checks']} checks passed "
            f"in {seconds[0]:.1f} s",
        )
        say("attack", figures["attack"])
    for line in ["", *preview.lines(folder.releases / name / release.FILE), ""]:
        click.echo(line)
