"""Money that came for what falls due under a contract: kept, booked, or on its way back.

Locks are taken line, then contract, which stands for its dues, then the keys of accounts.
"""

from datetime import datetime

from marketplace.accounts.banks import number_of
from marketplace.accounts.permissions import Actor
from marketplace.contracts import access
from marketplace.invoicing import operations as invoicing
from marketplace.invoicing import queries
from marketplace.invoicing.operations import Receipt
from marketplace.invoicing.rules import released
from marketplace.kernel.money import Money
from marketplace.ledger import operations as ledger
from marketplace.ledger.credit import PaidDue
from marketplace.payments import operations as payments
from marketplace.payments.bank_transfer import TransferRequest
from marketplace.payments.queries import (
    collecting_account,
    find_due_of_refund,
    is_anything_going_back,
)
from marketplace.platform.failpoints import failpoint
from marketplace.workflows import due_mails
from models.invoicing import Due, Invoice
from models.payments import BankLine, BankLineOutcome, RefundReason

_GOES_BACK = {
    BankLineOutcome.OVER: RefundReason.OVERPAID,
    BankLineOutcome.DUPLICATE: RefundReason.DUPLICATE,
    BankLineOutcome.LATE: RefundReason.LATE,
}


def put_to_due(*, actor: Actor | None, line: BankLine, due: Due, at: datetime) -> Receipt:
    """Put the money of a locked line to a due; what is too much or too late goes back.

    The line itself is booked by whoever knows where its money stands. What was paid of an invoice
    is booked by `book_paid` after that.
    """
    contract = access.lock_contract(due.contract_id)
    due = invoicing.lock_due(due.id)
    receipt = invoicing.receive(due=due, minor=line.amount_minor, actor=actor, at=at)
    payments.put_to_due(line=line, due=due, outcome=receipt.outcome, at=at)
    failpoint("settlement.after_due")
    if receipt.outcome in _GOES_BACK:
        refund = payments.refund_due(
            due=due,
            minor=receipt.back_minor,
            reason=_GOES_BACK[receipt.outcome],
            ref=f"bank:{line.id}",
            at=at,
        )
        if refund is not None:
            due_mails.tell_refund(refund, due, contract, at)
    elif receipt.outcome == BankLineOutcome.UNDER:
        due_mails.tell_underpaid(due, contract, line, at)
    return receipt


def book_paid(*, line: BankLine, receipt: Receipt) -> None:
    """Book what a line paid of an invoice: the buyer owes less, the seller may be paid more.

    A deposit stays the buyer's until an invoice takes of it.

    Args:
        line: the line, which is booked itself.
        receipt: what became of it.
    """
    kept_minor = receipt.kept_minor
    invoice = queries.find_invoice_asking(receipt.due)
    if invoice is None or not kept_minor:
        return
    received = queries.received_of(invoice)
    freed = _released(invoice, received) - _released(invoice, received - kept_minor)
    ledger.book_due_paid(
        paid=PaidDue(
            line_id=line.id,
            organisation_id=invoice.organisation_id,
            buyer_id=invoice.buyer_id,
            amount=Money(kept_minor, line.currency),
            released=Money(freed, line.currency),
        ),
        at=line.booked_at,
        memo=invoice.number,
    )


def note_refund_sent(*, actor: Actor, due: Due, at: datetime) -> None:
    """Say of a due that what was too much has gone back, once all of it has."""
    if not is_anything_going_back(due.id):
        invoicing.note_all_returned(due=due, actor=actor, at=at)


def lock_due_of_refund(refund_id: int) -> Due | None:
    """What a refund is of, locked after its contract and before the refund; None for an order."""
    due_id = find_due_of_refund(refund_id)
    if due_id is None:
        return None
    access.lock_contract(queries.get_due_by_id(due_id).contract_id)
    return invoicing.lock_due(due_id)


def transfer_of(due: Due) -> TransferRequest | None:
    """The transfer that a due waits for; None once it is paid or no longer wanted.

    Raises:
        NoCollectingAccountError: the market has no account to pay to.
    """
    missing = queries.missing_of(due)
    if missing.is_zero:
        return None
    account = collecting_account()
    return TransferRequest(
        bank_bin=account.bank_bin,
        bank_name=account.bank_name,
        account_number=number_of(account),
        holder_name=account.holder_name,
        amount=missing,
        reference=due.reference,
    )


def _released(invoice: Invoice, received_minor: int) -> int:
    revenue = invoice.goods_minor + invoice.bonus_minor - invoice.penalty_minor
    return released(
        received_minor=received_minor,
        revenue_minor=revenue,
        advance_minor=invoice.advance_minor,
        net_minor=revenue - invoice.commission_minor,
    )
