"""Quoting: what is offered belongs to who offers it, and whoever must know is told.

No mail says what is offered: quotes stay sealed until the buyer opens them.
"""

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import directors_of, people_of
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from marketplace.sourcing.quotes import operations
from marketplace.sourcing.quotes.errors import ForeignProductError, NotAMemberError
from marketplace.sourcing.quotes.offer import Offer, unseal_draft
from marketplace.sourcing.quotes.operations.sharing import seen_by
from marketplace.sourcing.quotes.queries import members_of_union
from marketplace.sourcing.quotes.reading import find_quote, get_quote, shares_in
from models.accounts import Organisation, Role, User
from models.catalogue import Product, ProductState
from models.requests import Quote, QuoteRevision, QuoteState, Request, ShareState


def write_quote(  # noqa: PLR0913 - as `save_draft`
    *,
    actor: Actor,
    request_id: int,
    seller: Organisation,
    offer: Offer,
    is_joint: bool = False,
    at: datetime,
) -> Quote:
    """Keep what a seller writes; cooperatives that have a new share in it are told.

    Raises:
        ForeignProductError: a product is not on sale by who is to deliver it.
        NotAMemberError: a share is for a cooperative that is no verified member today.
        DomainError: see `operations.save_draft`.
    """
    _require_own(seller, offer)
    quote = operations.save_draft(
        actor=actor,
        request_id=request_id,
        seller=seller,
        offer=offer,
        is_joint=is_joint,
        at=at,
    )
    draft = unseal_draft(quote)
    waiting = {
        row.organisation_id for row in shares_in(quote.id) if row.state == ShareState.PROPOSED
    }
    if draft is not None:
        for member_id in sorted(waiting):
            member = session.get_one(Organisation, member_id)
            _tell(
                directors_of(member_id),
                "quote_share_proposed",
                key=f"{quote.number}:{member_id}:{seen_by(member_id, draft)[:16]}",
                at=at,
                union=seller.name,
                code=member.code,
                number=quote.number,
                title=_request(quote).title,
            )
    return quote


def send_quote(
    *, actor: Actor, request_id: int, seller: Organisation, at: datetime
) -> QuoteRevision:
    """Send what was written, if it still belongs to who offers it.

    The buyer is told of a better offer, which is open at once.

    Raises:
        ForeignProductError, NotAMemberError: as for `write_quote`.
        DomainError: see `operations.submit_quote`.
    """
    known = find_quote(request_id, seller.id)
    draft = unseal_draft(known) if known is not None else None
    if draft is not None:
        _require_own(seller, draft)
    revision = operations.submit_quote(actor=actor, request_id=request_id, seller=seller, at=at)
    quote = session.get_one(Quote, revision.quote_id)
    if quote.state == QuoteState.OPENED:
        request = _request(quote)
        buyer = session.get_one(Organisation, request.organisation_id)
        _tell(
            [*people_of(buyer.id, role=Role.DIRECTOR), *people_of(buyer.id, role=Role.BUYER)],
            "quote_improved",
            key=f"{quote.number}:{revision.revision}",
            at=at,
            seller=seller.name,
            code=buyer.code,
            number=request.number,
            title=request.title,
        )
    return revision


def answer_joint_quote(  # noqa: PLR0913 - as `answer_share`
    *, actor: Actor, number: str, member: Organisation, agrees: bool, seen: str, at: datetime
) -> bool:
    """A cooperative agrees to its share or declines it; the union is told.

    Raises:
        DomainError: see `operations.answer_share`.
    """
    if not operations.answer_share(
        actor=actor, number=number, member=member, agrees=agrees, seen=seen, at=at
    ):
        return False
    quote = get_quote(number)
    union = session.get_one(Organisation, quote.organisation_id)
    request = _request(quote)
    _tell(
        directors_of(union.id),
        "quote_share_answered",
        key=f"{number}:{member.id}:{at:%Y%m%d%H%M%S%f}",
        at=at,
        member=member.name,
        agrees=agrees,
        code=union.code,
        number=request.number,
        title=request.title,
    )
    return True


def ask_for_better(
    *, actor: Actor, request_id: int, numbers: Collection[str], text: str, at: datetime
) -> int:
    """Ask sellers for a better offer, by mail.

    Returns:
        How many were asked.

    Raises:
        DomainError: see `operations.ask_for_better`.
    """
    asked = operations.ask_for_better(
        actor=actor, request_id=request_id, numbers=numbers, text=text, at=at
    )
    for quote in asked:
        request = _request(quote)
        seller = session.get_one(Organisation, quote.organisation_id)
        buyer = session.get_one(Organisation, request.organisation_id)
        _tell(
            directors_of(seller.id),
            "quote_better_asked",
            key=f"{quote.number}:{at:%Y%m%d%H%M%S%f}",
            at=at,
            buyer=buyer.name,
            text=text,
            code=seller.code,
            number=request.number,
            title=request.title,
        )
    return len(asked)


def _require_own(seller: Organisation, offer: Offer) -> None:
    """Refuse products of others, and shares of those who are no members today."""
    if offer.product_id is not None:
        _require_on_sale({(seller.id, offer.product_id)})
    members = {each.organisation_id for each in offer.shares}
    current = {each.id for each in members_of_union(seller.id)} if members else set()
    for stranger in sorted(members - current):
        organisation = session.get(Organisation, stranger)
        name = organisation.short_name if organisation is not None else ""
        raise NotAMemberError(field="shares", name=name)
    _require_on_sale({(each.organisation_id, each.product_id) for each in offer.shares})


def _require_on_sale(wanted: Collection[tuple[int, int]]) -> None:
    ids = {product_id for _seller, product_id in wanted}
    if not ids:
        return
    rows = session.execute(
        select(Product.organisation_id, Product.id).where(
            Product.id.in_(ids), Product.state == ProductState.PUBLISHED
        )
    )
    if not set(wanted) <= {(seller_id, product_id) for seller_id, product_id in rows}:
        raise ForeignProductError(field="product")


def _request(quote: Quote) -> Request:
    return session.get_one(Request, quote.request_id)


def _tell(
    readers: Iterable[User], template: str, *, key: str, at: datetime, **values: object
) -> None:
    for reader in readers:
        notify(
            key=f"{key}:{reader.id}",
            recipient=reader.email,
            locale=reader.locale,
            template=template,
            at=at,
            name=reader.full_name,
            **values,
        )
