"""A seller forecasts what it will have, sees what is free, and changes its mind."""

import io
from datetime import date

import openpyxl
import pytest
from sqlalchemy import select

from marketplace.sourcing.supply.rules import month_after, month_label
from models.accounts import Role
from models.supply import Supply, SupplyChange
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.supply import SupplyFactory, SupplyHoldFactory
from tests.factories.traceability import LotFactory

PAGE = "/quay/CUMGAR/du-bao"
THIS_MONTH = date(2026, 11, 1)
TONNE = 1_000_000


@pytest.fixture(autouse=True)
def november(clock):
    """It is Monday, 2 November 2026."""
    return clock


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar", short_name="HTX Cư M’gar")


@pytest.fixture
def product(cooperative):
    return ProductFactory(
        organisation=cooperative,
        name_vi="Cà phê nhân",
        name_en="Green coffee",
        season="000000000023",
    )


@pytest.fixture
def desk(login, cooperative):
    """The browser of its sales person."""
    return login(MembershipFactory(organisation=cooperative, role=Role.SALES).user)


def march(product, **values):
    return SupplyFactory(product=product, **values)


def form(product_id=0, **values):
    return {"grade": "", "unit": "tan", "first": "2026-11", "seen": "0", **values}


def months(session):
    session.expire_all()
    return {row.month: row.forecast_g for row in session.scalars(select(Supply))}
