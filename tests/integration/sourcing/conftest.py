"""A verified enterprise with people, and terms that a request can say."""

from datetime import timedelta
from decimal import Decimal

import pytest

from marketplace.platform.database import session as db
from marketplace.sourcing.requests.terms import Limit, Place, Terms
from models.accounts import Role
from models.platform import AuditEvent
from models.requests import LimitOperator
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import CategoryFactory
from tests.factories.requests import JANUARY
from tests.moments import TUESDAY


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
def salesman(seller):
    return member_of(seller, Role.SALES)


@pytest.fixture
def category(session):
    return CategoryFactory()


@pytest.fixture
def terms(category):
    """Terms that are complete on Tuesday; `terms(title="…")` says something else."""

    def make(**values):
        said = {
            "title": "Robusta nhân xanh",
            "category_id": category.id,
            "place": Place("79", None, "Kho số 4"),
            "closes_at": TUESDAY + timedelta(days=10),
            "specification": "Sàng 18",
            "tolerance_bps": 500,
            "target_minor": 120_000,
            "periods": ((JANUARY, 20_000_000),),
            "limits": (Limit("Độ ẩm", LimitOperator.AT_MOST, Decimal("12.5"), "%"),),
            "schemes": ("VIETGAP_CROP",),
        }
        return Terms(**(said | values))

    return make


@pytest.fixture
def trail(session):
    """The actions that the audit trail has, in order."""
    return lambda: [
        each.action for each in db.query(AuditEvent).order_by(AuditEvent.id) if each.action
    ]
