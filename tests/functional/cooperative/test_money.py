"""A seller's money page: its balance, the orders behind it, its cash, its payouts."""

from datetime import date

import pytest

from marketplace.kernel.money import vnd
from marketplace.payments.operations import NewPayout
from marketplace.workflows import fulfilment, settlement
from models.accounts import Organisation, Role
from models.orders import PaymentMethod
from tests.factories.accounts import MembershipFactory, acting, operator
from tests.factories.orders import parts_of, place, product_in_stock
from tests.factories.payments import pay
from tests.moments import MONDAY, TUESDAY

TOTAL, SHARE = 185_000, 177_750


@pytest.fixture
def director(session):
    return MembershipFactory()


def html(response):
    return response.get_data(as_text=True).replace("\u00a0", " ")


def sold(director, **values):
    """A delivered order of one pack of the director's cooperative."""
    order = place(product_in_stock(organisation=director.organisation), **values)
    if order.payment_method == PaymentMethod.BANK_TRANSFER:
        pay(order)
    [part] = parts_of(order)
    actor = acting(director.user, director.organisation)
    fulfilment.confirm_order(actor=actor, seller_order_id=part.id, at=MONDAY)
    fulfilment.pack_order(actor=actor, seller_order_id=part.id, at=MONDAY)
    fulfilment.hand_over_order(actor=actor, seller_order_id=part.id, carrier="Xe nhà", at=MONDAY)
    fulfilment.deliver_order(actor=actor, seller_order_id=part.id, at=TUESDAY)
    return part


class TestMoney:
    def test_is_empty_before_the_first_delivery(self, login, director):
        page = login(director.user).get(f"/quay/{director.organisation.code}/tien")

        assert page.status_code == 200
        assert "Chưa có khoản nào" in html(page)

    def test_opens_the_order_behind_every_entry(self, login, director):
        part = sold(director)
        code = director.organisation.code

        page = html(login(director.user).get(f"/quay/{code}/tien"))

        assert f'href="/quay/{code}/don/{part.number}"' in page
        assert "+177.750 ₫" in page

    def test_keeps_apart_what_the_seller_holds_in_cash(self, login, director):
        sold(director)
        cash = sold(director, payment_method=PaymentMethod.CASH)

        page = html(login(director.user).get(f"/quay/{director.organisation.code}/tien"))

        assert "355.500 ₫" in page
        assert "170.500 ₫" in page
        assert cash.number in page

    def test_shows_payouts_and_the_balance_after_them(self, login, director):
        sold(director)
        payout = NewPayout(
            director.organisation_id, vnd(100_000), "k" * 32, "FT26326005555", date(2026, 11, 3)
        )
        settlement.pay_seller(actor=operator(), payout=payout, at=TUESDAY)

        page = html(login(director.user).get(f"/quay/{director.organisation.code}/tien"))

        assert "-100.000 ₫" in page
        assert "FT26326005555" in page
        assert "77.750 ₫" in page

    def test_speaks_english(self, login, director):
        sold(director)

        page = login(director.user).get(f"/en/quay/{director.organisation.code}/tien")

        assert page.status_code == 200

    @pytest.mark.parametrize(
        ("role", "status"),
        [
            (Role.DIRECTOR, 200),
            (Role.ACCOUNTANT, 200),
            (Role.SALES, 403),
            (Role.WAREHOUSE, 403),
        ],
    )
    def test_is_for_directors_and_accountants(self, login, director, role, status):
        member = MembershipFactory(organisation=director.organisation, role=role)

        answer = login(member.user).get(f"/quay/{director.organisation.code}/tien")

        assert answer.status_code == status

    def test_is_hidden_from_another_cooperative(self, login, director):
        other = MembershipFactory()

        answer = login(other.user).get(f"/quay/{director.organisation.code}/tien")

        assert answer.status_code == 404

    def test_sends_as_many_statements_for_many_orders_as_for_one(
        self, login, director, statements, session
    ):
        address = f"/quay/{session.get_one(Organisation, director.organisation_id).code}/tien"
        browser = login(director.user)

        def count():
            browser.get(address)
            with statements() as sent:
                browser.get(address)
            return len(sent)

        sold(director)
        few = count()
        for _ in range(5):
            sold(director)

        assert count() == few
