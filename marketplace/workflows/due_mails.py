"""The letters that money under a contract causes, each to one reader and once."""

from datetime import datetime
from typing import Final

from marketplace.accounts.queries import organisation_name, readers_in
from marketplace.notifications.operations import notify
from marketplace.platform.queue import is_quiet
from models.accounts import Role
from models.contracts import Contract
from models.invoicing import Due, Invoice
from models.payments import BankLine, Refund

PAYING: Final = (Role.DIRECTOR, Role.BUYER, Role.ACCOUNTANT)


def tell_deposit(due: Due, contract: Contract, at: datetime) -> None:
    """Ask the buyer for the deposit."""
    _write(
        contract,
        "deposit_asked",
        key=due.reference,
        at=at,
        page=f"tra/{due.reference}",
        amount=due.amount,
        due_on=due.due_on,
        reference=due.reference,
    )


def tell_invoice(invoice: Invoice, contract: Contract, at: datetime) -> None:
    """Tell the buyer of an invoice."""
    _write(
        contract,
        "invoice_issued",
        key=str(invoice.id),
        at=at,
        page=f"hoa-don/{invoice.number}",
        invoice=invoice.number,
        delivery=invoice.snapshot["delivery"]["number"],
        total=invoice.total,
    )


def tell_underpaid(due: Due, contract: Contract, line: BankLine, at: datetime) -> None:
    """Tell the buyer how much is missing and where to pay it."""
    _write(
        contract,
        "due_underpaid",
        key=f"{due.reference}:{line.id}",
        at=at,
        page=f"tra/{due.reference}",
        received=line.amount,
        missing=due.amount - due.received,
        reference=due.reference,
    )


def tell_refund(refund: Refund, due: Due, contract: Contract, at: datetime) -> None:
    """Tell the buyer that money will go back, and why."""
    _write(
        contract,
        "due_refund",
        key=str(refund.id),
        at=at,
        page="hoa-don",
        amount=refund.amount,
        reason=str(refund.reason),
        reference=due.reference,
    )


def _write(
    contract: Contract, template: str, *, key: str, at: datetime, page: str, **values: object
) -> None:
    if is_quiet():
        return
    for reader in readers_in([contract.buyer_id], PAYING):
        notify(
            key=f"{key}:{reader.user_id}",
            recipient=reader.email,
            locale=reader.locale,
            template=template,
            at=at,
            name=reader.full_name,
            number=contract.number,
            title=contract.title,
            seller=organisation_name(contract.seller_id),
            url=f"/hop-dong/{reader.code}/{contract.number}/{page}",
            **values,
        )
