"""The page of an order, by its signed link or signed in."""

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.orders import operations
from marketplace.orders.links import order_path
from marketplace.workflows import expiry, fulfilment
from models.catalogue import ProductState
from models.orders import CartLine, OrderState, PaymentMethod
from tests.factories.accounts import UserFactory, acting, member_of
from tests.factories.orders import parts_of, place, product_in_stock
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

CASH = PaymentMethod.CASH


@pytest.fixture
def coffee():
    return product_in_stock()


def token_of(order):
    return order_path(order.number).partition("k=")[2]


class TestShow:
    def test_opens_by_its_link_without_an_account(self, client, coffee):
        order = place((coffee, 2))

        page = client.get(order_path(order.number))

        assert page.status_code == 200
        assert order.number in page.text
        assert coffee.name_vi in page.text
        assert "Còn phải chuyển 330.000\u00a0₫" in page.text

    @pytest.mark.parametrize("key", ["", "?k=", "?k=abc", "?k=" + "x" * 3000])
    def test_is_closed_to_those_who_have_none(self, client, coffee, key):
        order = place(coffee)

        assert client.get(f"/don-hang/{order.number}{key}").status_code == 404

    def test_is_closed_to_the_link_of_another_order(self, client, coffee):
        order, other = place(coffee), place(coffee)

        answer = client.get(f"/don-hang/{order.number}?k={token_of(other)}")

        assert answer.status_code == 404

    def test_opens_for_the_person_who_ordered(self, login, coffee):
        user = UserFactory()
        order = place(coffee, actor=acting(user))

        assert login(user).get(f"/don-hang/{order.number}").status_code == 200
        assert login(UserFactory()).get(f"/don-hang/{order.number}").status_code == 404

    def test_shows_the_way_of_each_part_and_its_lots(self, session, client, coffee):
        order = place(coffee, payment_method=CASH)
        [part] = parts_of(order)
        seller = member_of(coffee.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        fulfilment.hand_over_order(
            actor=seller,
            seller_order_id=part.id,
            carrier="Viettel Post",
            tracking_code="VTP1",
            at=TUESDAY,
        )
        session.flush()

        page = client.get(order_path(order.number)).text

        assert "Viettel Post · VTP1" in page
        assert "Từ lô:" in page
        assert "/t/LO-2610-" in page

    def test_speaks_english(self, client, coffee):
        order = place(coffee)

        page = client.get(f"/en{order_path(order.number)}").text

        assert coffee.name_en in page


class TestCancel:
    def test_calls_the_order_off(self, session, client, coffee):
        order = place(coffee)

        answer = client.post(
            f"/don-hang/{order.number}/huy", data={"k": token_of(order)}, follow_redirects=True
        )

        session.refresh(order)
        assert order.state == OrderState.CANCELLED
        assert "Đã huỷ. Hàng được trả lại kho." in answer.text

    def test_calls_one_part_off(self, session, client, coffee):
        order = place(coffee, product_in_stock(), payment_method=CASH)
        first, second = parts_of(order)

        client.post(
            f"/don-hang/{order.number}/huy", data={"k": token_of(order), "part_id": first.id}
        )

        session.refresh(first)
        session.refresh(second)
        assert (first.state, second.state) == ("cancelled", "placed")

    def test_touches_no_part_of_another_order(self, session, client, coffee):
        order, other = place(coffee, payment_method=CASH), place(coffee, payment_method=CASH)
        [foreign] = parts_of(other)

        client.post(
            f"/don-hang/{order.number}/huy", data={"k": token_of(order), "part_id": foreign.id}
        )

        session.refresh(foreign)
        assert foreign.state == "placed"

    def test_says_when_it_is_too_late(self, session, client, coffee):
        order = place(coffee, payment_method=CASH)
        [part] = parts_of(order)
        seller = member_of(coffee.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        session.flush()

        answer = client.post(
            f"/don-hang/{order.number}/huy", data={"k": token_of(order)}, follow_redirects=True
        )

        assert "Trạng thái hiện tại không cho phép" in answer.text

    def test_needs_the_link(self, session, client, coffee):
        order = place(coffee)

        assert client.post(f"/don-hang/{order.number}/huy").status_code == 404

        session.refresh(order)
        assert order.state == OrderState.AWAITING_PAYMENT


class TestBuyAgain:
    def test_fills_the_basket_with_what_is_still_sold(self, session, client, coffee):
        honey = product_in_stock()
        order = place((coffee, 2), honey)
        operations.open_paid_order(actor=SYSTEM, order_id=order.id, at=MONDAY)
        honey.state = ProductState.ARCHIVED
        session.flush()

        answer = client.post(
            f"/don-hang/{order.number}/mua-lai", data={"k": token_of(order)}, follow_redirects=True
        )

        [line] = session.scalars(select(CartLine))
        assert line.quantity == 2
        assert f"Hiện không bán nữa: {honey.name_vi}." in answer.text

    def test_is_offered_first_when_the_time_to_pay_is_over(self, session, client, coffee):
        order = place(coffee)
        expiry.expire_order(order_id=order.id, at=TUESDAY)
        session.flush()

        page = client.get(order_path(order.number)).text

        assert "Hết giờ giữ hàng" in page
        assert "btn primary block" in page
