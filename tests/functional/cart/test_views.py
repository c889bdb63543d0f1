"""The basket in a browser."""

import pytest
from sqlalchemy import select

from models.catalogue import ProductState
from models.orders import Cart, CartLine
from tests.factories.accounts import UserFactory
from tests.factories.orders import pack_of, product_in_stock

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def coffee():
    return product_in_stock(name_vi="Cà phê Robusta", name_en="Robusta coffee")


def put_in(client, product, quantity=1, **more):
    return client.post(
        "/gio-hang", data={"pack_id": pack_of(product).id, "quantity": quantity, **more}
    )


def lines(session):
    return list(session.scalars(select(CartLine).order_by(CartLine.id)))


class TestShow:
    def test_is_empty_at_first(self, client):
        page = client.get("/gio-hang")

        assert page.status_code == 200
        assert "Giỏ hàng đang trống" in page.text

    def test_shows_goods_by_cooperative_with_their_sum(self, client, coffee):
        put_in(client, coffee, 2)

        page = client.get("/gio-hang").text

        assert "Cà phê Robusta" in page
        assert coffee.organisation.short_name in page
        assert "290.000\u00a0₫" in page

    def test_speaks_english(self, client, coffee):
        put_in(client, coffee)

        assert "Robusta coffee" in client.get("/en/gio-hang").text

    def test_tells_of_a_price_that_changed(self, client, session, coffee):
        put_in(client, coffee)
        pack_of(coffee).price_minor = 150_000
        session.flush()

        page = client.get("/gio-hang").text

        assert "Giá vừa đổi từ 145.000\u00a0₫ thành 150.000\u00a0₫" in page

    def test_tells_what_is_left_and_what_is_gone(self, client, session, coffee):
        little = product_in_stock(500)
        put_in(client, little, 3)
        put_in(client, coffee)
        coffee.state = ProductState.ARCHIVED
        session.flush()

        page = client.get("/gio-hang").text

        assert "Chỉ còn 1. Mời giảm số lượng." in page
        assert "Món này không còn bán." in page

    def test_sends_the_same_statements_for_one_line_and_for_many(self, client, coffee, statements):
        put_in(client, coffee)
        with statements() as few:
            client.get("/gio-hang")
        for _ in range(4):
            put_in(client, product_in_stock())
        with statements() as many:
            client.get("/gio-hang")

        assert len(many) == len(few) <= 4


class TestAdd:
    def test_puts_goods_into_a_basket_of_the_browser(self, client, session, coffee):
        answer = put_in(client, coffee, 2)

        [line] = lines(session)
        assert (answer.status_code, answer.location) == (303, "/gio-hang")
        assert (line.quantity, line.seen_price_minor) == (2, 145_000)
        with client.session_transaction() as cookie:
            assert cookie["cart_count"] == 1

    def test_adds_to_what_is_there(self, client, session, coffee):
        put_in(client, coffee, 2)
        put_in(client, coffee, 3)

        [line] = lines(session)
        assert line.quantity == 5

    def test_goes_straight_to_the_checkout_if_asked(self, client, coffee):
        assert put_in(client, coffee, buy="1").location == "/dat-hang"

    @pytest.mark.parametrize("quantity", ["0", "-1", "1000", "1" * 40, "12345678901234567890"])
    def test_refuses_numbers_that_nobody_can_order(self, client, session, coffee, quantity):
        put_in(client, coffee, quantity)

        assert lines(session) == []

    def test_refuses_what_is_not_on_sale(self, client, session, coffee):
        coffee.state = ProductState.DRAFT
        session.flush()

        answer = put_in(client, coffee)

        assert lines(session) == []
        assert "hiện không bán" in client.get(answer.location).text

    def test_follows_no_address_of_strangers(self, client):
        answer = client.post("/gio-hang", data={"pack_id": 0, "back": "//evil.example"})

        assert answer.location == "/gio-hang"

    def test_keeps_two_browsers_apart(self, app, client, session, coffee):
        put_in(client, coffee)

        other = app.test_client()

        assert "Giỏ hàng đang trống" in other.get("/gio-hang").text


class TestUpdate:
    def test_takes_over_the_numbers(self, client, session, coffee):
        put_in(client, coffee)
        [line] = lines(session)

        client.post("/gio-hang/cap-nhat", data={f"so-luong-{line.id}": "7"})

        session.expire_all()
        assert lines(session)[0].quantity == 7

    def test_takes_a_line_out(self, client, session, coffee):
        put_in(client, coffee)
        put_in(client, product_in_stock())
        first, second = lines(session)

        client.post(
            "/gio-hang/cap-nhat",
            data={f"so-luong-{first.id}": "1", f"so-luong-{second.id}": "1", "drop": first.id},
        )

        assert [line.id for line in lines(session)] == [second.id]
        with client.session_transaction() as cookie:
            assert cookie["cart_count"] == 1

    def test_goes_on_to_order_with_the_numbers_typed(self, client, session, coffee):
        put_in(client, coffee)
        [line] = lines(session)

        answer = client.post("/gio-hang/cap-nhat", data={f"so-luong-{line.id}": "4", "next": "1"})

        session.expire_all()
        assert answer.location == "/dat-hang"
        assert lines(session)[0].quantity == 4

    def test_changes_nothing_of_another_basket(self, app, client, session, coffee):
        put_in(client, coffee)
        [line] = lines(session)
        stranger = app.test_client()
        put_in(stranger, product_in_stock())

        stranger.post("/gio-hang/cap-nhat", data={f"so-luong-{line.id}": "9"})

        session.expire_all()
        assert lines(session)[0].quantity == 1

    def test_refuses_nonsense(self, client, session, coffee):
        put_in(client, coffee)
        [line] = lines(session)

        client.post("/gio-hang/cap-nhat", data={f"so-luong-{line.id}": "nhiều"})

        session.expire_all()
        assert lines(session)[0].quantity == 1


class TestSigningIn:
    def test_brings_the_basket_along(self, client, login, session, coffee):
        put_in(client, coffee, 2)
        user = UserFactory()

        page = login(user).get("/gio-hang").text

        [cart] = session.scalars(select(Cart))
        assert cart.user_id == user.id
        assert "Cà phê Robusta" in page

    def test_keeps_the_larger_number_of_what_is_in_both(self, client, login, session, coffee):
        user = UserFactory()
        cart = Cart(user_id=user.id, created_at=coffee.created_at, updated_at=coffee.created_at)
        session.add(cart)
        session.flush()
        session.add(
            CartLine(cart_id=cart.id, pack_id=pack_of(coffee).id, quantity=5, seen_price_minor=1)
        )
        put_in(client, coffee, 2)

        login(user).get("/gio-hang")

        session.expire_all()
        [line] = lines(session)
        assert (line.cart_id, line.quantity) == (cart.id, 5)
