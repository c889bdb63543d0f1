"""What a product's page consists of."""

from dataclasses import dataclass
from datetime import date, datetime

from marketplace.catalogue.storefront.cards import Card, stock_word


@dataclass(frozen=True, slots=True)
class OfferedPack:
    """A size that can be chosen.

    Attributes:
        left: how many of it could be had if nothing else were.
    """

    id: int
    name_vi: str
    name_en: str
    net_weight_g: int
    price_minor: int
    gtin: str | None
    left: int


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture of a product. `width` and `height` are those of its largest variant."""

    sha256: str
    width: int | None
    height: int | None
    alt_vi: str
    alt_en: str


@dataclass(frozen=True, slots=True)
class Proof:
    """A certificate in force today.

    Attributes:
        lot_codes: of one that names plots, the lots on sale that inherited it; else empty.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    lot_codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SellingLot:
    """A lot that is being sold now; they are sold in the order of the page.

    Attributes:
        certificate_ids: what it inherited when it came in.
    """

    code: str
    harvested_on: date
    packed_on: date | None
    best_before_on: date | None
    available_g: int
    certificate_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class Seller:
    """Who sells it."""

    id: int
    code: str
    slug: str
    name: str
    short_name: str
    province_code: str
    commune_code: str | None
    founded_on: date | None
    member_count: int | None
    tagline_vi: str
    tagline_en: str
    verified_at: datetime | None
    verified_by: str | None


@dataclass(frozen=True, slots=True)
class Delivery:
    """What the seller asks for bringing an order. Fees are whole đồng."""

    own_region_fee_minor: int
    other_region_fee_minor: int
    free_from_minor: int | None
    own_region_days: int
    other_region_days: int
    offers_pickup: bool
    accepts_cash: bool


@dataclass(frozen=True, slots=True)
class ProductPage:
    """All that a product's page shows.

    Attributes:
        is_preview: buyers do not see it: a draft, or its seller is not verified.
        is_archived: it is no longer sold.
        categories: (slug, name, English name) from the first level down.
        delivery: None while the seller has not said.
        lots: those that a certificate of some plots counts for first, then what spoils first.
        neighbours: other goods of the same seller, else of the same kind.
    """

    id: int
    slug: str
    name_vi: str
    name_en: str
    summary_vi: str
    summary_en: str
    story_vi: str
    story_en: str
    storage_vi: str
    storage_en: str
    province_code: str
    commune_code: str | None
    season: str
    category_id: int
    from_pack_id: int | None
    is_preview: bool
    is_archived: bool
    categories: tuple[tuple[str, str, str], ...]
    seller: Seller
    delivery: Delivery | None
    packs: tuple[OfferedPack, ...]
    photos: tuple[Photo, ...]
    proofs: tuple[Proof, ...]
    lots: tuple[SellingLot, ...]
    neighbours: tuple[Card, ...]

    @property
    def stock(self) -> str:
        """How much is left, in the word of its card: "con", "sap" or "het"."""
        if not self.packs:
            return "het"
        return stock_word(min(self.packs, key=lambda one: one.net_weight_g).left)
