"""A running contract with people of both sides at their browsers."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session as db
from models.accounts import Organisation, Role
from models.deliveries import Delivery
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.contracts import ContractFactory, some_terms

TODAY = business_day(now())


@pytest.fixture
def contract(session):
    """Who buys has the code RANGXAY, who sells CUMGAR."""
    seller = OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")
    buyer = OrganisationFactory(enterprise=True, code="RANGXAY", name="Công ty Rang xay")
    product = ProductFactory(organisation=seller)
    days = {"starts_on": TODAY - timedelta(days=30), "ends_on": TODAY + timedelta(days=300)}
    return ContractFactory(
        buyer=buyer, product=product, says=some_terms(product_id=product.id, **days)
    )


@pytest.fixture
def person(login, contract):
    """A browser of somebody in a role of one side."""

    def sign_in(side, role):
        organisation_id = contract.buyer_id if side == "buyer" else contract.seller_id
        organisation = db.get_one(Organisation, organisation_id)
        return login(MembershipFactory(organisation=organisation, role=role).user)

    return sign_in


@pytest.fixture
def buyer(person):
    """Who buys."""
    return person("buyer", Role.BUYER)


@pytest.fixture
def seller(person):
    """Who keeps the store of the seller."""
    return person("seller", Role.WAREHOUSE)


@pytest.fixture
def the_delivery():
    """The delivery as the database has it now."""

    def read():
        db.expire_all()
        return db.scalars(select(Delivery)).one()

    return read
