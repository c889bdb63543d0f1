"""A delivery of a contract from the store to the road: which lots, what they claim, what leaves.

A lot is packed only if every certificate that the contract asks for held at its harvest and was not
revoked since; whoever may pack reads the reason beside every lot that is refused. Stock leaves as a
buyer's packs do, by one conditional update a lot, so a contract and the shop never sell one gram
twice.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from marketplace.accounts.permissions import Actor
from marketplace.certification import queries as certification
from marketplace.certification.rules import CertificateFact
from marketplace.certification.schemes import badge_label, find_scheme
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries import operations
from marketplace.contracts.deliveries.errors import LotsRefusedError, Reason
from marketplace.contracts.deliveries.rules import Packing
from marketplace.contracts.terms import Terms
from marketplace.inventory.leaving import Portion, let_leave
from marketplace.inventory.queries import available_lots
from marketplace.inventory.returning import take_back
from marketplace.kernel.clock import business_day
from marketplace.kernel.translation import mark
from marketplace.platform.database import session
from marketplace.platform.formatting import day
from marketplace.platform.locking import sharing
from marketplace.platform.translation import current_locale
from marketplace.workflows.delivery_mails import tell_shipped
from models.certification import Certificate, CertificateState
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine, DeliveryState
from models.traceability import Lot, LotCertificate

_CLAIMED: Final = sharing(
    select(Certificate.id)
    .where(
        Certificate.id.in_(
            select(LotCertificate.certificate_id).where(
                LotCertificate.lot_id == func.any(bindparam("lot_ids", type_=ARRAY(BigInteger)))
            )
        )
    )
    .order_by(Certificate.id)
)
UNCERTIFIED: Final = mark("Lô không có chứng nhận %(scheme)s vào ngày thu hoạch %(day)s.")
REVOKED: Final = mark("Chứng nhận %(scheme)s của lô đã bị thu hồi.")
FOREIGN: Final = mark("Lô này không phải sản phẩm của hợp đồng.")
OVER: Final = mark("Lô đã quá hạn dùng ngày %(day)s.")


@dataclass(frozen=True, slots=True)
class LotChoice:
    """A lot that could be packed, and what speaks against it.

    Attributes:
        free_g: What nobody has spoken for.
        proposed_g: What to pack of it, first expired first.
        reasons: Why it must not be packed; empty if it may.
    """

    lot_id: int
    code: str
    harvested_on: date
    best_before_on: date | None
    free_g: int
    proposed_g: int
    certificates: tuple[str, ...]
    reasons: tuple[Reason, ...]


def propose_packing(contract: Contract, delivery: Delivery, *, at: datetime) -> list[LotChoice]:
    """The lots of the seller for a delivery, first expired first, and how much of each to pack.

    Lots that may not be packed are there with their reasons, and get nothing.
    """
    terms = terms_in(contract)
    free = available_lots([contract.product_id], business_day(at))
    lots = _lots([each.lot_id for each in free])
    facts = certification.in_force_for_lots(list(lots))
    reasons = _reasons(contract, terms, lots, facts, business_day(at))
    missing = delivery.planned_g
    choices = []
    for each in free:
        lot = lots[each.lot_id]
        given = 0 if reasons.get(lot.id) else min(missing, each.grams)
        missing -= given
        choices.append(
            LotChoice(
                lot_id=lot.id,
                code=lot.code,
                harvested_on=lot.harvested_on,
                best_before_on=lot.best_before_on,
                free_g=each.grams,
                proposed_g=given,
                certificates=tuple(fact.label(current_locale()) for fact in facts.get(lot.id, ())),
                reasons=tuple(reasons.get(lot.id, ())),
            )
        )
    return choices


def pack_delivery(
    *, actor: Actor, delivery_id: int, packing: Sequence[Packing], at: datetime
) -> bool:
    """Fix the lots of a delivery and take them out of the store.

    Each lot is kept on its line with the certificates that held at its harvest.

    Args:
        actor: who packs, for the seller.
        delivery_id: a confirmed delivery.
        packing: how much of which lots; no lot twice.
        at: when.

    Returns:
        Whether anything changed; False if it was packed before.

    Raises:
        LotsRefusedError: lots that must not be packed, each with its reasons.
        LotsShortError: somebody else was quicker.
        DomainError: see `operations.require_packing`.
    """
    held = operations.require_packing(actor=actor, delivery_id=delivery_id, packing=packing)
    if held is None:
        return False
    contract, delivery = held
    claims = _require_packable(contract, [each.lot_id for each in packing], at)
    lines = operations.pack(
        contract, delivery, packing=packing, certificates=claims, actor=actor, at=at
    )
    let_leave(
        actor=actor,
        leaving=[Portion(line.lot_id, line.shipped_g, f"delivery:{line.id}") for line in lines],
        at=at,
    )
    return True


def unpack_delivery(*, actor: Actor, delivery_id: int, at: datetime) -> bool:
    """Put what was packed back into its lots; the delivery is confirmed again.

    Raises:
        DomainError: see `operations.take_back_packing`.
    """
    contract, lines = operations.take_back_packing(actor=actor, delivery_id=delivery_id, at=at)
    _put_back(contract, lines, actor, at)
    return bool(lines)


def ship_delivery(  # noqa: PLR0913 - as `operations.ship`
    *, actor: Actor, delivery_id: int, carrier: str, vehicle: str, handed_by: str, at: datetime
) -> bool:
    """Send packed goods and tell the buyer until when to say what arrived.

    Returns:
        Whether anything changed; False if it was shipped before.

    Raises:
        DomainError: see `operations.ship`.
    """
    delivery = operations.ship(
        actor=actor,
        delivery_id=delivery_id,
        carrier=carrier,
        vehicle=vehicle,
        handed_by=handed_by,
        at=at,
    )
    if delivery is None:
        return False
    tell_shipped(delivery, at=at)
    return True


def end_deliveries(*, actor: Actor, contract: Contract, reason: str, at: datetime) -> int:
    """Let nothing more leave under a contract that ends before its time.

    Packed goods go back into their lots, and everything that is not on its way is cancelled; what
    was shipped is still accepted and paid. The caller holds the contract and was asked for their
    right to end it.

    Returns:
        How many deliveries were cancelled.
    """
    packed = session.scalars(
        select(Delivery)
        .where(Delivery.contract_id == contract.id, Delivery.state == DeliveryState.PACKED)
        .order_by(Delivery.id)
    ).all()
    lines = [
        line
        for delivery in packed
        for line in operations.undo_packing(delivery, actor=actor, at=at)
    ]
    _put_back(contract, lines, actor, at)
    return len(
        operations.cancel_open_deliveries(actor=actor, contract=contract, reason=reason, at=at)
    )


def _put_back(
    contract: Contract, lines: Collection[DeliveryLine], actor: Actor, at: datetime
) -> None:
    """Goods of lines that are no more; lots in ascending order, whatever delivery they were in."""
    for line in sorted(lines, key=lambda each: (each.lot_id, each.id)):
        take_back(
            actor=actor,
            organisation_id=contract.seller_id,
            lot_id=line.lot_id,
            grams=line.shipped_g,
            ref=f"delivery-unpacked:{line.id}",
            at=at,
        )


def _require_packable(
    contract: Contract, lot_ids: Collection[int], at: datetime
) -> dict[int, list[dict[str, Any]]]:
    """What every lot claims, if all of them may be packed.

    Their certificates are shared until the end, so that none of them is revoked meanwhile.

    Raises:
        LotsRefusedError: some may not.
    """
    terms = terms_in(contract)
    _CLAIMED.ask(lot_ids=sorted(lot_ids))
    lots = _lots(lot_ids)
    unknown = set(lot_ids) - lots.keys()
    facts = certification.in_force_for_lots(list(lots))
    reasons = _reasons(contract, terms, lots, facts, business_day(at))
    reasons |= {lot_id: [(FOREIGN, {})] for lot_id in unknown}
    if reasons:
        codes = {lot_id: lots[lot_id].code if lot_id in lots else "?" for lot_id in reasons}
        raise LotsRefusedError(codes, {lot_id: tuple(why) for lot_id, why in reasons.items()})
    return {lot_id: [fact.as_json() for fact in found] for lot_id, found in facts.items()}


def _reasons(
    contract: Contract,
    terms: Terms,
    lots: Mapping[int, Lot],
    facts: Mapping[int, Sequence[CertificateFact]],
    today: date,
) -> dict[int, list[Reason]]:
    """Why lots must not be packed for a contract; lots that may are left out."""
    revoked = _revoked(list(lots)) if terms.schemes else set()
    found: dict[int, list[Reason]] = {}
    for lot in lots.values():
        why: list[Reason] = []
        if lot.product_id != contract.product_id or lot.organisation_id != contract.seller_id:
            why.append((FOREIGN, {}))
        if lot.best_before_on is not None and lot.best_before_on < today:
            why.append((OVER, {"day": day(lot.best_before_on)}))
        held = {fact.scheme_code for fact in facts.get(lot.id, ())}
        for code in terms.schemes:
            if code not in held:
                is_revoked = (lot.id, code) in revoked
                why.append(
                    (REVOKED, {"scheme": _label(code)})
                    if is_revoked
                    else (UNCERTIFIED, {"scheme": _label(code), "day": day(lot.harvested_on)})
                )
        if why:
            found[lot.id] = why
    return found


def _revoked(lot_ids: Collection[int]) -> set[tuple[int, str]]:
    """The lots and schemes whose certificate held once and was taken back."""
    rows = session.execute(
        select(LotCertificate.lot_id, Certificate.scheme_code)
        .join(Certificate, Certificate.id == LotCertificate.certificate_id)
        .where(LotCertificate.lot_id.in_(lot_ids), Certificate.state == CertificateState.REVOKED)
    )
    return {(row[0], row[1]) for row in rows}


def _label(code: str) -> str:
    return badge_label(code, None, current_locale()) if find_scheme(code) else code


def _lots(lot_ids: Collection[int]) -> dict[int, Lot]:
    rows = session.scalars(select(Lot).where(Lot.id.in_(lot_ids)))
    return {row.id: row for row in rows}
