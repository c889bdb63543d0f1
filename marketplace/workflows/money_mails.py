"""The mails that money causes, each to one reader and once."""

from datetime import datetime

from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.clock import business_day
from marketplace.notifications.operations import notify
from marketplace.orders.links import order_path
from marketplace.orders.queries import OrderView, get_order_view
from marketplace.payments import queries
from marketplace.platform.queue import is_quiet
from models.payments import BankLine, Payment, Payout, Refund


def tell_paid(payment: Payment, at: datetime) -> None:
    """Tell the buyer that the money is there, and each seller that it may confirm."""
    if is_quiet():
        return
    order = _order_of(payment)
    if order.email:
        notify(
            key=order.number,
            recipient=order.email,
            locale=order.locale,
            template="payment_received",
            at=at,
            name=order.recipient_name,
            number=order.number,
            amount=payment.received,
            sellers=[part.seller.short_name for part in order.parts if not part.is_cancelled],
            url=order_path(order.number),
        )
    for part in order.parts:
        if part.seller.email and not part.is_cancelled:
            notify(
                key=part.number,
                recipient=part.seller.email,
                locale="vi",
                template="order_to_confirm",
                at=at,
                seller=part.seller.short_name,
                number=part.number,
                total=part.total_minor,
                lines=[(line.quantity, line.pack_name_vi, line.name_vi) for line in part.lines],
                url=f"/quay/{part.seller.code}/don/{part.number}",
            )


def tell_underpaid(payment: Payment, line: BankLine, at: datetime) -> None:
    """Tell the buyer how much is missing and where to pay it."""
    order = _order_of(payment)
    if order.email:
        page = queries.pay_page(order.number, viewer=SYSTEM)
        notify(
            key=f"{order.number}:{line.id}",
            recipient=order.email,
            locale=order.locale,
            template="payment_underpaid",
            at=at,
            name=order.recipient_name,
            number=order.number,
            received=payment.received,
            missing=page.missing,
            reference=payment.reference,
            url=order_path(order.number, "tra-tien"),
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
    if order.email:
        notify(
            key=str(refund.id),
            recipient=order.email,
            locale=order.locale,
            template=template,
            at=at,
            name=order.recipient_name,
            number=order.number,
            amount=refund.amount,
            reason=str(refund.reason),
            bank_reference=refund.bank_reference,
            sent_on=business_day(refund.sent_at or at),
            url=order_path(order.number),
        )


def _order_of(payment: Payment) -> OrderView:
    return get_order_view(order_id=payment.order_id, viewer=SYSTEM)
