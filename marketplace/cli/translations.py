"""`marketplace translations ...`: texts in other languages."""

import click

from marketplace.platform import catalogues


@click.group()
def translations() -> None:
    """Texts in other languages."""


@translations.command(name="compile")
def compile_() -> None:
    """Make the catalogues that the application reads, where they are out of date."""
    click.echo(f"{catalogues.compile_catalogues()} compiled.")


@translations.command()
def check() -> None:
    """Say which texts have no English, or one whose named parts differ."""
    found = catalogues.mistakes()
    for line in found:
        click.echo(line)
    if found:
        raise click.ClickException(f"{len(found)} texts need English.")
    click.echo("Every text has its English.")
