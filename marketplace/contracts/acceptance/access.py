"""Finding deliveries as somebody who is one of their sides, and holding them by their contract."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.contracts.access import lock_contract
from marketplace.contracts.deliveries.errors import DeliveryNotFoundError
from marketplace.platform.database import session
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine


def lock_delivery(delivery_id: int) -> tuple[Contract, Delivery]:
    """A delivery that is about to change, with its contract, which is held until the end.

    Raises:
        DeliveryNotFoundError: there is none.
    """
    contract_id = session.scalar(select(Delivery.contract_id).where(Delivery.id == delivery_id))
    if contract_id is None:
        raise DeliveryNotFoundError(delivery_id=delivery_id)
    contract = lock_contract(contract_id)
    return contract, read_again(delivery_id)


def read_again(delivery_id: int) -> Delivery:
    """What a delivery says now; what the session knew was read before the contract was held."""
    return session.get_one(Delivery, delivery_id, populate_existing=True)


def lines_of(delivery_id: int) -> Sequence[DeliveryLine]:
    """The lines of a delivery in their order, as they are now."""
    return session.scalars(
        select(DeliveryLine)
        .where(DeliveryLine.delivery_id == delivery_id)
        .order_by(DeliveryLine.id)
        .execution_options(populate_existing=True)
    ).all()
