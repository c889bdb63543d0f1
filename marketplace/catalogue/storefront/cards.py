"""Products as they lie on the stalls: one card each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ARRAY, BigInteger, Text, any_, bindparam, cast, func, literal, select

from marketplace.catalogue.storefront.shelf import (
    HOLDS,
    KEEPS,
    ON_SALE,
    certificate,
    covers,
    lot,
    organisation,
    pack,
    product,
    stock,
)
from marketplace.platform.reading import read
from models.accounts import Organisation
from models.certification import Certificate
from models.inventory import LotStock
from models.traceability import Lot

LOW_PACKS: Final = 10
"""So few of the smallest pack, or fewer, and the card says that it runs out."""


@dataclass(frozen=True, slots=True)
class Card:
    """One product in a list.

    Attributes:
        price_minor: whole đồng for the pack that is offered first.
        per_kg_minor: the same for a kilogram.
        badges: schemes in force today, "CODE:" or "CODE:level".
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
    .join(covers.product_id.table, covers.certificate_id == certificate.id)
    .select_from(Certificate.__table__)
    .where(covers.product_id == product.id, HOLDS)
    .correlate(product.id.table)
    .scalar_subquery()
)
_least = (
    select(func.min(pack.net_weight_g))
    .where(pack.product_id == product.id, pack.is_active)
    .correlate(product.id.table)
    .scalar_subquery()
)
_left = stock.on_hand_g - stock.held_g
_offer = pack.id.table.alias("offer")
_packs_left = (
    select(func.sum(_left // _least))
    .select_from(LotStock.__table__)
    .join(Lot.__table__, lot.id == stock.lot_id)
    .where(stock.product_id == product.id, stock.on_hand_g > stock.held_g, KEEPS)
    .correlate(product.id.table)
    .scalar_subquery()
)
CARDS: Final = (
    select(
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
    .join(Organisation.__table__, organisation.id == product.organisation_id)
    .join(_offer, _offer.c.id == product.from_pack_id)
    .where(product.id == any_(bindparam("ids", type_=ARRAY(BigInteger))), ON_SALE)
)


_found = CARDS.subquery()
CARDS_COLUMN: Final = select(func.json_agg(func.json_build_array(*_found.c))).scalar_subquery()
"""The same as one column of another statement; `read_cards` reads it."""


def cards(product_ids: Sequence[int], *, today: date) -> list[Card]:
    """Products as cards, in the order of `product_ids`; one statement, none for no ids.

    Those that are no longer on sale are left out.
    """
    if not product_ids:
        return []
    return read_cards(read(CARDS, {"ids": list(product_ids), "today": today}), product_ids)


def read_cards(rows: Iterable[Any] | None, product_ids: Sequence[int]) -> list[Card]:
    """Cards out of rows of `CARDS` or out of `CARDS_COLUMN`, in the order of `product_ids`."""
    found = {row[0]: _card(row) for row in rows or ()}
    return [found[one] for one in product_ids if one in found]


def stock_word(packs: int) -> str:
    """How much is left, in one word, when so many of the smallest pack can be had."""
    if packs <= 0:
        return "het"
    return "sap" if packs <= LOW_PACKS else "con"


def _card(row: Any) -> Card:  # noqa: ANN401 - a row of CARDS
    *facts, badges, packs = row
    values: list[Any] = [*facts, tuple(badges or ()), stock_word(int(packs))]
    return Card(*values)
