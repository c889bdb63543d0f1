"""On the market, and off it again."""

from datetime import datetime
from typing import Final

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor
from marketplace.catalogue import rules
from marketplace.catalogue.errors import NotPublishableError
from marketplace.catalogue.locks import lock_product
from marketplace.catalogue.offer import refresh_offer
from marketplace.catalogue.rules import PRODUCT
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from marketplace.platform.transitions import change_state
from models.accounts import Organisation
from models.catalogue import Pack, Product, ProductPhoto, ProductState

_PRODUCT_ID: Final = bindparam("product_id", type_=BigInteger)
_COUNTS: Final = Question(
    select(
        select(func.count())
        .where(Pack.product_id == _PRODUCT_ID, Pack.is_active)
        .scalar_subquery(),
        select(func.count()).where(ProductPhoto.product_id == _PRODUCT_ID).scalar_subquery(),
    )
)
"""How many packs a product is offered in, and how many photos it has."""


def publish_product(*, actor: Actor, product_id: int, at: datetime) -> Product:
    """Show a product to buyers, for the first time or again.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        NotPublishableError: something is missing; `details["missing"]` says what.
    """
    product = lock_product(product_id, actor=actor)
    missing = _missing(product)
    if missing and not product.is_published:
        raise NotPublishableError(missing=missing)
    return _move(product, ProductState.PUBLISHED, "publish", actor=actor, at=at)


def archive_product(*, actor: Actor, product_id: int, at: datetime) -> Product:
    """Take a product off the market, or put a draft away. Its page and its orders remain.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
    """
    product = lock_product(product_id, actor=actor)
    return _move(product, ProductState.ARCHIVED, "archive", actor=actor, at=at)


def restore_product(*, actor: Actor, product_id: int, at: datetime) -> Product:
    """Take an archived product back into work, as a draft.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        kernel NotAllowedError: it is on the market.
    """
    product = lock_product(product_id, actor=actor)
    return _move(product, ProductState.DRAFT, "restore", actor=actor, at=at)


def _missing(product: Product) -> tuple[rules.Missing, ...]:
    seller = session.get_one(Organisation, product.organisation_id)
    packs, photos = _COUNTS.ask(product_id=product.id)[0]
    return rules.missing_for_publication(
        seller_is_verified=seller.is_seller and seller.is_verified,
        packs=packs,
        photos=photos,
    )


def _move(
    product: Product, state: ProductState, verb: str, *, actor: Actor, at: datetime
) -> Product:
    before = product.state
    if not change_state(product, PRODUCT, state, actor=actor, at=at):
        return product
    if state == ProductState.PUBLISHED and product.published_at is None:
        product.published_at = at
    refresh_offer(product.id)
    product.updated_at = at
    record(
        actor=actor,
        action=f"catalogue.{verb}_product",
        subject_kind="product",
        subject_id=product.id,
        at=at,
        before={"state": str(before)},
        after={"state": str(product.state)},
    )
    return product
