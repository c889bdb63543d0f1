"""A cooperative, who works there, and a member of it."""

import pytest

from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.membership import HouseholdFactory


@pytest.fixture
def htx(session):
    return OrganisationFactory(code="CUMGAR")


@pytest.fixture
def desk(htx, login):
    """Open the desk of the cooperative as somebody with a role."""

    def open_desk(role=Role.DIRECTOR):
        return login(MembershipFactory(organisation=htx, role=role).user)

    return open_desk


@pytest.fixture
def member(htx):
    return HouseholdFactory(organisation=htx, code="TV-0001")
