"""Reading carts."""

from typing import Any

from sqlalchemy import ColumnElement, and_, func, select

from marketplace.orders.quotes import CartRow, Seller
from marketplace.platform.database import session
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


def find_cart_id(*, user_id: int | None, token_hash: str | None) -> int | None:
    """The cart of a signed-in person, or of the browser that holds the token; None if none."""
    if user_id is not None:
        return session.scalar(select(Cart.id).where(Cart.user_id == user_id))
    if token_hash is None:
        return None
    return session.scalar(
        select(Cart.id).where(Cart.token_hash == token_hash, Cart.user_id.is_(None))
    )


def cart_rows(cart_id: int) -> list[CartRow]:
    """The lines of a cart in the order in which they came in, with today's prices.

    One statement. Rows of a seller get one and the same `Seller`.
    """
    statement: Any = (
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
        .where(CartLine.cart_id == cart_id)
        .order_by(CartLine.id)
    )
    sellers: dict[int, Seller] = {}
    rows: list[CartRow] = []
    found: Any = session.execute(statement).all()
    for row in found:
        line, terms = row[: -len(_SELLER)], row[-len(_SELLER) :]
        values: list[Any] = [*line, sellers.setdefault(terms[0], Seller(*terms))]
        rows.append(CartRow(*values))
    return rows


def find_known_pack(pack_id: int) -> tuple[int, bool] | None:
    """The price of a pack in whole đồng and whether it is on sale; None if there is none."""
    statement = (
        select(Pack.price_minor, ON_SALE)
        .join(Product, Product.id == Pack.product_id)
        .join(Organisation, Organisation.id == Product.organisation_id)
        .where(Pack.id == pack_id)
    )
    found = session.execute(statement).one_or_none()
    return (found[0], found[1]) if found else None
