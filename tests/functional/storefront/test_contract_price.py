"""The price of a contract in its buyer's catalogue, and nowhere else."""

from datetime import timedelta

import pytest

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.contracts import ContractFactory, some_terms
from tests.factories.orders import product_in_stock

PRICE = "Giá hợp đồng của bạn: 120.000\N{NO-BREAK SPACE}₫/kg"


@pytest.fixture
def product(session):
    return product_in_stock()


@pytest.fixture
def enterprise(session):
    return OrganisationFactory(enterprise=True, code="RANGXAY")


@pytest.fixture
def contract(product, enterprise):
    today = business_day(now())
    return ContractFactory(
        product=product,
        buyer=enterprise,
        says=some_terms(
            product_id=product.id,
            starts_on=today - timedelta(days=1),
            ends_on=today + timedelta(days=100),
        ),
    )


@pytest.fixture
def buyer(login, enterprise):
    return login(MembershipFactory(organisation=enterprise, role=Role.BUYER).user)


def page(browser, product, prefix=""):
    return browser.get(f"{prefix}/san-pham/{product.slug}").text


def test_the_buyer_reads_it_on_the_products_page(buyer, contract, product):
    assert PRICE in page(buyer, product)
    assert f"/hop-dong/RANGXAY/{contract.number}" in page(buyer, product)
    assert "Your contract price: ₫120,000/kg" in page(buyer, product, "/en")


def test_nobody_else_does_even_after_the_page_was_kept(app, login, contract, product, enterprise):
    people = [
        MembershipFactory(organisation=enterprise, role=Role.BUYER).user,
        MembershipFactory(organisation=OrganisationFactory(enterprise=True), role=Role.BUYER).user,
        MembershipFactory(organisation=OrganisationFactory()).user,
    ]
    pages = [page(login(each), product) for each in people]
    visitor = page(app.test_client(), product)

    assert [PRICE in each for each in pages] == [True, False, False]
    assert contract.number not in visitor
    assert PRICE not in visitor


def test_the_list_of_goods_under_contract(buyer, contract, product):
    listed = buyer.get("/mua-hang/RANGXAY/hang-hop-dong").text

    assert f'href="/san-pham/{product.slug}"' in listed
    assert "120.000\N{NO-BREAK SPACE}₫/kg" in listed


def test_the_list_says_when_there_is_nothing(buyer):
    assert "Chưa có hợp đồng nào đang chạy" in buyer.get("/mua-hang/RANGXAY/hang-hop-dong").text


def test_the_list_is_for_those_who_buy(login, enterprise):
    seller = MembershipFactory(organisation=OrganisationFactory(code="CUMGAR")).user

    assert login(seller).get("/mua-hang/RANGXAY/hang-hop-dong").status_code == 404
    assert login(seller).get("/mua-hang/CUMGAR/hang-hop-dong").status_code == 403
