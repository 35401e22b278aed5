"""What a user can mend is told in one sentence, with exit status 1 and no traceback."""

import click


class Refusal(click.ClickException):
    """One sentence naming the file, the row or the column, and the remedy; never a value."""

    exit_code = 1

    def show(self, file=None) -> None:
        click.echo(f"breakwater: {self.message}", err=True, file=file)
