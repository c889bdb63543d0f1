"""Sizes and their prices."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.accounts.permissions import Actor
from marketplace.catalogue import rules
from marketplace.catalogue.errors import (
    GtinTakenError,
    LastPackError,
    PackNameTakenError,
    TooManyPacksError,
    WeightFixedError,
)
from marketplace.catalogue.locks import lock_pack, lock_product
from marketplace.catalogue.offer import refresh_offer
from marketplace.catalogue.rules import PackDetails
from marketplace.kernel.money import Money
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.statements import NewRows, Question, adding
from models.catalogue import Pack, PackPrice, Product

_PRODUCT_ID: Final = bindparam("product_id", type_=BigInteger)
_PLACES: Final = Question(
    select(func.count().filter(Pack.is_active), func.coalesce(func.max(Pack.position), -1)).where(
        Pack.product_id == _PRODUCT_ID
    )
)
"""How many packs of a product are offered, and the last place that one of all has."""
_SAME_NAME: Final = Question(
    select(Pack.id).where(
        Pack.product_id == _PRODUCT_ID,
        Pack.is_active,
        func.lower(Pack.name_vi) == bindparam("name"),
        Pack.id != bindparam("own", type_=BigInteger),
    )
)
_PACKS: Final = NewRows(Pack)
_NEW_PRICES: Final = adding(PackPrice)


def add_pack(
    *, actor: Actor, product_id: int, details: PackDetails, price: Money, at: datetime
) -> Pack:
    """Offer a product in one more size.

    Raises:
        ProductNotFoundError: there is no such product.
        NotAllowedError: the actor does not sell for its cooperative.
        NameMissingError, WeightOutOfRangeError, GtinWrongError, PriceNotPositiveError,
        PriceTooHighError: see `rules`.
        PackNameTakenError, GtinTakenError, TooManyPacksError: see there.
    """
    product = lock_product(product_id, actor=actor)
    name = rules.require_name(details.name_vi, field="name_vi")
    rules.require_weight(details.net_weight_g)
    gtin = rules.require_gtin(details.gtin)
    rules.require_price(price)
    _require_new_pack(product_id, name, own=None)
    _require_new_gtin(gtin, own=None)
    active, last = _PLACES.ask(product_id=product_id)[0]
    if active >= rules.MAX_PACKS:
        raise TooManyPacksError(field="name_vi", limit=rules.MAX_PACKS)
    pack = Pack(
        product_id=product_id,
        name_vi=name,
        name_en=details.name_en.strip(),
        net_weight_g=details.net_weight_g,
        price_minor=price.minor,
        currency=price.currency,
        gtin=gtin,
        position=last + 1,
        is_active=True,
    )
    _PACKS.write(pack)
    set_committed_value(pack, "product", product)
    _keep_price(pack, actor=actor, at=at)
    _touch(product, at)
    record(
        actor=actor,
        action="catalogue.add_pack",
        subject_kind="pack",
        subject_id=pack.id,
        at=at,
        after={"name_vi": name, "net_weight_g": pack.net_weight_g, "price_minor": price.minor},
    )
    return pack


def change_pack(*, actor: Actor, pack_id: int, details: PackDetails, at: datetime) -> Pack:
    """Change the name, the bar code or (while nobody has seen it) the weight of a pack.

    Raises:
        PackNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        NameMissingError, WeightOutOfRangeError, GtinWrongError: see `rules`.
        PackNameTakenError, GtinTakenError: see there.
        WeightFixedError: buyers have seen the product with this weight.
    """
    product, pack = lock_pack(pack_id, actor=actor)
    wanted: dict[str, Any] = {
        "name_vi": rules.require_name(details.name_vi, field="name_vi"),
        "name_en": details.name_en.strip(),
        "net_weight_g": details.net_weight_g,
        "gtin": rules.require_gtin(details.gtin),
    }
    rules.require_weight(details.net_weight_g)
    before = {
        column: getattr(pack, column)
        for column, value in wanted.items()
        if getattr(pack, column) != value
    }
    if not before:
        return pack
    if "net_weight_g" in before and product.published_at is not None:
        raise WeightFixedError(field="weight")
    if "name_vi" in before:
        _require_new_pack(product.id, wanted["name_vi"], own=pack_id)
    if "gtin" in before:
        _require_new_gtin(wanted["gtin"], own=pack_id)
    for column in before:
        setattr(pack, column, wanted[column])
    _touch(product, at)
    record(
        actor=actor,
        action="catalogue.change_pack",
        subject_kind="pack",
        subject_id=pack_id,
        at=at,
        before=before,
        after={column: wanted[column] for column in before},
    )
    return pack


def change_price(*, actor: Actor, pack_id: int, price: Money, at: datetime) -> Pack:
    """Give a pack a new price from `at` on; placed orders keep the old one.

    The same price again changes nothing and leaves no trace in the history.

    Raises:
        PackNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        PriceNotPositiveError, PriceTooHighError, CurrencyChangedError: see `rules.require_price`.
    """
    product, pack = lock_pack(pack_id, actor=actor)
    rules.require_price(price, instead_of=pack.price)
    if price == pack.price:
        return pack
    before = pack.price_minor
    pack.price_minor = price.minor
    _keep_price(pack, actor=actor, at=at)
    _touch(product, at)
    record(
        actor=actor,
        action="catalogue.change_price",
        subject_kind="pack",
        subject_id=pack_id,
        at=at,
        before={"price_minor": before},
        after={"price_minor": price.minor},
    )
    return pack


def retire_pack(*, actor: Actor, pack_id: int, at: datetime) -> Pack:
    """Stop selling a size. Orders that have it keep it; the same again changes nothing.

    Raises:
        PackNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        LastPackError: the product is on the market and would have none left.
    """
    product, pack = lock_pack(pack_id, actor=actor)
    if not pack.is_active:
        return pack
    left = session.scalar(
        select(func.count()).where(
            Pack.product_id == product.id, Pack.is_active, Pack.id != pack_id
        )
    )
    if product.is_published and not left:
        raise LastPackError
    _switch(product, pack, is_active=False, actor=actor, at=at)
    return pack


def return_pack(*, actor: Actor, pack_id: int, at: datetime) -> Pack:
    """Sell a size again at the price it had; the same again changes nothing.

    Raises:
        PackNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        PackNameTakenError: another pack has taken its name meanwhile.
    """
    product, pack = lock_pack(pack_id, actor=actor)
    if pack.is_active:
        return pack
    _require_new_pack(product.id, pack.name_vi, own=pack_id)
    _switch(product, pack, is_active=True, actor=actor, at=at)
    return pack


def _switch(product: Product, pack: Pack, *, is_active: bool, actor: Actor, at: datetime) -> None:
    pack.is_active = is_active
    _touch(product, at)
    record(
        actor=actor,
        action="catalogue.return_pack" if is_active else "catalogue.retire_pack",
        subject_kind="pack",
        subject_id=pack.id,
        at=at,
        before={"is_active": not is_active},
        after={"is_active": is_active},
    )


def _keep_price(pack: Pack, *, actor: Actor, at: datetime) -> None:
    _NEW_PRICES.make(
        pack_id=pack.id,
        price_minor=pack.price_minor,
        currency=pack.currency,
        at=at,
        by_user_id=actor.user_id,
    )


def _touch(product: Product, at: datetime) -> None:
    # Last, so that the row is written once for both.
    refresh_offer(product.id)
    product.updated_at = at


def _require_new_pack(product_id: int, name: str, *, own: int | None) -> None:
    if _SAME_NAME.ask(product_id=product_id, name=name.lower(), own=own or 0):
        raise PackNameTakenError(field="name_vi")


def _require_new_gtin(gtin: str | None, *, own: int | None) -> None:
    if gtin is None:
        return
    if session.scalar(select(Pack.id).where(Pack.gtin == gtin, Pack.id != (own or 0))) is not None:
        raise GtinTakenError(field="gtin")
