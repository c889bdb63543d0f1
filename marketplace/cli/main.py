"""`marketplace`: the commands of every area, each loaded when it is asked for.

A web process makes this list too, so it must cost nothing: a command's module, and what it
imports, is read only when the command runs.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

import click
from flask.cli import AppGroup, ScriptInfo, routes_command

from marketplace.platform import provision
from marketplace.platform.config import ConfigurationError, read_settings
from marketplace.platform.roles import Haste

APPLICATION = "marketplace.app:create_app"

# Name of the command, the module that has it, what it does.
AREAS = {
    "run": ("setup", "Start everything: database, web, jobs; stop it with Ctrl-C."),
    "serve": ("setup", "Start the web server only, on DATABASE_URL."),
    "reset": ("setup", "Remove the data of the embedded database and all uploads."),
    "db": ("db", "The schema of the database."),
    "catalogue": ("catalogue", "The tree of goods."),
    "demo": ("demo", "The demonstration data."),
    "jobs": ("jobs", "Work to do later."),
    "ledger": ("ledger", "The books."),
    "report": ("report", "Figures for people."),
    "translations": ("translations", "Texts in other languages."),
}

WITH_DATABASE = ("catalogue", "demo", "jobs", "ledger", "report")


class Commands(AppGroup):
    """A group that knows its commands by name and loads them late."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All names, in the order of the table."""
        return [*AREAS, "routes", *super().list_commands(ctx)]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command itself, or None."""
        if cmd_name == "routes":
            return routes_command
        if cmd_name not in AREAS:
            return super().get_command(ctx, cmd_name)
        module = import_module(f"marketplace.cli.{AREAS[cmd_name][0]}")
        command: click.Command = getattr(module, cmd_name)
        return command

    def format_commands(self, _ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands in the help text, without loading any."""
        rows = [(name, help_text) for name, (_, help_text) in AREAS.items()]
        with formatter.section("Commands"):
            formatter.write_dl([*rows, ("routes", "Show every address and its view.")])


@click.command("marketplace", cls=Commands, help="The cooperative marketplace.")
def commands() -> None:
    """Gather the commands."""


def main(arguments: list[str] | None = None) -> None:
    """Run one command; what a person must mend is one sentence and exit code 2."""
    arguments = sys.argv[1:] if arguments is None else arguments
    try:
        with _surroundings(arguments):
            commands.main(
                args=arguments, prog_name="marketplace", obj=ScriptInfo(app_import_path=APPLICATION)
            )
    except ConfigurationError as error:
        click.echo(f"marketplace: {error}", err=True)
        sys.exit(2)


@contextmanager
def _surroundings(arguments: list[str]) -> Iterator[None]:
    """The database, for commands that work on the data of the application."""
    is_asking = not arguments or "--help" in arguments
    if is_asking or arguments[0] not in WITH_DATABASE:
        yield
        return
    with provision.database(read_settings()) as urls:
        if not os.environ.get(provision.PROVISIONED):
            haste = Haste.JOB if arguments[0] == "jobs" else Haste.COMMAND
            os.environ.update(provision.environment(urls, haste))
        yield


if __name__ == "__main__":
    main()
