"""`breakwater build`: dbt, from landed rows to protected marts."""

import click


@click.command()
@click.option("--data", type=click.Path(), help="Data folder.")
@click.option("--force", is_flag=True, help="Build again although nothing has changed.")
def command(data: str | None, force: bool) -> None:
    """Run dbt: stage, link, count, decide what must be withheld, protect; then test every layer.

    \b
    Example: breakwater build
    """
    from breakwater import build, settings
    from breakwater.progress import activity, say, stopwatch

    with stopwatch() as seconds, activity("build") as report:
        figures = build.build(settings.data_folder(data), force, report)
    if "unchanged" in figures:
        say("build", "nothing has changed since the last build")
        return
    protection = sum(s for name, s in figures["seconds"].items() if name == "decided_cells")
    models = sum(figures["seconds"].values())
    say(
        "build",
        f"{figures['models']} models, {figures['tests']} tests, {figures['cells']:,} cells decided "
        f"in {seconds[0]:.1f} s "
        f"(models {models:.1f} s, of which protection {protection:.1f} s)",
    )
