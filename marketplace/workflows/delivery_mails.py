"""The letters that a delivery causes: to the other side, each reader once for each fact."""

from datetime import date, datetime
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import organisation_name, readers_in
from marketplace.contracts.access import other_side, side_of
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from models.accounts import Role
from models.contracts import Contract, ContractSide
from models.deliveries import Delivery

SELLING: Final = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE)
BUYING: Final = (Role.DIRECTOR, Role.BUYER)


def tell_called_off(delivery: Delivery, *, at: datetime) -> None:
    """Ask the seller to confirm goods that the buyer called off."""
    _tell(delivery, ContractSide.SELLER, "called_off", at=at)


def tell_moved(moved: list[Delivery], *, reason: str, at: datetime) -> None:
    """Ask the seller to confirm the new days of one delivery, or of it and all that follow."""
    if moved:
        _tell(
            moved[0],
            ContractSide.SELLER,
            "moved",
            at=at,
            stamp=at,
            reason=reason,
            days=[(each.number, each.due_from, each.due_on) for each in moved],
        )


def tell_confirmed(delivery: Delivery, *, at: datetime) -> None:
    """Tell the buyer that goods will come."""
    _tell(delivery, ContractSide.BUYER, "confirmed", at=at, stamp=at)


def tell_cancelled(delivery: Delivery, *, actor: Actor, at: datetime) -> None:
    """Tell the other side that goods will not come."""
    contract = session.get_one(Contract, delivery.contract_id)
    side = other_side(side_of(contract, actor) or ContractSide.BUYER)
    _tell(delivery, side, "cancelled", at=at, reason=delivery.cancel_reason)


def tell_shipped(delivery: Delivery, *, at: datetime) -> None:
    """Tell the buyer that goods are on their way, and until when to say what arrived."""
    _tell(delivery, ContractSide.BUYER, "shipped", at=at)


def _tell(  # noqa: PLR0913 - to whom, what and when, and what some of them say besides
    delivery: Delivery,
    side: ContractSide,
    what: str,
    *,
    at: datetime,
    stamp: datetime | None = None,
    reason: str = "",
    days: list[tuple[str, date, date]] | None = None,
) -> None:
    contract = session.get_one(Contract, delivery.contract_id)
    is_seller = side == ContractSide.SELLER
    to, sender = (
        (contract.seller_id, contract.buyer_id)
        if is_seller
        else (contract.buyer_id, contract.seller_id)
    )
    # What can happen several times to one delivery is told each time.
    again = f":{stamp:%Y%m%d%H%M%S}" if stamp else ""
    for reader in readers_in([to], SELLING if is_seller else BUYING):
        notify(
            key=f"{delivery.number}:{what}{again}:{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template="delivery_news",
            at=at,
            what=what,
            name=reader.full_name,
            sender=organisation_name(sender),
            number=delivery.number,
            contract_number=contract.number,
            title=contract.title,
            grams=delivery.planned_g,
            due_from=delivery.due_from,
            due_on=delivery.due_on,
            accept_by_at=delivery.accept_by_at,
            carrier=delivery.carrier,
            vehicle=delivery.vehicle,
            reason=reason,
            days=days or [],
            url=f"/hop-dong/{reader.code}/{contract.number}/giao-hang/{delivery.number}",
        )
