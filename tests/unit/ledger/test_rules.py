"""Which accounts a fact moves."""

import pytest

from marketplace.kernel.money import vnd
from marketplace.ledger import accounts
from marketplace.ledger.rules import (
    DeliveredLine,
    DeliveredSale,
    Posting,
    RemittedCash,
    of_cash_remitted,
    of_delivery,
    require_balanced,
    revenue_facts,
)
from models.ledger import AccountKind
from tests.moments import FIRST_SECOND_OF_NOVEMBER, LAST_SECOND_OF_OCTOBER, MONDAY

LINE = DeliveredLine(
    line_id=7,
    product_id=3,
    category_id=2,
    quantity=2,
    grams=1_000,
    gross_minor=290_000,
    discount_minor=10_000,
    commission_minor=14_000,
)
SALE = DeliveredSale(
    seller_order_id=5,
    number="CM261102-K7Q2M-1",
    organisation_id=12,
    payment_method="bank_transfer",
    buyer_province_code="01",
    channel="retail",
    currency="VND",
    delivery_minor=25_000,
    lines=(LINE,),
)


def moves(postings):
    return {each.account: each.amount.minor for each in postings}


class TestOfDelivery:
    def test_gives_the_buyers_money_to_the_seller_and_the_market(self):
        assert moves(of_delivery(SALE)) == {
            "market:buyer_funds": 305_000,
            "org:12:payable": -291_000,
            "market:commission": -14_000,
        }

    def test_of_cash_is_in_transit_with_the_seller(self):
        sale = DeliveredSale(**{**as_dict(SALE), "payment_method": "cash"})

        assert moves(of_delivery(sale))["org:12:cash_in_transit"] == 305_000
        assert "market:buyer_funds" not in moves(of_delivery(sale))

    def test_leaves_out_an_account_that_is_not_moved(self):
        line = DeliveredLine(**{**as_dict(LINE), "commission_minor": 0})
        sale = DeliveredSale(**{**as_dict(SALE), "lines": (line,)})

        assert "market:commission" not in moves(of_delivery(sale))


def as_dict(value):
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


class TestRevenueFacts:
    def test_are_one_for_each_line_and_one_for_the_delivery_fee(self):
        goods, delivery = revenue_facts(SALE, entry_id=9, at=MONDAY)

        assert (goods["ref"], goods["kind"], goods["net_minor"]) == ("line:7", "goods", 266_000)
        assert (delivery["ref"], delivery["net_minor"]) == ("delivery:5", 25_000)
        assert delivery["commission_minor"] == 0
        assert goods["net_minor"] + delivery["net_minor"] == 291_000

    def test_leave_out_a_delivery_that_costs_nothing(self):
        sale = DeliveredSale(**{**as_dict(SALE), "delivery_minor": 0})

        assert [fact["kind"] for fact in revenue_facts(sale, entry_id=9, at=MONDAY)] == ["goods"]

    def test_belong_to_the_day_in_viet_nam(self):
        last = revenue_facts(SALE, entry_id=9, at=LAST_SECOND_OF_OCTOBER)[0]["business_day"]
        first = revenue_facts(SALE, entry_id=9, at=FIRST_SECOND_OF_NOVEMBER)[0]["business_day"]

        assert (last.month, first.month) == (10, 11)


class TestOfCashRemitted:
    def test_writes_what_is_missing_to_an_account_of_its_own(self):
        cash = RemittedCash(
            seller_order_id=5,
            number="CM261102-K7Q2M-1",
            organisation_id=12,
            expected=vnd(305_000),
            remitted=vnd(300_000),
        )

        assert moves(of_cash_remitted(cash)) == {
            "market:bank": 300_000,
            "market:cash_difference": 5_000,
            "org:12:cash_in_transit": -305_000,
        }


class TestRequireBalanced:
    def test_refuses_nothing_and_what_does_not_add_up(self):
        with pytest.raises(ValueError, match="at least two"):
            require_balanced([])
        with pytest.raises(ValueError, match="do not sum to zero"):
            require_balanced(
                [Posting(accounts.BANK, vnd(2)), Posting(accounts.BUYER_FUNDS, vnd(-1))]
            )


class TestAccounts:
    def test_are_known_by_their_codes(self):
        assert accounts.describe("market:bank") == (AccountKind.ASSET, None)
        assert accounts.describe(accounts.payable(12)) == (AccountKind.LIABILITY, 12)
        assert accounts.describe(accounts.cash_in_transit(12)) == (AccountKind.ASSET, 12)

    @pytest.mark.parametrize("code", ["market:petty", "org:0:payable", "org:12:other", ""])
    def test_that_the_chart_does_not_have_are_refused(self, code):
        with pytest.raises(ValueError, match="No account"):
            accounts.describe(code)
