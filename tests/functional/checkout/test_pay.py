"""The page on which a buyer pays, from the QR code to what became of the money."""

from datetime import timedelta

import pytest

from blueprints.checkout.pay import wait_of
from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.clock import now
from marketplace.orders.links import order_path
from marketplace.payments.queries import pay_page
from marketplace.workflows import expiry
from models.orders import PaymentMethod
from tests.factories.accounts import UserFactory
from tests.factories.orders import place, product_in_stock
from tests.factories.payments import pay, payment_of

TOTAL = 185_000


@pytest.fixture
def order(session):
    """An order of 185.000 ₫ that was placed just now and waits for its transfer."""
    return place(product_in_stock(), at=now())


def page_of(order):
    return order_path(order.number, "tra-tien")


def html(response):
    return response.get_data(as_text=True).replace("\u00a0", " ")


class TestPay:
    def test_shows_what_to_transfer(self, client, order):
        page = client.get(page_of(order))

        text = html(page)
        assert page.status_code == 200
        assert "Còn một bước: chuyển 185.000 ₫" in text
        assert payment_of(order).reference in text
        assert "5204 2050 12345" in text
        assert 'data-copy="5204205012345"' in text
        assert 'data-copy="185000"' in text
        assert '<svg role="img"' in text
        assert 'hx-trigger="every 4s"' in text

    def test_speaks_english(self, client, order):
        assert client.get(f"/en{page_of(order)}").status_code == 200

    def test_is_hidden_from_whoever_has_no_link(self, client, order):
        assert client.get(f"/don-hang/{order.number}/tra-tien").status_code == 404
        assert client.get(f"/don-hang/{order.number}/tra-tien?k=x").status_code == 404

    def test_is_hidden_from_another_person(self, client, login, order):
        login(UserFactory())

        assert client.get(f"/don-hang/{order.number}/tra-tien").status_code == 404

    def test_asks_for_the_rest_of_half_a_payment(self, client, order):
        pay(order, 100_000, at=now())

        text = html(client.get(page_of(order)))

        assert "Còn thiếu 85.000 ₫" in text
        assert 'data-copy="85000"' in text
        assert "Hàng vẫn được giữ cho bạn." in text

    def test_says_that_it_is_paid(self, client, order):
        pay(order, TOTAL, at=now())

        text = html(client.get(page_of(order)))

        assert "Đã nhận đủ 185.000 ₫" in text
        assert "hx-trigger" not in text
        assert "<svg role" not in text

    def test_says_that_too_much_goes_back(self, client, order):
        pay(order, 200_000, at=now())

        assert "Chợ sẽ hoàn 15.000 ₫" in html(client.get(page_of(order)))

    def test_says_that_the_time_is_over(self, session, client, order):
        expiry.expire_order(order_id=order.id, at=now() + timedelta(hours=1))

        text = html(client.get(page_of(order)))

        assert "Hết giờ giữ hàng" in text
        assert "<svg role" not in text

    def test_says_that_late_money_goes_back(self, client, order):
        expiry.expire_order(order_id=order.id, at=now() + timedelta(hours=1))
        pay(order, TOTAL, at=now())

        text = html(client.get(page_of(order)))

        assert "Tiền đến muộn" in text
        assert "Chợ sẽ hoàn 185.000 ₫" in text

    def test_sends_whoever_pays_in_cash_to_the_order(self, client, session):
        order = place(product_in_stock(), payment_method=PaymentMethod.CASH, at=now())

        answer = client.get(page_of(order))

        assert answer.status_code == 303
        assert f"/don-hang/{order.number}?k=" in answer.location

    def test_sends_few_statements(self, client, order, statements):
        client.get(page_of(order))

        with statements() as sent:
            client.get(page_of(order))

        assert len(sent) <= 6


class TestStatus:
    def status_url(self, client, order):
        text = client.get(page_of(order)).get_data(as_text=True)
        return text.split('hx-get="')[1].split('"')[0].replace("&amp;", "&")

    def test_says_nothing_while_nothing_changes(self, client, order):
        url = self.status_url(client, order)

        assert client.get(url).status_code == 204

    def test_counts_the_minutes(self, client, order):
        url = self.status_url(client, order)

        answer = client.get(url.replace("con=30", "con=31"))

        assert answer.status_code == 200
        assert "còn 30 phút" in html(answer)

    def test_has_the_page_loaded_anew_when_the_money_comes(self, client, order):
        url = self.status_url(client, order)
        pay(order, TOTAL, at=now())

        assert client.get(url).headers["HX-Refresh"] == "true"

    def test_is_hidden_from_whoever_has_no_link(self, client, order):
        assert client.get(f"/don-hang/{order.number}/tra-tien/trang-thai").status_code == 404


class TestCode:
    @pytest.mark.parametrize(("kind", "begins"), [("svg", b"<?xml"), ("png", b"\x89PNG")])
    def test_is_a_picture_of_the_transfer(self, client, order, kind, begins):
        url = page_of(order).replace("/tra-tien", f"/tra-tien/ma-qr.{kind}")

        answer = client.get(url)

        assert answer.status_code == 200
        assert answer.data.startswith(begins)

    def test_is_gone_when_nothing_is_missing(self, client, order):
        pay(order, TOTAL, at=now())
        url = page_of(order).replace("/tra-tien", "/tra-tien/ma-qr.png")

        assert client.get(url).status_code == 404


def test_the_waiting_ends_when_the_goods_are_no_longer_kept(order):
    page = pay_page(order.number, viewer=SYSTEM)

    assert wait_of(page, order.expires_at - timedelta(seconds=61)).minutes == 2
    assert wait_of(page, order.expires_at - timedelta(seconds=1)).is_on
    assert not wait_of(page, order.expires_at).is_on
