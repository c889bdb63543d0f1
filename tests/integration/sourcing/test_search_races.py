"""Two comparisons at once, two people who save at once: told once, kept once. With canaries."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor
from marketplace.jobs import searches as jobs
from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.reporting.periods import add_months, month_of
from marketplace.sourcing.searches import operations, queries
from models.accounts import OrganisationKind, Role
from models.notifications import Message
from models.supply import SavedSearch
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.searches import SavedSearchFactory
from tests.factories.supply import SupplyFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

TONNE = 1_000_000


@dataclass(frozen=True)
class Saver:
    """A buyer of an enterprise, whatever session is at hand; the enterprise itself, too."""

    user_id: int
    organisation_id: int

    @property
    def actor(self):
        return Actor(self.user_id, self.organisation_id, OrganisationKind.ENTERPRISE, Role.BUYER)

    def keeps(self, **values):
        """A search of theirs."""
        return SavedSearchFactory(
            organisation_id=self.organisation_id, created_by_id=self.user_id, **values
        )


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


@pytest.fixture
def saver(market):
    membership = MembershipFactory(
        organisation=OrganisationFactory(enterprise=True), role=Role.BUYER
    )
    saver = Saver(membership.user_id, membership.organisation_id)
    session.commit()
    return saver


def together(market, *acts):
    """Do them at the same moment, each in a transaction of its own."""
    started = threading.Barrier(len(acts))

    def run(act):
        with market.app.app_context():
            started.wait()
            with transaction():
                act()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def mails():
    session.rollback()
    return session.scalar(select(func.count()).select_from(Message))


class TestTelling:
    @pytest.fixture
    def search_id(self, market, saver):
        made = saver.keeps(found={"1": TONNE})
        session.commit()
        return made.id

    def tell(self, search_id, at):
        return lambda: operations.tell_changes(search_id=search_id, found={1: 2 * TONNE}, at=at)

    def test_the_canary_tells_twice_without_the_lock(self, market, search_id, monkeypatch):
        both = threading.Barrier(2, timeout=30)

        def look_and_wait(statement):
            row = session.scalar(statement)
            both.wait()
            return row

        monkeypatch.setattr(queries, "lock_one", look_and_wait)
        together(market, self.tell(search_id, TUESDAY), self.tell(search_id, WEDNESDAY))

        assert mails() == 2

    def test_two_comparisons_tell_once(self, market, search_id):
        together(market, self.tell(search_id, TUESDAY), self.tell(search_id, WEDNESDAY))

        assert mails() == 1


class TestSaving:
    def save(self, saver, query):
        return lambda: operations.save_search(
            actor=saver.actor, buyer=saver, name="Robusta", query=query, found={}, at=MONDAY
        )

    def test_the_same_at_once_is_kept_once(self, market, saver):
        together(market, *[self.save(saver, "q=robusta")] * 3)

        session.rollback()
        assert session.scalar(select(func.count()).select_from(SavedSearch)) == 1

    def test_the_canary_finds_it_missing_twice_without_the_name(self, market, saver, monkeypatch):
        both = threading.Barrier(2, timeout=30)
        seen = []

        def look_and_wait(buyer, query):
            seen.append(queries.find_kept(buyer, query))
            both.wait()
            return seen[-1]

        monkeypatch.setattr(operations, "lock_key", lambda *_name: None)
        monkeypatch.setattr(operations, "find_kept", look_and_wait)
        with pytest.raises(Exception, match="uq_saved_searches_organisation_id"):
            together(market, *[self.save(saver, "q=robusta")] * 2)

        assert seen == [None, None]


class TestTheClock:
    def test_compares_every_watched_search_and_tells_once(self, market, saver):
        month = add_months(month_of(business_day(now())), 1)
        product = ProductFactory(name_vi="Cà phê Robusta")
        other = ProductFactory(name_vi="Gạo", name_en="Rice")
        for each in (product, other):
            SupplyFactory(product=each, month=month)
        for query, name in (("q=robusta", "Cà phê"), ("q=gao", "Gạo"), ("den=2020-01", "Cũ")):
            saver.keeps(query=query, name=name)
        session.commit()
        jobs.compare_searches()
        assert mails() == 0

        SupplyFactory(product=ProductFactory(name_vi="Robusta mới"), month=month)
        session.commit()
        jobs.compare_searches()
        jobs.compare_searches(more="from a newer version")

        assert mails() == 1
        assert session.scalar(select(Message.subject)) == "Nguồn hàng thay đổi: Cà phê"
        counts = {each.name: each.found_count for each in session.scalars(select(SavedSearch))}
        assert counts == {"Cà phê": 2, "Gạo": 1, "Cũ": 0}

    def test_one_that_fails_does_not_keep_the_others(self, market, saver, monkeypatch):
        first, second = (saver.keeps() for _ in range(2))
        session.commit()
        tell = operations.tell_changes

        def break_one(*, search_id, **values):
            if search_id == first_id:
                raise RuntimeError("broken")
            return tell(search_id=search_id, **values)

        first_id, second_id = first.id, second.id
        monkeypatch.setattr(operations, "tell_changes", break_one)
        jobs.compare_searches()

        session.rollback()
        looked = {each.id: each.found for each in session.scalars(select(SavedSearch))}
        assert looked == {first_id: None, second_id: {}}
