"""Whatever people do, in whatever order: the invariants hold after every step.

Three sellers with little stock, buyers who pay too little, too much, twice, late or with a wrong
reference, sellers who confirm, pack, deliver and call off, an operator who refunds and pays out.
A refusal is a good answer; it must leave everything as it was.
"""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.inventory import operations as inventory
from marketplace.kernel.clock import business_day
from marketplace.kernel.errors import DomainError
from marketplace.kernel.money import vnd
from marketplace.ledger import operations as ledger
from marketplace.ledger.queries import balance
from marketplace.payments.operations import NewPayout, Remittance
from marketplace.workflows import cancellation, expiry, fulfilment, settlement
from models.accounts import Organisation
from models.catalogue import Product
from models.orders import Order, OrderState, PaymentMethod, SellerOrder, SellerOrderState
from models.payments import (
    BankLine,
    CashCollection,
    Payment,
    Payout,
    Refund,
    RefundState,
)
from models.platform import StateChange
from tests.factories.orders import collecting_account, parts_of, place, product_in_stock
from tests.factories.payments import import_rows, payment_of, row
from tests.invariants import broken
from tests.moments import MONDAY

SELLERS = 3
STOCK_GRAMS = 4_000
"""Eight packs of 500 g each: soon there is not enough."""

RUNS, STEPS = 12, 30

numbers = st.integers(0, 10**6)


class LifeOfOrders(RuleBasedStateMachine):
    """What can be done, and what must hold after each of it; `session` is undone at the end."""

    session: ClassVar[Any]
    happened: ClassVar[Counter[str]]

    orders = Bundle("orders")

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = MONDAY
        self.sent: list[tuple[datetime, str, int, str]] = []
        self.run = self.session.begin_nested()
        collecting_account()
        self.goods: list[Product] = [product_in_stock(STOCK_GRAMS) for _ in range(SELLERS)]

    def teardown(self) -> None:
        changes = select(StateChange.subject_kind, StateChange.to_state)
        self.happened.update(f"{kind} {state}" for kind, state in self.session.execute(changes))
        sent = select(Refund.id).where(Refund.state == RefundState.SENT)
        self.happened["refund sent"] += len(self.session.scalars(sent).all())
        self.happened["payout"] += len(self.session.scalars(select(Payout.id)).all())
        self.run.rollback()
        self.session.expunge_all()

    def attempt(self, act: Callable[[], object]) -> bool:
        """Do it, or leave everything as it was."""
        try:
            with self.session.begin_nested():
                act()
                self.session.flush()
        except DomainError:
            return False
        return True

    @initialize(target=orders, share=st.sampled_from([100, 50, 0]))
    def two_orders_to_begin_with(self, share):
        first, second, _third = self.goods
        cash = place(first, second, payment_method=PaymentMethod.CASH, at=self.at)
        transfer = place(second, payment_method=PaymentMethod.BANK_TRANSFER, at=self.at)
        if share:
            self.transfer(transfer.id, share)
        return multiple(cash.id, transfer.id)

    @rule(
        target=orders,
        wants=st.lists(
            st.tuples(st.integers(0, SELLERS - 1), st.integers(1, 4)),
            min_size=1,
            max_size=3,
            unique_by=lambda want: want[0],
        ),
        method=st.sampled_from(PaymentMethod),
    )
    def buy(self, wants, method):
        placed: list[Order] = []
        wanted = [(self.goods[index], quantity) for index, quantity in wants]
        self.attempt(lambda: placed.append(place(*wanted, payment_method=method, at=self.at)))
        return multiple(*(order.id for order in placed))

    @rule(order_id=orders, share=st.sampled_from([100, 50, 90, 100, 100, 120, 200]))
    def somebody_transfers(self, order_id, share):
        self.transfer(order_id, share)

    def transfer(self, order_id, share):
        payment = payment_of(self.session.get_one(Order, order_id))
        if payment.reference is None:
            return
        minor = payment.amount_minor * share // 100
        line = row(minor, f"MBVCB.{payment.reference}.CK", at=self.at)
        self.sent.append(line)
        import_rows(line, at=self.at)

    @rule(minor=st.integers(1_000, 900_000))
    def stray_transfer(self, minor):
        self.sent.append(row(minor, "chuyen tien mua hang", at=self.at))
        import_rows(self.sent[-1], at=self.at)
        before = self.session.query(BankLine).count()
        import_rows(*self.sent, at=self.at)
        assert self.session.query(BankLine).count() == before

    @rule(minutes=st.sampled_from([1, 20, 45, 3_000]))
    def time_passes(self, minutes):
        self.at += timedelta(minutes=minutes)
        due = select(Order.id).where(
            Order.state == OrderState.AWAITING_PAYMENT, Order.expires_at <= self.at
        )
        for order_id in self.session.scalars(due).all():
            expiry.expire_order(order_id=order_id, at=self.at)

    @rule(order_id=orders, steps=st.sampled_from([4, 1, 2, 3]))
    def go_on(self, order_id, steps):
        for _ in range(steps):
            for part in parts_of(self.session.get_one(Order, order_id)):
                step = {
                    SellerOrderState.PLACED: fulfilment.confirm_order,
                    SellerOrderState.CONFIRMED: fulfilment.pack_order,
                    SellerOrderState.PACKED: partial(fulfilment.hand_over_order, carrier="xe nhà"),
                }.get(SellerOrderState(part.state), fulfilment.deliver_order)
                for _again in range(2):
                    self.attempt(partial(step, actor=SYSTEM, seller_order_id=part.id, at=self.at))

    @rule(order_id=orders, pick=numbers, everything=st.booleans())
    def call_off(self, order_id, pick, everything):
        part = self.part_of(order_id, pick)
        if everything:
            act = partial(cancellation.cancel_order, actor=SYSTEM, order_id=order_id)
        else:
            act = partial(cancellation.cancel_part, actor=SYSTEM, seller_order_id=part.id)
        self.attempt(lambda: act(reason="hết hàng", at=self.at))

    @rule(
        pick=numbers,
        short=st.sampled_from([0, 0, 5_000]),
        share=st.sampled_from([50, 100, 130]),
    )
    def the_operator_works(self, pick, short, share):
        self.send_a_refund(pick)
        self.remit_cash(pick, short)
        self.pay_a_seller(pick % SELLERS, share)

    def send_a_refund(self, pick):
        due = self.session.scalars(
            select(Refund.id).where(Refund.state == RefundState.DUE).order_by(Refund.id)
        ).all()
        if due:
            refund_id = due[pick % len(due)]
            self.attempt(
                lambda: settlement.send_refund(
                    actor=SYSTEM,
                    refund_id=refund_id,
                    bank_reference=f"HT{refund_id}",
                    at=self.at,
                )
            )

    def remit_cash(self, pick, short):
        known = self.session.scalars(select(CashCollection).order_by(CashCollection.id)).all()
        if known:
            cash = known[pick % len(known)]
            remittance = Remittance(
                seller_order_id=cash.seller_order_id,
                minor=max(0, cash.expected_minor - short),
                reason="tiền rách" if short else "",
            )
            self.attempt(
                lambda: settlement.remit_cash(actor=SYSTEM, remittance=remittance, at=self.at)
            )

    def pay_a_seller(self, index, share):
        seller = self.session.get_one(Organisation, self.goods[index].organisation_id)
        owed = balance(f"org:{seller.id}:payable").minor * share // 100
        key = f"{seller.id}-{self.at:%Y%m%d%H%M}-{owed}"
        if owed > 0:
            payout = NewPayout(
                organisation_id=seller.id,
                amount=vnd(owed),
                idempotency_key=key,
                bank_reference=f"CT{key}",
                paid_on=business_day(self.at),
            )
            for _ in range(2):
                self.attempt(lambda: settlement.pay_seller(actor=SYSTEM, payout=payout, at=self.at))

    def part_of(self, order_id: int, pick: int) -> SellerOrder:
        parts = parts_of(self.session.get_one(Order, order_id))
        return parts[pick % len(parts)]

    @invariant()
    def nothing_is_broken(self):
        assert broken(self.session) == {}

    @invariant()
    def no_seller_is_paid_more_than_it_earned(self):
        for product in self.goods:
            assert balance(f"org:{product.organisation_id}:payable").minor >= 0

    @invariant()
    def what_was_received_is_what_the_bank_said(self):
        matched = dict(
            self.session.execute(
                select(BankLine.payment_id, BankLine.amount_minor).where(
                    BankLine.payment_id.is_not(None)
                )
            ).all()
        )
        for payment in self.session.scalars(select(Payment).where(Payment.id.in_(matched))):
            lines = self.session.scalars(
                select(BankLine.amount_minor).where(BankLine.payment_id == payment.id)
            )
            assert payment.received_minor == sum(lines)


def run(session, **given: Any) -> Counter[str]:
    """Run the machine on this session; returns how often what happened."""
    machine = type("Here", (LifeOfOrders,), {"session": session, "happened": Counter()})
    run_state_machine_as_test(
        machine,
        settings=settings(
            **{"max_examples": RUNS, **given},
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return machine.happened


def test_the_invariants_hold_whatever_happens(session):
    happened = run(session)

    # A machine in which nothing succeeds would prove nothing.
    assert set(happened) >= {
        "order open",
        "order completed",
        "order cancelled",
        *(f"seller_order {state}" for state in SellerOrderState if state != "placed"),
        "payment paid",
    }


def test_the_machine_notices_stock_that_is_not_given_back(session, monkeypatch):
    monkeypatch.setattr(inventory, "release_holds", lambda *_args, **_kwargs: None)

    with pytest.raises(AssertionError, match="INV-"):
        run(
            session,
        )


def test_the_machine_notices_a_delivery_that_is_not_booked(session, monkeypatch):
    monkeypatch.setattr(ledger, "book_delivery", lambda **_kwargs: None)

    with pytest.raises(AssertionError, match="INV-"):
        run(
            session,
        )
