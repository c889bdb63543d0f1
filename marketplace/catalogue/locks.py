"""Rows of the catalogue that are about to change. The product is locked before its parts."""

from sqlalchemy import BigInteger, bindparam, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue.errors import PackNotFoundError, ProductNotFoundError
from marketplace.platform.locking import RowLock
from marketplace.platform.statements import Question
from models.catalogue import Pack, Product

_PACK_ID = bindparam("pack_id", type_=BigInteger)
_PRODUCT_OF = Question(select(Pack.product_id).where(Pack.id == _PACK_ID))
_LOCK_PACK = RowLock(Pack, Pack.id == _PACK_ID)
_LOCK_PRODUCT = RowLock(Product, Product.id == bindparam("product_id", type_=BigInteger))


def lock_product(product_id: int, *, actor: Actor) -> Product:
    """A product that `actor` is about to change.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
    """
    product = _LOCK_PRODUCT.take(product_id=product_id)
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
    found = _PRODUCT_OF.ask(pack_id=pack_id)
    if not found:
        raise PackNotFoundError(pack_id=pack_id)
    product = lock_product(found[0][0], actor=actor)
    pack = _LOCK_PACK.take(pack_id=pack_id)
    if pack is None:
        raise PackNotFoundError(pack_id=pack_id)
    return product, pack
