"""Reading carts."""

from typing import Any, Final

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from marketplace.orders.quotes import CartRow, Seller
from marketplace.platform.statements import Question
from models.accounts import DeliverySettings, Organisation, VerificationState
from models.catalogue import Pack, Product, ProductState
from models.orders import Cart, CartLine

_STANDARD = DeliverySettings.__table__.c
"""A seller that has said nothing about delivery asks what the table's columns default to."""


def _or_standard(name: str) -> ColumnElement[Any]:
    default = _STANDARD[name].default
    value = default.arg if default is not None else None
    return func.coalesce(_STANDARD[name], value)


_SELLER: tuple[Any, ...] = (
    Organisation.id,
    Organisation.code,
    Organisation.slug,
    Organisation.short_name,
    Organisation.province_code,
    Organisation.commission_bps,
    _or_standard("own_region_fee_minor"),
    _or_standard("other_region_fee_minor"),
    DeliverySettings.free_from_minor,
    _or_standard("own_region_days"),
    _or_standard("other_region_days"),
    _or_standard("offers_pickup"),
    func.coalesce(DeliverySettings.pickup_note, ""),
    _or_standard("accepts_cash"),
)

ON_SALE = and_(
    Pack.is_active,
    Product.state == ProductState.PUBLISHED,
    Organisation.verification == VerificationState.VERIFIED,
)


CART_OF_PERSON: Final = Question(select(Cart.id).where(Cart.user_id == bindparam("user_id")))
CART_OF_TOKEN: Final = Question(
    select(Cart.id).where(Cart.token_hash == bindparam("token_hash"), Cart.user_id.is_(None))
)
ROWS: Final = Question(
    select(
        CartLine.id,
        CartLine.pack_id,
        Product.id,
        Product.category_id,
        Product.slug,
        Product.name_vi,
        func.coalesce(func.nullif(Product.name_en, ""), Product.name_vi),
        Pack.name_vi,
        func.coalesce(func.nullif(Pack.name_en, ""), Pack.name_vi),
        Pack.net_weight_g,
        Product.cover_sha256,
        CartLine.quantity,
        Pack.price_minor,
        CartLine.seen_price_minor,
        ON_SALE,
        *_SELLER,
    )
    .join(Pack, Pack.id == CartLine.pack_id)
    .join(Product, Product.id == Pack.product_id)
    .join(Organisation, Organisation.id == Product.organisation_id)
    .outerjoin(DeliverySettings, DeliverySettings.organisation_id == Organisation.id)
    .where(CartLine.cart_id == bindparam("cart_id"))
    .order_by(CartLine.id)
)
KNOWN_PACK: Final = Question(
    select(Pack.price_minor, ON_SALE)
    .join(Product, Product.id == Pack.product_id)
    .join(Organisation, Organisation.id == Product.organisation_id)
    .where(Pack.id == bindparam("pack_id"))
)


def find_cart_id(*, user_id: int | None, token_hash: str | None) -> int | None:
    """The cart of a signed-in person, or of the browser that holds the token; None if none."""
    if user_id is not None:
        found = CART_OF_PERSON.ask(user_id=user_id)
    elif token_hash is not None:
        found = CART_OF_TOKEN.ask(token_hash=token_hash)
    else:
        return None
    return found[0][0] if found else None


def cart_rows(cart_id: int) -> list[CartRow]:
    """The lines of a cart in the order in which they came in, with today's prices.

    One statement. Rows of a seller get one and the same `Seller`.
    """
    sellers: dict[int, Seller] = {}
    rows: list[CartRow] = []
    for row in ROWS.ask(cart_id=cart_id):
        line, terms = row[: -len(_SELLER)], row[-len(_SELLER) :]
        if terms[0] not in sellers:
            sellers[terms[0]] = Seller(*terms)
        values: list[Any] = [*line, sellers[terms[0]]]
        rows.append(CartRow(*values))
    return rows


def find_known_pack(pack_id: int) -> tuple[int, bool] | None:
    """The price of a pack in whole đồng and whether it is on sale; None if there is none."""
    found = KNOWN_PACK.ask(pack_id=pack_id)
    return (found[0][0], found[0][1]) if found else None
