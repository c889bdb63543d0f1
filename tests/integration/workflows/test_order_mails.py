"""Who is told what about an order."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from marketplace.jobs import orders as jobs
from marketplace.workflows import cancellation, expiry, fulfilment, order_mails
from models.notifications import Message
from models.orders import Cart, OrderState, PaymentMethod
from tests.factories.accounts import MembershipFactory, UserFactory, acting
from tests.factories.orders import CartFactory, cart_with, parts_of, place, product_in_stock
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

CASH = PaymentMethod.CASH
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def messages(session):
    return {
        (message.key.partition(":")[0], message.recipient): message
        for message in session.scalars(select(Message).order_by(Message.id))
    }


@pytest.fixture
def coffee():
    return product_in_stock(organisation__email="htx@example.com")


class TestTellPlaced:
    def test_asks_the_buyer_for_the_transfer_by_a_signed_link(self, session, coffee):
        order = place(coffee)

        order_mails.tell_placed(order_id=order.id, at=MONDAY)

        told = messages(session)
        [message] = told.values()
        assert list(told) == [("order_placed", "huyen@example.com")]
        assert "185.000 ₫" in message.subject
        assert f"http://localhost/don-hang/{order.number}/tra-tien?k=" in message.body_text
        assert coffee.name_vi in message.body_html

    def test_tells_buyer_and_seller_of_cash(self, session, coffee):
        order = place(coffee, payment_method=CASH)

        order_mails.tell_placed(order_id=order.id, at=MONDAY)
        order_mails.tell_placed(order_id=order.id, at=TUESDAY)

        assert list(messages(session)) == [
            ("order_placed", "huyen@example.com"),
            ("order_new_cash", "htx@example.com"),
        ]

    def test_writes_to_the_directors_of_a_seller_without_an_address(self, session):
        honey = product_in_stock()
        director = MembershipFactory(organisation=honey.organisation).user
        order = place(honey, payment_method=CASH, email=None)

        order_mails.tell_placed(order_id=order.id, at=MONDAY)

        assert list(messages(session)) == [("order_new_cash", director.email)]

    def test_writes_in_the_language_of_the_buyer(self, session, coffee):
        order = place(coffee, locale="en")

        order_mails.tell_placed(order_id=order.id, at=MONDAY)

        [message] = messages(session).values()
        assert message.locale == "en"
        assert coffee.name_en in message.body_text
        assert f"http://localhost/en/don-hang/{order.number}" in message.body_text


class TestTellStep:
    def test_says_who_carries_the_goods_and_that_they_came(self, session, coffee):
        [part] = parts_of(place(coffee, payment_method=CASH))
        seller = acting(UserFactory(), coffee.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        order_mails.tell_step(seller_order_id=part.id, at=MONDAY)
        fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        fulfilment.hand_over_order(
            actor=seller,
            seller_order_id=part.id,
            carrier="Viettel Post",
            tracking_code="VTP1",
            at=MONDAY,
        )
        order_mails.tell_step(seller_order_id=part.id, at=MONDAY)
        fulfilment.deliver_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        order_mails.tell_step(seller_order_id=part.id, at=MONDAY)

        told = messages(session)
        assert [template for template, _ in told] == ["order_handed_over", "order_delivered"]
        on_the_way = told["order_handed_over", "huyen@example.com"].body_text
        assert "Viettel Post" in on_the_way
        assert "VTP1" in on_the_way

    def test_tells_both_sides_of_a_cancellation_with_its_reason(self, session, coffee):
        [part] = parts_of(place(coffee, payment_method=CASH))
        seller = acting(UserFactory(), coffee.organisation)
        cancellation.cancel_part(actor=seller, seller_order_id=part.id, reason="Mưa lớn", at=MONDAY)

        order_mails.tell_step(seller_order_id=part.id, at=MONDAY)

        told = messages(session)
        assert list(told) == [
            ("order_cancelled", "huyen@example.com"),
            ("order_called_off", "htx@example.com"),
        ]
        assert "Mưa lớn" in told["order_cancelled", "huyen@example.com"].body_text


class TestTellExpired:
    def test_offers_to_order_again(self, session, coffee):
        order = place(coffee)
        expiry.expire_order(order_id=order.id, at=TUESDAY)

        order_mails.tell_expired(order_id=order.id, at=TUESDAY)

        [message] = messages(session).values()
        assert f"/don-hang/{order.number}?k=" in message.body_text


class TestJobs:
    def test_write_the_messages(self, session, coffee):
        order = place(coffee)
        [part] = parts_of(order)

        jobs.announce_placed(order_id=order.id, newer=1)
        jobs.announce_expired(order_id=order.id)
        jobs.announce_step(seller_order_id=part.id)

        assert [template for template, _ in messages(session)] == [
            "order_placed",
            "order_expired",
        ]

    def test_expire_what_is_overdue_and_go_on_when_one_fails(self, session, coffee, monkeypatch):
        # The job asks the real clock, and Monday is long ago for it.
        failing, other = place(coffee), place(coffee)
        really_expire = expiry.expire_order

        def expire(*, order_id, at):
            if order_id == failing.id:
                raise RuntimeError("đứt mạng")
            return really_expire(order_id=order_id, at=at)

        monkeypatch.setattr(expiry, "expire_order", expire)

        jobs.expire_orders()

        session.refresh(failing)
        session.refresh(other)
        assert (failing.state, other.state) == (OrderState.AWAITING_PAYMENT, OrderState.EXPIRED)

    def test_discard_carts_that_nobody_has_touched_for_long(self, session, coffee):
        kept = cart_with(coffee)
        CartFactory(updated_at=LONG_AGO)

        jobs.discard_old_carts()

        assert [cart.id for cart in session.scalars(select(Cart))] == [kept.id]
