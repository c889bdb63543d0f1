"""A verified enterprise with its people, a seller, and requests that close long after today."""

from datetime import timedelta

import pytest

from marketplace.kernel.clock import now
from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.requests import RequestFactory


@pytest.fixture
def enterprise(session):
    """Who buys."""
    return OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay Phố Núi")


@pytest.fixture
def seller(session):
    """Who sells."""
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def buyer(login, enterprise):
    """A browser of somebody who buys for the enterprise."""
    return login(MembershipFactory(organisation=enterprise, role=Role.BUYER).user)


@pytest.fixture
def make_request(enterprise):
    """A request of the enterprise that closes in ten days, unless it says otherwise."""

    def make(**values):
        values.setdefault("closes_at", now() + timedelta(days=10))
        return RequestFactory(organisation=enterprise, **values)

    return make
