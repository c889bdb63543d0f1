"""Accounts that money goes to: whoever leads the organisation is told when one changes."""

from datetime import datetime

from marketplace.accounts import banks, queries
from marketplace.accounts.operations import bank_accounts as operations
from marketplace.accounts.operations.bank_accounts import NewBankAccount
from marketplace.accounts.permissions import Actor
from marketplace.notifications.operations import notify
from models.accounts import Organisation
from models.bank_accounts import BankAccount


def add_account(
    *, actor: Actor, organisation: Organisation, account: NewBankAccount, at: datetime
) -> BankAccount:
    """Add an account and tell everybody who leads; see `add_bank_account`."""
    row = operations.add_bank_account(
        actor=actor, organisation_id=organisation.id, account=account, at=at
    )
    if row.created_at == at:
        _tell(organisation, row, at)
    return row


def change_account(
    *,
    actor: Actor,
    organisation: Organisation,
    account_id: int,
    account: NewBankAccount,
    at: datetime,
) -> BankAccount:
    """Replace an account and tell everybody who leads; see `change_bank_account`."""
    row = operations.change_bank_account(
        actor=actor,
        organisation_id=organisation.id,
        account_id=account_id,
        account=account,
        at=at,
    )
    if row.created_at == at:
        _tell(organisation, row, at)
    return row


def choose_main(*, actor: Actor, organisation: Organisation, account_id: int, at: datetime) -> None:
    """Choose the main account and tell everybody who leads; see `choose_main_account`."""
    row = operations.choose_main_account(
        actor=actor, organisation_id=organisation.id, account_id=account_id, at=at
    )
    if row is not None:
        _tell(organisation, row, at)


def _tell(organisation: Organisation, account: BankAccount, at: datetime) -> None:
    for person in queries.leaders_of(organisation):
        notify(
            key=f"{account.id}:{person.id}:{at.isoformat()}",
            recipient=person.email,
            locale=person.locale,
            template="bank_account_changed",
            at=at,
            name=person.full_name,
            organisation=organisation.name,
            code=organisation.code,
            bank=account.bank_name,
            last_four=account.last_four,
            released_at=banks.released_at(account),
        )
