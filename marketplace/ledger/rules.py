"""Which accounts a fact moves: pure, from values to postings."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from marketplace.kernel.clock import business_day
from marketplace.kernel.money import Money, sum_of
from marketplace.ledger import accounts
from models.ledger import FactKind
from models.orders import PaymentMethod


@dataclass(frozen=True, slots=True)
class Posting:
    """A movement of one account: debit above zero, credit below."""

    account: str
    amount: Money


@dataclass(frozen=True, slots=True)
class DeliveredLine:
    """A line of a delivered seller order, with its amounts as frozen at checkout, in đồng."""

    line_id: int
    product_id: int
    category_id: int
    quantity: int
    grams: int
    gross_minor: int
    discount_minor: int
    commission_minor: int


@dataclass(frozen=True, slots=True)
class DeliveredSale:
    """What the ledger needs to know of a delivered seller order.

    Attributes:
        seller_order_id: the seller order.
        number: its number, for people.
        organisation_id: who sold.
        payment_method: "bank_transfer" or "cash"; says where the money is.
        buyer_province_code: for the revenue book.
        channel: "retail" or "contract".
        currency: of all the amounts.
        delivery_minor: the delivery fee; it belongs to the seller, without commission.
        lines: what was delivered.
    """

    seller_order_id: int
    number: str
    organisation_id: int
    payment_method: str
    buyer_province_code: str
    channel: str
    currency: str
    delivery_minor: int
    lines: tuple[DeliveredLine, ...]

    @property
    def total(self) -> Money:
        """What the buyer pays for it."""
        goods = sum(line.gross_minor - line.discount_minor for line in self.lines)
        return Money(goods + self.delivery_minor, self.currency)

    @property
    def commission(self) -> Money:
        """The market's share."""
        return Money(sum(line.commission_minor for line in self.lines), self.currency)


@dataclass(frozen=True, slots=True)
class RemittedCash:
    """Cash of one delivery that its seller handed on to the market.

    Attributes:
        seller_order_id: the delivery.
        number: its number, for people.
        organisation_id: who collected it.
        expected: what was to be remitted.
        remitted: what was; the difference has an account of its own.
        account: `accounts.BANK`, or `accounts.SUSPENSE` if the money came as a transfer that is
            booked there.
    """

    seller_order_id: int
    number: str
    organisation_id: int
    expected: Money
    remitted: Money
    account: str = accounts.BANK


def require_balanced(postings: Sequence[Posting]) -> None:
    """Refuse postings that do not add up, before the database has to.

    Raises:
        ValueError: there are none, or those of a currency do not sum to zero.
    """
    if not postings:
        raise ValueError("An entry moves at least two accounts")
    for currency in {posting.amount.currency for posting in postings}:
        mine = [each.amount for each in postings if each.amount.currency == currency]
        if not sum_of(mine, currency).is_zero:
            raise ValueError(f"The postings in {currency} do not sum to zero")


def moved(*, debit: str, credit: str, amount: Money) -> list[Posting]:
    """`amount` from one account to another."""
    return [Posting(debit, amount), Posting(credit, -amount)]


def without_zeros(postings: Iterable[Posting]) -> list[Posting]:
    """The postings that move something; an account moved by nothing is left out."""
    return [posting for posting in postings if not posting.amount.is_zero]


def of_delivery(sale: DeliveredSale) -> list[Posting]:
    """A delivered sale: the buyer's money (or the cash at the door) becomes the seller's."""
    source = (
        accounts.cash_in_transit(sale.organisation_id)
        if sale.payment_method == PaymentMethod.CASH
        else accounts.BUYER_FUNDS
    )
    return without_zeros(
        [
            Posting(source, sale.total),
            Posting(accounts.payable(sale.organisation_id), sale.commission - sale.total),
            Posting(accounts.COMMISSION, -sale.commission),
        ]
    )


def of_cash_remitted(cash: RemittedCash) -> list[Posting]:
    """Cash that reached the market; what is missing or over goes to its own account."""
    return without_zeros(
        [
            Posting(cash.account, cash.remitted),
            Posting(accounts.CASH_DIFFERENCE, cash.expected - cash.remitted),
            Posting(accounts.cash_in_transit(cash.organisation_id), -cash.expected),
        ]
    )


def revenue_facts(sale: DeliveredSale, *, entry_id: int, at: datetime) -> list[dict[str, Any]]:
    """The rows of `revenue_facts` for a delivered sale: one a line, one for the delivery fee."""
    facts = [_goods(line) for line in sale.lines]
    if sale.delivery_minor:
        facts.append(
            _fact(FactKind.DELIVERY, f"delivery:{sale.seller_order_id}")
            | {"delivery_minor": sale.delivery_minor, "net_minor": sale.delivery_minor}
        )
    shared = _shared(sale, entry_id, at, business_day(at))
    return [fact | shared for fact in facts]


def _goods(line: DeliveredLine) -> dict[str, Any]:
    return _fact(FactKind.GOODS, f"line:{line.line_id}") | {
        "line_id": line.line_id,
        "product_id": line.product_id,
        "category_id": line.category_id,
        "quantity": line.quantity,
        "grams": line.grams,
        "gross_minor": line.gross_minor,
        "discount_minor": line.discount_minor,
        "commission_minor": line.commission_minor,
        "net_minor": line.gross_minor - line.discount_minor - line.commission_minor,
    }


def _fact(kind: FactKind, ref: str) -> dict[str, Any]:
    return {
        "ref": ref,
        "kind": kind,
        "line_id": None,
        "delivery_line_id": None,
        "product_id": None,
        "category_id": None,
        "quantity": 0,
        "grams": 0,
        "gross_minor": 0,
        "discount_minor": 0,
        "delivery_minor": 0,
        "commission_minor": 0,
    }


def _shared(sale: DeliveredSale, entry_id: int, at: datetime, day: date) -> dict[str, Any]:
    return {
        "organisation_id": sale.organisation_id,
        "entry_id": entry_id,
        "seller_order_id": sale.seller_order_id,
        "buyer_province_code": sale.buyer_province_code,
        "channel": sale.channel,
        "occurred_at": at,
        "business_day": day,
        "currency": sale.currency,
    }
