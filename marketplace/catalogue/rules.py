"""What a product, a pack and a price must be, without a database."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.catalogue.errors import (
    CurrencyChangedError,
    GtinWrongError,
    NameMissingError,
    PriceNotPositiveError,
    PriceTooHighError,
    WeightOutOfRangeError,
    WrongSeasonError,
)
from marketplace.kernel.identifiers import gtin14, is_gtin
from marketplace.kernel.money import Money
from marketplace.kernel.states import StateMachine
from models.catalogue import ProductState

PRODUCT: Final = StateMachine(
    "product",
    {
        ProductState.DRAFT: {ProductState.PUBLISHED, ProductState.ARCHIVED},
        ProductState.PUBLISHED: {ProductState.ARCHIVED},
        ProductState.ARCHIVED: {ProductState.PUBLISHED, ProductState.DRAFT},
    },
)

MAX_PRICE_MINOR: Final = 1_000_000_000
"""A thousand million đồng for one pack: more is a slip of the hand."""
MAX_WEIGHT_G: Final = 10_000_000
MAX_PACKS: Final = 12
MAX_PHOTOS: Final = 12
NO_SEASON: Final = "0" * 12

_SEASON: Final = re.compile(r"[0-3]{12}")


@dataclass(frozen=True, slots=True)
class ProductDetails:
    """What a cooperative says of a product.

    Attributes:
        category_id: where in the tree.
        name_vi: its name.
        province_code: where it comes from.
        commune_code: more closely, a commune of that province.
        name_en: its name in English; pages fall back to Vietnamese.
        summary_vi: one line below the name.
        summary_en: the same in English.
        story_vi: how it is grown or made, in paragraphs.
        story_en: the same in English.
        storage_vi: how to keep it.
        storage_en: the same in English.
        season: twelve digits, January first: 0 none, 1 little, 2 some, 3 peak.
    """

    category_id: int
    name_vi: str
    province_code: str
    commune_code: str | None = None
    name_en: str = ""
    summary_vi: str = ""
    summary_en: str = ""
    story_vi: str = ""
    story_en: str = ""
    storage_vi: str = ""
    storage_en: str = ""
    season: str = NO_SEASON


@dataclass(frozen=True, slots=True)
class PackDetails:
    """A size in which a product is sold.

    Attributes:
        name_vi: what is written on it: "Gói 500 g".
        net_weight_g: what is in it, in grams.
        name_en: the same in English.
        gtin: the number under its bar code, if it has one.
    """

    name_vi: str
    net_weight_g: int
    name_en: str = ""
    gtin: str | None = None


class Missing(StrEnum):
    """What a product still needs before buyers may see it."""

    VERIFIED_SELLER = "verified_seller"
    PACK = "pack"
    PHOTO = "photo"


def missing_for_publication(
    *, seller_is_verified: bool, packs: int, photos: int
) -> tuple[Missing, ...]:
    """What stands between a product and the market. Place and category no row is without.

    Args:
        seller_is_verified: the alliance has checked the seller.
        packs: how many packs are on offer.
        photos: how many photos it has.
    """
    needs = {
        Missing.PACK: packs > 0,
        Missing.PHOTO: photos > 0,
        Missing.VERIFIED_SELLER: seller_is_verified,
    }
    return tuple(need for need, is_met in needs.items() if not is_met)


def require_name(name: str, *, field: str) -> str:
    """The name without idle spaces.

    Raises:
        NameMissingError: nothing is left of it.
    """
    plain = " ".join(name.split())
    if not plain:
        raise NameMissingError(field=field)
    return plain


def require_price(price: Money, *, instead_of: Money | None = None) -> None:
    """Refuse a price that cannot be meant.

    Args:
        price: of one pack.
        instead_of: the price that it replaces.

    Raises:
        PriceNotPositiveError: nothing or less.
        PriceTooHighError: above `MAX_PRICE_MINOR`.
        CurrencyChangedError: in another currency than the one before.
    """
    if price.minor <= 0:
        raise PriceNotPositiveError(field="price")
    if price.minor > MAX_PRICE_MINOR:
        raise PriceTooHighError(field="price")
    if instead_of is not None and price.currency != instead_of.currency:
        raise CurrencyChangedError(field="price")


def require_weight(grams: int) -> None:
    """Refuse a weight that no pack has.

    Raises:
        WeightOutOfRangeError: below 1 g or above `MAX_WEIGHT_G`.
    """
    if not 1 <= grams <= MAX_WEIGHT_G:
        raise WeightOutOfRangeError(field="weight")


def require_gtin(gtin: str | None) -> str | None:
    """The number under a bar code in the 14 digits that are stored; None stays None.

    Raises:
        GtinWrongError: it is no GTIN.
    """
    plain = re.sub(r"[\s-]", "", gtin or "")
    if not plain:
        return None
    if not is_gtin(plain):
        raise GtinWrongError(field="gtin")
    return gtin14(plain)


def require_season(season: str) -> None:
    """Refuse what is no season.

    Raises:
        WrongSeasonError: not twelve digits from 0 to 3.
    """
    if not _SEASON.fullmatch(season):
        raise WrongSeasonError(field="season")
