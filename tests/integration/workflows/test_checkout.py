"""From a cart to an order."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.inventory.queries import imbalances
from marketplace.orders.errors import (
    AddressMissingError,
    CashNotAcceptedError,
    EmptyCartError,
    LinesNotOnSaleError,
    PickupNotOfferedError,
    QuoteChangedError,
    ShortLinesError,
)
from marketplace.platform import config
from marketplace.platform.queue import JOBS
from marketplace.workflows import checkout
from models.accounts import DeliverySettings
from models.inventory import Hold, LotStock
from models.orders import Cart, CartLine, Order, OrderLine, OrderState, PaymentMethod
from models.payments import CashCollection, Payment
from tests.factories.accounts import UserFactory, acting
from tests.factories.certification import CertificateFactory
from tests.factories.orders import (
    GUEST,
    cart_with,
    collecting_account,
    pack_of,
    parts_of,
    place,
    product_in_stock,
    purchase,
)
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _account(session):
    collecting_account()
    yield
    session.flush()
    assert imbalances() == []


def buy(cart, **values):
    return checkout.place_order(
        actor=GUEST, cart_id=cart.id, purchase=purchase(**values), at=MONDAY
    )


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


def refused(session, cart):
    """Whether a refusal has left nothing but the cart; call it after rolling back."""
    return (
        [count(session, model) for model in (Order, OrderLine, Hold, Payment)] == [0, 0, 0, 0]
        and session.get(Cart, cart.id) is not None
        and session.scalar(select(func.sum(LotStock.held_g))) == 0
    )


class TestPlaceOrder:
    def test_makes_one_order_with_a_part_for_each_seller(self, session):
        coffee, honey = product_in_stock(), product_in_stock(pack__price_minor=180_000)
        coffee.organisation.province_code = "01"

        order = place((coffee, 2), (honey, 1))

        parts = parts_of(order)
        assert (order.state, order.goods_minor, order.delivery_minor, order.total_minor) == (
            OrderState.AWAITING_PAYMENT,
            470_000,
            25_000 + 40_000,
            535_000,
        )
        assert [part.number for part in parts] == [f"{order.number}-1", f"{order.number}-2"]
        assert [(p.organisation_id, p.total_minor, p.commission_minor) for p in parts] == [
            (coffee.organisation_id, 315_000, 14_500),
            (honey.organisation_id, 220_000, 9_000),
        ]

    def test_freezes_the_line_with_the_certificates_of_the_day(self, session):
        coffee = product_in_stock()
        certificate = CertificateFactory(organisation=coffee.organisation, products=[coffee])
        CertificateFactory(organisation=coffee.organisation, products=[coffee], expired=True)

        order = place((coffee, 2))

        line = session.scalars(select(OrderLine)).one()
        pack = pack_of(coffee)
        assert (line.product_name_vi, line.pack_name_vi) == (coffee.name_vi, pack.name_vi)
        assert (line.quantity, line.unit_price_minor, line.goods_minor) == (2, 145_000, 290_000)
        assert (line.commission_bps, line.commission_minor) == (500, 14_500)
        assert [each["number"] for each in line.certificates] == [certificate.number]
        assert order.goods_minor == line.goods_minor

    def test_keeps_the_packs_until_the_time_to_pay_is_over(self, session):
        coffee = product_in_stock()

        order = place((coffee, 3))

        hold = session.scalars(select(Hold)).one()
        assert order.expires_at == MONDAY + timedelta(minutes=30)
        assert (hold.packs, hold.grams, hold.expires_at) == (3, 1_500, order.expires_at)

    def test_keeps_them_for_as_long_as_the_market_has_set(self, session, monkeypatch):
        longer = replace(config.current_settings(), hold_minutes=90)
        monkeypatch.setattr(config, "_current", longer)

        order = place(product_in_stock())

        assert order.expires_at == MONDAY + timedelta(minutes=90)

    def test_asks_for_the_transfer(self, session):
        order = place(product_in_stock())

        payment = session.scalars(select(Payment)).one()
        assert (payment.order_id, payment.amount_minor) == (order.id, order.total_minor)
        assert payment.state == "awaiting"

    def test_expects_cash_from_every_seller_and_begins_at_once(self, session):
        order = place(product_in_stock(), product_in_stock(), payment_method=PaymentMethod.CASH)

        cash = session.scalars(select(CashCollection.expected_minor)).all()
        hold_ends = set(session.scalars(select(Hold.expires_at)))
        assert (order.state, order.expires_at) == (OrderState.OPEN, None)
        assert (list(cash), hold_ends) == ([185_000, 185_000], {None})

    def test_uses_the_cart_up_and_queues_the_messages(self, session):
        cart = cart_with(product_in_stock())

        order = buy(cart)

        queued = session.execute(select(JOBS.c.id)).all()
        assert count(session, Cart) == 0
        assert count(session, CartLine) == 0
        assert len(queued) == 1
        assert order.number.startswith("CM261102-")

    def test_charges_nothing_for_goods_that_are_collected(self, session):
        coffee = product_in_stock()

        order = place(coffee, pickups=frozenset({coffee.organisation_id}), commune_code=None)

        [part] = parts_of(order)
        assert (part.delivery_method, part.delivery_minor, part.promised_on) == ("pickup", 0, None)
        assert order.total_minor == 145_000

    def test_delivers_for_nothing_from_the_sum_that_the_seller_set(self, session):
        coffee = product_in_stock()
        session.get(DeliverySettings, coffee.organisation_id).free_from_minor = 290_000

        assert place((coffee, 2)).delivery_minor == 0
        assert place((coffee, 1)).delivery_minor == 40_000

    def test_remembers_who_bought(self, session):
        buyer = acting(UserFactory())

        assert place(product_in_stock(), actor=buyer).buyer_user_id == buyer.user_id

    def test_orders_once_for_one_key(self, session):
        cart, wish = cart_with(product_in_stock()), purchase()
        first = checkout.place_order(actor=GUEST, cart_id=cart.id, purchase=wish, at=MONDAY)

        second = checkout.place_order(actor=GUEST, cart_id=cart.id, purchase=wish, at=MONDAY)

        assert second.id == first.id
        assert count(session, Order) == 1

    def test_shows_the_order_of_a_key_that_comes_with_another_cart(self, session):
        coffee, wish = product_in_stock(), purchase()
        first = checkout.place_order(
            actor=GUEST, cart_id=cart_with(coffee).id, purchase=wish, at=MONDAY
        )
        other = cart_with((coffee, 5))

        second = checkout.place_order(actor=GUEST, cart_id=other.id, purchase=wish, at=MONDAY)

        assert second.id == first.id
        assert session.get(Cart, other.id) is not None
        assert session.scalar(select(func.sum(LotStock.held_g))) == 500

    def test_refuses_an_empty_cart(self, session):
        with pytest.raises(EmptyCartError):
            buy(cart_with())

        assert count(session, Order) == 0

    def test_names_the_lines_that_ran_short_and_keeps_the_cart(self, session):
        coffee, honey = product_in_stock(1_000), product_in_stock()
        cart = cart_with((coffee, 3), (honey, 1))

        with pytest.raises(ShortLinesError) as refusal, session.begin_nested():
            buy(cart)

        [short] = refusal.value.lines
        assert (short.name_vi, short.wanted, short.available) == (coffee.name_vi, 3, 2)
        assert refused(session, cart)

    def test_refuses_what_is_no_longer_on_sale(self, session):
        coffee = product_in_stock()
        cart = cart_with(coffee)
        coffee.state = "archived"

        with pytest.raises(LinesNotOnSaleError):
            buy(cart)

        assert refused(session, cart)

    def test_refuses_goods_of_a_seller_who_is_suspended(self, session):
        coffee = product_in_stock()
        cart = cart_with(coffee)
        coffee.organisation.verification = "suspended"

        with pytest.raises(LinesNotOnSaleError):
            buy(cart)

        assert refused(session, cart)

    def test_asks_again_when_a_price_has_changed(self, session):
        coffee = product_in_stock()
        cart = cart_with(coffee)
        seen = checkout.look_at_cart(cart_id=cart.id, province_code="01", at=MONDAY)
        pack_of(coffee).price_minor = 150_000

        with pytest.raises(QuoteChangedError):
            buy(cart, agreed=seen.digest)

        assert refused(session, cart)

    def test_orders_at_the_price_that_was_agreed(self, session):
        cart = cart_with(product_in_stock())
        seen = checkout.look_at_cart(cart_id=cart.id, province_code="01", at=MONDAY)

        assert buy(cart, agreed=seen.digest).total_minor == seen.total_minor == 185_000

    def test_refuses_cash_if_one_seller_does_not_take_it(self, session):
        coffee, honey = product_in_stock(), product_in_stock()
        session.get(DeliverySettings, honey.organisation_id).accepts_cash = False
        cart = cart_with(coffee, honey)

        with pytest.raises(CashNotAcceptedError):
            buy(cart, payment_method=PaymentMethod.CASH)

        assert refused(session, cart)

    def test_refuses_to_have_goods_collected_where_nobody_hands_them_out(self, session):
        coffee = product_in_stock()
        session.get(DeliverySettings, coffee.organisation_id).offers_pickup = False
        cart = cart_with(coffee)

        with pytest.raises(PickupNotOfferedError):
            buy(cart, pickups=frozenset({coffee.organisation_id}))

        assert refused(session, cart)

    def test_needs_an_address_for_goods_that_are_delivered(self, session):
        cart = cart_with(product_in_stock())

        with pytest.raises(AddressMissingError):
            buy(cart, address=" ")

        assert refused(session, cart)

    def test_sends_at_most_twenty_statements_for_three_lines(self, session, statements):
        products = [product_in_stock() for _ in range(3)]
        cart = cart_with(*products)

        with statements() as sent:
            buy(cart)

        assert len(sent) <= 20, sent


class TestLookAtCart:
    def test_groups_by_seller_and_tells_what_is_short(self, session):
        coffee, honey = product_in_stock(1_000), product_in_stock()
        cart = cart_with((coffee, 3), (honey, 1))

        quote = checkout.look_at_cart(cart_id=cart.id, at=MONDAY)

        assert [part.seller.organisation_id for part in quote.parts] == [
            coffee.organisation_id,
            honey.organisation_id,
        ]
        assert list(quote.short.values()) == [2]
        assert [part.delivery_minor for part in quote.parts] == [None, None]
        assert not quote.is_orderable

    def test_sends_two_statements_for_any_number_of_lines(self, session, statements):
        few, many = (
            cart_with(product_in_stock()),
            cart_with(*[product_in_stock() for _ in range(6)]),
        )

        sizes = []
        for cart in (few, many):
            with statements() as sent:
                checkout.look_at_cart(cart_id=cart.id, province_code="01", at=MONDAY)
            sizes.append(len(sent))

        assert sizes == [2, 2]

    def test_shows_nobodys_cart_as_empty(self, session):
        assert checkout.look_at_cart(cart_id=None, at=MONDAY).is_empty
