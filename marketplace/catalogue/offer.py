"""What a listing shows of a product, kept in its row so that a listing reads nothing else."""

from sqlalchemy import BigInteger, bindparam, select, true

from marketplace.catalogue.categories import categories_tree, words_of
from marketplace.catalogue.errors import ProductNotFoundError
from marketplace.catalogue.words import search_text
from marketplace.geography import queries as geography
from marketplace.kernel.money import Money, price_per_kg
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.catalogue import Pack, Product, ProductPhoto
from models.media import MediaFile

_CHEAPEST = (
    select(Pack.id, Pack.price_minor, Pack.currency, Pack.net_weight_g)
    .where(Pack.product_id == Product.id, Pack.is_active)
    .order_by(Pack.price_minor, Pack.net_weight_g, Pack.id)
    .limit(1)
    .correlate(Product)
    .lateral()
)
_COVER = (
    select(MediaFile.sha256)
    .join(ProductPhoto, ProductPhoto.file_id == MediaFile.id)
    .where(ProductPhoto.product_id == Product.id)
    .order_by(ProductPhoto.position, ProductPhoto.id)
    .limit(1)
    .correlate(Product)
    .scalar_subquery()
)
_OFFER = Question(
    select(*_CHEAPEST.c, _COVER, Organisation.short_name, Organisation.name)
    .select_from(Product)
    .join(Organisation, Organisation.id == Product.organisation_id)
    .outerjoin(_CHEAPEST, true())
    .where(Product.id == bindparam("product_id", type_=BigInteger))
)


def refresh_offer(product_id: int) -> None:
    """Bring the lowest price, the cover and the search text of a product in line with the rest.

    Call it in the transaction of every change to the product, its packs or its photos, while the
    product is locked. The pack with the lowest price counts (the smaller one of two), and the
    price per kilogram is that pack's.

    Raises:
        ProductNotFoundError: there is none.
    """
    product = session.get(Product, product_id)
    if product is None:
        raise ProductNotFoundError(product_id=product_id)
    facts = _OFFER.ask(product_id=product_id)[0]
    pack_id, price_minor, currency, grams, product.cover_sha256, short_name, name = facts
    product.from_pack_id = pack_id
    product.from_price_minor = price_minor
    product.per_kg_minor = (
        None if pack_id is None else price_per_kg(Money(price_minor, currency), grams).minor
    )
    product.search_text = _search_text(product, (short_name, name))


def refresh_words_of(organisation_id: int) -> int:
    """Bring the search texts of all products of a seller in line with its name.

    Returns:
        How many products it has.
    """
    seller = session.get_one(Organisation, organisation_id)
    products = lock_all(select(Product).where(Product.organisation_id == organisation_id))
    for product in products:
        product.search_text = _search_text(product, (seller.short_name, seller.name))
    session.flush()
    return len(products)


def _search_text(product: Product, seller_names: tuple[str, ...]) -> str:
    groups = categories_tree().path(product.category_id)
    commune = geography.find_commune(product.commune_code) if product.commune_code else None
    return search_text(
        things=(
            product.name_vi,
            product.name_en,
            *(word for group in groups for word in words_of(group)),
        ),
        places=(
            *seller_names,
            commune.name if commune else "",
            geography.search_words(product.province_code),
        ),
    )
