"""What a buyer gets at the price of a contract: the goods of its running contracts, today."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import ARRAY, BigInteger, Date, and_, bindparam, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.contracts.terms import Price, first_of, price_of
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.catalogue import Product
from models.contracts import Contract, ContractState, ContractVersion
from models.deliveries import Delivery, DeliveryLine, DeliveryState

_TODAY: Final = bindparam("today", type_=Date)
_PRODUCT: Final = bindparam("product_id", type_=BigInteger)
_OF: Final = select(Delivery.id).where(Delivery.contract_id == Contract.id).correlate(Contract)
_ACCEPTED: Final = (
    _OF.join(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
    .where(Delivery.state == DeliveryState.ACCEPTED)
    .with_only_columns(func.coalesce(func.sum(DeliveryLine.accepted_g), 0).cast(BigInteger))
    .scalar_subquery()
)
_NEXT: Final = (
    _OF.where(Delivery.state != DeliveryState.ACCEPTED, Delivery.state != DeliveryState.CANCELLED)
    .with_only_columns(func.min(Delivery.due_on))
    .scalar_subquery()
)
_GOODS: Final = Question(
    select(
        Contract.number,
        Contract.buyer_id,
        Contract.title,
        Product.name_vi,
        Product.name_en,
        Product.slug,
        Organisation.short_name,
        Contract.total_g,
        _ACCEPTED,
        _NEXT,
        Contract.ends_on,
        ContractVersion.terms["price"],
    )
    .join(Product, Product.id == Contract.product_id)
    .join(Organisation, Organisation.id == Contract.seller_id)
    .join(
        ContractVersion,
        and_(
            ContractVersion.contract_id == Contract.id,
            ContractVersion.version == Contract.signed_version,
        ),
    )
    .where(
        Contract.buyer_id == func.any(bindparam("buyers", type_=ARRAY(BigInteger))),
        Contract.state == ContractState.ACTIVE,
        Contract.starts_on <= _TODAY,
        Contract.ends_on >= _TODAY,
        or_(_PRODUCT.is_(None), Contract.product_id == _PRODUCT),
    )
    .order_by(Product.name_vi, Contract.id)
)


@dataclass(frozen=True, slots=True)
class ContractGoods:
    """Goods under a running contract.

    Attributes:
        number: of the contract; `buyer_id` whose.
        accepted_g: how much of `total_g` was accepted so far.
        next_on: the last day of the next delivery; None if none is planned.
        price: as signed.
    """

    number: str
    buyer_id: int
    title: str
    name_vi: str
    name_en: str
    slug: str
    seller: str
    total_g: int
    accepted_g: int
    next_on: date | None
    ends_on: date
    price: Price

    @property
    def left_g(self) -> int:
        """What is still to come, never below nothing."""
        return max(0, self.total_g - self.accepted_g)

    def fixed_minor(self, today: date) -> int | None:
        """What a kilogram costs this month, before grades; None where a reference price says it."""
        if not self.price.is_fixed:
            return None
        return self.price.monthly.get(first_of(today), self.price.base_minor)


def goods_of_contracts(
    *, viewers: Sequence[Actor], product_id: int | None = None, today: date
) -> list[ContractGoods]:
    """The goods of the running contracts of a person's enterprises; one statement, or none.

    Args:
        viewers: the person as a member of each organisation; others than those who buy are
            passed over.
        product_id: only this product; None for all.
        today: the day it is.
    """
    buyers = [
        viewer.organisation_id
        for viewer in viewers
        if viewer.organisation_id is not None
        and allows(viewer, Permission.REQUEST_VIEW, _OfBuyer(viewer.organisation_id))
    ]
    if not buyers:
        return []
    rows = _GOODS.ask(buyers=buyers, product_id=product_id, today=today)
    return [ContractGoods(*[*row[:-1], price_of(row[-1])]) for row in rows]


@dataclass(frozen=True, slots=True)
class _OfBuyer:
    """Anything of an enterprise, to ask what the actor may do with such things."""

    organisation_id: int
