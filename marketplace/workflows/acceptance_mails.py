"""The letters that a delivery which arrives causes, each to one reader and once."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from marketplace.accounts.queries import Reader, organisation_name, readers_in
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.access import other_side
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from models.accounts import Role
from models.contracts import Contract, ContractSide
from models.deliveries import Delivery, DeliveryDispute, DeliveryLine, DeliveryReturn, ReturnState

SELLING: Final = (Role.DIRECTOR, Role.SALES)
BUYING: Final = (Role.DIRECTOR, Role.BUYER)


def tell_accepted(*, delivery_id: int, at: datetime) -> None:
    """Tell the seller what was accepted; if the clock did it, the buyer too."""
    delivery, contract = _delivery(delivery_id)
    lines = lines_of(delivery_id)
    sides = [ContractSide.SELLER]
    if delivery.is_automatic:
        sides.append(ContractSide.BUYER)
    _write(
        delivery,
        contract,
        sides,
        "delivery_accepted_by_clock" if delivery.is_automatic else "delivery_accepted",
        key="",
        at=at,
        received_by=delivery.received_by,
        arrived_on=delivery.arrived_on,
        accepted_g=sum(line.accepted_g or 0 for line in lines),
        short_g=sum(line.short_g for line in lines),
        rejected_g=sum(line.rejected_g for line in lines),
        amount_minor=sum(line.amount_minor for line in lines),
        reasons=[(line.lot_code, line.reason) for line in lines if line.reason],
    )


def tell_disputed(*, dispute_id: int, at: datetime) -> None:
    """Tell the other side that somebody does not agree, and with what."""
    dispute = session.get_one(DeliveryDispute, dispute_id)
    delivery, contract = _delivery(dispute.delivery_id)
    _write(
        delivery,
        contract,
        [other_side(dispute.side)],
        "delivery_disputed",
        key=f":{dispute_id}",
        at=at,
        text=dispute.text,
    )


def tell_settled(*, dispute_id: int, at: datetime) -> None:
    """Tell the other side how a dispute was settled."""
    dispute = session.get_one(DeliveryDispute, dispute_id)
    delivery, contract = _delivery(dispute.delivery_id)
    _write(
        delivery,
        contract,
        [other_side(dispute.side)],
        "delivery_settled",
        key=f":{dispute_id}",
        at=at,
        resolution=dispute.resolution,
    )


def tell_returned(*, line_id: int, at: datetime) -> None:
    """Tell the buyer what became of the goods that it did not take."""
    returned = session.get_one(DeliveryReturn, line_id)
    line = session.get_one(DeliveryLine, line_id)
    delivery, contract = _delivery(line.delivery_id)
    is_back = returned.state == ReturnState.RECEIVED
    _write(
        delivery,
        contract,
        [ContractSide.BUYER],
        "delivery_return_received" if is_back else "delivery_return_written_off",
        key=f":{line_id}",
        at=at,
        lot=line.lot_code,
        grams=returned.grams,
        reason=returned.reason,
    )


def _write(  # noqa: PLR0913 - a letter about a delivery, and what only this one says
    delivery: Delivery,
    contract: Contract,
    sides: Collection[str],
    template: str,
    *,
    key: str,
    at: datetime,
    **values: object,
) -> None:
    for side in sides:
        for reader in _readers(contract, side):
            notify(
                key=f"{delivery.number}{key}:{reader.user_id}",
                recipient=reader.email,
                locale=reader.locale,
                template=template,
                at=at,
                name=reader.full_name,
                number=delivery.number,
                contract=contract.number,
                title=contract.title,
                other=_name_of(contract, other_side(side)),
                url=f"/hop-dong/{reader.code}/{contract.number}/giao-hang/{delivery.number}",
                **values,
            )


def _readers(contract: Contract, side: str) -> list[Reader]:
    if side == ContractSide.BUYER:
        return readers_in([contract.buyer_id], BUYING)
    return readers_in([contract.seller_id], SELLING)


def _name_of(contract: Contract, side: str) -> str:
    return organisation_name(
        contract.buyer_id if side == ContractSide.BUYER else contract.seller_id
    )


def _delivery(delivery_id: int) -> tuple[Delivery, Contract]:
    delivery = session.get_one(Delivery, delivery_id)
    return delivery, session.get_one(Contract, delivery.contract_id)
