"""The mails that money causes, each to one reader and once."""

from datetime import datetime

from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.clock import business_day
from marketplace.notifications.operations import notify
from marketplace.orders.queries import OrderView, get_order_view
from marketplace.payments import queries
from marketplace.platform.queue import is_quiet
from marketplace.workflows.order_readers import write_to_buyer, write_to_seller
from models.payments import BankLine, Payment, Payout, Refund


def tell_paid(payment: Payment, at: datetime) -> None:
    """Tell the buyer that the money is there, and each seller that it may confirm."""
    if is_quiet():
        return
    order = _order_of(payment)
    write_to_buyer(
        order,
        key=order.number,
        template="payment_received",
        at=at,
        amount=payment.received,
        sellers=[part.seller.short_name for part in order.parts if not part.is_cancelled],
    )
    for part in order.parts:
        if not part.is_cancelled:
            write_to_seller(order, part, "order_to_confirm", at)


def tell_underpaid(payment: Payment, line: BankLine, at: datetime) -> None:
    """Tell the buyer how much is missing and where to pay it."""
    order = _order_of(payment)
    if order.email:
        page = queries.pay_page(order.number, viewer=SYSTEM)
        write_to_buyer(
            order,
            key=f"{order.number}:{line.id}",
            template="payment_underpaid",
            at=at,
            page="tra-tien",
            received=payment.received,
            missing=page.missing,
            reference=payment.reference,
        )


def tell_refund_due(refund: Refund, at: datetime) -> None:
    """Tell the buyer that money will go back, and why."""
    _tell_refund(refund, "refund_due", at)


def tell_refund_sent(refund: Refund, at: datetime) -> None:
    """Tell the buyer that money has gone back."""
    _tell_refund(refund, "refund_sent", at)


def tell_payout(payout: Payout, at: datetime) -> None:
    """Tell the seller that money was sent."""
    organisation = queries.get_payee(payout.organisation_id)
    if organisation.email:
        notify(
            key=str(payout.id),
            recipient=organisation.email,
            locale="vi",
            template="payout_sent",
            at=at,
            seller=organisation.short_name,
            amount=payout.amount,
            paid_on=payout.paid_on,
            bank_reference=payout.bank_reference,
            url=f"/quay/{organisation.code}/tien",
        )


def _tell_refund(refund: Refund, template: str, at: datetime) -> None:
    # Money of a line that nobody knows goes back to an account, not to a person we could write to.
    if refund.payment_id is None:
        return
    order = _order_of(queries.get_payment(refund.payment_id))
    write_to_buyer(
        order,
        key=str(refund.id),
        template=template,
        at=at,
        amount=refund.amount,
        reason=str(refund.reason),
        bank_reference=refund.bank_reference,
        sent_on=business_day(refund.sent_at or at),
    )


def _order_of(payment: Payment) -> OrderView:
    return get_order_view(order_id=payment.order_id, viewer=SYSTEM)
