"""Rows of the catalogue that are about to change. The product is locked before its parts."""

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue.errors import PackNotFoundError, ProductNotFoundError
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.catalogue import Pack, Product


def lock_product(product_id: int, *, actor: Actor) -> Product:
    """A product that `actor` is about to change.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
    """
    product = lock_one(select(Product).where(Product.id == product_id))
    if product is None:
        raise ProductNotFoundError(product_id=product_id)
    authorize(actor, Permission.PRODUCT_EDIT, product)
    return product


def lock_pack(pack_id: int, *, actor: Actor) -> tuple[Product, Pack]:
    """A pack that `actor` is about to change, with its product.

    Raises:
        PackNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
    """
    product_id = session.scalar(select(Pack.product_id).where(Pack.id == pack_id))
    if product_id is None:
        raise PackNotFoundError(pack_id=pack_id)
    product = lock_product(product_id, actor=actor)
    pack = lock_one(select(Pack).where(Pack.id == pack_id))
    if pack is None:
        raise PackNotFoundError(pack_id=pack_id)
    return product, pack
