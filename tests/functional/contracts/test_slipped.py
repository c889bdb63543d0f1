"""Late and short deliveries on top of both today pages."""

from datetime import timedelta

import pytest

from marketplace.kernel.clock import business_day, now
from models.accounts import Organisation, Role
from tests.factories.accounts import MembershipFactory
from tests.factories.contracts import ContractFactory, DeliveryFactory

HEAD = "Giao hàng cần xem ngay"


@pytest.fixture
def contract(session):
    return ContractFactory()


@pytest.fixture
def today(session, login, contract):
    """The today page of one side."""

    def page(side, role=Role.DIRECTOR, lang=""):
        owner = session.get_one(
            Organisation, contract.buyer_id if side == "buyer" else contract.seller_id
        )
        browser = login(MembershipFactory(organisation=owner, role=role).user)
        base = "mua-hang" if side == "buyer" else "quay"
        return browser.get(f"{lang}/{base}/{owner.code}").text

    return page


def test_a_late_one_stands_on_top_of_both(contract, today):
    day = business_day(now())
    delivery = DeliveryFactory(
        contract=contract, due_from=day - timedelta(days=9), due_on=day - timedelta(days=3)
    )

    for side in ("buyer", "seller"):
        page = today(side)
        assert page.index(HEAD) < page.index("Việc cần làm")
        assert f"/{contract.number}/giao-hang/{delivery.number}" in page
        assert "Trễ 3 ngày" in page
    assert "3 days late" in today("seller", lang="/en")


def test_the_buyer_is_led_to_what_is_to_be_received(contract, today):
    day = business_day(now())
    delivery = DeliveryFactory(
        contract=contract,
        shipped=True,
        shipped_at=now(),
        accept_by_at=now() + timedelta(hours=48),
        due_on=day,
    )

    assert f"/giao-hang/{delivery.number}/nhan-hang" in today("buyer", Role.BUYER)
    assert "Chờ nhận hàng" in today("buyer", Role.BUYER)
    assert HEAD not in today("seller")


def test_nothing_is_said_where_all_is_well(contract, today):
    assert HEAD not in today("buyer")
    assert HEAD not in today("seller")
