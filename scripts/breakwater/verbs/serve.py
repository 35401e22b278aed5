"""`breakwater serve`: the dashboards on one release, for this machine."""

import click

from breakwater.settings import data_folder


@click.command()
@click.option("--port", default=8501, show_default=True, type=click.IntRange(1, 65535), help="Port.")
@click.option("--release", "release_id", metavar="ID", help="An earlier release; the current one otherwise.")
@click.option("--data", type=click.Path(file_okay=False), help="Data folder.")
def command(port: int, release_id: str | None, data: str | None) -> None:
    """Open the dashboards on a release. They see that release and nothing else.

    \b
    Example:
      breakwater serve
      breakwater serve --port 8600 --release 2026-11-02
    """
    from breakwater.releases import release_folder
    from breakwater.serving import serve

    serve(release_folder(data_folder(data), release_id), port)
