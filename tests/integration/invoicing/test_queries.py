"""Reading invoices and what falls due: who may, and how often the database is asked."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.permissions import NotAllowedError
from marketplace.invoicing.errors import DueNotFoundError, InvoiceNotFoundError
from marketplace.invoicing.queries import (
    get_due,
    get_invoice,
    invoices_of,
    missing_of,
    open_dues,
    open_total,
)
from marketplace.platform.pagination import PageRequest
from models.accounts import Organisation, Role
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.invoicing import arrived, deposit_of, dues_of, invoiced, running, transfer
from tests.guards import recorded_statements


@pytest.fixture
def enterprise(session):
    """Who buys."""
    return OrganisationFactory(enterprise=True)


@pytest.fixture
def contract(enterprise):
    """A contract that runs."""
    return running(buyer=enterprise)


def deliver(contract, count):
    return [
        invoiced(arrived(contract, due_on=date(2026, 11, 20) + timedelta(days=each)))
        for each in range(count)
    ]


def test_lists_ask_as_often_for_one_as_for_many(session, contract, enterprise):
    viewer = member_of(enterprise)
    counts = []
    for more in (1, 4):
        deliver(contract, more)
        session.expire_all()
        with recorded_statements(session.connection()) as sent:
            found = invoices_of(contract, viewer=viewer)
            page = open_dues(viewer=viewer, page=PageRequest())
            [view.missing for view in found]
        counts.append(len(sent))
    assert counts[0] == counts[1]
    assert (len(found), page.total) == (5, 15)


def test_totals_tell_what_is_overdue(session, contract, enterprise):
    [invoice] = deliver(contract, 1)
    first, second, _retention = dues_of(invoice)
    transfer(first, 1_000_000)
    viewer = member_of(enterprise)

    total = open_total(viewer=viewer, today=second.due_on)

    assert total.missing.minor == 599_000_000
    assert total.overdue.minor == first.amount_minor - 1_000_000
    assert missing_of(first).minor == first.amount_minor - 1_000_000


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE])
def test_who_does_not_reckon_sees_none(session, contract, role):
    seller = member_of(session.get_one(Organisation, contract.seller_id), role)
    for ask in (
        lambda: invoices_of(contract, viewer=seller),
        lambda: get_invoice(contract, "2026-00001", viewer=seller),
        lambda: get_due(contract, "CM", viewer=seller),
        lambda: open_dues(viewer=seller, page=PageRequest()),
        lambda: open_total(viewer=seller, today=date(2026, 11, 2)),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_what_is_of_another_contract_is_not_found(session, contract, enterprise):
    viewer = member_of(enterprise)
    other = running(buyer=enterprise)
    deposit = deposit_of(other)
    with pytest.raises(DueNotFoundError):
        get_due(contract, deposit.reference, viewer=viewer)
    [invoice] = deliver(other, 1)
    with pytest.raises(InvoiceNotFoundError):
        get_invoice(contract, invoice.number, viewer=viewer)
