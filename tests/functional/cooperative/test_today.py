"""The first page of a desk: what waits today, and for a newcomer how to begin."""

import pytest

from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.bank_accounts import BankAccountFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.orders import SellerOrderFactory
from tests.factories.traceability import LotFactory

BEGIN = "Mấy bước để bắt đầu bán"
NOTHING = "Hôm nay chưa có việc gì"


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="MUONGBU")


@pytest.fixture
def desk(login, cooperative):
    return login(MembershipFactory(organisation=cooperative, role=Role.DIRECTOR).user)


def test_a_newcomer_is_led_to_the_first_sale(desk):
    page = desk.get("/quay/MUONGBU").text

    assert BEGIN in page
    assert NOTHING not in page
    for step in ("san-pham/moi", "lo/nhap", "tai-khoan-ngan-hang/moi", "chung-nhan/moi"):
        assert f'class="task" href="/quay/MUONGBU/{step}"' in page


def test_a_step_that_is_done_is_ticked_and_no_link(desk, cooperative):
    ProductFactory(organisation=cooperative)

    page = desk.get("/quay/MUONGBU").text

    assert BEGIN in page
    assert 'class="task" href="/quay/MUONGBU/san-pham/moi"' not in page
    assert 'class="task" href="/quay/MUONGBU/lo/nhap"' in page


def test_a_step_of_somebody_else_is_no_link(login, cooperative):
    seller = MembershipFactory(organisation=cooperative, role=Role.SALES).user

    page = login(seller).get("/quay/MUONGBU").text

    assert 'class="task" href="/quay/MUONGBU/san-pham/moi"' in page
    assert "Khai tài khoản ngân hàng" in page
    assert "/quay/MUONGBU/tai-khoan-ngan-hang/moi" not in page


def test_who_has_goods_and_an_account_has_begun(desk, cooperative):
    product = ProductFactory(organisation=cooperative)
    LotFactory(product=product)
    BankAccountFactory(organisation=cooperative)

    page = desk.get("/quay/MUONGBU").text

    assert BEGIN not in page
    assert NOTHING in page


def test_who_sold_once_has_begun(desk, cooperative):
    SellerOrderFactory(organisation=cooperative, delivered=True)

    assert BEGIN not in desk.get("/quay/MUONGBU").text
