"""`breakwater build`: dbt, from landed rows to protected marts."""

import click


@click.command()
@click.option("--data", type=click.Path(), help="Data folder.")
@click.option("--force", is_flag=True, help="Build again although nothing has changed.")
@click.option(
    "--engine",
    type=click.Choice(["duckdb", "spark"]),
    default="duckdb",
    show_default=True,
    help="What builds the row layers; decisions and marts are always DuckDB's.",
)
def command(data: str | None, force: bool, engine: str) -> None:
    """Run dbt: stage, link, count, decide what must be withheld, protect; then test every layer.

    \b
    Example: breakwater build
             breakwater build --engine spark
    """
    from breakwater import build, settings
    from breakwater.progress import activity, say, stopwatch

    with stopwatch() as seconds, activity("build") as report:
        figures = build.build(settings.data_folder(data), force, report, engine)
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
