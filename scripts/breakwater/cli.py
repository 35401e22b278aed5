"""The `breakwater` command: one verb a step. A verb's module is imported only when the verb is used."""

import importlib
import os

import click

from breakwater import __version__
from breakwater.errors import Refusal

# In the order of the work, which is also the order of the help.
VERBS = {
    "synthesise": "make a synthetic place: identifiable extracts as its providers would hold them",
    "pseudonymise": "turn identifiable extracts into pseudonymised ones, at the provider",
    "land": "let extracts through the gate into the warehouse",
    "build": "run dbt: link, count, decide what must be withheld, protect",
    "release": "write, check and attack a release, then make it current",
    "attack": "try to work out withheld figures from release files alone",
    "proof": "show, in the warehouse, which small counts a walk over other tables proves safe",
    "propose": "say what one cut more would withhold, and what it would cost the others",
    "export": "write released tables as files",
    "serve": "open the dashboards on a release",
    "status": "list landings, row accounts and releases",
    "dbt": "run any dbt command with the project's profile and measures",
}

# What these write is for their user alone: identities, person-level rows, true counts. Releases are for anyone.
PRIVATE = {"synthesise", "pseudonymise", "land", "build", "proof", "propose", "dbt"}
# What the database engine reports of the machine or of itself, not of what it was asked; its text may quote a row.
ENGINE_FAILURES = {"FatalException", "InternalException", "IOException", "OutOfMemoryException"}


class Verbs(click.Group):
    """Finds `breakwater.verbs.<verb>.command` by name, so that `--help` imports nothing heavy."""

    def invoke(self, ctx: click.Context):
        try:
            return super().invoke(ctx)
        except Exception as error:
            kind = type(error)
            if kind.__module__ != "_duckdb" or kind.__name__ not in ENGINE_FAILURES:
                raise
            raise Refusal(
                f"the database engine gave up ({kind.__name__}): what had landed or was released before stays;"
                " look for disk and memory, try again, and report it if it comes back"
            ) from None

    def resolve_command(self, ctx: click.Context, args: list[str]):
        name, command, rest = super().resolve_command(ctx, args)
        if name in PRIVATE:
            before = os.umask(0o077)
            ctx.call_on_close(lambda: os.umask(before))
        return name, command, rest

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(VERBS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in VERBS:
            return None
        return importlib.import_module(f"breakwater.verbs.{name}").command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Steps"):
            formatter.write_dl(list(VERBS.items()))


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="breakwater")
def main() -> None:
    """Anonymised commissioning analytics of a place, from extracts to a protected release.

    Example: breakwater status
    """
