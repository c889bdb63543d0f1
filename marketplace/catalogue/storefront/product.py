"""A product's page."""

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, Final

from sqlalchemy import ColumnElement, Text, bindparam, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from marketplace.catalogue.errors import ProductNotFoundError
from marketplace.catalogue.storefront.cards import CARDS_COLUMN, read_cards
from marketplace.catalogue.storefront.conditions import (
    HOLDS,
    KEEPS,
    NAMES_PLOTS,
    certificate,
    certificates,
    coverage,
    covers,
    inherited,
    lot,
    lots,
    organisation,
    organisations,
    pack,
    packs,
    product,
    products,
    stock,
    stocks,
)
from marketplace.catalogue.storefront.page import (
    Delivery,
    OfferedPack,
    Photo,
    ProductPage,
    Proof,
    Seller,
    SellingLot,
)
from marketplace.catalogue.storefront.shelf import Shelf
from marketplace.platform.statements import Question
from models.accounts import DeliverySettings, Organisation, VerificationState
from models.catalogue import Category, ProductPhoto, ProductState
from models.media import MediaFile

NEIGHBOURS: Final = 4
PLANNED_FOR: Final = 10
"""PostgreSQL plans for an array that it does not know as if it held ten, and keeps that plan only
while it looks no dearer than one made for each call. Made for each call costs 2 ms."""


_photos = ProductPhoto.__table__.alias("h")
_files = MediaFile.__table__.alias("f")
_terms = DeliverySettings.__table__.alias("d")
_alliance = Organisation.__table__.alias("a")
_group = Category.__table__.alias("g")
_parent = Category.__table__.alias("t")
photo, media, delivery = _photos.c, _files.c, _terms.c


def _gathered(array: ColumnElement[Any], *order: ColumnElement[Any]) -> ColumnElement[Any]:
    return func.json_agg(aggregate_order_by(array, *order))


_packs_column = (
    select(
        _gathered(
            func.json_build_array(
                pack.id, pack.name_vi, pack.name_en, pack.net_weight_g, pack.price_minor, pack.gtin
            ),
            pack.position,
            pack.net_weight_g,
            pack.id,
        )
    )
    .select_from(packs)
    .where(pack.product_id == product.id, pack.is_active)
    .correlate(products)
    .scalar_subquery()
)
_photos_column = (
    select(
        _gathered(
            func.json_build_array(
                media.sha256, media.width, media.height, photo.alt_vi, photo.alt_en
            ),
            photo.position,
            photo.id,
        )
    )
    .select_from(_photos)
    .join(_files, media.id == photo.file_id)
    .where(photo.product_id == product.id)
    .correlate(products)
    .scalar_subquery()
)
_proofs_column = (
    select(
        _gathered(
            func.json_build_array(
                certificate.id,
                certificate.scheme_code,
                certificate.level,
                certificate.number,
                certificate.issuer,
                certificate.valid_from,
                certificate.valid_to,
                NAMES_PLOTS,
            ),
            certificate.id,
        )
    )
    .select_from(certificates)
    .join(coverage, covers.certificate_id == certificate.id)
    .where(covers.product_id == product.id, HOLDS)
    .correlate(products)
    .scalar_subquery()
)
_inherited_column = (
    select(func.array_agg(inherited.c.certificate_id))
    .where(inherited.c.lot_id == lot.id)
    .correlate(lots)
    .scalar_subquery()
)
_lots_column = (
    select(
        _gathered(
            func.json_build_array(
                lot.code,
                lot.harvested_on,
                lot.packed_on,
                lot.best_before_on,
                stock.on_hand_g - stock.held_g,
                _inherited_column,
            ),
            lot.best_before_on.asc().nulls_last(),
            lot.harvested_on,
            lot.id,
        )
    )
    .select_from(stocks)
    .join(lots, lot.id == stock.lot_id)
    .where(stock.product_id == product.id, stock.on_hand_g > stock.held_g, KEEPS)
    .correlate(products)
    .scalar_subquery()
)
PRODUCT: Final = Question(
    select(
        product.state,
        organisation.verification,
        organisation.id,
        func.json_build_array(
            product.id,
            product.slug,
            product.name_vi,
            product.name_en,
            product.summary_vi,
            product.summary_en,
            product.story_vi,
            product.story_en,
            product.storage_vi,
            product.storage_en,
            product.province_code,
            product.commune_code,
            product.season,
            product.category_id,
            product.from_pack_id,
            product.state,
            _parent.c.slug,
            _parent.c.name_vi,
            _parent.c.name_en,
            _group.c.slug,
            _group.c.name_vi,
            _group.c.name_en,
            organisation.id,
            organisation.code,
            organisation.slug,
            organisation.name,
            organisation.short_name,
            organisation.province_code,
            organisation.commune_code,
            organisation.founded_on,
            organisation.member_count,
            organisation.tagline_vi,
            organisation.tagline_en,
            organisation.verified_at,
            _alliance.c.name,
            delivery.own_region_fee_minor,
            delivery.other_region_fee_minor,
            delivery.free_from_minor,
            delivery.own_region_days,
            delivery.other_region_days,
            delivery.offers_pickup,
            delivery.accepts_cash,
            _packs_column,
            _photos_column,
            _proofs_column,
            _lots_column,
            CARDS_COLUMN,
        ).cast(Text),
    )
    .select_from(products)
    .join(organisations, organisation.id == product.organisation_id)
    .join(_group, _group.c.id == product.category_id)
    .outerjoin(_parent, _parent.c.id == _group.c.parent_id)
    .outerjoin(_alliance, _alliance.c.id == organisation.verified_by_id)
    .outerjoin(_terms, delivery.organisation_id == organisation.id)
    .where(product.slug == bindparam("slug"))
)
_FACTS: Final = slice(0, 15)
_PARENT: Final = slice(16, 19)
_GROUP: Final = slice(19, 22)
_SELLER: Final = slice(22, 35)
_DELIVERY: Final = slice(35, 42)


@dataclass(frozen=True, slots=True)
class Found:
    """What the database says of a product, as it came.

    Equal ones make equal pages: a page that was drawn from one can be shown for the other, and
    most readers see what the one before them saw.

    Attributes:
        told: all of it, as JSON.
        near: the ids of the neighbours, in their order.
        is_preview: buyers do not see it: a draft, or its seller is not verified.
    """

    told: str
    near: tuple[int, ...]
    is_preview: bool

    @property
    def mark(self) -> bytes:
        """Sixteen bytes that stand for all of it."""
        told = f"{self.told}{self.near}{self.is_preview}"
        return blake2b(told.encode(), digest_size=16).digest()

    def page(self) -> ProductPage:
        """The page that it makes."""
        row = json.loads(self.told)
        packs, photos, proofs, lots, neighbours = row[42:]
        selling = tuple(_lot(item) for item in lots or ())
        proofs = _proofs(proofs or (), packs or (), selling)
        certified = {code for proof in proofs for code in proof.lot_codes}
        levels = (row[_PARENT], row[_GROUP])
        values: list[Any] = [
            *row[_FACTS],
            self.is_preview,
            row[15] == ProductState.ARCHIVED,
            tuple(tuple(level) for level in levels if level[0] is not None),
            _seller(row[_SELLER]),
            Delivery(*row[_DELIVERY]) if row[_DELIVERY][0] is not None else None,
            tuple(_pack(item, selling) for item in packs or ()),
            tuple(Photo(*item) for item in photos or ()),
            proofs,
            # A line is filled from lots that keep its claim before others (decision 14).
            tuple(sorted(selling, key=lambda one: one.code not in certified)),
            tuple(read_cards(neighbours, self.near)),
        ]
        return ProductPage(*values)


def find_product(slug: str, *, shelf: Shelf, own: Collection[int] = ()) -> Found:
    """A product with all that its page shows; one statement.

    Args:
        slug: its part of the address.
        shelf: all products on sale, for its neighbours, and the day that it is.
        own: the organisations that the reader belongs to: their drafts can be looked at.

    Raises:
        ProductNotFoundError: there is none, or buyers do not see it and the reader is a buyer.
    """
    near = _neighbours(shelf, slug)
    padded = [*near, *[0] * (PLANNED_FOR - len(near))]
    found = PRODUCT.ask(slug=slug, today=shelf.day, ids=padded)
    if not found:
        raise ProductNotFoundError(slug=slug)
    [[state, verification, seller_id, told]] = found
    is_visible = state == ProductState.PUBLISHED and verification == VerificationState.VERIFIED
    if not is_visible and seller_id not in own:
        raise ProductNotFoundError(slug=slug)
    return Found(told, tuple(near), not is_visible)


def _neighbours(shelf: Shelf, slug: str) -> list[int]:
    place = shelf.by_slug.get(slug)
    if place is None:
        return []
    own = [one for one in shelf.of_organisation[shelf.owners[place]] if one != place]
    if own:
        return [shelf.ids[one] for one in own[:NEIGHBOURS]]
    kind = shelf.by_category[shelf.kinds[place]] & ~(1 << place)
    return shelf.take(kind, shelf.in_season, 0, NEIGHBOURS)


def _seller(item: list[Any]) -> Seller:
    *facts, founded_on, members, tagline_vi, tagline_en, verified_at, verified_by = item
    checked_at = datetime.fromisoformat(verified_at) if verified_at else None
    more = [_day(founded_on), members, tagline_vi, tagline_en, checked_at, verified_by]
    return Seller(*facts, *more)


def _pack(item: list[Any], lots: Sequence[SellingLot]) -> OfferedPack:
    weight = item[3]
    # Packs come whole out of one lot, so what is left is counted lot by lot.
    return OfferedPack(*[*item, sum(one.available_g // weight for one in lots)])


def _lot(item: list[Any]) -> SellingLot:
    code, harvested_on, packed_on, best_before_on, available_g, certificate_ids = item
    return SellingLot(
        code,
        date.fromisoformat(harvested_on),
        _day(packed_on),
        _day(best_before_on),
        available_g,
        frozenset(certificate_ids or ()),
    )


def _proofs(
    items: Sequence[list[Any]], packs: Sequence[list[Any]], lots: Sequence[SellingLot]
) -> tuple[Proof, ...]:
    """The certificates that count for what is sold now: see `conditions.BADGED`."""
    least = min((item[3] for item in packs), default=None)
    found = []
    for *facts, valid_from, valid_to, names_plots in items:
        codes = tuple(
            one.code
            for one in lots
            if names_plots
            and least is not None
            and facts[0] in one.certificate_ids
            and one.available_g >= least
        )
        if codes or not names_plots:
            values = [*facts, date.fromisoformat(valid_from), _day(valid_to), codes]
            found.append(Proof(*values))
    return tuple(found)


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
