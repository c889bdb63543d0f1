"""An officer publishes a reference price in the browser."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from models.accounts import Role
from models.contracts import ReferencePrice
from tests.factories.accounts import MembershipFactory, OrganisationFactory

LIST = "/lien-minh/gia-tham-chieu"
PAGE = f"{LIST}/robusta"


@pytest.fixture
def desk(session, login):
    """The browser of an officer."""
    membership = MembershipFactory(
        organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
    )
    return login(membership.user)


def wanted(**changes):
    return {"day": business_day(now()).isoformat(), "price": "118.500", "source": "Sở"} | changes


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_pages_open_for_officers_only(desk, session, login, prefix):
    assert [desk.get(prefix + page).status_code for page in (LIST, PAGE)] == [200] * 2

    other = login(MembershipFactory(organisation=OrganisationFactory()).user)
    assert [other.get(prefix + page).status_code for page in (LIST, PAGE)] == [404] * 2
    assert other.post(PAGE, data=wanted()).status_code == 404


def test_publishes(desk, session):
    answer = desk.post(PAGE, data=wanted())

    assert answer.location == PAGE
    assert session.scalars(select(ReferencePrice.price_minor)).all() == [118_500]
    assert "118.500" in desk.get(LIST).text
    assert "Sở" in desk.get(PAGE).text


def test_says_what_is_wrong_at_its_field_and_keeps_what_was_typed(desk, session):
    tomorrow = (business_day(now()) + timedelta(days=1)).isoformat()

    answer = desk.post(PAGE, data=wanted(day=tomorrow, source="Chợ Buôn Ma Thuột"))

    assert answer.status_code == 422
    assert "Chỉ công bố giá của hôm nay" in answer.text
    assert "Chợ Buôn Ma Thuột" in answer.text
    assert session.scalars(select(ReferencePrice)).all() == []


def test_there_is_nothing_of_an_unknown_good(desk, session):
    assert desk.get(f"{LIST}/gold").status_code == 404
