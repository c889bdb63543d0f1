"""Money finds its order: statements come in, lines are matched, refunds and payouts go out.

Locks are taken line, then order or contract, then payment or due, then the keys of accounts.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from marketplace.accounts.permissions import SYSTEM, Actor
from marketplace.inventory import operations as inventory
from marketplace.invoicing.queries import find_due_by_text, find_dues_by_references
from marketplace.kernel.money import Money
from marketplace.kernel.references import find_references
from marketplace.ledger import accounts as chart
from marketplace.ledger import operations as ledger
from marketplace.ledger import queries as books
from marketplace.ledger.rules import RemittedCash
from marketplace.orders import operations as orders
from marketplace.orders.queries.pages import line_ids_of
from marketplace.payments import operations as payments
from marketplace.payments import queries
from marketplace.payments.errors import UnknownReferenceError
from marketplace.payments.operations import NewPayout, Remittance, Settled, StatementFile
from marketplace.payments.rules import stands_in_suspense
from marketplace.platform.failpoints import failpoint
from marketplace.platform.locking import lock_key
from marketplace.platform.queue import defer
from marketplace.workflows import cancellation, money_mails, paying_dues
from models.invoicing import Due
from models.payments import (
    BankLine,
    BankLineOutcome,
    BankStatement,
    CashCollection,
    Payment,
    Payout,
    Refund,
)

SETTLE_LINES: Final = "payments.settle_lines"
"""The job that puts pending lines to their orders."""


@dataclass(frozen=True, slots=True)
class LineDecision:
    """What a person decides about a line that nobody could tell the order of.

    Attributes:
        line_id: the line.
        reason: why; it is needed.
    """

    line_id: int
    reason: str


def import_statement(*, actor: Actor, file: StatementFile, at: datetime) -> BankStatement:
    """Take the lines of a statement in; known ones stay. They are matched one by one afterwards.

    The job that matches them is queued in the same transaction, so lines that are in are matched
    even if whoever brought them dies right away.

    Raises:
        NotAllowedError: the actor is not the operator.
        NoCollectingAccountError: there is no account that the statement could be of.
    """
    statement = payments.add_statement(actor=actor, file=file, at=at)
    failpoint("settlement.after_lines")
    defer(SETTLE_LINES, key=SETTLE_LINES)
    failpoint("settlement.before_commit")
    return statement


def settle_line(*, line_id: int, at: datetime) -> BankLineOutcome:
    """Put one line to its order: payment, ledger, order and mails in one transaction.

    A line that was settled stays as it is, so this may be repeated and raced.

    Raises:
        BankLineNotFoundError: there is no such line.
    """
    line = payments.lock_line(line_id)
    if line.outcome != BankLineOutcome.PENDING:
        return BankLineOutcome(line.outcome)
    if line.amount_minor < 0:
        payments.keep_debit(line=line, at=at)
        return BankLineOutcome.DEBIT
    order_id, due = _named_by(line)
    if due is not None:
        return _settle_due(SYSTEM, line, due, at)
    if order_id is None:
        payments.keep_unknown(line=line, at=at)
        failpoint("settlement.after_unknown")
        _book(line, chart.SUSPENSE)
        return BankLineOutcome.UNKNOWN
    settled = payments.apply_credit(line=line, payment=queries.lock_payment(order_id), at=at)
    failpoint("settlement.after_payment")
    is_late = line.outcome == BankLineOutcome.LATE
    _book(line, chart.SUSPENSE if is_late else chart.BUYER_FUNDS)
    failpoint("settlement.after_ledger")
    _go_on(settled, line, actor=SYSTEM, at=at)
    failpoint("settlement.after_order")
    return BankLineOutcome(line.outcome)


def assign_line(
    *, actor: Actor, decision: LineDecision, order: str, at: datetime
) -> BankLineOutcome:
    """Put an unknown line to the order, or to what falls due under a contract, that it is for.

    Args:
        actor: the operator.
        decision: the line, and why it is this order's.
        order: the order's number or payment reference, or the reference of what falls due.
        at: when.

    Raises:
        BankLineNotFoundError: there is no such line.
        NotAllowedError: the actor is not the operator.
        LineSettledError: the line does not wait any more.
        ReasonMissingError: there is no reason.
        UnknownReferenceError: no order by transfer has that number, and nothing falls due by it.
    """
    line = payments.lock_unknown_line(actor=actor, line_id=decision.line_id, reason=decision.reason)
    found = queries.find_by_number(order)
    if found is None:
        return _assign_to_due(actor=actor, line=line, decision=decision, reference=order, at=at)
    payment = queries.lock_payment(found.order_id)
    settled = payments.apply_credit(line=line, payment=payment, at=at, actor=actor)
    if line.outcome != BankLineOutcome.LATE:
        ledger.book_assignment(line_id=line.id, amount=line.amount, at=at)
    payments.resolve_line(actor=actor, line=line, reason=decision.reason, at=at)
    _go_on(settled, line, actor=actor, at=at)
    return BankLineOutcome(line.outcome)


def return_line(*, actor: Actor, decision: LineDecision, at: datetime) -> Refund:
    """Make an unknown line due to go back to whoever sent it.

    Raises:
        BankLineNotFoundError: there is no such line.
        NotAllowedError: the actor is not the operator.
        LineSettledError: the line does not wait any more.
        ReasonMissingError: there is no reason.
    """
    line = payments.lock_unknown_line(actor=actor, line_id=decision.line_id, reason=decision.reason)
    refund = payments.refund_line(line=line, at=at)
    payments.resolve_line(actor=actor, line=line, reason=decision.reason, at=at)
    return refund


def send_refund(*, actor: Actor, refund_id: int, bank_reference: str, at: datetime) -> Refund:
    """Note that a refund was transferred, book it, and tell the buyer. Twice is once.

    Raises:
        RefundNotFoundError: there is no such refund.
        NotAllowedError: the actor is not the operator.
        BankReferenceMissingError: the transfer has no reference.
    """
    due = paying_dues.lock_due_of_refund(refund_id)
    refund = payments.mark_refund_sent(
        actor=actor, refund_id=refund_id, bank_reference=bank_reference, at=at
    )
    from_suspense = stands_in_suspense(refund.reason)
    ledger.book_refund(
        refund_id=refund.id,
        amount=refund.amount,
        account=chart.SUSPENSE if from_suspense else chart.BUYER_FUNDS,
        at=refund.sent_at or at,
        memo=refund.bank_reference,
    )
    if due is not None:
        paying_dues.note_refund_sent(actor=actor, due=due, at=at)
    money_mails.tell_refund_sent(refund, at)
    return refund


def remit_cash(
    *, actor: Actor, remittance: Remittance, line_id: int | None = None, at: datetime
) -> CashCollection:
    """Note cash that reached the market, and book it. Twice is once.

    Args:
        actor: the operator.
        remittance: which delivery's cash, how much, and why it differs if it does.
        line_id: the unknown bank line by which it came, of the same amount; None when it was
            paid in otherwise.
        at: when.

    Raises:
        See `payments.operations.remit_cash`, and for a line `lock_unknown_line`.
        LineAmountError: the line is of another amount.
    """
    line = None
    if line_id is not None:
        reason = remittance.reason or f"cod:{remittance.seller_order_id}"
        line = payments.lock_unknown_line(actor=actor, line_id=line_id, reason=reason)
        payments.require_amount(line, remittance.minor)
        payments.resolve_line(actor=actor, line=line, reason=reason, at=at)
    part = payments.remit_cash(actor=actor, remittance=remittance, at=at)
    ledger.book_cash_remitted(
        cash=RemittedCash(
            seller_order_id=part.seller_order_id,
            number=queries.seller_order_number(part.seller_order_id),
            organisation_id=part.organisation_id,
            expected=Money(part.collected_minor or 0, part.currency),
            remitted=Money(remittance.minor, part.currency),
            account=chart.BANK if line is None else chart.SUSPENSE,
        ),
        at=part.remitted_at or at,
    )
    return part


def pay_seller(*, actor: Actor, payout: NewPayout, at: datetime) -> Payout:
    """Note that a seller was paid, no more than it is owed, book it, and tell the seller.

    What the seller still holds in cash is not paid out before it is remitted. The same key again
    gives the first payout back.

    Raises:
        NotAllowedError: the actor is not the operator.
        AmountNotPositiveError, BankReferenceMissingError, BankReferenceUsedError: see
            `payments.operations.record_payout`.
        PayoutTooHighError: that is more than is available.
        BankAccountNotFoundError, AccountHeldError: the account is not the seller's, or too new.
    """
    lock_key("payout", payout.organisation_id)
    available = books.available_for_payout(payout.organisation_id)
    row = payments.record_payout(actor=actor, payout=payout, available=available, at=at)
    failpoint("settlement.after_payout")
    ledger.book_payout(
        payout_id=row.id,
        organisation_id=row.organisation_id,
        amount=row.amount,
        at=row.created_at,
        memo=row.bank_reference,
    )
    money_mails.tell_payout(row, at)
    return row


def open_if_covered(*, actor: Actor, order_id: int, at: datetime) -> bool:
    """Let the sellers of an order begin if its parts that stand are paid in full.

    For whoever cancels a part of an order that was paid in part: the rest may be covered then.

    Returns:
        Whether the order opened just now.
    """
    payment = queries.lock_payment(order_id)
    if not queries.is_covered(order_id):
        return False
    return _open(payment, actor=actor, at=at)


def give_up_order(*, actor: Actor, order_id: int, reason: str, at: datetime) -> bool:
    """End an order that was paid in part and whose rest does not come; what came goes back.

    Goods of such an order are kept without end, so somebody has to be able to let go of them.

    Returns:
        Whether anything changed; False if it was ended before.

    Raises:
        PaymentNotFoundError: the order has no payment.
        NotAllowedError: the actor is not the operator, or some part is packed already.
        ReasonMissingError: there is no reason.
        NotUnderpaidError: the order is not paid in part.
    """
    payment = queries.lock_payment(order_id)
    payments.give_up_waiting(actor=actor, payment=payment, reason=reason, at=at)
    return cancellation.cancel_order(actor=SYSTEM, order_id=order_id, reason=reason, at=at)


def _named_by(line: BankLine) -> tuple[int | None, Due | None]:
    """The one order, or the one due, that the line names; neither if it names several, or none."""
    references = find_references(line.description)
    orders_named = queries.find_by_references(references)
    dues = find_dues_by_references(references)
    if len(orders_named) + len(dues) != 1:
        return None, None
    return (orders_named[0].order_id, None) if orders_named else (None, dues[0])


def _settle_due(actor: Actor, line: BankLine, due: Due, at: datetime) -> BankLineOutcome:
    receipt = paying_dues.put_to_due(actor=actor, line=line, due=due, at=at)
    is_late = receipt.outcome == BankLineOutcome.LATE
    _book(line, chart.SUSPENSE if is_late else chart.BUYER_FUNDS)
    paying_dues.book_paid(line=line, receipt=receipt)
    failpoint("settlement.after_due_booked")
    return receipt.outcome


def _assign_to_due(
    *, actor: Actor, line: BankLine, decision: LineDecision, reference: str, at: datetime
) -> BankLineOutcome:
    due = find_due_by_text(reference)
    if due is None:
        raise UnknownReferenceError(order=reference)
    receipt = paying_dues.put_to_due(actor=actor, line=line, due=due, at=at)
    if receipt.outcome != BankLineOutcome.LATE:
        ledger.book_assignment(line_id=line.id, amount=line.amount, at=at)
    paying_dues.book_paid(line=line, receipt=receipt)
    payments.resolve_line(actor=actor, line=line, reason=decision.reason, at=at)
    return receipt.outcome


def _book(line: BankLine, account: str) -> None:
    ledger.book_bank_credit(
        line_id=line.id,
        amount=line.amount,
        account=account,
        at=line.booked_at,
        memo=line.bank_reference,
    )


def _go_on(settled: Settled, line: BankLine, *, actor: Actor, at: datetime) -> None:
    """What follows from money that came: the order opens or waits on, people are told."""
    order_id = settled.payment.order_id
    if settled.is_covered:
        _open(settled.payment, actor=actor, at=at)
    elif line.outcome == BankLineOutcome.UNDER:
        # Half a payment keeps the goods: the rest is on its way, or a person decides.
        orders.stop_expiry(order_id=order_id)
        inventory.keep_holds(line_ids_of(order_id=order_id))
        money_mails.tell_underpaid(settled.payment, line, at)
    if settled.refund is not None:
        money_mails.tell_refund_due(settled.refund, at)


def _open(payment: Payment, *, actor: Actor, at: datetime) -> bool:
    if not orders.open_paid_order(actor=actor, order_id=payment.order_id, at=at):
        return False
    inventory.keep_holds(line_ids_of(order_id=payment.order_id))
    money_mails.tell_paid(payment, at)
    return True
