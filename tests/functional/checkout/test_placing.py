"""Ordering in a browser."""

import re

import pytest
from sqlalchemy import func, select

from models.accounts import DeliverySettings
from models.catalogue import ProductState
from models.inventory import LotStock
from models.orders import Cart, CartLine, Order, PaymentMethod, SellerOrder
from tests.factories.accounts import UserFactory
from tests.factories.orders import (
    CAU_GIAY,
    HANOI,
    collecting_account,
    pack_of,
    product_in_stock,
)

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _account(session):
    collecting_account()


@pytest.fixture
def coffee():
    return product_in_stock()


def put_in(client, product, quantity=1):
    client.post("/gio-hang", data={"pack_id": pack_of(product).id, "quantity": quantity})


def hidden(page, name):
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    return found[1] if found else ""


def filled(page, **values):
    """The form as a buyer fills it in, with the hidden fields of a page."""
    return {
        "name": "Nguyễn Thị Thanh Huyền",
        "phone": "0912 345 678",
        "email": "huyen@example.com",
        "province": HANOI,
        "commune": CAU_GIAY,
        "address": "Số 18, ngõ 102 Trần Thái Tông",
        "note": "",
        "payment_method": "bank_transfer",
        "key": hidden(page, "key"),
        "agreed": hidden(page, "agreed"),
        "act": "place",
        **values,
    }


def counted(client, **values):
    """The page after the province was chosen, so that it knows all that is to be paid."""
    page = client.get("/dat-hang").text
    return client.post("/dat-hang", data=filled(page, act="recount", **values)).text


def orders(session):
    return list(session.scalars(select(Order).order_by(Order.id)))


class TestAsk:
    def test_sends_an_empty_basket_back(self, client):
        assert client.get("/dat-hang").location == "/gio-hang"

    def test_has_at_most_twelve_fields(self, client, coffee):
        put_in(client, coffee)
        put_in(client, product_in_stock())

        page = client.get("/dat-hang").text

        form = page[page.index('id="dat-hang"') :]
        names = set(re.findall(r'<(?:input|select|textarea)[^>]*?name="([^"]+)"', form))
        shown = names - {"csrf_token", "key", "agreed"}
        assert len(shown) <= 12, shown

    def test_knows_who_is_signed_in(self, login, coffee):
        client = login(UserFactory(full_name="Lê Phương Anh"))
        put_in(client, coffee)

        assert "Lê Phương Anh" in client.get("/dat-hang").text

    def test_sends_back_to_the_basket_what_cannot_be_ordered(self, client, session, coffee):
        put_in(client, coffee)
        coffee.state = ProductState.ARCHIVED
        session.flush()

        assert client.get("/dat-hang").location == "/gio-hang"


class TestRecount:
    def test_keeps_what_was_typed_and_lists_the_communes(self, client, coffee):
        put_in(client, coffee)

        page = counted(client)

        assert "Nguyễn Thị Thanh Huyền" in page
        assert "Phường Cầu Giấy" in page
        assert "Đặt hàng · 185.000\u00a0₫" in page

    def test_counts_nothing_for_goods_that_are_collected(self, client, coffee):
        put_in(client, coffee)

        page = counted(client, **{f"giao-{coffee.organisation_id}": "pickup"})

        assert "Đặt hàng · 145.000\u00a0₫" in page

    def test_orders_nothing(self, client, session, coffee):
        put_in(client, coffee)

        counted(client)

        assert orders(session) == []


class TestPlace:
    def test_orders_and_goes_on_to_pay(self, client, session, coffee):
        put_in(client, coffee, 2)

        answer = client.post("/dat-hang", data=filled(counted(client)))

        [order] = orders(session)
        assert answer.status_code == 303
        assert answer.location.startswith(f"/don-hang/{order.number}/tra-tien?k=")
        assert (order.total_minor, order.phone, order.commune_code) == (
            330_000,
            "+84912345678",
            CAU_GIAY,
        )
        assert "Giỏ hàng đang trống" in client.get("/gio-hang").text

    def test_shows_the_order_at_once_when_cash_is_paid(self, client, session, coffee):
        put_in(client, coffee)

        answer = client.post("/dat-hang", data=filled(counted(client), payment_method="cash"))

        [order] = orders(session)
        assert order.payment_method == PaymentMethod.CASH
        assert answer.location.startswith(f"/don-hang/{order.number}?k=")
        assert order.number in client.get(answer.location).text

    def test_orders_once_when_sent_twice(self, client, session, coffee):
        put_in(client, coffee)
        sent = filled(counted(client))

        first = client.post("/dat-hang", data=sent)
        second = client.post("/dat-hang", data=sent)

        assert len(orders(session)) == 1
        assert second.location.split("?")[0] == first.location.split("?")[0]

    def test_orders_once_from_two_tabs(self, client, session, coffee):
        put_in(client, coffee)
        one, other = filled(counted(client)), filled(counted(client))

        client.post("/dat-hang", data=one)
        client.post("/dat-hang", data=other)

        assert len(orders(session)) == 1

    def test_can_order_again_afterwards(self, client, session, coffee):
        for _ in range(2):
            put_in(client, coffee)
            client.post("/dat-hang", data=filled(counted(client)))

        assert len(orders(session)) == 2

    def test_asks_again_before_it_charges_a_sum_that_nobody_saw(self, client, session, coffee):
        put_in(client, coffee)
        page = client.get("/dat-hang").text

        answer = client.post("/dat-hang", data=filled(page))

        assert answer.status_code == 422
        assert orders(session) == []
        assert "Đặt hàng · 185.000\u00a0₫" in answer.text
        client.post("/dat-hang", data=filled(answer.text))
        assert len(orders(session)) == 1

    def test_asks_again_when_a_price_has_changed(self, client, session, coffee):
        put_in(client, coffee)
        sent = filled(counted(client))
        pack_of(coffee).price_minor = 150_000
        session.flush()

        answer = client.post("/dat-hang", data=sent)

        assert answer.status_code == 422
        assert orders(session) == []
        assert "Giá vừa đổi từ 145.000\u00a0₫ thành 150.000\u00a0₫" in answer.text

    def test_keeps_the_basket_when_somebody_was_quicker(self, client, session, coffee):
        put_in(client, coffee, 2)
        sent = filled(counted(client))
        stock = session.scalars(select(LotStock).where(LotStock.product_id == coffee.id)).one()
        stock.held_g = stock.on_hand_g - 500
        session.flush()

        answer = client.post("/dat-hang", data=sent)

        page = client.get(answer.location).text
        assert answer.location == "/gio-hang"
        assert "Chỉ còn 1. Mời giảm số lượng." in page
        assert orders(session) == []
        assert session.scalar(select(func.count()).select_from(CartLine)) == 1

    @pytest.mark.parametrize(
        ("wrong", "message"),
        [
            ({"name": ""}, "Mời điền họ tên người nhận"),
            ({"phone": "123"}, "0912 345 678"),
            ({"email": "khong-phai"}, "e-mail"),
            ({"province": ""}, "Mời chọn tỉnh, thành phố"),
            ({"address": ""}, "Mời điền xã, phường và số nhà"),
            ({"commune": ""}, "Mời điền xã, phường và số nhà"),
            ({"commune": "99999"}, "Mời điền xã, phường và số nhà"),
            ({"payment_method": "card"}, "Mời bạn chọn"),
        ],
    )
    def test_says_what_is_missing_and_keeps_the_rest(self, client, session, coffee, wrong, message):
        put_in(client, coffee)
        page = counted(client)

        answer = client.post("/dat-hang", data=filled(page, **wrong))

        assert answer.status_code == 422
        assert message in answer.text
        assert "errsum" in answer.text
        assert orders(session) == []
        assert session.scalar(select(func.count()).select_from(Cart)) == 1

    def test_refuses_cash_where_one_seller_takes_none(self, client, session, coffee):
        session.get(DeliverySettings, coffee.organisation_id).accepts_cash = False
        session.flush()
        put_in(client, coffee)

        answer = client.post("/dat-hang", data=filled(counted(client), payment_method="cash"))

        assert answer.status_code == 422
        assert orders(session) == []

    def test_lets_goods_be_collected_without_an_address(self, client, session, coffee):
        put_in(client, coffee)
        pickup = {f"giao-{coffee.organisation_id}": "pickup", "commune": "", "address": ""}

        client.post("/dat-hang", data=filled(counted(client, **pickup), **pickup))

        part = session.scalars(select(SellerOrder)).one()
        assert (part.delivery_method, part.delivery_minor) == ("pickup", 0)

    def test_takes_sixty_statements_for_the_whole_way(self, client, statements):
        products = [product_in_stock() for _ in range(3)]
        packs = [pack_of(product).id for product in products]

        with statements() as sent:
            for pack_id in packs:
                client.post("/gio-hang", data={"pack_id": pack_id, "quantity": 1})
            client.get("/gio-hang")
            page = client.get("/dat-hang").text
            page = client.post("/dat-hang", data=filled(page, act="recount")).text
            client.post("/dat-hang", data=filled(page))

        assert len(sent) <= 60, len(sent)
