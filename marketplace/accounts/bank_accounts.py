"""Reading bank accounts, masked, and who has read them whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import aliased

from marketplace.accounts import banks
from marketplace.accounts.bank_errors import BankAccountNotFoundError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import Organisation, User
from models.bank_accounts import BankAccount, BankAccountReading


@dataclass(frozen=True, slots=True)
class AccountView:
    """An account as its owner's people see it.

    Attributes:
        added_by: who added it; None for the marketplace itself.
        confirmed_by: the second person who vouched for it, if one did.
        released_at: from when on money is sent there.
    """

    id: int
    bank_bin: str
    bank_name: str
    last_four: str
    holder_name: str
    is_main: bool
    is_collecting: bool
    created_at: datetime
    created_by_id: int | None
    added_by: str | None
    confirmed_by: str | None
    released_at: datetime


@dataclass(frozen=True, slots=True)
class ReadingView:
    """That somebody saw a number."""

    at: datetime
    bank_name: str
    last_four: str
    reader: str | None
    organisation: str | None
    reason: str


def accounts_of(organisation: Organisation, *, viewer: Actor) -> Sequence[AccountView]:
    """The open accounts of an organisation, the main one first, then the newest.

    Raises:
        NotAllowedError: the viewer does not lead it.
    """
    authorize(viewer, Permission.BANK_ACCOUNT_MANAGE, organisation)
    adder, confirmer = aliased(User), aliased(User)
    rows = session.execute(
        select(BankAccount, adder.full_name, confirmer.full_name)
        .outerjoin(adder, adder.id == BankAccount.created_by_id)
        .outerjoin(confirmer, confirmer.id == BankAccount.confirmed_by_id)
        .where(BankAccount.organisation_id == organisation.id, BankAccount.closed_at.is_(None))
        .order_by(BankAccount.is_main.desc(), BankAccount.id.desc())
    )
    return [_view(*row) for row in rows]


def get_account_of(organisation: Organisation, account_id: int, *, viewer: Actor) -> AccountView:
    """One open account of an organisation.

    Raises:
        NotAllowedError: the viewer does not lead it.
        BankAccountNotFoundError: it has no such open account.
    """
    for account in accounts_of(organisation, viewer=viewer):
        if account.id == account_id:
            return account
    raise BankAccountNotFoundError


def readings_of(
    organisation: Organisation, *, viewer: Actor, page: PageRequest
) -> Page[ReadingView]:
    """Who has seen the numbers of an organisation's accounts, closed ones too, the latest first.

    Raises:
        NotAllowedError: the viewer does not lead it.
    """
    authorize(viewer, Permission.BANK_ACCOUNT_MANAGE, organisation)
    theirs = BankAccount.organisation_id == organisation.id
    reading = BankAccountReading
    rows = session.execute(
        select(
            reading.at,
            BankAccount.bank_name,
            BankAccount.last_four,
            User.full_name,
            Organisation.short_name,
            reading.reason,
        )
        .join(BankAccount, BankAccount.id == reading.bank_account_id)
        .outerjoin(User, User.id == reading.reader_id)
        .outerjoin(Organisation, Organisation.id == reading.reader_organisation_id)
        .where(theirs)
        .order_by(reading.at.desc(), reading.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    counted = (
        select(func.count())
        .select_from(reading)
        .join(BankAccount, BankAccount.id == reading.bank_account_id)
        .where(theirs)
    )
    return Page([ReadingView(*row) for row in rows], page, session.scalar(counted) or 0)


def main_account_id(organisation_id: int) -> int | None:
    """The account that money comes to; None while an organisation has declared none."""
    return session.scalar(
        select(BankAccount.id).where(
            BankAccount.organisation_id == organisation_id, BankAccount.is_main
        )
    )


def _view(row: BankAccount, added_by: str | None, confirmed_by: str | None) -> AccountView:
    return AccountView(
        id=row.id,
        bank_bin=row.bank_bin,
        bank_name=row.bank_name,
        last_four=row.last_four,
        holder_name=row.holder_name,
        is_main=row.is_main,
        is_collecting=row.is_collecting,
        created_at=row.created_at,
        created_by_id=row.created_by_id,
        added_by=added_by,
        confirmed_by=confirmed_by,
        released_at=banks.released_at(row),
    )
