"""Money under a contract: the deposit, an invoice for each accepted delivery, and its end."""

from datetime import datetime
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.contracts import access
from marketplace.contracts.accepted import Breached, Judged, breach_of, lock_judged
from marketplace.contracts.terms import Party, Payment, Terms
from marketplace.invoicing import operations as invoicing
from marketplace.invoicing import queries
from marketplace.invoicing.errors import DeliveryNotAcceptedError
from marketplace.invoicing.operations import NewInvoice
from marketplace.invoicing.queries import Beforehand
from marketplace.invoicing.rules import Amounts, Asked, Basis, dues_of, reckon, released
from marketplace.kernel.clock import business_day
from marketplace.kernel.money import BPS
from marketplace.ledger import operations as ledger
from marketplace.ledger.credit import InvoicedLine, InvoicedSale
from marketplace.payments import operations as payments
from marketplace.platform.failpoints import failpoint
from marketplace.workflows import due_mails
from models.invoicing import Due, DueKind, Invoice
from models.payments import RefundReason


def ask_deposit(*, contract_id: int, at: datetime) -> Due | None:
    """Ask for what a signed contract wants beforehand. Twice is once.

    Returns:
        What falls due; None if the contract asks for nothing.

    Raises:
        ContractNotFoundError: there is none.
    """
    contract = access.lock_contract(contract_id)
    terms = access.terms_in(contract)
    if not terms.payment.deposit_minor:
        return None
    first = min((each.due_from for each in terms.schedule), default=terms.starts_on)
    due_on = max(business_day(at), first)
    asked = Asked(DueKind.DEPOSIT, terms.payment.deposit_minor, due_on)
    due = invoicing.ask_deposit(contract=contract, asked=asked, at=at)
    due_mails.tell_deposit(due, contract, at)
    return due


def invoice_delivery(*, delivery_id: int, at: datetime) -> Invoice | None:
    """Invoice an accepted delivery: number, dues, ledger and revenue in one go. Twice is once.

    Returns:
        The invoice; None for a delivery of which nothing was accepted and nothing is to be paid.

    Raises:
        DeliveryNotAcceptedError: nobody has said yet what arrived.
    """
    judged = lock_judged(delivery_id)
    if not judged.is_accepted:
        raise DeliveryNotAcceptedError(number=judged.delivery.number)
    known = queries.find_invoice_of(delivery_id)
    if known is not None:
        return known
    breached = breach_of(judged)
    before = queries.beforehand(judged.contract.id)
    if not judged.goods_minor and not breached.penalty.total_minor:
        return None
    amounts = reckon(_basis(judged, breached, before, at))
    dues = _dues(judged, amounts)
    invoice = invoicing.issue_invoice(
        new=NewInvoice(
            contract=judged.contract,
            delivery_id=delivery_id,
            amounts=amounts,
            snapshot=_snapshot(judged, breached, before, dues),
            dues=dues,
        ),
        at=at,
    )
    failpoint("billing.after_invoice")
    ledger.book_invoice(sale=_sale(judged, invoice, amounts), at=at)
    failpoint("billing.after_ledger")
    due_mails.tell_invoice(invoice, judged.contract, at)
    return invoice


def close_billing(*, actor: Actor | None, contract_id: int, at: datetime) -> int:
    """End the asking for money beforehand when a contract ends; what is left goes back.

    Invoices that are open stay so: what was delivered is paid.

    Returns:
        How much of the deposit goes back, in đồng. Twice is once: the second time it is nothing.

    Raises:
        ContractNotFoundError: there is none.
    """
    contract = access.lock_contract(contract_id)
    left = queries.beforehand(contract.id).deposit_left_minor
    for known in queries.deposits_of(contract.id):
        due = invoicing.lock_due(known.id)
        invoicing.close_deposit(due=due, left_minor=left, actor=actor, at=at)
        failpoint("billing.after_deposit_closed")
        refund = payments.refund_due(
            due=due, minor=left, reason=RefundReason.CANCELLED, ref=f"deposit:{due.id}", at=at
        )
        if refund is not None:
            due_mails.tell_refund(refund, due, contract, at)
    return left


def _basis(judged: Judged, breached: Breached, before: Beforehand, at: datetime) -> Basis:
    payment = judged.terms.payment
    return Basis(
        line_minors=tuple(line.amount_minor for line in judged.lines),
        bonus_minor=breached.penalty.bonus_minor,
        penalty_minor=breached.penalty.total_minor + before.carried_minor,
        commission_bps=judged.contract.commission_bps,
        deposit_left_minor=before.deposit_left_minor,
        advance_left_minor=_advanced(judged.terms, at) - before.advance_used_minor,
        taken_bps=_taken_bps(payment),
        retention_bps=payment.retention_bps,
    )


def _taken_bps(payment: Payment) -> int:
    """How much of the goods is taken from deposit and advances; all if nothing was agreed."""
    return payment.deposit_bps or BPS


def _advanced(terms: Terms, at: datetime) -> int:
    """What the buyer was to give the seller itself by today."""
    today = business_day(at)
    return sum(each.amount_minor for each in terms.advances if each.on <= today)


def _dues(judged: Judged, amounts: Amounts) -> list[Asked]:
    payment = judged.terms.payment
    accepted_at = judged.delivery.accepted_at
    return dues_of(
        amounts,
        stages=payment.stages,
        retention_days=payment.retention_days,
        accepted_on=business_day(accepted_at) if accepted_at else judged.delivery.due_on,
    )


def _sale(judged: Judged, invoice: Invoice, amounts: Amounts) -> InvoicedSale:
    lines = tuple(
        InvoicedLine(
            delivery_line_id=line.id,
            product_id=line.product_id,
            category_id=line.category_id,
            grams=line.accepted_g or 0,
            gross_minor=share.gross_minor,
            discount_minor=share.discount_minor,
            commission_minor=share.commission_minor,
        )
        for line, share in zip(judged.lines, amounts.shares, strict=True)
        if line.accepted_g
    )
    return InvoicedSale(
        invoice_id=invoice.id,
        number=invoice.number,
        organisation_id=invoice.organisation_id,
        buyer_id=invoice.buyer_id,
        buyer_province_code=judged.delivery.province_code,
        currency=invoice.currency,
        deposit_minor=amounts.deposit_minor,
        advance_minor=amounts.advance_minor,
        released_minor=released(
            received_minor=amounts.deposit_minor,
            revenue_minor=amounts.revenue_minor,
            advance_minor=amounts.advance_minor,
            net_minor=amounts.revenue_minor - amounts.commission_minor,
        ),
        lines=lines,
    )


def _snapshot(
    judged: Judged, breached: Breached, before: Beforehand, dues: list[Asked]
) -> dict[str, Any]:
    """Everything that the invoice prints besides its amounts, as plain JSON."""
    terms, delivery, contract = judged.terms, judged.delivery, judged.contract
    return {
        "v": 1,
        "seller": _party(terms.seller),
        "buyer": _party(terms.buyer),
        "contract": {"number": contract.number, "title": contract.title},
        "delivery": {
            "number": delivery.number,
            "due_on": delivery.due_on.isoformat(),
            "arrived_on": delivery.arrived_on and delivery.arrived_on.isoformat(),
            "province_code": delivery.province_code,
            "commune_code": delivery.commune_code,
            "address": delivery.address,
            "po_number": delivery.po_number,
            "cost_centre": delivery.cost_centre,
            "planned_g": delivery.planned_g,
        },
        "product_vi": terms.product_vi,
        "product_en": terms.product_en,
        "lines": [
            {
                "lot_code": line.lot_code,
                "grade": line.accepted_grade or line.grade,
                "moisture": None if line.moisture is None else str(line.moisture),
                "accepted_g": line.accepted_g or 0,
                "counted_g": line.calculation.get("counted_g", line.accepted_g or 0),
                "short_g": line.short_g,
                "rejected_g": line.rejected_g,
                "unit_minor": line.calculation.get("unit_minor"),
                "amount_minor": line.amount_minor,
            }
            for line in judged.lines
        ],
        "grades": {each.code: each.name for each in terms.grades},
        "breach": {
            "days_late": breached.days_late,
            "late_minor": breached.penalty.late_minor,
            "missing_g": breached.missing_g,
            "short_minor": breached.penalty.short_minor,
            "total_minor": breached.penalty.total_minor,
            "earlier_minor": before.carried_minor,
        },
        "dues": [
            {"kind": each.kind, "minor": each.minor, "due_on": each.due_on.isoformat()}
            for each in dues
        ],
    }


def _party(party: Party) -> dict[str, str]:
    return {"name": party.name, "tax_code": party.tax_code, "address": party.address}
