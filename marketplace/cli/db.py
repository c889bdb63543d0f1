"""`marketplace db ...`: bringing the schema up to date, and asking whether it is."""

import click

from marketplace.platform import migrations
from marketplace.platform.config import ConfigurationError, current_settings


@click.group()
def db() -> None:
    """The schema of the database."""


@db.command()
def upgrade() -> None:
    """Run the migrations that are missing, as the owner of the tables."""
    done = migrations.upgrade(_owner_url())
    click.echo("Migrated." if done else "Nothing to do.")


@db.command()
def check() -> None:
    """Say whether the database has the schema that this code expects."""
    present, expected = migrations.revision_of(_owner_url()), migrations.expected_revision()
    if present != expected:
        raise click.ClickException(f"The database is at {present}, the code expects {expected}.")
    click.echo(f"Up to date at {present}.")


def _owner_url() -> str:
    url = current_settings().database_owner_url
    if not url:
        raise ConfigurationError("DATABASE_OWNER_URL says where to migrate; it is not set.")
    return url
