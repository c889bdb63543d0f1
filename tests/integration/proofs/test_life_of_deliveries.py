"""Whatever happens to the deliveries of a contract over three seasons, the books agree (SM-02).

The clock goes forward by days. A buyer calls off, moves one delivery or it and all that follow, and
cancels; the seller confirms, packs out of lots that shops sell from, too, unpacks and ships; what
arrives is accepted in full, short or not at all; amendments are signed that change the schedule.
After every step what is drawn is what a plain reckoning says and within the tolerance, no gram left
a lot twice, every delivery of the schedule exists once (SCH-02), and what is over stays as it was.
"""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from marketplace.contracts.deliveries import operations
from marketplace.contracts.deliveries.operations import calling, packing
from marketplace.contracts.deliveries.operations.moving import Days
from marketplace.contracts.deliveries.rules import Packing, Wanted, agreed_deliveries
from marketplace.contracts.terms import Planned, Terms, document_of
from marketplace.inventory import operations as inventory
from marketplace.kernel.clock import business_day
from marketplace.kernel.errors import DomainError
from marketplace.workflows import shipping
from models.accounts import Organisation, Role
from models.catalogue import Product
from models.contracts import Contract, ContractVersion
from models.deliveries import Delivery, DeliveryLine, DeliveryState
from models.inventory import LotStock, StockMovement
from tests.factories.accounts import member_of
from tests.factories.contracts import PLACE, TONNE, ContractFactory, some_terms
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY

FIRST, LAST = date(2026, 11, 1), date(2029, 10, 31)
RUNS, STEPS = 10, 60
TOTAL_G, TOLERANCE_BPS = 60 * TONNE, 500
MOST_G = 63 * TONNE
OPEN = (DeliveryState.PLANNED, DeliveryState.CONFIRMED)
OVER = (DeliveryState.ACCEPTED, DeliveryState.CANCELLED)
GRAMS = st.integers(1, 14).map(lambda half: half * TONNE // 2) | st.just(1)
DAYS = st.integers(-40, 120)
WAIT = st.integers(0, 30)


def month_ends() -> tuple[Planned, ...]:
    """A delivery of 1 t at the end of every third month, 12 in all."""
    ends = [date(year, month, day) for year in (2026, 2027, 2028, 2029) for month, day in ENDS]
    due = [each for each in ends if date(2026, 12, 1) <= each <= LAST]
    return tuple(Planned(each - timedelta(days=6), each, TONNE, PLACE) for each in due)


ENDS = ((3, 31), (6, 30), (9, 30), (12, 31))


class LifeOfDeliveries(RuleBasedStateMachine):
    """What can happen, and what must agree after each of it; `session` is undone at the end."""

    session: ClassVar[Any]
    happened: ClassVar[Counter[str]]

    def __init__(self) -> None:
        super().__init__()
        self.at: datetime = MONDAY
        self.run = self.session.begin_nested()
        self.terms: Terms = some_terms(
            starts_on=FIRST,
            ends_on=LAST,
            total_g=TOTAL_G,
            tolerance_bps=TOLERANCE_BPS,
            schedule=month_ends(),
        )
        self.contract: Contract = ContractFactory(says=self.terms)
        self.buyer = member_of(self.organisation(self.contract.buyer_id), Role.BUYER)
        self.seller = member_of(self.organisation(self.contract.seller_id))
        seller = self.organisation(self.contract.seller_id)
        product = self.session.get_one(Product, self.contract.product_id)
        self.lots = [
            LotFactory(
                product=product, organisation=seller, stock=30 * TONNE, best_before_on=None
            ).id
            for _each in range(3)
        ]
        self.on_hand = dict.fromkeys(self.lots, 30 * TONNE)
        self.held = dict.fromkeys(self.lots, 0)
        self.drawn: dict[int, int] = {}
        self.ended: dict[int, tuple[object, ...]] = {}
        self.calls = 0
        self.plan()

    def organisation(self, organisation_id: int) -> Organisation:
        found: Organisation = self.session.get_one(Organisation, organisation_id)
        return found

    def teardown(self) -> None:
        self.run.rollback()
        self.session.expunge_all()

    def plan(self) -> None:
        operations.plan_deliveries(
            actor=self.seller, contract=self.contract, terms=self.terms, at=self.at
        )
        for each in self.deliveries():
            if each.state in OPEN:
                self.drawn[each.id] = each.planned_g
            elif each.state == DeliveryState.CANCELLED:
                self.drawn.pop(each.id, None)

    def deliveries(self, *states: str) -> list[Delivery]:
        rows = self.session.scalars(
            select(Delivery)
            .where(Delivery.contract_id == self.contract.id)
            .order_by(Delivery.id)
            .execution_options(populate_existing=True)
        )
        return [row for row in rows if not states or row.state in states]

    def pick(self, index: int, *states: str) -> Delivery | None:
        found = self.deliveries(*states)
        return found[index % len(found)] if found else None

    def attempt(self, what: str, act: Any, **values: Any) -> Any:
        """Do it as an entry point does: all of it or nothing; None if it is refused."""
        step = self.session.begin_nested()
        try:
            result = act(at=self.at, **values)
        except DomainError as refused:
            step.rollback()
            self.session.expire_all()
            self.happened[f"{what}: {type(refused).__name__}"] += 1
            return None
        step.commit()
        self.happened[what] += 1
        return result

    @rule(days=st.integers(1, 45))
    def time_goes_by(self, days):
        if business_day(self.at) + timedelta(days=days) < LAST:
            self.at += timedelta(days=days)

    @rule(grams=GRAMS | st.integers(10, 30).map(lambda tonnes: tonnes * TONNE), days=WAIT)
    def call_off(self, grams, days):
        self.calls += 1
        due_on = business_day(self.at) + timedelta(days=days)
        for _twice in range(2):
            made = self.attempt(
                "call off",
                operations.call_off,
                actor=self.buyer,
                contract_id=self.contract.id,
                wanted=Wanted(due_on, due_on, grams),
                key=str(self.calls),
            )
            if made is not None:
                self.drawn[made.id] = grams

    @rule(index=st.integers(0, 99), days=DAYS, following=st.booleans())
    def move(self, index, days, following):
        delivery = self.pick(index, *OPEN)
        if delivery is None:
            return
        due_on = delivery.due_on + timedelta(days=days)
        moved = self.attempt(
            "move following" if following else "move",
            operations.move_delivery,
            actor=self.buyer,
            delivery_id=delivery.id,
            days=Days(due_on - timedelta(days=6), due_on),
            and_following=following,
            reason="Kho đầy",
        )
        for each in moved or ():
            assert each.state == DeliveryState.PLANNED
            assert FIRST <= each.due_from <= each.due_on <= LAST

    @rule(index=st.integers(0, 99))
    def confirm(self, index):
        if delivery := self.pick(index, DeliveryState.PLANNED):
            self.attempt("confirm", operations.confirm, actor=self.seller, delivery_id=delivery.id)

    @rule(index=st.integers(0, 99))
    def cancel(self, index):
        if (delivery := self.pick(index)) and self.attempt(
            "cancel",
            operations.cancel,
            actor=self.buyer,
            delivery_id=delivery.id,
            reason="Thôi",
        ):
            del self.drawn[delivery.id]

    @precondition(lambda self: self.deliveries(DeliveryState.CONFIRMED))
    @rule(index=st.integers(0, 99), shares=st.lists(GRAMS, min_size=1, max_size=3))
    def pack(self, index, shares):
        delivery = self.pick(index, DeliveryState.CONFIRMED)
        chosen = [Packing(*pair) for pair in zip(self.lots, shares, strict=False)]
        if self.attempt(
            "pack",
            shipping.pack_delivery,
            actor=self.seller,
            delivery_id=delivery.id,
            packing=chosen,
        ):
            self.drawn[delivery.id] = sum(shares)
            for each in chosen:
                self.on_hand[each.lot_id] -= each.grams

    @precondition(lambda self: self.deliveries(DeliveryState.PACKED))
    @rule(index=st.integers(0, 99))
    def unpack(self, index):
        delivery = self.pick(index, DeliveryState.PACKED)
        if delivery is None:
            return
        packed = self.session.execute(
            select(DeliveryLine.lot_id, DeliveryLine.shipped_g).where(
                DeliveryLine.delivery_id == delivery.id
            )
        ).all()
        if self.attempt(
            "unpack", shipping.unpack_delivery, actor=self.seller, delivery_id=delivery.id
        ):
            self.drawn[delivery.id] = delivery.planned_g
            for lot_id, grams in packed:
                self.on_hand[lot_id] += grams

    @precondition(lambda self: self.deliveries(DeliveryState.PACKED))
    @rule(index=st.integers(0, 99))
    def ship(self, index):
        if delivery := self.pick(index, DeliveryState.PACKED):
            self.attempt(
                "ship",
                operations.ship,
                actor=self.seller,
                delivery_id=delivery.id,
                carrier="An",
                vehicle="47C-1",
                handed_by="Y Thu",
            )

    @rule(index=st.integers(0, 99), parts=st.integers(0, 4))
    def arrive(self, index, parts):
        """Whoever accepts says so in rows alone here: how is proved elsewhere."""
        delivery = self.pick(index, DeliveryState.SHIPPED)
        if delivery is None:
            return
        taken = 0
        for line in packing.lines_of(delivery.id):
            line.accepted_g = line.shipped_g * parts // 4
            line.short_g = line.shipped_g - line.accepted_g
            line.amount_minor = line.accepted_g * 120
            taken += line.accepted_g
        delivery.state, delivery.accepted_at = DeliveryState.ACCEPTED, self.at
        self.session.flush()
        self.drawn[delivery.id] = taken
        self.happened["accept"] += 1

    @rule(index=st.integers(0, 99), days=st.integers(-10, 10))
    def amend(self, index, days):
        """Both sign that a delivery of the schedule comes on another day, or not at all."""
        schedule = list(self.terms.schedule)
        known = set(agreed_deliveries(self.terms))
        changed = schedule.pop(index % len(schedule))
        if days and len(schedule) > 1:
            moved = changed.due_on + timedelta(days=days)
            if FIRST + timedelta(days=6) <= moved <= LAST:
                schedule.append(replace(changed, due_from=moved, due_on=moved))
        elif len(schedule) <= 1:
            return
        amended = replace(self.terms, schedule=tuple(schedule))
        fresh = set(agreed_deliveries(amended)) - known
        replaced = {
            each.schedule_key
            for each in self.deliveries(*OPEN)
            if each.schedule_key in known - set(agreed_deliveries(amended))
        }
        if len(fresh) > len(replaced):
            return  # what is begun is not planned once more: nobody signs that
        self.terms = amended
        self.contract.version += 1
        self.contract.signed_version = self.contract.version
        self.session.add(
            ContractVersion(
                contract_id=self.contract.id,
                version=self.contract.version,
                side="buyer",
                terms=document_of(self.terms),
                at=self.at,
                by_id=self.contract.created_by_id,
            )
        )
        self.session.flush()
        for _twice in range(2):
            self.plan()
        self.happened["amend"] += 1

    @rule(grams=GRAMS)
    def a_cart_holds_some(self, grams):
        """Nothing that a cart holds may leave for a contract."""
        held_g = sum(self.held.values())
        lot_id = self.lots[self.calls % len(self.lots)]
        if inventory.take(lot_id, grams):
            self.held[lot_id] += grams
        assert sum(self.held.values()) in (held_g, held_g + grams)
        rows = self.session.execute(select(LotStock.lot_id, LotStock.held_g))
        assert dict(map(tuple, rows)) == self.held

    @invariant()
    def what_is_drawn_is_what_was_reckoned_and_within_the_tolerance(self):
        left = calling.balance_left(self.contract.id, self.terms)
        assert left.drawn_g == sum(self.drawn.values())
        assert left.drawn_g <= MOST_G

    @invariant()
    def every_gram_is_somewhere(self):
        rows = self.session.execute(select(LotStock.lot_id, LotStock.on_hand_g))
        assert dict(map(tuple, rows)) == self.on_hand
        moved = self.session.execute(
            select(StockMovement.lot_id, func.sum(StockMovement.grams)).group_by(
                StockMovement.lot_id
            )
        )
        assert {lot_id: int(grams) for lot_id, grams in moved} == self.on_hand

    @invariant()
    def nothing_of_the_schedule_is_missed_or_twice(self):
        keys = [each.schedule_key for each in self.deliveries() if each.schedule_key]
        assert len(keys) == len(set(keys))
        assert set(agreed_deliveries(self.terms)) <= set(keys)

    @invariant()
    def what_is_over_stays(self):
        for each in self.deliveries(*OVER):
            now = (each.state, each.due_from, each.due_on, each.planned_g)
            assert self.ended.setdefault(each.id, now) == now


def run(session):
    happened: Counter[str] = Counter()
    machine = type("Machine", (LifeOfDeliveries,), {"session": session, "happened": happened})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=RUNS,
            stateful_step_count=STEPS,
            deadline=None,
            derandomize=True,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )
    return happened


def test_the_books_agree_whatever_happens(session):
    happened = run(session)

    # A machine in which nothing happens would prove nothing.
    assert set(happened) >= {
        "accept",
        "amend",
        "call off",
        "call off: DayTooSoonError",
        "call off: OverVolumeError",
        "cancel",
        "confirm",
        "move",
        "move following",
        "pack",
        "pack: OverDeliveryError",
        "ship",
        "unpack",
    }
    assert session.scalar(select(func.count()).select_from(Delivery)) == 0


def test_the_machine_notices_a_balance_that_nobody_asks(session, monkeypatch):
    monkeypatch.setattr(calling, "_require_room", lambda *_given: None)

    with pytest.raises(AssertionError):
        run(session)


def test_the_machine_notices_a_packing_that_takes_nothing(session, monkeypatch):
    monkeypatch.setattr(shipping, "let_leave", lambda **_given: None)

    with pytest.raises(AssertionError):
        run(session)
