"""An enterprise and a seller with browsers of their own, and the goods between them."""

import pytest

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.kernel.clock import now
from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory


@pytest.fixture
def login(app, session):
    """Sign a person in, in a browser of their own: two sides read the same pages in turn."""

    def sign_in(user):
        browser = app.test_client()
        opened = open_session(user=user, device=Device("127.0.0.1", "test"), at=now())
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = opened.token
        return browser

    return sign_in


@pytest.fixture
def enterprise(session):
    """Who buys."""
    return OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay Phố Núi")


@pytest.fixture
def seller(session):
    """Who sells."""
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def product(seller):
    """What is sold."""
    return ProductFactory(organisation=seller, name_vi="Cà phê Robusta", name_en="Robusta")


@pytest.fixture
def buyer(login, enterprise):
    """A browser of somebody who buys for the enterprise."""
    return login(MembershipFactory(organisation=enterprise, role=Role.DIRECTOR).user)


@pytest.fixture
def salesman(login, seller):
    """A browser of somebody who leads the seller."""
    return login(MembershipFactory(organisation=seller, role=Role.DIRECTOR).user)
