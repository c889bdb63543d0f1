"""What a seller says beside a delivery that counts against it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import lock_contract
from marketplace.contracts.promises.errors import (
    DeliveryPromiseKeptError,
    DeliveryRepliedError,
    DeliveryReplyMissingError,
    DeliveryReplyTooLongError,
    PromisedDeliveryNotFoundError,
)
from marketplace.contracts.promises.queries import find_facts
from marketplace.contracts.promises.rules import REPLY_MAX, counts_against
from marketplace.platform import audit
from marketplace.platform.database import session
from models.deliveries import Delivery
from models.promises import DeliveryReply


@dataclass(frozen=True, slots=True)
class OfSeller:
    """Anything of a seller, to ask what the actor may do with it."""

    organisation_id: int


def reply_to_delivery(*, actor: Actor, delivery_id: int, text: str, at: datetime) -> DeliveryReply:
    """Say once, beside a delivery that counts against the seller, how that came; it stays there.

    The same words again are the same reply.

    Args:
        actor: director or sales of the seller.
        delivery_id: which.
        text: 1 to `REPLY_MAX` characters.
        at: when; also the moment at which the delivery must count against the seller.

    Raises:
        PromisedDeliveryNotFoundError: there is none.
        NotAllowedError: the actor does not sell for that organisation.
        DeliveryReplyMissingError, DeliveryReplyTooLongError: as they say.
        DeliveryPromiseKeptError: nothing about the delivery counts against the seller.
        DeliveryRepliedError: there is another reply beside it.
    """
    delivery = session.get(Delivery, delivery_id)
    if delivery is None:
        raise PromisedDeliveryNotFoundError(delivery_id=delivery_id)
    contract = lock_contract(delivery.contract_id)
    authorize(actor, Permission.PROMISE_REPLY, OfSeller(contract.seller_id))
    words = _read(text)
    known = session.scalar(select(DeliveryReply).where(DeliveryReply.delivery_id == delivery_id))
    if known is not None:
        if known.text != words:
            raise DeliveryRepliedError(number=delivery.number)
        return known
    facts = find_facts(delivery_id)
    if actor.user_id is None or facts is None or not counts_against(facts, at):
        raise DeliveryPromiseKeptError(number=delivery.number)
    reply = DeliveryReply(
        delivery_id=delivery_id,
        organisation_id=contract.seller_id,
        text=words,
        at=at,
        by_id=actor.user_id,
    )
    session.add(reply)
    session.flush()
    audit.record(
        actor=actor,
        action="contracts.delivery_promise_replied",
        subject_kind="delivery",
        subject_id=delivery_id,
        at=at,
        after={"text": words},
    )
    return reply


def _read(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise DeliveryReplyMissingError(field="text")
    if len(words) > REPLY_MAX:
        raise DeliveryReplyTooLongError(field="text", most=REPLY_MAX)
    return words
