"""The alliance publishes what things cost; a contract asks for a day."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.references import operations, queries
from marketplace.contracts.references.errors import (
    ReferenceAmountError,
    ReferenceDayError,
    ReferenceSourceError,
    UnknownReferenceError,
)
from marketplace.platform.database import session as database
from marketplace.platform.pagination import PageRequest
from models.accounts import Role
from models.contracts import ReferencePrice
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of, officer, provincial_officer
from tests.moments import MONDAY, MONDAY_DAY
from tests.racing import both, meet_after, unlocked

SOURCE = "Bản tin giá, Sở Công Thương Đắk Lắk"


def publish(actor=None, **changes):
    values = {
        "code": "robusta",
        "day": MONDAY_DAY,
        "price_minor": 118_500,
        "source": SOURCE,
        "at": MONDAY,
    }
    return operations.publish_price(actor=actor or officer(), **values | changes)


def counted():
    return database.scalar(select(func.count()).select_from(ReferencePrice))


@pytest.mark.usefixtures("session")
class TestPublishing:
    def test_a_price_stands_with_its_source_and_is_written_down(self, session):
        actor = officer()

        made = publish(actor, source=f"  {SOURCE} ")

        assert (made.code, made.day, made.price_minor) == ("robusta", MONDAY_DAY, 118_500)
        assert (made.source, made.by_id, made.at) == (SOURCE, actor.user_id, MONDAY)
        event = session.scalars(
            select(AuditEvent).where(AuditEvent.action == "contracts.publish_price")
        ).one()
        assert event.after["price_minor"] == 118_500

    def test_twice_is_once(self):
        assert publish() is publish()
        assert counted() == 1

    def test_a_correction_is_a_later_row_and_counts(self):
        first = publish()
        second = publish(price_minor=118_700)

        assert counted() == 2
        assert queries.price_on("robusta", MONDAY_DAY) is second
        assert first.price_minor == 118_500

    def test_an_officer_of_a_province_may(self):
        assert publish(provincial_officer("66")).price_minor == 118_500

    def test_nobody_else_may(self):
        director = member_of(OrganisationFactory(), Role.DIRECTOR)
        with pytest.raises(NotAllowedError):
            publish(director)
        assert counted() == 0

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"code": "gold"}, UnknownReferenceError),
            ({"day": MONDAY_DAY + timedelta(days=1)}, ReferenceDayError),
            ({"day": MONDAY_DAY - timedelta(days=61)}, ReferenceDayError),
            ({"price_minor": 0}, ReferenceAmountError),
            ({"price_minor": 10_000_001}, ReferenceAmountError),
            ({"source": "  "}, ReferenceSourceError),
            ({"source": "x" * 201}, ReferenceSourceError),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, changes, error):
        with pytest.raises(error):
            publish(**changes)
        assert counted() == 0

    def test_the_borders_are_taken(self):
        publish(day=MONDAY_DAY - timedelta(days=60), price_minor=1, source="x" * 200)
        publish(price_minor=10_000_000)
        assert counted() == 2


@pytest.mark.usefixtures("session")
class TestReading:
    def test_a_day_without_one_has_the_last_before_it(self):
        old = publish(day=date(2026, 10, 28), price_minor=117_000)
        new = publish(day=date(2026, 10, 31), price_minor=118_000)

        assert queries.price_on("robusta", date(2026, 10, 27)) is None
        assert queries.price_on("robusta", date(2026, 10, 28)) is old
        assert queries.price_on("robusta", date(2026, 10, 30)) is old
        assert queries.price_on("robusta", date(2026, 10, 31)) is new
        assert queries.price_on("robusta", date(2027, 10, 31)) is new
        assert queries.price_on("arabica", date(2026, 10, 31)) is None

    def test_officers_see_the_last_of_each(self):
        publish(day=date(2026, 10, 28), price_minor=117_000)
        last = publish()

        rows = queries.last_prices(viewer=officer())

        assert {row.good.code: row.price for row in rows if row.price} == {"robusta": last}
        assert {"arabica", "pepper"} < {row.good.code for row in rows}

    def test_officers_see_all_of_one_good(self):
        first = publish(day=date(2026, 10, 28))
        second = publish()
        third = publish(price_minor=118_700)

        good, page = queries.published("robusta", viewer=officer(), page=PageRequest())

        assert good.code == "robusta"
        assert list(page.rows) == [third, second, first]

    def test_others_do_not(self):
        director = member_of(OrganisationFactory(), Role.DIRECTOR)
        with pytest.raises(NotAllowedError):
            queries.last_prices(viewer=director)
        with pytest.raises(NotAllowedError):
            queries.published("robusta", viewer=director, page=PageRequest())

    def test_what_nobody_publishes_is_not_found(self):
        with pytest.raises(UnknownReferenceError):
            queries.published("gold", viewer=officer(), page=PageRequest())


class TestTwoAtOnce:
    @pytest.fixture
    def actor(self, market):
        made = officer()
        database.commit()
        return made

    def test_one_price_is_published_once(self, market, actor):
        both(market, lambda _: publish(actor))

        assert counted() == 1

    def test_without_the_lock_it_would_be_twice(self, market, actor, monkeypatch):
        unlocked(monkeypatch, operations)
        meet_after(monkeypatch, operations.queries, "price_of_day")

        both(market, lambda _: publish(actor))

        assert counted() == 2
