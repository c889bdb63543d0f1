"""Starting a product, and changing what is said of it."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue import rules
from marketplace.catalogue.categories import categories_tree
from marketplace.catalogue.errors import (
    NameTakenError,
    NotASellerError,
    UnknownCategoryError,
    UnknownPlaceError,
)
from marketplace.catalogue.locks import lock_product
from marketplace.catalogue.offer import refresh_offer
from marketplace.catalogue.rules import ProductDetails
from marketplace.geography import queries as geography
from marketplace.geography.errors import UnknownCommuneError, UnknownProvinceError
from marketplace.kernel.text import fold, slug
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.accounts import Organisation
from models.catalogue import Product, ProductState

SLUG_LENGTH = 110
"""Ten characters short of the column, for what tells two of one name apart."""


def create_product(
    *, actor: Actor, organisation_id: int, details: ProductDetails, at: datetime
) -> Product:
    """Start a product as a draft.

    Raises:
        NotAllowedError: the actor does not sell for the organisation.
        NotASellerError: the organisation is none that sells.
        NameMissingError, UnknownCategoryError, UnknownPlaceError, WrongSeasonError: see there.
        NameTakenError: the organisation has a product of this name.
    """
    product = Product(organisation_id=organisation_id, state=ProductState.DRAFT)
    authorize(actor, Permission.PRODUCT_EDIT, product)
    organisation = session.get_one(Organisation, organisation_id)
    if not organisation.is_seller:
        raise NotASellerError
    values = _checked(details)
    _require_new_name(organisation_id, values["name_vi"], instead_of=None)
    for column, value in values.items():
        setattr(product, column, value)
    product.slug = _free_slug(values["name_vi"], organisation.code)
    product.created_at = product.updated_at = at
    session.add(product)
    session.flush()
    refresh_offer(product.id)
    record(
        actor=actor,
        action="catalogue.create_product",
        subject_kind="product",
        subject_id=product.id,
        at=at,
        after=values,
    )
    return product


def edit_product(
    *, actor: Actor, product_id: int, details: ProductDetails, at: datetime
) -> Product:
    """Change what is said of a product; the same again changes nothing.

    Its address follows the name until buyers have seen it, and stays for ever after.

    Raises:
        ProductNotFoundError: there is none.
        NotAllowedError: the actor does not sell for its cooperative.
        NameMissingError, UnknownCategoryError, UnknownPlaceError, WrongSeasonError: see there.
        NameTakenError: the organisation has another product of this name.
    """
    product = lock_product(product_id, actor=actor)
    values = _checked(details)
    before = {
        column: getattr(product, column)
        for column, value in values.items()
        if getattr(product, column) != value
    }
    if not before:
        return product
    if "name_vi" in before:
        _require_new_name(product.organisation_id, values["name_vi"], instead_of=product_id)
        if product.published_at is None:
            seller = session.get_one(Organisation, product.organisation_id)
            product.slug = _free_slug(values["name_vi"], seller.code, own=product_id)
    for column in before:
        setattr(product, column, values[column])
    refresh_offer(product_id)
    product.updated_at = at
    record(
        actor=actor,
        action="catalogue.edit_product",
        subject_kind="product",
        subject_id=product_id,
        at=at,
        before=before,
        after={column: values[column] for column in before},
    )
    return product


def _checked(details: ProductDetails) -> dict[str, Any]:
    """The columns of a product as they will be stored."""
    values = asdict(details)
    for column, value in values.items():
        if isinstance(value, str):
            values[column] = value.strip()
    values["name_vi"] = rules.require_name(details.name_vi, field="name_vi")
    values["commune_code"] = details.commune_code or None
    rules.require_season(details.season)
    if details.category_id not in categories_tree().by_id:
        raise UnknownCategoryError(field="category_id")
    try:
        geography.require_place(details.province_code, values["commune_code"])
    except UnknownProvinceError as error:
        raise UnknownPlaceError(field="province_code") from error
    except UnknownCommuneError as error:
        raise UnknownPlaceError(field="commune_code") from error
    return values


def _require_new_name(organisation_id: int, name: str, *, instead_of: int | None) -> None:
    """One name, one product within an organisation; so a form sent twice makes one product."""
    lock_key("product-name", organisation_id)
    others = session.execute(
        select(Product.id, Product.name_vi).where(Product.organisation_id == organisation_id)
    )
    wanted = name.casefold()
    for product_id, other in others:
        if other.casefold() == wanted and product_id != instead_of:
            raise NameTakenError(field="name_vi", product_id=product_id)


def _free_slug(name: str, seller_code: str, *, own: int | None = None) -> str:
    """An address that nobody has: of the name, else with the seller's code, else with a number."""
    base = slug(name)[:SLUG_LENGTH].strip("-") or "san-pham"
    lock_key("product-slug", base)
    taken = set(
        session.scalars(
            select(Product.slug).where(
                Product.slug.startswith(base, autoescape=True), Product.id != (own or 0)
            )
        )
    )
    candidates = [base, f"{base}-{fold(seller_code)}"]
    number = 2
    while candidates[0] in taken:
        candidates.pop(0)
        if not candidates:
            candidates.append(f"{base}-{number}")
            number += 1
    return candidates[0]
