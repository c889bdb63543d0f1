"""What a cart would cost now: values and sums, no database."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Final

from marketplace.geography import queries as geography
from marketplace.kernel.money import Money
from marketplace.orders import rules
from models.orders import DeliveryMethod

DIGEST_LENGTH: Final = 16


@dataclass(frozen=True, slots=True)
class Seller:
    """A seller and its terms of today. Fees in whole đồng, commission in basis points."""

    organisation_id: int
    code: str
    slug: str
    name: str
    province_code: str
    commission_bps: int
    own_region_fee_minor: int
    other_region_fee_minor: int
    free_from_minor: int | None
    own_region_days: int
    other_region_days: int
    offers_pickup: bool
    pickup_note: str
    accepts_cash: bool

    def is_near(self, province_code: str) -> bool:
        """Whether the province lies in the seller's region."""
        mine = geography.find_province(self.province_code)
        theirs = geography.find_province(province_code)
        return mine is not None and theirs is not None and mine.region_id == theirs.region_id


@dataclass(frozen=True, slots=True)
class CartRow:
    """A line of a cart with what its pack is and costs now.

    Attributes:
        is_on_sale: pack, product and seller are on the market.
        seen_price_minor: the price when the buyer last touched the line.
    """

    line_id: int
    pack_id: int
    product_id: int
    category_id: int
    slug: str
    name_vi: str
    name_en: str
    pack_name_vi: str
    pack_name_en: str
    net_weight_g: int
    cover_sha256: str | None
    quantity: int
    price_minor: int
    seen_price_minor: int
    is_on_sale: bool
    seller: Seller

    @property
    def goods_minor(self) -> int:
        """What the packs of this line cost."""
        return self.price_minor * self.quantity

    @property
    def price_changed(self) -> bool:
        """Whether the price is another than the buyer saw."""
        return self.price_minor != self.seen_price_minor

    @property
    def grams(self) -> int:
        """What the line weighs."""
        return self.net_weight_g * self.quantity

    def commission_minor(self, currency: str) -> int:
        """The market's share of the goods, half to even."""
        return Money(self.goods_minor, currency).share_bps(self.seller.commission_bps).minor


@dataclass(frozen=True, slots=True)
class NamedClaim:
    """A certificate that names some plots, and counts for the lots from these alone."""

    certificate_id: int
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True)
class LineClaims:
    """Which of the claims of its product a line has, as far as the lots reach.

    Attributes:
        kept: every pack comes from lots that have them.
        missed: some lots of the product have them, but not enough for the line.
    """

    kept: tuple[NamedClaim, ...] = ()
    missed: tuple[NamedClaim, ...] = ()


@dataclass(frozen=True, slots=True)
class PartQuote:
    """One seller's part: its lines that can be ordered, and its delivery.

    `delivery_minor` is None as long as nobody knows where the goods go.
    """

    seller: Seller
    rows: tuple[CartRow, ...]
    method: str
    delivery_minor: int | None
    promised_on: date | None

    @property
    def goods_minor(self) -> int:
        """The sum of the goods."""
        return sum(row.goods_minor for row in self.rows if row.is_on_sale)

    @property
    def total_minor(self) -> int:
        """Goods and delivery."""
        return self.goods_minor + (self.delivery_minor or 0)

    @property
    def is_picked_up(self) -> bool:
        """Whether the buyer collects it."""
        return self.method == DeliveryMethod.PICKUP


@dataclass(frozen=True)
class Quote:
    """A cart, grouped by seller, with delivery to a province.

    Attributes:
        parts: in the order in which the sellers came into the cart.
        province_code: where it goes; None: not known yet, no delivery is counted.
        short: packs that are left, by line id, for lines that want more.
        claims: by line id, for products with certificates that count for some lots alone.
        currency: of every amount.
    """

    parts: tuple[PartQuote, ...]
    province_code: str | None
    short: Mapping[int, int] = field(default_factory=dict)
    claims: Mapping[int, LineClaims] = field(default_factory=dict)
    currency: str = "VND"

    @property
    def rows(self) -> list[CartRow]:
        """All lines."""
        return [row for part in self.parts for row in part.rows]

    @property
    def not_on_sale(self) -> list[CartRow]:
        """The lines that cannot be bought any more."""
        return [row for row in self.rows if not row.is_on_sale]

    @property
    def goods_minor(self) -> int:
        """The sum of the goods."""
        return sum(part.goods_minor for part in self.parts)

    @property
    def delivery_minor(self) -> int:
        """The sum of the delivery fees that are known."""
        return sum(part.delivery_minor or 0 for part in self.parts)

    @property
    def total_minor(self) -> int:
        """What the buyer pays."""
        return self.goods_minor + self.delivery_minor

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing in the cart."""
        return not self.parts

    @property
    def is_orderable(self) -> bool:
        """Whether every line can be had, as far as one can see now."""
        return not self.is_empty and not self.short and not self.not_on_sale

    @property
    def accepts_cash(self) -> bool:
        """Whether every seller takes cash at the door."""
        return all(part.seller.accepts_cash for part in self.parts)

    @property
    def is_all_picked_up(self) -> bool:
        """Whether nothing is delivered, so that no address is needed."""
        return all(part.is_picked_up for part in self.parts)

    @cached_property
    def digest(self) -> str:
        """A short text that changes with whatever the buyer agrees to.

        That is any price, quantity or fee, and behind a hyphen the claims that lines keep.
        """
        kept = sorted(
            (row.pack_id, tuple(claim.certificate_id for claim in self.claims[row.line_id].kept))
            for row in self.rows
            if row.line_id in self.claims and self.claims[row.line_id].kept
        )
        return f"{self.sums_digest}-{_digest(kept)}" if kept else self.sums_digest

    @cached_property
    def sums_digest(self) -> str:
        """The part of `digest` that changes with any price, quantity or fee."""
        told = [
            (row.pack_id, row.quantity, row.price_minor)
            for row in sorted(self.rows, key=lambda row: row.pack_id)
        ]
        fees = [(part.seller.organisation_id, part.delivery_minor) for part in self.parts]
        return _digest((told, sorted(fees)))


def _digest(told: object) -> str:
    return hashlib.sha256(repr(told).encode()).hexdigest()[:DIGEST_LENGTH]


def make_quote(
    rows: Sequence[CartRow],
    *,
    province_code: str | None,
    pickups: Collection[int] = (),
    on: date,
    short: Mapping[int, int] | None = None,
) -> Quote:
    """Group the lines of a cart by seller and add delivery.

    Args:
        rows: the lines, in the order of the cart.
        province_code: where the buyer lives, if known.
        pickups: ids of the organisations whose goods the buyer collects; those that do not
            offer it deliver.
        on: the day in Việt Nam from which promised days count.
        short: packs that are left, by line id, for lines that want more.
    """
    grouped: dict[int, list[CartRow]] = {}
    for row in rows:
        grouped.setdefault(row.seller.organisation_id, []).append(row)
    parts = tuple(
        _part(tuple(group), province_code=province_code, pickups=pickups, on=on)
        for group in grouped.values()
    )
    return Quote(parts, province_code, dict(short or {}))


def _part(
    rows: tuple[CartRow, ...], *, province_code: str | None, pickups: Collection[int], on: date
) -> PartQuote:
    seller = rows[0].seller
    wants_pickup = seller.organisation_id in pickups and seller.offers_pickup
    method = DeliveryMethod.PICKUP if wants_pickup else DeliveryMethod.DELIVERY
    if province_code is None and method == DeliveryMethod.DELIVERY:
        return PartQuote(seller, rows, method, None, None)
    near = province_code is not None and seller.is_near(province_code)
    goods = sum(row.goods_minor for row in rows if row.is_on_sale)
    return PartQuote(
        seller,
        rows,
        method,
        rules.delivery_fee(seller, goods, method=method, same_region=near),
        rules.promised_day(seller, on, method=method, same_region=near),
    )
