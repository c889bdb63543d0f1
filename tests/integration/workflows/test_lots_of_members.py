"""A lot runs from a member's plot to its public page, and the member decides about the name."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.membership.errors import UnknownPlotsError
from marketplace.membership.operations import erase_member, hide_member, leave
from marketplace.traceability.queries import lot_page, lots_of_member, own_lot
from marketplace.traceability.rules import NewLot
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.traceability import Lot
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def product():
    return ProductFactory()


@pytest.fixture
def plot(product):
    member = HouseholdFactory(organisation=product.organisation, shown=True)
    return PlotFactory(household=member, code="TH-0001", commune_code="24133")


def receive(product, plot_code, code="A-1"):
    lot = NewLot(
        organisation_id=product.organisation_id,
        product_id=product.id,
        harvested_on=date(2026, 10, 20),
        quantity_g=46_000,
        code=code,
    )
    keeper = member_of(product.organisation, Role.WAREHOUSE)
    return receive_lot(actor=keeper, lot=replace(lot), plot_code=plot_code, at=MONDAY)


def test_it_lies_where_the_plot_does_and_names_the_member_who_agreed(product, plot):
    lot = receive(product, " th-0001 ")

    page = lot_page(lot.code, on=MONDAY_DAY)
    own = own_lot(lot.code, organisation_id=product.organisation_id, on=MONDAY_DAY)
    [listed] = lots_of_member(plot.household_id, organisation_id=product.organisation_id, limit=5)
    assert (lot.plot_id, lot.commune_code) == (plot.id, "24133")
    assert (page.has_member, page.member_name) == (True, "Y Blơm Niê")
    assert (own.plot_code, own.member_name) == ("TH-0001", "Y Blơm Niê")
    assert (listed.code, listed.plot_code, listed.quantity_g) == ("A-1", "TH-0001", 46_000)


def test_who_hides_is_named_no_more_on_lots_that_are_sold_already(product, plot):
    lot, director = receive(product, "TH-0001"), member_of(product.organisation)

    hide_member(actor=director, member_id=plot.household_id, at=TUESDAY)

    page = lot_page(lot.code, on=MONDAY_DAY)
    assert (page.has_member, page.member_name) == (True, None)


def test_who_is_erased_is_named_no_more(product, plot):
    lot, director = receive(product, "TH-0001"), member_of(product.organisation)
    values = {"actor": director, "member_id": plot.household_id, "at": TUESDAY}

    leave(left_on=MONDAY_DAY, **values)
    erase_member(**values)

    assert lot_page(lot.code, on=MONDAY_DAY).member_name is None


def test_without_a_plot_nobody_is_named(product):
    page = lot_page(receive(product, "").code, on=MONDAY_DAY)

    assert (page.has_member, page.member_name) == (False, None)


@pytest.mark.parametrize("typed", ["KHONG-CO", "CUA-AI", "CU-01"])
def test_a_plot_that_is_none_of_theirs_or_out_of_use_is_refused(session, product, plot, typed):
    PlotFactory(code="CUA-AI")
    PlotFactory(
        household=HouseholdFactory(organisation=product.organisation),
        code="CU-01",
        retired_on=MONDAY_DAY,
    )

    with pytest.raises(UnknownPlotsError):
        receive(product, typed)

    assert session.scalar(select(func.count()).select_from(Lot)) == 0
