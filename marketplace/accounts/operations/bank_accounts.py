"""Bank accounts of an organisation: adding, changing, confirming, and reading their numbers.

Everything that changes accounts locks the organisation first, so that it never has two main ones.
No number goes into the audit: there an account is its bank and its last digits.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts import banks
from marketplace.accounts.bank_errors import (
    AccountHeldError,
    BankAccountNotFoundError,
    BankAccountTakenError,
    CollectingAccountError,
    MainAccountError,
    OwnAccountConfirmedError,
)
from marketplace.accounts.locks import lock_organisation
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.accounts import Organisation, OrganisationKind
from models.bank_accounts import BankAccount, BankAccountReading, ReadingReason


@dataclass(frozen=True, slots=True)
class NewBankAccount:
    """An account as people type it.

    Attributes:
        bank_bin: the bank, by its BIN.
        number: the account's number.
        holder: whose account it is.
    """

    bank_bin: str
    number: str
    holder: str


def add_bank_account(
    *, actor: Actor, organisation_id: int, account: NewBankAccount, at: datetime
) -> BankAccount:
    """Add an account; the first one is the main one. One that is there already stays as it is.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        BankUnknownError, AccountNumberUnreadableError, HolderMissingError: something is wrong.
        BankAccountTakenError: another organisation has it.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    known = _find_open(organisation, account)
    if known is not None:
        return known
    row = _new(actor, organisation, account, at)
    row.is_main = _main_of(organisation.id) is None
    row.is_collecting = organisation.kind == OrganisationKind.OPERATOR and not _is_collected()
    _keep(actor, row, at, "accounts.bank_account_added")
    return row


def change_bank_account(
    *, actor: Actor, organisation_id: int, account_id: int, account: NewBankAccount, at: datetime
) -> BankAccount:
    """Put another account in the place of one, which is closed. The same one changes nothing.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        BankAccountNotFoundError: it has no such open account.
        CollectingAccountError: buyers transfer to it.
        BankUnknownError, AccountNumberUnreadableError, HolderMissingError: something is wrong.
        BankAccountTakenError: another organisation has the new one, or it is open here already.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    old = _lock_open(organisation, account_id)
    if old.is_collecting:
        raise CollectingAccountError
    known = _find_open(organisation, account)
    if known is not None and known is not old:
        raise BankAccountTakenError(field="number")
    row = _new(actor, organisation, account, at)
    if known is old and row.holder_name == old.holder_name:
        return old
    row.is_main, before = old.is_main, _words(old)
    old.is_main, old.closed_at = False, at
    session.flush()  # the number may be the old one's, whose place is free from here on
    _keep(actor, row, at, "accounts.bank_account_changed", before=before)
    return row


def choose_main_account(
    *, actor: Actor, organisation_id: int, account_id: int, at: datetime
) -> BankAccount | None:
    """Let money come to another account from now on; the operator's main one collects.

    Returns:
        The account; None if it has been the main one.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        BankAccountNotFoundError: it has no such open account.
        AccountHeldError: buyers would transfer to an account that nobody else has confirmed.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    row = _lock_open(organisation, account_id)
    if row.is_main:
        return None
    collects = organisation.kind == OrganisationKind.OPERATOR
    if collects:
        _require_released(row, at)
    main = _main_of(organisation.id)
    before = _words(main) if main is not None else None
    if main is not None:
        main.is_main = main.is_collecting = False
        session.flush()  # there is one at a time
    row.is_main, row.is_collecting = True, collects
    _record(actor, row, at, "accounts.main_bank_account_chosen", before=before)
    return row


def confirm_bank_account(
    *, actor: Actor, organisation_id: int, account_id: int, at: datetime
) -> bool:
    """Vouch for a new account as the second person, so that money need not wait for it.

    Returns:
        Whether anything changed.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor neither leads it nor is the operator.
        BankAccountNotFoundError: it has no such open account.
        OwnAccountConfirmedError: the actor has added it.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.BANK_ACCOUNT_CONFIRM, organisation)
    row = _lock_open(organisation, account_id)
    if row.created_by_id is not None and row.created_by_id == actor.user_id:
        raise OwnAccountConfirmedError
    if row.confirmed_at is not None or banks.released_at(row) <= at:
        return False
    row.confirmed_at, row.confirmed_by_id = at, actor.user_id
    _record(actor, row, at, "accounts.bank_account_confirmed")
    return True


def close_bank_account(
    *, actor: Actor, organisation_id: int, account_id: int, at: datetime
) -> None:
    """Take an account off the list; payouts that went there keep it. Safe to repeat.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        BankAccountNotFoundError: it never had such an account.
        MainAccountError: money comes to it.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    row = _lock_account(organisation, account_id)
    if row.closed_at is not None:
        return
    if row.is_main or row.is_collecting:
        raise MainAccountError
    row.closed_at = at
    _record(actor, row, at, "accounts.bank_account_closed")


def read_bank_account(*, actor: Actor, organisation_id: int, account_id: int, at: datetime) -> str:
    """The whole number of an account for its owner, which is noted as a reading.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor does not lead it.
        BankAccountNotFoundError: it has no such open account.
    """
    organisation = _lock_to_manage(actor, organisation_id)
    row = _lock_open(organisation, account_id)
    _note(actor, row, ReadingReason.SHOWN, at)
    return banks.number_of(row)


def read_account_to_pay(
    *, actor: Actor, organisation_id: int, account_id: int, at: datetime
) -> str:
    """The whole number of an account for who sends money there, which is noted as a reading.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not the operator.
        BankAccountNotFoundError: it has no such open account.
        AccountHeldError: it is too new.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.PAYOUT_RECORD, organisation)
    row = _lock_open(organisation, account_id)
    _require_released(row, at)
    _note(actor, row, ReadingReason.PAYOUT, at)
    return banks.number_of(row)


def require_payable(*, organisation_id: int, account_id: int | None, at: datetime) -> int | None:
    """The account that a payout goes to: the one named, or the main one; None if there is none.

    An account that was closed since its number was read counts: the money has been sent.

    Raises:
        BankAccountNotFoundError: the organisation never had the account named.
        AccountHeldError: it is too new.
    """
    if account_id is None:
        row = _main_of(organisation_id)
    else:
        row = session.get(BankAccount, account_id)
        if row is None or row.organisation_id != organisation_id:
            raise BankAccountNotFoundError
    if row is None:
        return None
    _require_released(row, at)
    return row.id


def _require_released(row: BankAccount, at: datetime) -> None:
    if banks.released_at(row) > at:
        raise AccountHeldError


def _lock_to_manage(actor: Actor, organisation_id: int) -> Organisation:
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.BANK_ACCOUNT_MANAGE, organisation)
    return organisation


def _lock_account(organisation: Organisation, account_id: int) -> BankAccount:
    row = lock_one(select(BankAccount).where(BankAccount.id == account_id))
    if row is None or row.organisation_id != organisation.id:
        raise BankAccountNotFoundError
    return row


def _lock_open(organisation: Organisation, account_id: int) -> BankAccount:
    row = _lock_account(organisation, account_id)
    if row.closed_at is not None:
        raise BankAccountNotFoundError
    return row


def _find_open(organisation: Organisation, account: NewBankAccount) -> BankAccount | None:
    """The organisation's own open account with this number, if it has one."""
    bank = banks.read_bank(account.bank_bin)
    index = banks.index_of(bank.bin, banks.read_number(account.number))
    lock_key("bank-account", index)
    row = session.scalar(
        select(BankAccount).where(
            BankAccount.number_index == index, BankAccount.closed_at.is_(None)
        )
    )
    if row is not None and row.organisation_id != organisation.id:
        raise BankAccountTakenError(field="number")
    return row


def _new(
    actor: Actor, organisation: Organisation, account: NewBankAccount, at: datetime
) -> BankAccount:
    bank = banks.read_bank(account.bank_bin)
    return BankAccount(
        organisation_id=organisation.id,
        bank_bin=bank.bin,
        bank_name=bank.short_name,
        **banks.sealed_columns(bank.bin, banks.read_number(account.number)),
        holder_name=banks.read_holder(account.holder),
        is_main=False,
        is_collecting=False,
        created_at=at,
        created_by_id=actor.user_id,
    )


def _main_of(organisation_id: int) -> BankAccount | None:
    return session.scalar(
        select(BankAccount).where(
            BankAccount.organisation_id == organisation_id, BankAccount.is_main
        )
    )


def _is_collected() -> bool:
    return session.scalar(select(BankAccount.id).where(BankAccount.is_collecting)) is not None


def _keep(
    actor: Actor,
    row: BankAccount,
    at: datetime,
    action: str,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    session.add(row)
    session.flush()  # what follows names it
    _note(actor, row, ReadingReason.DECLARED, at)
    _record(actor, row, at, action, before=before)


def _note(actor: Actor, row: BankAccount, reason: ReadingReason, at: datetime) -> None:
    session.add(
        BankAccountReading(
            bank_account_id=row.id,
            reader_id=actor.user_id,
            reader_organisation_id=actor.organisation_id,
            reason=reason,
            at=at,
        )
    )
    session.flush()


def _words(row: BankAccount) -> dict[str, Any]:
    return {"bank": row.bank_name, "ends_in": row.last_four, "holder": row.holder_name}


def _record(
    actor: Actor,
    row: BankAccount,
    at: datetime,
    action: str,
    *,
    before: dict[str, Any] | None = None,
) -> None:
    audit.record(
        actor=actor,
        action=action,
        subject_kind="bank_account",
        subject_id=row.id,
        at=at,
        before=before,
        after=_words(row),
    )
