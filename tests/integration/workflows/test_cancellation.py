"""Calling orders off, and giving up on those that nobody paid."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM, Actor, NotAllowedError
from marketplace.inventory.queries import imbalances
from marketplace.kernel.states import NotAllowedError as StateNotAllowedError
from marketplace.orders import operations as orders
from marketplace.orders.errors import PartOfUnpaidOrderError, ReasonMissingError
from marketplace.orders.queries import overdue_order_ids
from marketplace.payments import operations as payments
from marketplace.workflows import cancellation, expiry, fulfilment
from models.accounts import Role
from models.inventory import Hold, LotStock
from models.orders import OrderState, PaymentMethod, SellerOrderState
from models.payments import BankLine, BankStatement, CashCollection, Payment, Refund
from tests.factories.accounts import OrganisationFactory, UserFactory, acting, member_of
from tests.factories.orders import GUEST, parts_of, place, product_in_stock
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

CASH = PaymentMethod.CASH


@pytest.fixture(autouse=True)
def _balanced(session):
    yield
    session.flush()
    assert imbalances() == []


def by_link(order):
    """Whoever holds the signed link of the order."""
    return Actor(user_id=None, order_id=order.id)


def receive(session, payment, minor):
    """So much money comes from the bank for a payment."""
    statement = BankStatement(
        bank_account_id=payment.bank_account_id,
        file_name="sao-ke.csv",
        sha256="0" * 64,
        line_count=1,
        new_count=1,
        imported_at=MONDAY,
    )
    session.add(statement)
    session.flush()
    line = BankLine(
        bank_account_id=payment.bank_account_id,
        statement_id=statement.id,
        fingerprint="f" * 64,
        booked_at=MONDAY,
        amount_minor=minor,
        currency="VND",
        description=payment.reference,
    )
    session.add(line)
    session.flush()
    payments.apply_credit(line=line, payment=payment, at=MONDAY)


def held(session):
    return session.scalar(select(func.sum(LotStock.held_g)))


def cancel(part, actor, reason=""):
    return cancellation.cancel_part(actor=actor, seller_order_id=part.id, reason=reason, at=TUESDAY)


class TestCancelPart:
    def test_gives_packs_and_expected_cash_back(self, session):
        coffee, honey = product_in_stock(), product_in_stock()
        order = place((coffee, 2), honey, payment_method=CASH)
        first, second = parts_of(order)

        assert cancel(first, by_link(order))

        cash = dict(
            session.execute(select(CashCollection.seller_order_id, CashCollection.state)).all()
        )
        assert (first.state, first.cancelled_at) == (SellerOrderState.CANCELLED, TUESDAY)
        assert cash == {first.id: "cancelled", second.id: "expected"}
        assert held(session) == 500
        assert order.state == OrderState.OPEN

    def test_ends_the_order_with_its_last_part(self, session):
        order = place(product_in_stock(), payment_method=CASH)

        cancel(parts_of(order)[0], by_link(order))

        assert order.state == OrderState.CANCELLED
        assert held(session) == 0

    def test_happens_once(self):
        order = place(product_in_stock(), payment_method=CASH)
        [part] = parts_of(order)
        cancel(part, by_link(order))

        assert not cancel(part, by_link(order))

    def test_is_open_to_the_person_who_ordered(self):
        buyer = acting(UserFactory())
        [part] = parts_of(place(product_in_stock(), actor=buyer, payment_method=CASH))

        assert cancel(part, buyer)

    def test_is_open_to_the_seller_who_says_why(self):
        coffee = product_in_stock()
        [part] = parts_of(place(coffee, payment_method=CASH))
        seller = member_of(coffee.organisation, Role.SALES)

        with pytest.raises(ReasonMissingError):
            cancel(part, seller)
        assert cancel(part, seller, "Mưa lớn, chưa hái được")

        assert part.cancel_reason == "Mưa lớn, chưa hái được"

    def test_is_refused_to_everybody_else(self, session):
        coffee = product_in_stock()
        [part] = parts_of(place(coffee, payment_method=CASH))
        other_order = place(coffee, payment_method=CASH)
        strangers = [
            GUEST,
            by_link(other_order),
            acting(UserFactory()),
            member_of(OrganisationFactory()),
            member_of(coffee.organisation, Role.WAREHOUSE),
        ]

        for stranger in strangers:
            with pytest.raises(NotAllowedError):
                cancel(part, stranger, "Thử")

        assert part.state == SellerOrderState.PLACED
        assert held(session) == 1_000

    def test_is_too_late_once_it_is_packed(self, session):
        coffee = product_in_stock()
        order = place(coffee, payment_method=CASH)
        [part] = parts_of(order)
        seller = member_of(coffee.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=MONDAY)

        with pytest.raises(StateNotAllowedError):
            cancel(part, by_link(order))

        assert part.state == SellerOrderState.PACKED

    def test_leaves_an_unpaid_order_whole(self):
        order = place(product_in_stock(), product_in_stock())
        [first, _] = parts_of(order)

        with pytest.raises(PartOfUnpaidOrderError):
            cancel(first, by_link(order))

        assert first.state == SellerOrderState.PLACED

    def test_makes_the_paid_money_due_to_go_back(self, session):
        order = place(product_in_stock(), product_in_stock())
        payment = session.scalars(select(Payment)).one()
        receive(session, payment, order.total_minor)
        orders.open_paid_order(actor=SYSTEM, order_id=order.id, at=MONDAY)

        cancel(parts_of(order)[0], by_link(order))

        due = session.scalars(select(Refund)).one()
        assert (order.state, payment.state) == (OrderState.OPEN, "refund_due")
        assert due.amount_minor == parts_of(order)[0].total_minor


class TestCancelOrder:
    def test_calls_every_part_off(self, session):
        order = place(product_in_stock(), product_in_stock())

        assert cancellation.cancel_order(actor=by_link(order), order_id=order.id, at=TUESDAY)

        payment = session.scalars(select(Payment)).one()
        assert {part.state for part in parts_of(order)} == {"cancelled"}
        assert (order.state, payment.state) == (OrderState.CANCELLED, "cancelled")
        assert held(session) == 0

    def test_happens_once(self):
        order = place(product_in_stock())
        cancellation.cancel_order(actor=by_link(order), order_id=order.id, at=TUESDAY)

        assert not cancellation.cancel_order(actor=by_link(order), order_id=order.id, at=TUESDAY)

    def test_is_refused_to_a_seller(self, session):
        coffee = product_in_stock()
        order = place(coffee)

        with pytest.raises(NotAllowedError):
            cancellation.cancel_order(
                actor=member_of(coffee.organisation), order_id=order.id, at=TUESDAY
            )

        assert order.state == OrderState.AWAITING_PAYMENT
        assert held(session) == 500

    def test_changes_nothing_when_a_part_is_packed(self):
        coffee, honey = product_in_stock(), product_in_stock()
        order = place(coffee, honey, payment_method=CASH)
        first, second = parts_of(order)
        seller = member_of(coffee.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=first.id, at=MONDAY)
        fulfilment.pack_order(actor=seller, seller_order_id=first.id, at=MONDAY)

        with pytest.raises(StateNotAllowedError):
            cancellation.cancel_order(actor=by_link(order), order_id=order.id, at=TUESDAY)

        assert (first.state, second.state) == ("packed", "placed")


class TestExpireOrder:
    def test_gives_the_packs_back_when_nobody_paid(self, session):
        order = place((product_in_stock(), 3))
        end = order.expires_at

        assert expiry.expire_order(order_id=order.id, at=end)

        payment = session.scalars(select(Payment)).one()
        assert (order.state, payment.state) == (OrderState.EXPIRED, "expired")
        assert [part.state for part in parts_of(order)] == ["cancelled"]
        assert held(session) == 0

    def test_happens_once(self):
        order = place(product_in_stock())
        expiry.expire_order(order_id=order.id, at=TUESDAY)

        assert not expiry.expire_order(order_id=order.id, at=TUESDAY)

    def test_waits_until_the_time_is_over(self, session):
        order = place(product_in_stock())

        early = order.expires_at - timedelta(seconds=1)
        assert overdue_order_ids(early) == []
        assert not expiry.expire_order(order_id=order.id, at=early)

        assert order.state == OrderState.AWAITING_PAYMENT
        assert held(session) == 500

    def test_never_ends_an_order_of_which_some_money_came(self, session):
        order = place(product_in_stock())
        receive(session, session.scalars(select(Payment)).one(), 1_000)

        assert not expiry.expire_order(order_id=order.id, at=TUESDAY)

        hold = session.scalars(select(Hold).execution_options(populate_existing=True)).one()
        assert (order.state, order.expires_at) == (OrderState.AWAITING_PAYMENT, None)
        assert (hold.state, hold.expires_at) == ("live", None)
        assert overdue_order_ids(TUESDAY) == []

    def test_leaves_a_paid_order_alone(self):
        order = place(product_in_stock())
        orders.open_paid_order(actor=SYSTEM, order_id=order.id, at=MONDAY)

        assert not expiry.expire_order(order_id=order.id, at=TUESDAY)

        assert order.state == OrderState.OPEN
