"""The contracts that came of a union's joint quotes."""

import pytest

from marketplace.accounts.permissions import Actor, NotAllowedError
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.led_contracts import LedContract, led_contracts
from models.accounts import OrganisationKind, Role
from tests.factories.accounts import OrganisationFactory
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
)
from tests.factories.invoicing import GOODS, DueFactory, InvoiceFactory


@pytest.fixture
def union(session):
    return OrganisationFactory(kind=OrganisationKind.UNION)


def leader(union, role=Role.SALES):
    return Actor(7, union.id, OrganisationKind.UNION, role)


def test_each_with_its_sums_and_all_together(session, union):
    first, second = (ContractFactory(led_by_id=union.id) for _ in range(2))
    ContractFactory(led_by_id=union.id, draft=True)
    ContractFactory()
    delivery = DeliveryFactory(contract=first, accepted=True)
    DeliveryLineFactory(delivery=delivery, accepted_g=4 * TONNE, short_g=TONNE)
    DeliveryLineFactory(delivery=DeliveryFactory(contract=first, shipped=True))
    invoice = InvoiceFactory(contract=first, delivery=delivery)
    DueFactory(contract=first, invoice=invoice, received_minor=1_000_000, state="underpaid")
    DueFactory(contract=first, invoice=None, received_minor=5, state="underpaid")

    led = led_contracts(union, viewer=leader(union), page=PageRequest(size=1, number=2))
    whole = led_contracts(union, viewer=leader(union), page=PageRequest())

    [row] = led.page.rows
    assert isinstance(row, LedContract)
    assert (row.number, row.accepted_g, row.invoiced_minor, row.paid_minor) == (
        first.number,
        4 * TONNE,
        GOODS,
        1_000_000,
    )
    assert (led.page.total, led.total_g, led.accepted_g) == (2, 40 * TONNE, 4 * TONNE)
    assert (led.invoiced_minor, led.paid_minor) == (GOODS, 1_000_000)
    assert [each.number for each in whole.page.rows] == [second.number, first.number]


def test_nothing_yet(union):
    led = led_contracts(union, viewer=leader(union), page=PageRequest())

    assert (led.page.total, led.total_g, led.paid_minor) == (0, 0, 0)


def test_is_for_those_who_sell_for_the_union(union):
    cooperative = OrganisationFactory()
    for actor in (
        leader(union, Role.WAREHOUSE),
        Actor(7, cooperative.id, OrganisationKind.COOPERATIVE, Role.DIRECTOR),
    ):
        with pytest.raises(NotAllowedError):
            led_contracts(union, viewer=actor, page=PageRequest())
