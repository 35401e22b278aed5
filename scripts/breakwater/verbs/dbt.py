"""`breakwater dbt`: any dbt command, with the profile and the catalogue's variables."""

import click


@click.command(context_settings={"ignore_unknown_options": True, "help_option_names": []})
@click.option("--data", type=click.Path(), help="Data folder.")
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def command(data: str | None, arguments: tuple[str, ...]) -> None:
    """Run a dbt command in this project, as `dbt` would.

    \b
    Example: breakwater dbt test --select staging
    """
    from breakwater import build, settings

    result = build.run_dbt(settings.data_folder(data), list(arguments))
    raise SystemExit(0 if result.success else 1)
