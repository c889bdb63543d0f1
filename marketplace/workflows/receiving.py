"""Receiving a lot: it gets a name, its proofs, and a place in the store."""

from dataclasses import replace
from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.certification import queries as certification
from marketplace.inventory import operations as inventory
from marketplace.membership import queries as membership
from marketplace.traceability import operations as traceability
from marketplace.traceability.rules import NewLot
from models.traceability import Lot


def receive_lot(*, actor: Actor, lot: NewLot, plot_code: str = "", at: datetime) -> Lot:
    """Record a lot, link the certificates in force at harvest, and put it into the store.

    A certificate that names plots is linked only to lots of these plots.

    With a code given, the same lot again changes nothing.

    Args:
        actor: a director or a warehouse keeper of the organisation.
        lot: what came in.
        plot_code: the plot of a member that it comes from; empty if nobody knows. The lot then
            lies where the plot does.
        at: when.

    Raises:
        NotAllowedError: the actor may not receive lots there.
        UnknownPlotsError: no plot of the organisation has this code.
        ProductOfLotNotFoundError: the organisation has no such product.
        InvalidError: days, quantity, place or code make no sense; see `record_lot`.
        LotCodeTakenError, LotCodesUsedUpError: there is no such code to be had.
    """
    if plot_code.strip():
        plot = membership.find_plot_in_use(plot_code, organisation_id=lot.organisation_id)
        lot = replace(
            lot,
            plot_id=plot.id,
            province_code=plot.province_code,
            commune_code=plot.commune_code,
        )
    inherited = certification.in_force_for_harvest(
        lot.product_id, plot_id=lot.plot_id, on=lot.harvested_on
    )
    recorded = traceability.record_lot(
        actor=actor,
        lot=lot,
        certificate_ids=[fact.certificate_id for fact in inherited],
        at=at,
    )
    inventory.receive_stock(
        actor=actor,
        organisation_id=recorded.organisation_id,
        lot_id=recorded.id,
        product_id=recorded.product_id,
        grams=recorded.quantity_g,
        at=at,
    )
    return recorded
