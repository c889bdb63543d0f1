"""What the sellers of the small market quote: sealed, opened, awarded; with prices to look for."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from marketplace.sourcing.quotes.offer import Offer, Share
from marketplace.sourcing.quotes.operations import Choice, Decision, ask_for_better, open_quotes
from marketplace.sourcing.quotes.operations.sharing import seen_by
from marketplace.workflows.awarding import decide_request
from marketplace.workflows.quoting import send_quote, write_quote
from models.accounts import Organisation, OrganisationKind
from models.catalogue import Product
from models.requests import Request
from models.supply import Supply
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.requests import FEBRUARY, JANUARY, RequestFactory
from tests.factories.supply import SupplyFactory
from tests.factories.unions import UnionMembershipFactory
from tests.proofs.markers import Mark, Markers

PRICE_COLUMN: Final = "offers.price_minor"
SEALED: Final = {"a": 654_321, "b": 543_219}
"""By who offers: prices that occur nowhere else, in offers that nobody opens."""
OPENED_PRICE: Final = 61_000
ENOUGH_G: Final = 500_000_000
GRADE: Final = "Chào bán"
"""A grade of their own: nothing else foresees it."""


def watch_prices(markers: Markers) -> None:
    """Let the sealed prices be markers, however they are written."""
    for owner, price in SEALED.items():
        whole, rest = divmod(price, 1000)
        for written in (f"{price}", f"{whole}.{rest}", f"{whole},{rest}"):
            markers.known[written] = Mark(owner, PRICE_COLUMN)


def quote_sealed(
    request: Request, seller: Organisation, actor: Actor, product: Product, owner: str
) -> None:
    """Send a quote that stays sealed, and begin to change it."""
    price = SEALED[owner]
    _quote(request, seller, actor, _offer(product, price), now())
    _write(request, seller, actor, _offer(product, price, payment_days=45), now())


def share_in(
    request: Request, member: Organisation, product: Product, owner: str
) -> tuple[str, str]:
    """A joint quote in which a cooperative has a share that waits; its number, what is read."""
    union = OrganisationFactory(kind=OrganisationKind.UNION)
    UnionMembershipFactory(union=union, member=member)
    _foresee(product)
    offer = _offer(
        product,
        SEALED[owner],
        product_id=None,
        grade="",
        volumes={JANUARY: 1_000_000},
        prices={JANUARY: SEALED[owner]},
        shares=(Share(member.id, JANUARY, product.id, GRADE, 1_000_000),),
    )
    quote = write_quote(
        actor=member_of(union),
        request_id=request.id,
        seller=union,
        offer=offer,
        is_joint=True,
        at=now(),
    )
    return quote.number, seen_by(member.id, offer)


def open_request(
    buyer: Actor, seller: Organisation, actor: Actor, product: Product
) -> tuple[Request, str]:
    """A request whose quotes were opened, one of which is asked to be better; its number."""
    at = now()
    request = _closed(buyer, product)
    number = _quote(request, seller, actor, _offer(product, OPENED_PRICE), at - timedelta(days=3))
    open_quotes(actor=buyer, request_id=request.id, at=at)
    ask_for_better(
        actor=buyer, request_id=request.id, numbers=(), text="bớt thêm được không", at=at
    )
    return request, number


def award_one(buyer: Actor, seller: Organisation, actor: Actor, product: Product) -> Request:
    """A request that was awarded."""
    at = now()
    request = _closed(buyer, product)
    number = _quote(request, seller, actor, _offer(product, OPENED_PRICE), at - timedelta(days=3))
    open_quotes(actor=buyer, request_id=request.id, at=at)
    decide_request(
        actor=buyer,
        request_id=request.id,
        decision=Decision([Choice(number, JANUARY, 1_000_000)], "giá tốt nhất"),
        at=at,
    )
    return request


def _closed(buyer: Actor, product: Product) -> Request:
    at = now()
    return RequestFactory(
        organisation=session.get_one(Organisation, buyer.organisation_id),
        category_id=product.category_id,
        published_at=at - timedelta(days=9),
        closes_at=at - timedelta(days=1),
    )


def _offer(product: Product, price: int, **changes: object) -> Offer:
    values: dict[str, object] = {
        "product_id": product.id,
        "grade": GRADE,
        "volumes": {JANUARY: 1_000_000, FEBRUARY: 1_000_000},
        "prices": {JANUARY: price, FEBRUARY: price},
        "valid_until": business_day(now()) + timedelta(days=60),
    }
    return Offer(**{**values, **changes})  # type: ignore[arg-type]


def _quote(request: Request, seller: Organisation, actor: Actor, offer: Offer, at: datetime) -> str:
    number = _write(request, seller, actor, offer, at)
    send_quote(actor=actor, request_id=request.id, seller=seller, at=at)
    return number


def _write(request: Request, seller: Organisation, actor: Actor, offer: Offer, at: datetime) -> str:
    product = session.get_one(Product, offer.product_id)
    _foresee(product)
    return write_quote(actor=actor, request_id=request.id, seller=seller, offer=offer, at=at).number


def _foresee(product: Product) -> None:
    """Enough of a product in the months of the requests."""
    for month in (JANUARY, FEBRUARY):
        known = session.scalar(
            select(Supply).where(
                Supply.product_id == product.id, Supply.grade == GRADE, Supply.month == month
            )
        )
        if known is None:
            known = SupplyFactory(product=product, month=month)
            known.grade = GRADE  # without the marker, which would be another one
        known.forecast_g = max(known.forecast_g, ENOUGH_G)
    session.flush()
