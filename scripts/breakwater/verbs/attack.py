"""`breakwater attack`: what an outsider can work out from release files."""

import click


@click.command()
@click.argument("releases", nargs=-1, required=True, metavar="RELEASE...", type=click.Path(exists=True))
def command(releases: tuple[str, ...]) -> None:
    """Attack release files with nothing but what is in them: bounds propagation, then exact bounds where it is close.

    RELEASE is a release file or its folder. Several are attacked together, oldest first: a count that is in more than
    one lies in all its intervals, unless it was revised. Exits with 1 if a small count can be narrowed too far.

    \b
    Example: breakwater attack data/releases/current
             breakwater attack data/releases/2026-05-01-090000 data/releases/current
    """
    from contextlib import ExitStack
    from pathlib import Path

    from breakwater.disclosure import outsider
    from breakwater.progress import activity, say, stopwatch

    with stopwatch() as seconds, activity("attack"), ExitStack() as files:
        found, rules = outsider.attack_files([Path(release) for release in releases], files)
    say(
        "attack",
        f"{len(found.cells):,} cells, {found.sums:,} sums and {found.withheld:,} withheld counts of {len(releases)} "
        f"release{'s' * (len(releases) > 1)} in {seconds[0]:.1f} s",
    )
    say("worked out", f"{found.exact:,} withheld counts exactly")
    say("narrowed", f"{found.narrow:,} to fewer than {rules.least_candidates} values, all of them small")
    if found.leaks:
        raise SystemExit(1)
