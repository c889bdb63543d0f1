"""Money: payments with their orders, statements of the bank, and paying through the workflow."""

from datetime import datetime
from itertools import count
from typing import Any

import factory
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.clock import VIETNAM
from marketplace.payments.operations import StatementFile
from marketplace.payments.queries import pending_line_ids
from marketplace.payments.statements.parsing import parse_statement
from marketplace.platform.database import session
from marketplace.workflows import settlement
from models.orders import Order, PaymentMethod
from models.payments import (
    BankLine,
    BankStatement,
    CashCollection,
    Payment,
    PaymentState,
)
from tests.factories.base import Factory
from tests.factories.orders import collecting_account
from tests.moments import MONDAY

HEAD = "Ngày giao dịch;Số tham chiếu;Ghi nợ;Ghi có;Nội dung"
_references = count(1)


class PaymentFactory(Factory[Payment]):
    """The transfer that an order waits for; give `order`. It stands apart from any bank line."""

    class Meta:
        model = Payment

    order = factory.SubFactory("tests.factories.orders.OrderFactory")
    order_id = factory.SelfAttribute("order.id")
    method = PaymentMethod.BANK_TRANSFER
    reference = factory.Sequence("CM{:09d}".format)
    currency = "VND"
    amount_minor = factory.SelfAttribute("order.total_minor")
    state = PaymentState.AWAITING
    created_at = MONDAY
    bank_account_id = factory.LazyFunction(lambda: collecting_account().id)


def payment_of(order: Order) -> Payment:
    """The payment of an order, as the database has it."""
    return session.scalars(
        select(Payment)
        .where(Payment.order_id == order.id)
        .execution_options(populate_existing=True)
    ).one()


def cash_of(seller_order_id: int) -> CashCollection:
    """The cash of a seller order, as the database has it."""
    return session.scalars(
        select(CashCollection)
        .where(CashCollection.seller_order_id == seller_order_id)
        .execution_options(populate_existing=True)
    ).one()


def row(
    minor: int, memo: str, *, at: datetime = MONDAY, reference: str | None = None
) -> tuple[datetime, str, int, str]:
    """A line of a statement: whole đồng (below zero went out) and what payer and bank wrote.

    It has a reference of its own; `reference=""` leaves it out.
    """
    known = f"FT{next(_references):08d}" if reference is None else reference
    return at, known, minor, memo


def csv_of(*rows: tuple[datetime, str, int, str]) -> str:
    """A statement file as the bank writes it."""
    lines = [
        ";".join(
            (
                f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M:%S}",
                reference,
                f"{-minor:,}".replace(",", ".") if minor < 0 else "",
                f"{minor:,}".replace(",", ".") if minor > 0 else "",
                memo,
            )
        )
        for at, reference, minor, memo in rows
    ]
    return "\n".join((HEAD, *lines, ""))


def file_of(*rows: tuple[datetime, str, int, str], encoding: str = "utf-8") -> StatementFile:
    """A statement file, read."""
    return StatementFile("sao-ke.csv", parse_statement(csv_of(*rows).encode(encoding)))


def import_rows(
    *rows: tuple[datetime, str, int, str], at: datetime = MONDAY, actor: Any = SYSTEM
) -> BankStatement:
    """Import a statement with these rows and settle what waits, as the job would."""
    collecting_account()
    statement = settlement.import_statement(actor=actor, file=file_of(*rows), at=at)
    for line_id in pending_line_ids():
        settlement.settle_line(line_id=line_id, at=at)
    return statement


def line_of(memo: str) -> BankLine:
    """The last bank line with this text."""
    return session.scalars(
        select(BankLine)
        .where(BankLine.description == memo)
        .order_by(BankLine.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    ).one()


def pay(order: Order, minor: int | None = None, *, at: datetime = MONDAY) -> BankLine:
    """Transfer what an order asks for, or so much, with its reference."""
    payment = payment_of(order)
    amount = payment.amount_minor if minor is None else minor
    import_rows(row(amount, f"MBVCB.{payment.reference} chuyen tien", at=at), at=at)
    return session.scalars(
        select(BankLine).where(BankLine.payment_id == payment.id).order_by(BankLine.id.desc())
    ).first()


def unknown_line(minor: int = 100_000, memo: str = "tien mua hang") -> BankLine:
    """A line that nobody can tell the order of, waiting for a person."""
    import_rows(row(minor, memo))
    return line_of(memo)
