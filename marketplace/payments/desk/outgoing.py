"""Cash on its way to the market, and payouts on their way to sellers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments.desk.pages import Seller, page_of
from marketplace.payments.errors import CashNotFoundError
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import BankAccount, Organisation
from models.orders import SellerOrder
from models.payments import CashCollection, CashState, Payout


@dataclass(frozen=True, slots=True)
class CashRow:
    """The cash of one delivery. Amounts in đồng."""

    seller_order_id: int
    number: str
    organisation_id: int
    organisation_code: str
    organisation_name: str
    state: str
    expected_minor: int
    collected_minor: int | None
    remitted_minor: int | None
    difference_reason: str
    collected_at: datetime | None
    remitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Payee:
    """A seller and where it wants its money."""

    organisation_id: int
    code: str
    name: str
    bank_name: str | None
    account_number: str | None
    holder_name: str | None


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """Money that was sent to a seller, in đồng."""

    id: int
    organisation_code: str
    organisation_name: str
    amount_minor: int
    bank_reference: str
    paid_on: date
    created_at: datetime


def cash(*, viewer: Actor, state: str = "", page: PageRequest) -> Page[CashRow]:
    """The cash of deliveries, by seller, longest in transit first; two statements.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    statement = _cash()
    if state:
        statement = statement.where(CashCollection.state == state)
    ordered = statement.order_by(
        Organisation.sort_key, CashCollection.collected_at, CashCollection.id
    )
    return page_of(ordered, page, CashRow)


def cash_part(number: str, *, viewer: Actor) -> CashRow:
    """The cash of the delivery with this number.

    Raises:
        NotAllowedError: the viewer is not the operator.
        CashNotFoundError: there is none.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    row = session.execute(_cash().where(SellerOrder.number == number)).one_or_none()
    if row is None:
        raise CashNotFoundError(number=number)
    return CashRow(*row)


def cash_of_seller(organisation_id: int, *, viewer: Actor) -> Sequence[CashRow]:
    """What a seller has collected and not remitted, longest in transit first.

    Raises:
        NotAllowedError: the viewer may not see the seller's money.
    """
    authorize(viewer, Permission.MONEY_VIEW, Seller(organisation_id))
    rows = session.execute(
        _cash()
        .where(
            CashCollection.organisation_id == organisation_id,
            CashCollection.state == CashState.COLLECTED,
        )
        .order_by(CashCollection.collected_at, CashCollection.id)
    )
    return [CashRow(*row) for row in rows]


def payees(organisation_ids: Sequence[int], *, viewer: Actor) -> Sequence[Payee]:
    """Sellers with their bank accounts, in the order of their names.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.code,
            Organisation.name,
            BankAccount.bank_name,
            BankAccount.account_number,
            BankAccount.holder_name,
        )
        .outerjoin(BankAccount, BankAccount.organisation_id == Organisation.id)
        .where(Organisation.id.in_(organisation_ids))
        .order_by(Organisation.sort_key, Organisation.id, BankAccount.id)
        .ext(distinct_on(Organisation.sort_key, Organisation.id))
    )
    return [Payee(*row) for row in rows]


def payouts(
    *, viewer: Actor, organisation_id: int | None = None, page: PageRequest
) -> Page[PayoutRow]:
    """Payouts, newest first: all of them for the operator, its own for a seller.

    Raises:
        NotAllowedError: the viewer may not see them.
    """
    if organisation_id is None:
        authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    else:
        authorize(viewer, Permission.MONEY_VIEW, Seller(organisation_id))
    statement = select(
        Payout.id,
        Organisation.code,
        Organisation.name,
        Payout.amount_minor,
        Payout.bank_reference,
        Payout.paid_on,
        Payout.created_at,
    ).join(Organisation, Organisation.id == Payout.organisation_id)
    if organisation_id is not None:
        statement = statement.where(Payout.organisation_id == organisation_id)
    ordered = statement.order_by(Payout.created_at.desc(), Payout.id.desc())
    return page_of(ordered, page, PayoutRow)


def _cash() -> Any:  # noqa: ANN401 - the row type would be a list of columns
    return (
        select(
            CashCollection.seller_order_id,
            SellerOrder.number,
            Organisation.id,
            Organisation.code,
            Organisation.short_name,
            CashCollection.state,
            CashCollection.expected_minor,
            CashCollection.collected_minor,
            CashCollection.remitted_minor,
            CashCollection.difference_reason,
            CashCollection.collected_at,
            CashCollection.remitted_at,
        )
        .join(SellerOrder, SellerOrder.id == CashCollection.seller_order_id)
        .join(Organisation, Organisation.id == CashCollection.organisation_id)
    )
