"""The contracts that came of a union's joint quotes: promised, accepted, invoiced, paid."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import BigInteger, Integer, bindparam, func, select
from sqlalchemy.orm import aliased

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from models.accounts import Organisation
from models.contracts import Contract, ContractState
from models.deliveries import Delivery, DeliveryLine, DeliveryState
from models.invoicing import Due, Invoice

_BUYER: Final = aliased(Organisation)
_DELIVERED: Final = (
    select(DeliveryLine.id)
    .join(Delivery, Delivery.id == DeliveryLine.delivery_id)
    .where(Delivery.contract_id == Contract.id, Delivery.state == DeliveryState.ACCEPTED)
    .correlate(Contract)
)
_SUMS: Final = {
    "accepted": _DELIVERED.with_only_columns(func.coalesce(func.sum(DeliveryLine.accepted_g), 0)),
    "invoiced": select(func.coalesce(func.sum(Invoice.total_minor), 0))
    .where(Invoice.contract_id == Contract.id)
    .correlate(Contract),
    "paid": select(func.coalesce(func.sum(Due.received_minor), 0))
    .where(Due.contract_id == Contract.id, Due.invoice_id.is_not(None))
    .correlate(Contract),
}
_EACH: Final = (
    select(
        Contract.id,
        Contract.number,
        Contract.title,
        Contract.state,
        Organisation.short_name.label("seller"),
        _BUYER.short_name.label("buyer"),
        Contract.ends_on,
        Contract.total_g,
        *(
            statement.scalar_subquery().cast(BigInteger).label(name)
            for name, statement in _SUMS.items()
        ),
    )
    .join(Organisation, Organisation.id == Contract.seller_id)
    .join(_BUYER, _BUYER.id == Contract.buyer_id)
    .where(
        Contract.led_by_id == bindparam("union_id", type_=BigInteger),
        Contract.state != ContractState.DRAFT,
    )
    .subquery()
)
_LED: Final = Question(
    select(
        *(column for column in _EACH.c if column.name != "id"),
        func.count().over(),
        *(
            func.sum(_EACH.c[name]).over().cast(BigInteger)
            for name in ("total_g", "accepted", "invoiced", "paid")
        ),
    )
    .order_by(_EACH.c.id.desc())
    .limit(bindparam("size", type_=Integer))
    .offset(bindparam("first", type_=Integer))
)


@dataclass(frozen=True, slots=True)
class LedContract:
    """A contract of a member that the union quoted for."""

    number: str
    title: str
    state: str
    seller: str
    buyer: str
    ends_on: date
    total_g: int
    accepted_g: int
    invoiced_minor: int
    paid_minor: int


@dataclass(frozen=True, slots=True)
class LedContracts:
    """A page of them, and what all together come to."""

    page: Page[LedContract]
    total_g: int
    accepted_g: int
    invoiced_minor: int
    paid_minor: int


def led_contracts(union: Organisation, *, viewer: Actor, page: PageRequest) -> LedContracts:
    """The contracts that a union led, the newest first; one statement.

    Raises:
        NotAllowedError: the viewer does not sell for the union.
    """
    authorize(viewer, Permission.JOINT_QUOTE_LEAD, union)
    rows = _LED.ask(union_id=union.id, size=page.size, first=page.offset)
    count, *sums = rows[0][-5:] if rows else [0] * 5
    return LedContracts(Page([LedContract(*row[:-5]) for row in rows], page, count), *sums)
