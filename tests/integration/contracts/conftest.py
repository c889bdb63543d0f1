"""A buyer and a seller with their people, and the goods that a contract is about."""

import pytest

from models.accounts import Role
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory


@pytest.fixture
def enterprise(session):
    return OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay Phố Núi")


@pytest.fixture
def buyer(enterprise):
    return member_of(enterprise, Role.BUYER)


@pytest.fixture
def seller(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def product(seller):
    return ProductFactory(organisation=seller)


@pytest.fixture
def salesman(seller):
    return member_of(seller, Role.SALES)
