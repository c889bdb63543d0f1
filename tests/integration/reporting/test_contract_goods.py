"""What a buyer gets at the price of a contract."""

from datetime import date, timedelta

import pytest

from blueprints.contracting import price_words
from marketplace.accounts.permissions import Actor
from marketplace.contracts.terms import Price
from marketplace.reporting.contract_goods import goods_of_contracts
from models.accounts import OrganisationKind, Role
from models.contracts import ContractState
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import (
    FIRST_DAY,
    LAST_DAY,
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    some_terms,
)
from tests.moments import MONDAY

TODAY = date(2026, 12, 10)


@pytest.fixture
def product(session):
    return ProductFactory()


@pytest.fixture
def contract(product):
    return ContractFactory(product=product)


def viewer(contract, kind=OrganisationKind.ENTERPRISE, role=Role.BUYER):
    return Actor(7, contract.buyer_id, kind, role)


def goods(contract, today=TODAY, **values):
    return goods_of_contracts(viewers=[viewer(contract)], today=today, **values)


def test_what_is_left_and_what_comes_next(contract, product):
    delivery = DeliveryFactory(contract=contract, accepted=True)
    DeliveryLineFactory(delivery=delivery, accepted_g=4 * TONNE, short_g=TONNE)
    DeliveryFactory(contract=contract, due_on=date(2026, 12, 20))
    DeliveryFactory(contract=contract, due_on=date(2027, 1, 20))

    [one] = goods(contract)

    assert (one.number, one.slug) == (contract.number, product.slug)
    assert (one.accepted_g, one.left_g) == (4 * TONNE, 16 * TONNE)
    assert one.next_on == date(2026, 12, 20)
    assert one.fixed_minor(TODAY) == 120_000


def test_the_price_of_the_month(product):
    monthly = Price(120_000, {date(2026, 12, 1): 118_000})
    contract = ContractFactory(
        product=product, says=some_terms(product_id=product.id, price=monthly)
    )

    [one] = goods(contract)

    assert one.fixed_minor(TODAY) == 118_000
    assert one.fixed_minor(date(2027, 1, 1)) == 120_000


@pytest.mark.parametrize(
    ("price", "words"),
    [
        (Price(120_000), "120.000\N{NO-BREAK SPACE}₫/kg"),
        (Price(1, reference_code="robusta"), "theo giá tham chiếu"),
        (
            Price(1, reference_code="robusta", premium_minor=3_000, floor_minor=100_000),
            "giá tham chiếu + 3.000\N{NO-BREAK SPACE}₫/kg, thấp nhất 100.000\N{NO-BREAK SPACE}₫",
        ),
        (
            Price(1, reference_code="robusta", premium_minor=-3_000, ceiling_minor=130_000),
            "giá tham chiếu − 3.000\N{NO-BREAK SPACE}₫/kg, cao nhất 130.000\N{NO-BREAK SPACE}₫",
        ),
    ],
)
def test_a_price_in_words(product, price, words):
    contract = ContractFactory(product=product, says=some_terms(product_id=product.id, price=price))

    [one] = goods(contract)

    assert price_words(one, TODAY) == words


@pytest.mark.parametrize(
    ("today", "shown"),
    [
        (FIRST_DAY - timedelta(days=1), 0),
        (FIRST_DAY, 1),
        (LAST_DAY, 1),
        (LAST_DAY + timedelta(days=1), 0),
    ],
)
def test_only_within_its_days(contract, today, shown):
    assert len(goods(contract, today)) == shown


def test_only_while_it_runs(session, contract):
    contract.state, contract.ended_at = ContractState.TERMINATED, MONDAY
    session.flush()

    assert goods(contract) == []


def test_only_of_the_product_that_is_asked_for(contract, product):
    assert len(goods(contract, product_id=product.id)) == 1
    assert goods(contract, product_id=product.id + 1) == []


def test_only_for_the_people_of_the_buyer(contract, statements):
    others = [
        Actor(7, contract.seller_id, OrganisationKind.COOPERATIVE, Role.DIRECTOR),
        viewer(contract, role=Role.OFFICER),
    ]
    with statements() as sent:
        assert goods_of_contracts(viewers=others, today=TODAY) == []
        assert goods_of_contracts(viewers=[], today=TODAY) == []
    assert sent == []
    assert (
        goods_of_contracts(
            viewers=[Actor(7, contract.buyer_id + 99, OrganisationKind.ENTERPRISE, Role.BUYER)],
            today=TODAY,
        )
        == []
    )
