"""What was promised, delivered, accepted, invoiced and paid under a contract: one statement.

Both sides read the very same: nothing here depends on who asks, or on the day. However many
deliveries there are, it takes the same three statements.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.platform.statements import Question
from models.contracts import Contract, ContractVersion
from models.deliveries import Delivery, DeliveryDispute, DeliveryLine, DeliveryState
from models.invoicing import Due, DueKind, DueState, Invoice

_ID: Final = bindparam("contract_id", type_=BigInteger)
_SUMS: Final = tuple(
    func.coalesce(func.sum(column), 0).cast(BigInteger)
    for column in (
        DeliveryLine.shipped_g,
        DeliveryLine.accepted_g,
        DeliveryLine.short_g,
        DeliveryLine.rejected_g,
    )
)
_DELIVERIES: Final = Question(
    select(
        Delivery.number,
        Delivery.state,
        Delivery.due_from,
        Delivery.due_on,
        Delivery.planned_g,
        Delivery.shipped_at,
        Delivery.arrived_on,
        Delivery.accepted_at,
        Delivery.po_number,
        Delivery.dispute_open,
        *_SUMS,
        Invoice.id,
        Invoice.number,
        Invoice.issued_at,
        Invoice.goods_minor,
        Invoice.bonus_minor,
        Invoice.penalty_minor,
        Invoice.deposit_minor,
        Invoice.retention_minor,
        Invoice.total_minor,
        select(DeliveryDispute.id).where(DeliveryDispute.delivery_id == Delivery.id).exists(),
    )
    .outerjoin(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
    .outerjoin(Invoice, Invoice.delivery_id == Delivery.id)
    .where(Delivery.contract_id == _ID)
    .group_by(Delivery.id, Invoice.id)
    .order_by(Delivery.due_on, Delivery.position)
)
_DUES: Final = Question(
    select(
        Due.invoice_id,
        Invoice.number,
        Due.kind,
        Due.reference,
        Due.due_on,
        Due.state,
        Due.amount_minor,
        Due.received_minor,
        Due.paid_at,
    )
    .outerjoin(Invoice, Invoice.id == Due.invoice_id)
    .where(Due.contract_id == _ID)
    .order_by(Due.due_on, Due.id)
)
_PARTIES: Final = Question(
    select(
        ContractVersion.terms["buyer"]["name"].astext,
        ContractVersion.terms["seller"]["name"].astext,
    ).where(
        ContractVersion.contract_id == _ID,
        ContractVersion.version == bindparam("version", type_=BigInteger),
    )
)
ON_ITS_WAY: Final = (DeliveryState.SHIPPED, DeliveryState.ACCEPTED)


@dataclass(frozen=True, slots=True)
class Billed:
    """The invoice of a delivery, and what came in for it.

    Attributes:
        total_minor: goods + bonus - penalty - deposit.
        retention_minor: the part of it that is kept back for a while.
        paid_minor: what came in for its dues.
        open_minor: what is still to come.
    """

    number: str
    issued_on: date
    goods_minor: int
    bonus_minor: int
    penalty_minor: int
    deposit_minor: int
    retention_minor: int
    total_minor: int
    paid_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class StatementRow:
    """One delivery: what was promised, and what became of it.

    Attributes:
        shipped_g: what left the store; None before.
        accepted_g: what the buyer took; None before that was said. `short_g` did not arrive,
            `rejected_g` was sent back.
        bill: None before it is invoiced.
        is_disputed: a dispute is open; `was_disputed`: there is or was one.
    """

    number: str
    state: str
    due_from: date
    due_on: date
    planned_g: int
    shipped_on: date | None
    arrived_on: date | None
    accepted_on: date | None
    po_number: str
    shipped_g: int | None
    accepted_g: int | None
    short_g: int
    rejected_g: int
    is_disputed: bool
    was_disputed: bool
    bill: Billed | None

    @property
    def is_cancelled(self) -> bool:
        """Whether it was called off; then it counts in no sum."""
        return self.state == DeliveryState.CANCELLED


@dataclass(frozen=True, slots=True)
class StatementDue:
    """An amount that was to be transferred by a day, and what came in for it.

    `invoice` is the number of the invoice; empty for a deposit.
    """

    invoice: str
    kind: str
    reference: str
    due_on: date
    state: str
    amount_minor: int
    received_minor: int
    paid_on: date | None


@dataclass(frozen=True, slots=True)
class StatementSums:
    """All deliveries together, without those that were called off."""

    planned_g: int
    shipped_g: int
    accepted_g: int
    short_g: int
    rejected_g: int
    goods_minor: int
    bonus_minor: int
    penalty_minor: int
    deposit_minor: int
    retention_minor: int
    total_minor: int
    paid_minor: int
    open_minor: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The statement of a contract; the same for everybody who may read it.

    Attributes:
        number: of the contract; `version` the one in force, 0 before it is signed.
        signed_at: when it came into force; None before.
        total_g: what the whole contract is about, `value_minor` what that is worth.
        deposit_paid_minor: what came in beforehand.
    """

    number: str
    title: str
    version: int
    signed_at: datetime | None
    buyer: str
    seller: str
    po_number: str
    cost_centre: str
    starts_on: date
    ends_on: date
    total_g: int
    value_minor: int
    rows: tuple[StatementRow, ...]
    dues: tuple[StatementDue, ...]
    sums: StatementSums
    deposit_paid_minor: int

    @property
    def deposit_left_minor(self) -> int:
        """What of the deposit no invoice has taken yet."""
        return self.deposit_paid_minor - self.sums.deposit_minor

    @property
    def left_g(self) -> int:
        """What of the contract's amount was not accepted yet, never below nothing."""
        return max(0, self.total_g - self.sums.accepted_g)


def statement_of(contract: Contract, *, viewer: Actor) -> Statement:
    """The statement of a contract; three statements of SQL.

    Raises:
        NotAllowedError: the viewer is on neither side of it.
    """
    authorize(viewer, Permission.CONTRACT_VIEW, contract)
    asked = {"contract_id": contract.id}
    [(buyer, seller)] = _PARTIES.ask(**asked, version=contract.signed_version or contract.version)
    money = _DUES.ask(**asked)
    of_invoice: dict[int | None, list[Any]] = {}
    for due in money:
        of_invoice.setdefault(due[0], []).append(due)
    rows = tuple(_row(each, of_invoice) for each in _DELIVERIES.ask(**asked))
    return Statement(
        number=contract.number,
        title=contract.title,
        version=contract.signed_version or 0,
        signed_at=contract.signed_at,
        buyer=buyer,
        seller=seller,
        po_number=contract.po_number,
        cost_centre=contract.cost_centre,
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        total_g=contract.total_g,
        value_minor=contract.value_minor,
        rows=rows,
        dues=tuple(_due(each) for each in money),
        sums=_sums([row for row in rows if not row.is_cancelled]),
        deposit_paid_minor=sum(each[7] for each in money if each[2] == DueKind.DEPOSIT),
    )


def _row(found: Sequence[Any], dues: Mapping[int | None, Sequence[Any]]) -> StatementRow:
    number, state, due_from, due_on, planned_g, shipped_at, arrived_on, accepted_at = found[:8]
    po_number, dispute_open, shipped_g, accepted_g, short_g, rejected_g = found[8:14]
    invoice_id, was_disputed = found[14], found[-1]
    return StatementRow(
        number=number,
        state=state,
        due_from=due_from,
        due_on=due_on,
        planned_g=planned_g,
        shipped_on=business_day(shipped_at) if shipped_at else None,
        arrived_on=arrived_on,
        accepted_on=business_day(accepted_at) if accepted_at else None,
        po_number=po_number,
        shipped_g=shipped_g if state in ON_ITS_WAY else None,
        accepted_g=accepted_g if state == DeliveryState.ACCEPTED else None,
        short_g=short_g,
        rejected_g=rejected_g,
        is_disputed=dispute_open,
        was_disputed=was_disputed,
        bill=None if invoice_id is None else _billed(found[15:23], dues.get(invoice_id, ())),
    )


def _billed(invoice: Sequence[Any], money: Sequence[Any]) -> Billed:
    number, issued_at, goods, bonus, penalty, deposit, retention, total = invoice
    dues = [each for each in money if each[5] != DueState.CANCELLED]
    return Billed(
        number=number,
        issued_on=business_day(issued_at),
        goods_minor=goods,
        bonus_minor=bonus,
        penalty_minor=penalty,
        deposit_minor=deposit,
        retention_minor=retention,
        total_minor=total,
        paid_minor=sum(each[7] for each in dues),
        open_minor=sum(max(0, each[6] - each[7]) for each in dues),
    )


def _due(found: Sequence[Any]) -> StatementDue:
    _invoice_id, invoice, kind, reference, due_on, state, amount, received, paid_at = found
    return StatementDue(
        invoice=invoice or "",
        kind=kind,
        reference=reference,
        due_on=due_on,
        state=state,
        amount_minor=amount,
        received_minor=received,
        paid_on=business_day(paid_at) if paid_at else None,
    )


def _sums(rows: Sequence[StatementRow]) -> StatementSums:
    bills = [row.bill for row in rows if row.bill]
    return StatementSums(
        planned_g=sum(row.planned_g for row in rows),
        shipped_g=sum(row.shipped_g or 0 for row in rows),
        accepted_g=sum(row.accepted_g or 0 for row in rows),
        short_g=sum(row.short_g for row in rows),
        rejected_g=sum(row.rejected_g for row in rows),
        goods_minor=sum(bill.goods_minor for bill in bills),
        bonus_minor=sum(bill.bonus_minor for bill in bills),
        penalty_minor=sum(bill.penalty_minor for bill in bills),
        deposit_minor=sum(bill.deposit_minor for bill in bills),
        retention_minor=sum(bill.retention_minor for bill in bills),
        total_minor=sum(bill.total_minor for bill in bills),
        paid_minor=sum(bill.paid_minor for bill in bills),
        open_minor=sum(bill.open_minor for bill in bills),
    )
