"""The bank's lines and the files they came in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.payments.errors import BankLineNotFoundError
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from models.accounts import User
from models.orders import Order, OrderState
from models.payments import BankLine, BankLineOutcome, BankStatement, Payment, PaymentState


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line with the order that it was put to. Amounts in đồng, below zero for money out."""

    id: int
    booked_at: datetime
    amount_minor: int
    description: str
    bank_reference: str
    outcome: str
    resolution: str
    resolved_at: datetime | None
    order_number: str | None

    @property
    def is_open(self) -> bool:
        """Whether a person has to decide about it."""
        return self.outcome == BankLineOutcome.UNKNOWN and self.resolved_at is None


@dataclass(frozen=True, slots=True)
class StatementRow:
    """An imported file: how many lines it had, and how many of them were new."""

    id: int
    file_name: str
    line_count: int
    new_count: int
    imported_at: datetime
    imported_by: str | None


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order that an unknown line may be for: it waits for exactly that sum."""

    number: str
    recipient_name: str
    phone: str
    placed_at: datetime
    missing_minor: int


@dataclass(frozen=True, slots=True)
class LineFilter:
    """Which lines to show; empty fields do not narrow.

    Attributes:
        outcome: one of the outcomes, or "open" for those that wait for a person.
        statement_id: of one file only.
        text: part of the description, a bank's reference or an order's number.
    """

    outcome: str = ""
    statement_id: int | None = None
    text: str = ""


OPEN = "open"

_COLUMNS: tuple[Any, ...] = (
    BankLine.id,
    BankLine.booked_at,
    BankLine.amount_minor,
    BankLine.description,
    BankLine.bank_reference,
    BankLine.outcome,
    BankLine.resolution,
    BankLine.resolved_at,
    Order.number,
)


def lines(*, viewer: Actor, wanted: LineFilter, page: PageRequest) -> Page[LineRow]:
    """Bank lines, newest first; two statements.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    statement = _joined().where(*_conditions(wanted))
    counted = select(func.count()).select_from(statement.order_by(None).subquery())
    rows = session.execute(
        statement.order_by(BankLine.booked_at.desc(), BankLine.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    total = session.scalar(counted) or 0
    return Page(rows=[LineRow(*row) for row in rows], request=page, total=total)


def counts(*, viewer: Actor, statement_id: int | None = None) -> dict[str, int]:
    """How many lines there are of each outcome, and under "open" of those that wait.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    statement = select(
        BankLine.outcome,
        func.count(),
        func.count().filter(
            BankLine.outcome == BankLineOutcome.UNKNOWN, BankLine.resolved_at.is_(None)
        ),
    ).group_by(BankLine.outcome)
    if statement_id is not None:
        statement = statement.where(BankLine.statement_id == statement_id)
    found: dict[str, int] = {OPEN: 0}
    for outcome, number, waiting in session.execute(statement):
        found[outcome] = number
        found[OPEN] += waiting
    return found


def line(line_id: int, *, viewer: Actor) -> LineRow:
    """One line.

    Raises:
        NotAllowedError: the viewer is not the operator.
        BankLineNotFoundError: there is no such line.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    row = session.execute(_joined().where(BankLine.id == line_id)).one_or_none()
    if row is None:
        raise BankLineNotFoundError(line_id=line_id)
    return LineRow(*row)


def candidates(of: LineRow, *, viewer: Actor, limit: int = 8) -> Sequence[Candidate]:
    """Orders that wait for exactly what an unknown line brings, latest first.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    missing = Payment.amount_minor - Payment.received_minor
    rows = session.execute(
        select(Order.number, Order.recipient_name, Order.phone, Order.placed_at, missing)
        .join(Payment, Payment.order_id == Order.id)
        .where(
            Payment.state.in_([PaymentState.AWAITING, PaymentState.UNDERPAID]),
            Order.state == OrderState.AWAITING_PAYMENT,
            missing == of.amount_minor,
        )
        .order_by(Order.placed_at.desc(), Order.id.desc())
        .limit(limit)
    )
    return [Candidate(*row) for row in rows]


def statements(*, viewer: Actor, limit: int = 8) -> Sequence[StatementRow]:
    """The files imported last.

    Raises:
        NotAllowedError: the viewer is not the operator.
    """
    authorize(viewer, Permission.OPERATOR_DESK_VIEW, viewer)
    rows = session.execute(
        select(
            BankStatement.id,
            BankStatement.file_name,
            BankStatement.line_count,
            BankStatement.new_count,
            BankStatement.imported_at,
            User.full_name,
        )
        .outerjoin(User, User.id == BankStatement.imported_by_id)
        .order_by(BankStatement.imported_at.desc(), BankStatement.id.desc())
        .limit(limit)
    )
    return [StatementRow(*row) for row in rows]


def _joined() -> Select[Any]:
    return (
        select(*_COLUMNS)
        .outerjoin(Payment, Payment.id == BankLine.payment_id)
        .outerjoin(Order, Order.id == Payment.order_id)
    )


def _conditions(wanted: LineFilter) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.outcome == OPEN:
        conditions += [
            BankLine.outcome == BankLineOutcome.UNKNOWN,
            BankLine.resolved_at.is_(None),
        ]
    elif wanted.outcome:
        conditions.append(BankLine.outcome == wanted.outcome)
    if wanted.statement_id is not None:
        conditions.append(BankLine.statement_id == wanted.statement_id)
    if wanted.text:
        conditions.append(
            or_(
                BankLine.description.icontains(wanted.text, autoescape=True),
                BankLine.bank_reference.istartswith(wanted.text, autoescape=True),
                Order.number == wanted.text.upper(),
            )
        )
    return conditions
