"""A cooperative in a database where commits are real, for two people at once."""

import pytest

from marketplace.platform.database import session
from models.accounts import Role
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.membership import HouseholdFactory


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


@pytest.fixture
def desk(market):
    """A cooperative with its first member, and two people who may do everything there."""
    htx = OrganisationFactory()
    HouseholdFactory(organisation=htx, code="TV-0001", name="Y Blơm Niê")
    found = htx.id, [member_of(htx, Role.DIRECTOR) for _ in range(2)]
    session.commit()
    return found
