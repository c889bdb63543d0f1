"""Products as they lie on the stalls: one card each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, cast, func, literal, select

from marketplace.catalogue.storefront.conditions import (
    BADGED,
    KEEPS,
    ON_SALE,
    certificate,
    certificates,
    coverage,
    covers,
    lot,
    lots,
    organisation,
    organisations,
    pack,
    product,
    products,
    stock,
    stocks,
)
from marketplace.platform.statements import Question
from models.catalogue import Pack

LOW_PACKS: Final = 10
"""So few of the smallest pack, or fewer, and the card says that it runs out."""


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list.

    Attributes:
        price_minor: whole đồng for the pack that is offered first.
        per_kg_minor: the same for a kilogram.
        badges: schemes that give it a badge today, "CODE:" or "CODE:level".
        stock: "con" (enough), "sap" (runs out) or "het" (sold out).
    """

    product_id: int
    slug: str
    name_vi: str
    name_en: str
    cooperative_name: str
    province_code: str
    price_minor: int
    per_kg_minor: int | None
    pack_vi: str
    pack_en: str
    cover_sha256: str | None
    badges: tuple[str, ...]
    stock: str


_badges = (
    select(
        cast(
            func.array_agg(
                certificate.scheme_code
                + literal(":")
                + func.coalesce(cast(certificate.level, Text), "")
            ),
            ARRAY(Text),
        )
    )
    .join(coverage, covers.certificate_id == certificate.id)
    .select_from(certificates)
    .where(covers.product_id == product.id, BADGED)
    .correlate(products)
    .scalar_subquery()
)
_least = (
    select(func.min(pack.net_weight_g))
    .where(pack.product_id == product.id, pack.is_active)
    .correlate(products)
    .scalar_subquery()
)
_left = stock.on_hand_g - stock.held_g
_offer = Pack.__table__.alias("offer")
_packs_left = (
    select(func.sum(_left // _least))
    .select_from(stocks)
    .join(lots, lot.id == stock.lot_id)
    .where(stock.product_id == product.id, stock.on_hand_g > stock.held_g, KEEPS)
    .correlate(products)
    .scalar_subquery()
)
CARDS_COLUMN: Final = (
    select(
        func.json_agg(
            func.json_build_array(
                product.id,
                product.slug,
                product.name_vi,
                product.name_en,
                organisation.short_name,
                product.province_code,
                product.from_price_minor,
                product.per_kg_minor,
                _offer.c.name_vi,
                _offer.c.name_en,
                product.cover_sha256,
                _badges,
                func.coalesce(_packs_left, 0),
            )
        )
    )
    .select_from(products)
    .join(organisations, organisation.id == product.organisation_id)
    .join(_offer, _offer.c.id == product.from_pack_id)
    .where(product.id == any_(bindparam("ids", type_=ARRAY(BigInteger))), ON_SALE)
    .correlate(None)
    .scalar_subquery()
)
"""The cards as one column, which costs less than thirteen; `read_cards` reads it."""
ALONE: Final = Question(select(CARDS_COLUMN))


def cards(product_ids: Sequence[int], *, today: date) -> list[Card]:
    """Products as cards, in the order of `product_ids`; one statement, none for no ids.

    Those that are no longer on sale are left out.
    """
    if not product_ids:
        return []
    [[found]] = ALONE.ask(ids=list(product_ids), today=today)
    return read_cards(found, product_ids)


def read_cards(column: Sequence[list[Any]] | None, product_ids: Sequence[int]) -> list[Card]:
    """Cards out of `CARDS_COLUMN`, in the order of `product_ids`."""
    found = {values[0]: _card(values) for values in column or ()}
    return [found[one] for one in product_ids if one in found]


def stock_word(packs: int) -> str:
    """How much is left, in one word, when so many of the smallest pack can be had."""
    if packs <= 0:
        return "het"
    return "sap" if packs <= LOW_PACKS else "con"


def _card(values: list[Any]) -> Card:
    *facts, badges, packs = values
    return Card(*[*facts, tuple(badges or ()), stock_word(int(packs))])
