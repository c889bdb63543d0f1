"""Cash on its way to the market, and payouts on their way to sellers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import and_, select

from marketplace.accounts.banks import released_at
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments.desk.pages import Seller, page_of
from marketplace.payments.errors import CashNotFoundError
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation
from models.bank_accounts import BankAccount
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
    """A seller and where it wants its money, the account masked.

    Attributes:
        released_at: from when on money is sent there; None without an account.
        added_by_id: who added the account, if somebody did.
    """

    organisation_id: int
    code: str
    name: str
    account_id: int | None = None
    bank_name: str | None = None
    last_four: str | None = None
    holder_name: str | None = None
    released_at: datetime | None = None
    added_by_id: int | None = None


@dataclass(frozen=True, slots=True)
class PayoutRow:
    """Money that was sent to a seller, in đồng, and the account it went to, if it was known."""

    id: int
    organisation_code: str
    organisation_name: str
    amount_minor: int
    bank_reference: str
    paid_on: date
    created_at: datetime
    bank_name: str | None
    last_four: str | None


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
    """Sellers with their main bank accounts, in the order of their names.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    rows = session.execute(
        select(Organisation.id, Organisation.code, Organisation.name, BankAccount)
        .outerjoin(
            BankAccount,
            and_(BankAccount.organisation_id == Organisation.id, BankAccount.is_main),
        )
        .where(Organisation.id.in_(organisation_ids))
        .order_by(Organisation.sort_key, Organisation.id)
    )
    return [_payee(*row) for row in rows]


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
        BankAccount.bank_name,
        BankAccount.last_four,
    ).join(Organisation, Organisation.id == Payout.organisation_id)
    statement = statement.outerjoin(BankAccount, BankAccount.id == Payout.bank_account_id)
    if organisation_id is not None:
        statement = statement.where(Payout.organisation_id == organisation_id)
    ordered = statement.order_by(Payout.created_at.desc(), Payout.id.desc())
    return page_of(ordered, page, PayoutRow)


def _payee(organisation_id: int, code: str, name: str, account: BankAccount | None) -> Payee:
    if account is None:
        return Payee(organisation_id, code, name)
    return Payee(
        organisation_id=organisation_id,
        code=code,
        name=name,
        account_id=account.id,
        bank_name=account.bank_name,
        last_four=account.last_four,
        holder_name=account.holder_name,
        released_at=released_at(account),
        added_by_id=account.created_by_id,
    )


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
