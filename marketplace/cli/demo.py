"""`marketplace demo ...`: the demonstration data."""

import gc

import click
from flask.cli import AppGroup

from marketplace.jobs.orders import count_reminders
from marketplace.kernel.clock import now
from marketplace.platform.cores import beside_the_server
from marketplace.platform.transaction import transaction
from marketplace.workflows.demo.load import load_demo
from marketplace.workflows.demo.world import Size

STEPS = 1000

demo = AppGroup("demo", help="The demonstration data.")


@demo.command()
@click.option(
    "--orders",
    type=click.IntRange(50, 5000),
    default=Size().orders,
    show_default=True,
    help="About how many orders the fourteen months see.",
)
def load(orders: int) -> None:
    """Load the demonstration: sellers, goods, and fourteen months of orders; once."""
    with click.progressbar(length=STEPS, label="Loading the demonstration") as bar:

        def tell(share: float) -> None:
            bar.update(max(0, int(share * STEPS) - bar.pos))

        # Hardly anything here is garbage in cycles; looking for it all the time costs a tenth.
        gc.set_threshold(200_000, 50, 50)
        with transaction(), beside_the_server():
            loaded = load_demo(at=now(), size=Size(orders=orders), tell=tell)
        if loaded is not None:
            count_reminders()
        bar.update(STEPS - bar.pos)
    if loaded is None:
        click.echo("The demonstration is there already.")
        return
    click.echo(
        f"{loaded.sellers} sellers, {loaded.products} products on sale, {loaded.orders} orders. "
        f"A bank statement to import: {loaded.statement}"
    )
