"""`marketplace catalogue ...`: what every market needs before anybody can sell on it."""

import click
from flask.cli import AppGroup

from marketplace.catalogue.operations import load_categories
from marketplace.platform.transaction import transaction

catalogue = AppGroup("catalogue", help="The tree of goods.")


@catalogue.command()
def categories() -> None:
    """Bring the categories in line with the file that comes with the code; safe to repeat."""
    with transaction():
        count = load_categories()
    click.echo(f"{count} categories.")
