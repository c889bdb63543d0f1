"""Deliveries under contracts, sold on credit: pure, from values to postings and revenue facts.

An invoice makes its buyer a debtor. The seller's share stands on `contract_pending` until money
has come in for it; only what came in becomes payable, so a payout never pays what is not there.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from marketplace.kernel.clock import business_day
from marketplace.kernel.money import Money
from marketplace.ledger import accounts
from marketplace.ledger.rules import Posting, without_zeros
from models.ledger import FactKind
from models.orders import Channel


@dataclass(frozen=True, slots=True)
class InvoicedLine:
    """An accepted line of a delivery; its share of bonus and penalty is in it. In đồng."""

    delivery_line_id: int
    product_id: int
    category_id: int
    grams: int
    gross_minor: int
    discount_minor: int
    commission_minor: int

    @property
    def net_minor(self) -> int:
        """What it brings the seller."""
        return self.gross_minor - self.discount_minor - self.commission_minor


@dataclass(frozen=True, slots=True)
class InvoicedSale:
    """What the ledger needs to know of an invoice.

    Attributes:
        invoice_id: the invoice; `number` for people.
        organisation_id: who sold; `buyer_id` who owes.
        buyer_province_code: where the goods went, for the revenue book.
        currency: of all the amounts.
        deposit_minor: what is taken from the deposit, which the market holds.
        advance_minor: what the buyer gave the seller itself beforehand.
        released_minor: what the seller may be paid at once, since the deposit is here.
        lines: what was accepted.
    """

    invoice_id: int
    number: str
    organisation_id: int
    buyer_id: int
    buyer_province_code: str
    currency: str
    deposit_minor: int
    advance_minor: int
    released_minor: int
    lines: tuple[InvoicedLine, ...]

    @property
    def revenue_minor(self) -> int:
        """What the delivery brings before commission."""
        return sum(line.gross_minor - line.discount_minor for line in self.lines)

    @property
    def net_minor(self) -> int:
        """What it brings the seller."""
        return sum(line.net_minor for line in self.lines)


@dataclass(frozen=True, slots=True)
class PaidDue:
    """Money that came for an invoice.

    Attributes:
        line_id: the bank line.
        organisation_id: who sold; `buyer_id` who paid.
        amount: what of it is kept.
        released: what of it the seller may be paid.
    """

    line_id: int
    organisation_id: int
    buyer_id: int
    amount: Money
    released: Money


def of_invoice(sale: InvoicedSale) -> list[Posting]:
    """An invoice: the buyer owes it, less the deposit; the seller waits for its share."""

    def posting(account: str, minor: int) -> Posting:
        return Posting(account, Money(minor, sale.currency))

    pending = accounts.contract_pending(sale.organisation_id)
    receivable = accounts.receivable(sale.buyer_id)
    commission = sale.revenue_minor - sale.net_minor
    return without_zeros(
        [
            posting(receivable, sale.revenue_minor - sale.deposit_minor),
            posting(accounts.BUYER_FUNDS, sale.deposit_minor),
            posting(pending, sale.released_minor - sale.net_minor),
            posting(accounts.payable(sale.organisation_id), -sale.released_minor),
            posting(accounts.COMMISSION, -commission),
        ]
    )


def of_advance(sale: InvoicedSale) -> list[Posting]:
    """What the buyer gave the seller itself: neither waits for it any more."""
    amount = Money(sale.advance_minor, sale.currency)
    return without_zeros(
        [
            Posting(accounts.contract_pending(sale.organisation_id), amount),
            Posting(accounts.receivable(sale.buyer_id), -amount),
        ]
    )


def of_payment(paid: PaidDue) -> list[Posting]:
    """Money for an invoice: the buyer owes less, and the seller may be paid its share of it."""
    return without_zeros(
        [
            Posting(accounts.BUYER_FUNDS, paid.amount),
            Posting(accounts.receivable(paid.buyer_id), -paid.amount),
            Posting(accounts.contract_pending(paid.organisation_id), paid.released),
            Posting(accounts.payable(paid.organisation_id), -paid.released),
        ]
    )


def revenue_facts(sale: InvoicedSale, *, entry_id: int, at: datetime) -> list[dict[str, Any]]:
    """The rows of `revenue_facts` for an invoice, one for each line of which goods were kept."""
    return [
        {
            "ref": f"delivery-line:{line.delivery_line_id}",
            "organisation_id": sale.organisation_id,
            "kind": FactKind.GOODS,
            "entry_id": entry_id,
            "seller_order_id": None,
            "line_id": None,
            "delivery_line_id": line.delivery_line_id,
            "product_id": line.product_id,
            "category_id": line.category_id,
            "buyer_province_code": sale.buyer_province_code,
            "channel": Channel.CONTRACT,
            "occurred_at": at,
            "business_day": business_day(at),
            "quantity": 0,
            "grams": line.grams,
            "currency": sale.currency,
            "gross_minor": line.gross_minor,
            "discount_minor": line.discount_minor,
            "delivery_minor": 0,
            "commission_minor": line.commission_minor,
            "net_minor": line.net_minor,
        }
        for line in sale.lines
    ]
