"""Finding deliveries, and holding them: their contract is held for them."""

from sqlalchemy import select

from marketplace.contracts.access import lock_contract
from marketplace.contracts.deliveries.errors import ContractNotRunningError, DeliveryNotFoundError
from marketplace.contracts.deliveries.rules import RUNNING
from marketplace.platform.database import session
from models.contracts import Contract
from models.deliveries import Delivery


def get_delivery(contract: Contract, number: str) -> Delivery:
    """A delivery of a contract that the reader may know of.

    Raises:
        DeliveryNotFoundError: the contract has none of this number.
    """
    delivery = session.scalar(
        select(Delivery).where(Delivery.number == number, Delivery.contract_id == contract.id)
    )
    if delivery is None:
        raise DeliveryNotFoundError(number=number)
    return delivery


def lock_delivery(delivery_id: int) -> tuple[Contract, Delivery]:
    """A delivery that is about to change, with its contract, which is what is held.

    Raises:
        DeliveryNotFoundError: there is none.
    """
    contract_id = session.scalar(select(Delivery.contract_id).where(Delivery.id == delivery_id))
    if contract_id is None:
        raise DeliveryNotFoundError(delivery_id=delivery_id)
    contract = lock_contract(contract_id)
    return contract, session.get_one(Delivery, delivery_id, populate_existing=True)


def require_running(contract: Contract) -> None:
    """Refuse a contract under which no goods move.

    Raises:
        ContractNotRunningError: it is not signed by both, or it is over.
    """
    if contract.state not in RUNNING:
        raise ContractNotRunningError(number=contract.number)
