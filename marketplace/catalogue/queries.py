"""What the desk of a cooperative reads of its own catalogue. Buyers read `catalogue.storefront`."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import CategoryNode, categories_tree
from marketplace.catalogue.errors import PackNotFoundError, ProductNotFoundError
from marketplace.catalogue.rules import Missing, missing_for_publication
from marketplace.kernel.money import Money, price_per_kg
from marketplace.kernel.text import fold
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation
from models.catalogue import Pack, PackPrice, Product, ProductPhoto, ProductState
from models.inventory import LotStock
from models.media import MediaFile


@dataclass(frozen=True, slots=True)
class ProductRow:
    """A product in the list of its cooperative. `free_g`: what can still be sold, in grams."""

    id: int
    slug: str
    name_vi: str
    name_en: str
    state: str
    category: CategoryNode | None
    from_price: int | None
    per_kg: int | None
    cover_sha256: str | None
    updated_at: datetime
    pack_count: int
    free_g: int

    def name(self, locale: str) -> str:
        """Its name in the language `locale`."""
        return (self.name_en if locale == "en" else "") or self.name_vi


def products_of(
    organisation_id: int, *, page: PageRequest, state: str | None = None, text: str = ""
) -> Page[ProductRow]:
    """The products of a cooperative, last changed first: two statements.

    Args:
        organisation_id: whose.
        page: which of them.
        state: only in this state.
        text: every word of it is found in the product's search text; tones do not matter.
    """
    conditions: list[ColumnElement[bool]] = [Product.organisation_id == organisation_id]
    if state is not None:
        conditions.append(Product.state == state)
    conditions += [
        Product.search_text.contains(word, autoescape=True) for word in fold(text).split()
    ]
    packs = (
        select(func.count())
        .where(Pack.product_id == Product.id, Pack.is_active)
        .correlate(Product)
        .scalar_subquery()
    )
    free = (
        select(func.coalesce(func.sum(LotStock.on_hand_g - LotStock.held_g), 0))
        .where(LotStock.product_id == Product.id)
        .correlate(Product)
        .scalar_subquery()
    )
    rows = session.execute(
        select(
            Product.id,
            Product.slug,
            Product.name_vi,
            Product.name_en,
            Product.state,
            Product.category_id,
            Product.from_price_minor,
            Product.per_kg_minor,
            Product.cover_sha256,
            Product.updated_at,
            packs,
            free,
        )
        .where(*conditions)
        .order_by(Product.updated_at.desc(), Product.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    total = session.scalar(select(func.count()).select_from(Product).where(*conditions))
    categories = categories_tree().by_id
    return Page(
        rows=[_row(columns, categories) for columns in rows], request=page, total=total or 0
    )


def _row(columns: Any, categories: dict[int, CategoryNode]) -> ProductRow:  # noqa: ANN401
    """A row of the statement above, with its category in place of its id."""
    first, category_id, rest, free = columns[:5], columns[5], columns[6:-1], columns[-1]
    return ProductRow(*(*first, categories.get(category_id), *rest, int(free)))


def counts_by_state(organisation_id: int) -> dict[str, int]:
    """How many products of a cooperative are in each state."""
    rows = session.execute(
        select(Product.state, func.count())
        .where(Product.organisation_id == organisation_id)
        .group_by(Product.state)
    )
    return {state: count for state, count in rows}  # noqa: C416 - rows are no pairs to mypy


def find_on_sale(slug: str) -> Product | None:
    """A product that anybody may look at, by its slug; None if there is none."""
    published = select(Product).where(Product.slug == slug, Product.state == ProductState.PUBLISHED)
    return session.scalar(published)


def state_of(product_id: int, *, actor: Actor) -> Product:
    """A product of the actor's own cooperative, its own columns only.

    Raises:
        ProductNotFoundError: there is none, or it is somebody else's.
    """
    product = session.get(Product, product_id)
    if product is None or product.organisation_id != actor.organisation_id:
        raise ProductNotFoundError(product_id=product_id)
    return product


@dataclass(frozen=True, slots=True)
class PackRow:
    """A pack on its product's page, with the price it had before the present one."""

    id: int
    name_vi: str
    name_en: str
    net_weight_g: int
    price: Money
    gtin: str | None
    is_active: bool
    former_price: Money | None
    priced_at: datetime | None

    @property
    def per_kg(self) -> Money:
        """What a kilogram costs in this pack."""
        return price_per_kg(self.price, self.net_weight_g)

    def name(self, locale: str) -> str:
        """Its name in the language `locale`."""
        return (self.name_en if locale == "en" else "") or self.name_vi


@dataclass(frozen=True, slots=True)
class PhotoRow:
    """A photo on its product's page."""

    id: int
    sha256: str
    alt_vi: str
    alt_en: str
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class ProductPage:
    """A product as its cooperative works on it."""

    product: Product
    seller_is_verified: bool
    category_path: tuple[CategoryNode, ...]
    packs: tuple[PackRow, ...]
    photos: tuple[PhotoRow, ...]

    @property
    def active_packs(self) -> tuple[PackRow, ...]:
        """The packs on offer."""
        return tuple(pack for pack in self.packs if pack.is_active)

    @property
    def missing(self) -> tuple[Missing, ...]:
        """What stands between it and the market."""
        return missing_for_publication(
            seller_is_verified=self.seller_is_verified,
            packs=len(self.active_packs),
            photos=len(self.photos),
        )

    def pack(self, pack_id: int) -> PackRow:
        """One of its packs.

        Raises:
            PackNotFoundError: it has no such pack.
        """
        for pack in self.packs:
            if pack.id == pack_id:
                return pack
        raise PackNotFoundError(pack_id=pack_id)


def get_product_page(product_id: int, *, actor: Actor) -> ProductPage:
    """A product with its packs, prices and photos: five statements at most.

    Raises:
        ProductNotFoundError: there is none, or it is somebody else's.
    """
    product = state_of(product_id, actor=actor)
    seller = session.get_one(Organisation, product.organisation_id)
    return ProductPage(
        product=product,
        seller_is_verified=seller.is_seller and seller.is_verified,
        category_path=categories_tree().path(product.category_id),
        packs=_packs(product_id),
        photos=photos_of(product_id),
    )


def photos_of(product_id: int) -> tuple[PhotoRow, ...]:
    """The photos of a product in their order, the cover first."""
    rows = session.execute(
        select(
            ProductPhoto.id,
            MediaFile.sha256,
            ProductPhoto.alt_vi,
            ProductPhoto.alt_en,
            MediaFile.width,
            MediaFile.height,
        )
        .join(MediaFile, MediaFile.id == ProductPhoto.file_id)
        .where(ProductPhoto.product_id == product_id)
        .order_by(ProductPhoto.position, ProductPhoto.id)
    )
    return tuple(PhotoRow(*row) for row in rows)


def _packs(product_id: int) -> tuple[PackRow, ...]:
    packs = session.scalars(
        select(Pack)
        .where(Pack.product_id == product_id)
        .order_by(Pack.is_active.desc(), Pack.position, Pack.id)
    ).all()
    history: dict[int, list[PackPrice]] = {pack.id: [] for pack in packs}
    newest_first = select(PackPrice).where(PackPrice.pack_id.in_(history))
    for entry in session.scalars(newest_first.order_by(PackPrice.id.desc())):
        history[entry.pack_id].append(entry)
    return tuple(_pack_row(pack, history[pack.id]) for pack in packs)


def _pack_row(pack: Pack, history: list[PackPrice]) -> PackRow:
    return PackRow(
        id=pack.id,
        name_vi=pack.name_vi,
        name_en=pack.name_en,
        net_weight_g=pack.net_weight_g,
        price=pack.price,
        gtin=pack.gtin,
        is_active=pack.is_active,
        former_price=history[1].price if len(history) > 1 else None,
        priced_at=history[0].at if history else None,
    )
