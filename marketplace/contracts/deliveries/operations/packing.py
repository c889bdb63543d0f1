"""What is packed for a delivery and sent: the rows of it. The goods move in the workflow."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.access import lock_delivery, require_running
from marketplace.contracts.deliveries.balances import balance_left
from marketplace.contracts.deliveries.errors import (
    CarrierUnknownError,
    GradeUnknownError,
    NoGramsError,
    NothingPackedError,
    OverDeliveryError,
    OverVolumeError,
)
from marketplace.contracts.deliveries.operations.writing import note
from marketplace.contracts.deliveries.rules import DELIVERY, Packing, with_tolerance
from marketplace.contracts.terms import Terms
from marketplace.platform.database import session
from marketplace.platform.formatting import weight
from marketplace.platform.transitions import change_state
from models.catalogue import Product
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine, DeliveryState
from models.traceability import Lot


def require_packing(
    *, actor: Actor, delivery_id: int, packing: Sequence[Packing]
) -> tuple[Contract, Delivery] | None:
    """Hold a confirmed delivery of which `packing` may be packed, as far as amounts and grades go.

    Returns:
        The contract, held, and the delivery; None if it was packed before.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not deliver for this seller, or it is not confirmed.
        ContractNotRunningError: the contract is over.
        NothingPackedError, NoGramsError, GradeUnknownError: the form makes no sense.
        OverDeliveryError, OverVolumeError: more than this delivery, or the contract, can take.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    if delivery.state == DeliveryState.PACKED:
        return None
    require_running(contract)
    DELIVERY.require(delivery.state, DeliveryState.PACKED)
    terms = terms_in(contract)
    _require_sound(terms, packing)
    grams = sum(each.grams for each in packing)
    most = with_tolerance(delivery.planned_g, terms.tolerance_bps)
    if grams > most:
        raise OverDeliveryError(field="lots", most=weight(most))
    room_g = balance_left(contract.id, terms, without=delivery.id).room_g
    if grams > room_g:
        raise OverVolumeError(field="lots", left=weight(max(0, room_g)))
    return contract, delivery


def pack(  # noqa: PLR0913 - what of which lots, with which claims; who and when
    contract: Contract,
    delivery: Delivery,
    *,
    packing: Sequence[Packing],
    certificates: Mapping[int, list[dict[str, Any]]],
    actor: Actor,
    at: datetime,
) -> list[DeliveryLine]:
    """Say that a delivery is packed; keep what of every lot, with what the lot claims today.

    `require_packing` has held it and let it through.

    Returns:
        The lines, in ascending order of lot id.
    """
    change_state(delivery, DELIVERY, DeliveryState.PACKED, actor=actor, at=at)
    delivery.packed_at = at
    lots = _lots(packing)
    category_id = _category_of(contract.product_id)
    lines = [
        DeliveryLine(
            delivery_id=delivery.id,
            lot_id=each.lot_id,
            lot_code=lots[each.lot_id].code,
            product_id=lots[each.lot_id].product_id,
            category_id=category_id,
            harvested_on=lots[each.lot_id].harvested_on,
            best_before_on=lots[each.lot_id].best_before_on,
            certificates=certificates.get(each.lot_id, []),
            grade=each.grade,
            shipped_g=each.grams,
            currency=contract.currency,
        )
        for each in sorted(packing, key=lambda one: one.lot_id)
    ]
    session.add_all(lines)
    session.flush()
    grams = sum(each.grams for each in packing)
    note("pack_delivery", delivery, actor=actor, at=at, after={"grams": grams})
    return lines


def take_back_packing(
    *, actor: Actor, delivery_id: int, at: datetime
) -> tuple[Contract, list[DeliveryLine]]:
    """Undo packing before the goods leave: the delivery is confirmed again, without lines.

    Returns:
        The contract, held, and the lines that were; none if it is not packed any more.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not deliver for this seller, or the goods have left.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    if delivery.state == DeliveryState.CONFIRMED:
        return contract, []
    return contract, undo_packing(delivery, actor=actor, at=at)


def undo_packing(delivery: Delivery, *, actor: Actor, at: datetime) -> list[DeliveryLine]:
    """As `take_back_packing`, for whoever holds the contract and may end it."""
    change_state(delivery, DELIVERY, DeliveryState.CONFIRMED, actor=actor, at=at)
    delivery.packed_at = None
    lines = lines_of(delivery.id)
    for line in lines:
        session.expunge(line)
    session.execute(delete(DeliveryLine).where(DeliveryLine.delivery_id == delivery.id))
    note(
        "unpack_delivery",
        delivery,
        actor=actor,
        at=at,
        after={"lots": [[line.lot_code, line.shipped_g] for line in lines]},
    )
    return lines


def ship(  # noqa: PLR0913 - what stands on the paper
    *,
    actor: Actor,
    delivery_id: int,
    carrier: str,
    vehicle: str,
    handed_by: str,
    at: datetime,
) -> Delivery | None:
    """Send packed goods; from now on the buyer has the agreed hours to say what arrived.

    Returns:
        The delivery; None if it was shipped before.

    Raises:
        DeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not deliver for this seller, or nothing is packed.
        ContractNotRunningError: the contract is over.
        CarrierUnknownError: a name is missing.
    """
    contract, delivery = lock_delivery(delivery_id)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    if delivery.state in (DeliveryState.SHIPPED, DeliveryState.ACCEPTED):
        return None
    require_running(contract)
    DELIVERY.require(delivery.state, DeliveryState.SHIPPED)
    names = {"carrier": carrier, "vehicle": vehicle, "handed_by": handed_by}
    for name, value in names.items():
        if not value.strip():
            raise CarrierUnknownError(field=name)
        setattr(delivery, name, " ".join(value.split())[: 40 if name == "vehicle" else 80])
    delivery.shipped_at = at
    delivery.accept_by_at = at + timedelta(hours=terms_in(contract).accept_hours)
    change_state(delivery, DELIVERY, DeliveryState.SHIPPED, actor=actor, at=at)
    note("ship_delivery", delivery, actor=actor, at=at)
    return delivery


def lines_of(delivery_id: int) -> list[DeliveryLine]:
    """The lines of a delivery, in ascending order of lot id."""
    return list(
        session.scalars(
            select(DeliveryLine)
            .where(DeliveryLine.delivery_id == delivery_id)
            .order_by(DeliveryLine.lot_id)
        )
    )


def _require_sound(terms: Terms, packing: Sequence[Packing]) -> None:
    if not packing:
        raise NothingPackedError(field="lots")
    known = {grade.code for grade in terms.grades} or {""}
    for each in packing:
        if each.grams <= 0:
            raise NoGramsError(field=f"grams-{each.lot_id}")
        if each.grade not in known:
            raise GradeUnknownError(field=f"grade-{each.lot_id}")


def _lots(packing: Sequence[Packing]) -> dict[int, Lot]:
    rows = session.scalars(select(Lot).where(Lot.id.in_([each.lot_id for each in packing])))
    return {row.id: row for row in rows}


def _category_of(product_id: int) -> int:
    return session.get_one(Product, product_id).category_id
