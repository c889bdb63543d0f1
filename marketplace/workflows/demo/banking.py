"""The market's bank: transfers come in, the operator imports them, refunds and payouts go out."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from marketplace.kernel.clock import business_day
from marketplace.kernel.money import Money
from marketplace.kernel.text import ascii_memo
from marketplace.ledger import queries as books
from marketplace.payments.operations import NewPayout, Remittance, StatementFile
from marketplace.payments.queries import pending_line_ids
from marketplace.payments.statements.parsing import parse_statement
from marketplace.platform.database import session
from marketplace.workflows import settlement
from marketplace.workflows.demo.content import content
from marketplace.workflows.demo.diary import Deed
from marketplace.workflows.demo.statement import BankMove, write_statement
from marketplace.workflows.demo.world import World
from models.payments import CashCollection, CashState, Refund, RefundState

PAYOUT_LEAST_MINOR: Final = 1_000_000
"""A seller is paid out on Monday if it is owed at least this much."""
REMIT_AFTER: Final = timedelta(days=2)
REFUND_AFTER: Final = timedelta(hours=20)
DIFFERENCE: Final = 20_000
"""What once in a while is missing of cash: change that the driver had not."""


@dataclass(frozen=True, slots=True)
class _Incoming:
    move: BankMove
    then: Deed | None


@dataclass(slots=True)
class Bank:
    """What the bank has booked and nobody has imported yet."""

    world: World
    _waiting: list[_Incoming] = field(default_factory=list)
    _count: int = 0

    def open(self) -> None:
        """Note the first statement, Monday's payouts, Friday's cash, the refunds of a morning."""
        diary, world = self.world.diary, self.world
        for number in range((world.today - world.opens_on).days + 1):
            day = world.opens_on + timedelta(days=number)
            diary.note(world.moment(day, 17), self.import_day)
            diary.note(world.moment(day, 10), self.send_refunds)
            if day.weekday() == 0:
                diary.note(world.moment(day, 9), self.pay_sellers)
            if day.weekday() == 4:  # noqa: PLR2004 - Friday
                diary.note(world.moment(day, 15), self.take_cash)

    def credit(self, minor: int, text: str, booked_at: datetime, then: Deed | None = None) -> None:
        """Book money that came in; `then` happens once it is imported."""
        self._waiting.append(_Incoming(self._move(minor, text, booked_at), then))

    def import_day(self, at: datetime) -> None:
        """Import everything that the bank has booked, and see to what follows."""
        due = [each for each in self._waiting if each.move.booked_at <= at]
        if not due:
            return
        self._waiting = [each for each in self._waiting if each.move.booked_at > at]
        due.sort(key=lambda each: each.move.booked_at)
        settlement.import_statement(
            actor=self.world.staff.operator, file=self._file(due, at), at=at
        )
        for line_id, each in zip(pending_line_ids(), due, strict=True):
            settlement.settle_line(line_id=line_id, at=at)
            if each.then is not None:
                each.then(at)

    def send_refunds(self, at: datetime) -> None:
        """Send back what was due yesterday."""
        due = session.scalars(
            select(Refund.id)
            .where(Refund.state == RefundState.DUE, Refund.created_at <= at - REFUND_AFTER)
            .order_by(Refund.id)
        ).all()
        for refund_id in due:
            settlement.send_refund(
                actor=self.world.staff.operator,
                refund_id=refund_id,
                bank_reference=self.reference(at),
                at=at,
            )

    def take_cash(self, at: datetime) -> None:
        """Take in the cash that sellers have collected at the door."""
        rows = session.execute(
            select(CashCollection.seller_order_id, CashCollection.collected_minor)
            .where(
                CashCollection.state == CashState.COLLECTED,
                CashCollection.collected_at <= at - REMIT_AFTER,
            )
            .order_by(CashCollection.id)
        ).all()
        for seller_order_id, collected in rows:
            minor = collected or 0
            is_short = self.world.chance.random() < 0.008 and minor > DIFFERENCE  # noqa: PLR2004
            settlement.remit_cash(
                actor=self.world.staff.operator,
                remittance=Remittance(
                    seller_order_id=seller_order_id,
                    minor=minor - DIFFERENCE if is_short else minor,
                    reason="Người giao thối thiếu tiền lẻ" if is_short else "",
                ),
                at=at,
            )

    def pay_sellers(self, at: datetime) -> None:
        """Pay every seller what it is owed, unless it is hardly worth a transfer."""
        sellers = {each.organisation_id: each for each in self.world.sellers.values()}
        owed = books.payables(list(sellers))
        held = books.cash_in_transit_of(list(sellers))
        for organisation_id in sorted(sellers):
            minor = owed[organisation_id] - held[organisation_id]
            if minor < PAYOUT_LEAST_MINOR or sellers[organisation_id].has_left:
                continue
            settlement.pay_seller(
                actor=self.world.staff.operator,
                payout=NewPayout(
                    organisation_id=organisation_id,
                    amount=Money(minor, "VND"),
                    idempotency_key=f"demo-{business_day(at)}-{organisation_id}",
                    bank_reference=self.reference(at),
                    paid_on=business_day(at),
                ),
                at=at,
            )

    def reference(self, at: datetime) -> str:
        """A name that the bank gives to a transfer."""
        self._count += 1
        return f"FT{business_day(at):%y%j}{self.world.chance.randrange(10**5):05d}{self._count:04d}"

    def write(self, moves: Sequence[BankMove]) -> bytes:
        """A statement of these moves."""
        account = content().account
        return write_statement(moves, account=account.number, holder=account.holder)

    def _move(self, minor: int, text: str, booked_at: datetime) -> BankMove:
        return BankMove(booked_at, minor, text, self.reference(booked_at))

    def _file(self, due: Sequence[_Incoming], at: datetime) -> StatementFile:
        data = self.write([each.move for each in due])
        return StatementFile(f"sao-ke-bidv-{business_day(at):%Y%m%d}.csv", parse_statement(data))


def memo(reference: str, name: str, *, number: int, phone: str) -> str:
    """What a bank makes of a payer's memo; no two banks do it alike."""
    payer = ascii_memo(name, 40)
    caller = f"0{phone.removeprefix('+84')}"
    shapes = (
        f"MBVCB.{7_100_000_000 + number * 37}.{reference}.CT tu {caller} {payer}",
        f"{reference} {payer} chuyen tien",
        f"IBFT {reference}-{payer}-FT{number:08d}",
        f"CHUYEN TIEN QR {reference.lower()}",
        f"{payer} {reference[:2]} {reference[2:]}",
    )
    return shapes[number % len(shapes)]
