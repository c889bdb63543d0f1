"""What a seller says beside a promise that it did not keep."""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.orders.errors import (
    AlreadyRepliedError,
    PromiseKeptError,
    ReplyMissingError,
    ReplyTooLongError,
)
from marketplace.orders.operations.fulfilling import lock_seller_order
from marketplace.orders.queries.promises import judge, of_parts
from marketplace.orders.rules import REPLY_MAX
from marketplace.platform import audit
from marketplace.platform.database import session
from models.orders import SellerOrder
from models.promises import PromiseReply


def reply_to_promise(
    *, actor: Actor, seller_order_id: int, text: str, at: datetime
) -> PromiseReply:
    """Say once, beside a part that counts against the seller, how that came; it stays there.

    The same words again are the same reply.

    Args:
        actor: director or sales of the seller.
        seller_order_id: the part.
        text: 1 to `REPLY_MAX` characters.
        at: when; also the moment at which the part must count against the seller.

    Raises:
        OrderNotFoundError: there is no such part.
        NotAllowedError: the actor does not sell for that organisation.
        ReplyMissingError, ReplyTooLongError: as they say.
        PromiseKeptError: nothing about the part counts against the seller.
        AlreadyRepliedError: there is another reply beside it.
    """
    part = lock_seller_order(seller_order_id)
    authorize(actor, Permission.PROMISE_REPLY, part)
    words = _read(text)
    known = session.scalar(select(PromiseReply).where(PromiseReply.seller_order_id == part.id))
    if known is not None:
        if known.text != words:
            raise AlreadyRepliedError(number=part.number)
        return known
    if actor.user_id is None or not _counts_against_seller(part.id, at):
        raise PromiseKeptError(number=part.number)
    reply = PromiseReply(
        seller_order_id=part.id,
        organisation_id=part.organisation_id,
        text=words,
        at=at,
        by_id=actor.user_id,
    )
    session.add(reply)
    session.flush()
    audit.record(
        actor=actor,
        action="orders.promise_replied",
        subject_kind="seller_order",
        subject_id=part.id,
        at=at,
        after={"text": words},
    )
    return reply


def _counts_against_seller(part_id: int, at: datetime) -> bool:
    rules = judge(at)
    found = of_parts(select(SellerOrder.id)).where(
        SellerOrder.id == part_id, rules.counts, rules.against
    )
    return session.scalar(found) is not None


def _read(text: str) -> str:
    words = text.replace("\r\n", "\n").strip()
    if not words:
        raise ReplyMissingError(field="text")
    if len(words) > REPLY_MAX:
        raise ReplyTooLongError(field="text", most=REPLY_MAX)
    return words
