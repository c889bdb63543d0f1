"""From a cart to an order: one short transaction, one order, whatever is clicked twice."""

import hmac
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.certification import queries as certification
from marketplace.certification.rules import CertificateFact
from marketplace.certification.schemes import badge_label
from marketplace.inventory import operations as inventory
from marketplace.inventory import queries as stock
from marketplace.inventory.errors import InsufficientStockError
from marketplace.inventory.rules import Claims, Plan, Want
from marketplace.kernel.clock import business_day
from marketplace.orders import operations as orders
from marketplace.orders import queries
from marketplace.orders.errors import (
    CashNotAcceptedError,
    ClaimsChangedError,
    EmptyCartError,
    LinesNotOnSaleError,
    PickupNotOfferedError,
    QuoteChangedError,
    ShortLine,
    ShortLinesError,
)
from marketplace.orders.operations import Placed, Purchase
from marketplace.orders.quotes import CartRow, LineClaims, NamedClaim, Quote, make_quote
from marketplace.payments import operations as payments
from marketplace.platform.config import current_settings
from marketplace.platform.failpoints import failpoint
from marketplace.platform.queue import defer
from models.orders import Order, PaymentMethod

ANNOUNCE_PLACED = "orders.announce_placed"
"""The job that writes to the buyer, and to the sellers of an order that is paid at the door."""


def key_of_cart(cart_id: int) -> str:
    """The idempotency key under which a cart is ordered: 32 hexadecimal digits.

    It follows from the cart, so the form in a second tab, a reload and the page that the back
    button brings up all send the same one; only we can make it.
    """
    secret = current_settings().secret_key.encode()
    return hmac.new(secret, f"cart:{cart_id}".encode(), "sha256").hexdigest()[:32]


def look_at_cart(
    *,
    cart_id: int | None,
    province_code: str | None = None,
    pickups: Collection[int] = (),
    at: datetime,
) -> Quote:
    """What a cart would cost now, which of its lines run short or miss a claim; two statements.

    Args:
        cart_id: the cart; None for nobody's empty one.
        province_code: where it would go; None: not known, so delivery is not counted.
        pickups: ids of the organisations whose goods the buyer would collect.
        at: when.
    """
    rows = queries.cart_rows(cart_id) if cart_id is not None else []
    wants = [Want(row.line_id, row.product_id, row.net_weight_g, row.quantity) for row in rows]
    found = stock.plan_now(wants, business_day(at))
    quote = make_quote(
        rows,
        province_code=province_code,
        pickups=pickups,
        on=business_day(at),
        short={each.line_id: each.available for each in found.short},
    )
    return replace(quote, claims=_claims(found))


def place_order(*, actor: Actor, cart_id: int | None, purchase: Purchase, at: datetime) -> Order:
    """Order what is in the cart: write it down, keep the packs, ask for the money.

    The cart is locked and then gone, so it makes one order at most; whoever sends the same key
    again gets the order that it made. Either everything happens or nothing.

    A certificate that names plots stands on a line only if every lot that is kept for the line
    inherited it (decision 14); those lots are the ones that are packed.

    Args:
        actor: the buyer; a guest has no user.
        cart_id: the buyer's own cart, found by the entry point; None if there is none.
        purchase: what the buyer sent.
        at: when.

    Raises:
        EmptyCartError: there is nothing to order.
        LinesNotOnSaleError: some lines cannot be bought any more.
        PickupNotOfferedError, CashNotAcceptedError: a seller does not do it that way.
        QuoteChangedError: it no longer costs what the buyer agreed to.
        ClaimsChangedError: lines keep other claims than the buyer saw.
        ShortLinesError: there is not enough of some lines; names each with what is left.
        UnknownProvinceError, UnknownCommuneError, AddressMissingError: nobody could deliver.
        NoCollectingAccountError: transfers cannot be taken.
    """
    rows: list[CartRow] = []
    if cart_id is not None and orders.lock_cart(cart_id):
        rows = queries.cart_rows(cart_id)
    if cart_id is None or not rows:
        known = queries.find_order_by_key(purchase.key)
        if known is None:
            raise EmptyCartError
        return known
    quote = _agreed_quote(rows, purchase, at)
    failpoint("checkout.after_quote")
    facts = certification.in_force({row.product_id for row in rows}, business_day(at))
    placed = orders.record_order(
        actor=actor,
        purchase=purchase,
        quote=quote,
        certificates={
            product_id: [fact.as_json() for fact in found if not fact.names_plots]
            for product_id, found in facts.items()
        },
        at=at,
    )
    if not placed.is_new:
        return placed.order
    failpoint("checkout.after_order")
    held = _hold(placed, quote, at)
    _require_agreed_claims(placed, quote, held, purchase)
    _keep_claims(placed, held, facts)
    failpoint("checkout.after_holds")
    payments.open_payment(order=placed.order, cash_parts=_cash_parts(placed), at=at)
    failpoint("checkout.after_payment")
    orders.discard_cart(cart_id)
    failpoint("checkout.after_cart")
    defer(ANNOUNCE_PLACED, order_id=placed.order.id)
    failpoint("checkout.before_commit")
    return placed.order


def _agreed_quote(rows: list[CartRow], purchase: Purchase, at: datetime) -> Quote:
    """What it costs, if it can be ordered as the buyer asks and costs what they agreed to."""
    quote = make_quote(
        rows,
        province_code=purchase.recipient.province_code,
        pickups=purchase.pickups,
        on=business_day(at),
    )
    if quote.not_on_sale:
        raise LinesNotOnSaleError(line_ids=[row.line_id for row in quote.not_on_sale])
    for part in quote.parts:
        if part.seller.organisation_id in purchase.pickups and not part.seller.offers_pickup:
            raise PickupNotOfferedError(field="delivery", name=part.seller.name)
    if purchase.payment_method == PaymentMethod.CASH and not quote.accepts_cash:
        raise CashNotAcceptedError(field="payment_method")
    agreed = purchase.agreed
    if agreed is not None and agreed.partition("-")[0] != quote.sums_digest:
        raise QuoteChangedError(total_minor=quote.total_minor)
    return quote


def _claims(plan: Plan) -> dict[int, LineClaims]:
    """The claims that lines keep and miss, in words, by line id."""
    return {
        line_id: LineClaims(
            _named(plan.kept.get(line_id, ())), _named(plan.missed.get(line_id, ()))
        )
        for line_id in plan.kept.keys() | plan.missed.keys()
    }


def _named(claims: Claims | tuple[()]) -> tuple[NamedClaim, ...]:
    return tuple(
        NamedClaim(
            one.certificate_id,
            badge_label(one.scheme_code, one.level, "vi"),
            badge_label(one.scheme_code, one.level, "en"),
        )
        for one in sorted(claims, key=lambda claim: claim.certificate_id)
    )


def _require_agreed_claims(placed: Placed, quote: Quote, held: Plan, purchase: Purchase) -> None:
    """Refuse an order whose lines keep other claims than the page that the buyer saw said."""
    if purchase.agreed is None:
        return
    # Order lines were written in the order of the quote's rows.
    rows = dict(zip([line.id for line in placed.lines], quote.rows, strict=True))
    claims = {rows[line_id].line_id: each for line_id, each in _claims(held).items()}
    if purchase.agreed != replace(quote, claims=claims).digest:
        raise ClaimsChangedError


def _keep_claims(placed: Placed, held: Plan, facts: Mapping[int, list[CertificateFact]]) -> None:
    """Write on lines the claims that all the lots kept for them have."""
    for line in placed.lines:
        kept = {claim.certificate_id for claim in held.kept.get(line.id, ())}
        found = facts.get(line.product_id, [])
        if any(fact.certificate_id in kept for fact in found):
            line.certificates = [
                fact.as_json()
                for fact in found
                if not fact.names_plots or fact.certificate_id in kept
            ]


def _hold(placed: Placed, quote: Quote, at: datetime) -> Plan:
    """Keep the packs of every line, or say of which lines of the cart there is not enough."""
    wants = [
        Want(line.id, line.product_id, line.net_weight_g, line.quantity) for line in placed.lines
    ]
    try:
        return inventory.hold_stock(wants=wants, expires_at=placed.order.expires_at, at=at).plan
    except InsufficientStockError as error:
        # Order lines were written in the order of the quote's rows.
        rows = dict(zip([line.id for line in placed.lines], quote.rows, strict=True))
        raise ShortLinesError(
            [
                ShortLine(
                    rows[short.line_id].line_id,
                    rows[short.line_id].name_vi,
                    rows[short.line_id].name_en,
                    short.wanted,
                    short.available,
                )
                for short in error.short
            ]
        ) from error


def _cash_parts(placed: Placed) -> list[tuple[int, int, int]]:
    if placed.order.payment_method != PaymentMethod.CASH:
        return []
    return [(part.id, part.organisation_id, part.total_minor) for part in placed.parts]
