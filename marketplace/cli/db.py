"""`marketplace db ...`: bringing the schema up to date, and asking whether it is."""

import click

from marketplace.platform import migrations, roles
from marketplace.platform.config import read_settings
from marketplace.platform.provision import database
from marketplace.platform.revisions import expected_revision


@click.group()
def db() -> None:
    """The schema of the database."""


@db.command()
def upgrade() -> None:
    """Run the migrations that are missing, as the owner of the tables."""
    with database(read_settings()) as urls:
        done = migrations.upgrade(urls.owning, serving_role=roles.role_of(urls.serving))
    click.echo("Migrated." if done else "Nothing to do.")


@db.command()
def check() -> None:
    """Say whether the database has the schema that this code expects."""
    with database(read_settings()) as urls:
        present = migrations.revision_of(urls.serving)
    if present != expected_revision():
        raise click.ClickException(
            f"The database is at {present}, the code expects {expected_revision()}: "
            "run `marketplace db upgrade`."
        )
    click.echo(f"Up to date at {present}.")
