"""`breakwater proof`: which small counts of a release a walk proves safe, for governance."""

import click


@click.command()
@click.argument("words", nargs=-1, metavar="[WORD]...")
@click.option("--data", type=click.Path(), help="Data folder.")
def command(words: tuple[str, ...], data: str | None) -> None:
    """Prove the current release, once, and show the proof: what the small counts could be instead.

    For each count of 1 to 7 people the proof holds the least and the greatest value that whole tables took which agree
    with everything published. It stays in the warehouse (`proof.counts`, `proof.steps`) and is for governance alone.
    WORDs choose counts to show: a measure's units, a category, a period, an area, an age band, a sex.

    \b
    Example: breakwater proof
             breakwater proof emergency E05002212 0-19
    """
    from breakwater import proving, settings
    from breakwater.progress import activity, say, stopwatch

    folder = settings.data_folder(data)
    with stopwatch() as seconds, activity("proof"):
        summary, fresh = proving.proof_of_current(folder)
    if fresh:
        say("proof", f"made for release {summary.release_id} in {seconds[0]:.1f} s")
    say(
        "proof",
        f"{summary.proven:,} of {summary.counts:,} small counts can have at least {summary.wanted} values; "
        f"{summary.counts - summary.proven:,} neither shown safe nor narrowed",
    )
    for line in proving.shown(folder, words) if words else []:
        click.echo(line)
