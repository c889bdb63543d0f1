"""A request with sellers who can quote for it: the scene of most tests of quotes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.sourcing.quotes.offer import Offer, Share
from marketplace.sourcing.quotes.operations import open_quotes
from marketplace.sourcing.quotes.queries import get_share
from marketplace.workflows.quoting import answer_joint_quote, send_quote, write_quote
from models.accounts import Organisation, OrganisationKind, Role
from models.catalogue import Product
from models.requests import Quote, Request
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.requests import CLOSING, FEBRUARY, JANUARY, RequestFactory
from tests.factories.supply import SupplyFactory
from tests.factories.unions import UnionMembershipFactory
from tests.moments import MONDAY

PRICE = 61_357
"""A price that nothing else has: who finds it before the opening has broken a seal."""
NOTE = "Hàng chuyến đầu giao thử 613579 kg"
VALID_UNTIL = date(2026, 12, 20)
FREE_G = 60_000_000


@dataclass
class SellerInScene:
    """Somebody who quotes, and their product with 60 t free in each month."""

    organisation: Organisation
    actor: Actor
    product: Product


@dataclass
class Scene:
    """A request for 20 t in January and 30 t in February, its buyer, and two sellers."""

    request: Request
    buyer: Actor
    buyers: Organisation
    sellers: Sequence[SellerInScene]
    union: SellerInScene | None = None
    members: Sequence[SellerInScene] = field(default_factory=list)


def seller_with_supply(**organisation: Any) -> SellerInScene:
    """A seller with a product of which each month has 60 t."""
    made = OrganisationFactory(**organisation)
    product = ProductFactory(organisation=made)
    for month in (JANUARY, FEBRUARY):
        SupplyFactory(product=product, month=month, forecast_g=FREE_G)
    return SellerInScene(made, member_of(made), product)


def scene(**request: Any) -> Scene:
    """The scene; `request` goes to its factory."""
    buyers = OrganisationFactory(enterprise=True)
    asked = RequestFactory(organisation=buyers, **request)
    return Scene(
        asked,
        member_of(buyers, Role.BUYER),
        buyers,
        [seller_with_supply(), seller_with_supply()],
    )


def with_union(made: Scene) -> Scene:
    """The scene with a union of two cooperatives besides."""
    made.union = seller_with_supply(kind=OrganisationKind.UNION)
    made.members = [seller_with_supply(), seller_with_supply()]
    for member in made.members:
        UnionMembershipFactory(union=made.union.organisation, member=member.organisation)
    return made


def offer_of(seller: SellerInScene, price: int = PRICE, **changes: Any) -> Offer:
    """15 t in January and 10 t in February, delivered for 500 ₫/kg."""
    values: dict[str, Any] = {
        "product_id": seller.product.id,
        "volumes": {JANUARY: 15_000_000, FEBRUARY: 10_000_000},
        "prices": {JANUARY: price, FEBRUARY: price + 1000},
        "fee_minor": 500,
        "payment_days": 30,
        "valid_until": VALID_UNTIL,
        "note": NOTE,
    }
    return Offer(**{**values, **changes})


def joint_offer(made: Scene, price: int = PRICE, **changes: Any) -> Offer:
    """12 t in January: 8 t of the first member, 4 t of the second."""
    first, second = made.members
    shares = (
        Share(first.organisation.id, JANUARY, first.product.id, "", 8_000_000),
        Share(second.organisation.id, JANUARY, second.product.id, "", 4_000_000),
    )
    values: dict[str, Any] = {
        "volumes": {JANUARY: 12_000_000},
        "prices": {JANUARY: price},
        "valid_until": VALID_UNTIL,
        "shares": shares,
    }
    return Offer(**{**values, **changes})


def send(made: Scene, seller: SellerInScene, offer: Offer, at: datetime = MONDAY) -> Quote:
    """Write an offer down and send it."""
    quote = write_quote(
        actor=seller.actor,
        request_id=made.request.id,
        seller=seller.organisation,
        offer=offer,
        at=at,
    )
    send_quote(actor=seller.actor, request_id=made.request.id, seller=seller.organisation, at=at)
    return quote


def write_joint(made: Scene, offer: Offer, at: datetime = MONDAY) -> Quote:
    """Let the union write an offer down."""
    assert made.union is not None
    return write_quote(
        actor=made.union.actor,
        request_id=made.request.id,
        seller=made.union.organisation,
        offer=offer,
        is_joint=True,
        at=at,
    )


def answer(
    made: Scene, quote: Quote, member: SellerInScene, *, agrees: bool = True, at: datetime = MONDAY
) -> bool:
    """Let a cooperative answer to what it reads."""
    read = get_share(quote.number, member.organisation, viewer=member.actor, at=at)
    return answer_joint_quote(
        actor=member.actor,
        number=quote.number,
        member=member.organisation,
        agrees=agrees,
        seen=read.seen,
        at=at,
    )


def send_joint(made: Scene, offer: Offer, at: datetime = MONDAY) -> Quote:
    """Write a joint quote, let both agree, send it."""
    quote = write_joint(made, offer, at)
    for member in made.members:
        answer(made, quote, member, at=at)
    assert made.union is not None
    send_quote(
        actor=made.union.actor,
        request_id=made.request.id,
        seller=made.union.organisation,
        at=at,
    )
    return quote


def opened(made: Scene, at: datetime = CLOSING) -> Scene:
    """The scene after the opening."""
    open_quotes(actor=made.buyer, request_id=made.request.id, at=at)
    return made
