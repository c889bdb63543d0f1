"""Searches that buyers keep: who may, once each, and every change told once."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.sourcing.searches import operations, queries
from marketplace.sourcing.searches.errors import (
    SearchNameMissingError,
    SearchNotFoundError,
    SearchTooLongError,
    TooManySearchesError,
)
from marketplace.sourcing.searches.rules import MOST_KEPT, changes_between, told
from models.accounts import Role
from models.notifications import Message
from models.platform import AuditEvent
from models.supply import SavedSearch
from tests.factories.accounts import MembershipFactory, OrganisationFactory, member_of, officer
from tests.factories.searches import SavedSearchFactory
from tests.moments import MONDAY, TUESDAY

TONNE = 1_000_000


@pytest.fixture
def buyer(session):
    return OrganisationFactory(enterprise=True, code="CAPHEDN")


@pytest.fixture
def actor(buyer):
    return member_of(buyer, Role.BUYER)


def save(actor, buyer, **values):
    given = {"name": "Robusta", "query": "q=robusta", "found": {}, **values}
    return operations.save_search(actor=actor, buyer=buyer, at=MONDAY, **given)


def deeds(session):
    return session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()


def outsiders(buyer):
    """Everybody else, and people of the buyer who have no business with its supply."""
    return [
        member_of(OrganisationFactory(enterprise=True), Role.BUYER),
        member_of(OrganisationFactory(), Role.DIRECTOR),
        officer(),
        member_of(buyer, Role.WAREHOUSE),
    ]


class TestSaving:
    def test_keeps_and_watches(self, session, buyer, actor):
        search = save(actor, buyer, name="  Robusta   vụ mới ", found={7: TONNE})

        assert (search.name, search.query, search.is_watched) == (
            "Robusta vụ mới",
            "q=robusta",
            True,
        )
        assert (search.found, search.found_count, search.looked_at) == ({"7": TONNE}, 1, MONDAY)
        assert search.created_by_id == actor.user_id
        assert deeds(session) == ["sourcing.save_search"]

    def test_twice_is_once(self, session, buyer, actor):
        first = save(actor, buyer)
        again = save(actor, buyer, name="Tên khác")

        assert again.id == first.id
        assert session.scalars(select(SavedSearch.name)).all() == ["Robusta"]
        assert deeds(session) == ["sourcing.save_search"]

    def test_two_buyers_may_keep_the_same(self, session, buyer, actor):
        other = OrganisationFactory(enterprise=True)
        save(actor, buyer)
        save(member_of(other, Role.BUYER), other)

        assert len(session.scalars(select(SavedSearch)).all()) == 2

    @pytest.mark.parametrize("name", ["", "   "])
    def test_needs_a_name(self, session, buyer, actor, name):
        with pytest.raises(SearchNameMissingError):
            save(actor, buyer, name=name)

        assert session.scalars(select(SavedSearch)).all() == []

    def test_has_a_longest_address(self, buyer, actor):
        save(actor, buyer, query="q" * 2000)
        with pytest.raises(SearchTooLongError):
            save(actor, buyer, query="q" * 2001)

    def test_so_many_and_no_more(self, session, buyer, actor):
        for number in range(MOST_KEPT):
            save(actor, buyer, query=f"q={number}")
        with pytest.raises(TooManySearchesError):
            save(actor, buyer, query="q=one-more")

        assert save(actor, buyer, query="q=0").query == "q=0"
        assert len(session.scalars(select(SavedSearch)).all()) == MOST_KEPT

    def test_is_for_people_of_the_buyers_desk(self, session, buyer):
        for outsider in outsiders(buyer):
            with pytest.raises(NotAllowedError):
                save(outsider, buyer)
            with pytest.raises(NotAllowedError):
                queries.searches_of(buyer, viewer=outsider)

        assert session.scalars(select(SavedSearch)).all() == []


class TestChanging:
    @pytest.fixture
    def search(self, session, buyer):
        return SavedSearchFactory(organisation=buyer, name="Robusta", found={"7": 1})

    def test_another_name(self, session, actor, search):
        def rename(name):
            return operations.rename_search(actor=actor, search_id=search.id, name=name, at=TUESDAY)

        assert rename("Cà phê") is True
        assert rename(" Cà  phê") is False
        with pytest.raises(SearchNameMissingError):
            rename(" ")
        assert search.name == "Cà phê"
        assert deeds(session) == ["sourcing.rename_search"]

    def test_watching_begins_anew(self, session, actor, search):
        def watch(is_watched):
            return operations.watch_search(
                actor=actor, search_id=search.id, is_watched=is_watched, at=TUESDAY
            )

        assert (watch(True), watch(False), watch(False), watch(True)) == (False, True, False, True)
        assert (search.is_watched, search.found) == (True, None)
        assert deeds(session) == ["sourcing.unwatch_search", "sourcing.watch_search"]

    def test_removing(self, session, actor, search):
        operations.remove_search(actor=actor, search_id=search.id, at=TUESDAY)

        assert session.scalars(select(SavedSearch)).all() == []
        with pytest.raises(SearchNotFoundError):
            operations.remove_search(actor=actor, search_id=search.id, at=TUESDAY)
        assert deeds(session) == ["sourcing.remove_search"]

    def test_is_for_people_of_the_buyers_desk(self, session, buyer, search):
        for outsider in outsiders(buyer):
            for change in (
                lambda who: operations.rename_search(
                    actor=who, search_id=search.id, name="Khác", at=TUESDAY
                ),
                lambda who: operations.watch_search(
                    actor=who, search_id=search.id, is_watched=False, at=TUESDAY
                ),
                lambda who: operations.remove_search(actor=who, search_id=search.id, at=TUESDAY),
                lambda who: queries.get_search(search.id, viewer=who),
            ):
                with pytest.raises((NotAllowedError, SearchNotFoundError)):
                    change(outsider)

        assert (search.name, search.is_watched) == ("Robusta", True)
        assert deeds(session) == []


class TestChangesBetween:
    def test_new_gone_more_less(self):
        changes = changes_between({1: 100, 2: 100, 3: 100, 4: 100}, {2: 100, 3: 111, 4: 89, 5: 7})

        assert [each.seller_id for each in changes.came] == [5]
        assert [each.seller_id for each in changes.went] == [1]
        assert [each.seller_id for each in changes.more] == [3]
        assert [each.seller_id for each in changes.less] == [4]

    @pytest.mark.parametrize(
        ("now", "is_told"), [(110, False), (111, True), (90, False), (89, True)]
    )
    def test_border(self, now, is_told):
        assert bool(changes_between({1: 100}, {1: now})) is is_told

    def test_small_steps_add_up(self):
        known, told_at = {1: 1000}, []
        for now in (1080, 1160, 1240):
            changes = changes_between(known, {1: now})
            known = told(known, changes)
            told_at.append(bool(changes))

        assert told_at == [False, True, False]
        assert known == {1: 1160}


class TestTelling:
    @pytest.fixture
    def saver(self, buyer):
        return MembershipFactory(organisation=buyer, role=Role.BUYER)

    @pytest.fixture
    def search(self, buyer, saver):
        return SavedSearchFactory(
            organisation=buyer, saver=saver.user, name="Robusta", query="q=robusta&tinh=66"
        )

    @pytest.fixture
    def sellers(self, session):
        return [OrganisationFactory(name=name) for name in ("HTX An", "HTX Bình", "HTX Cam")]

    def tell(self, search, found, day=0):
        return operations.tell_changes(
            search_id=search.id, found=found, at=TUESDAY + timedelta(days=day)
        )

    def mails(self, session):
        return session.scalars(select(Message).order_by(Message.id)).all()

    def test_the_first_look_tells_nothing(self, session, search, sellers):
        assert self.tell(search, {sellers[0].id: TONNE}) is None

        assert self.mails(session) == []
        assert search.found == {str(sellers[0].id): TONNE}

    def test_every_change_once(self, session, search, sellers, saver):
        an, binh, cam = (each.id for each in sellers)
        self.tell(search, {an: 10 * TONNE, binh: 4 * TONNE})

        self.tell(search, {an: 12 * TONNE, cam: 3 * TONNE}, 1)
        self.tell(search, {an: 12 * TONNE, cam: 3 * TONNE}, 1)
        self.tell(search, {an: 12 * TONNE, cam: 3 * TONNE}, 2)

        [mail] = self.mails(session)
        assert mail.recipient == saver.user.email
        for words in (
            "HTX Cam: còn 3\N{NO-BREAK SPACE}tấn",
            "HTX An: 10\N{NO-BREAK SPACE}tấn → 12\N{NO-BREAK SPACE}tấn",
            "HTX Bình",
            "/mua-hang/CAPHEDN/nguon-hang?q=robusta&tinh=66",
        ):
            assert words in mail.body_text
        assert search.found_count == 2

    def test_there_and_back_again_is_told_both_times(self, session, search, sellers):
        an = sellers[0].id
        for day, tonnes in enumerate((10, 20, 10, 20)):
            self.tell(search, {an: tonnes * TONNE}, day)

        assert len(self.mails(session)) == 3

    def test_in_the_readers_language(self, session, search, sellers, saver):
        saver.user.locale = "en"
        self.tell(search, {})
        self.tell(search, {sellers[0].id: TONNE}, 1)

        [mail] = self.mails(session)
        assert "/en/mua-hang/CAPHEDN/nguon-hang" in mail.body_text
        assert "HTX An: 1\N{NO-BREAK SPACE}t free" in mail.body_text

    def test_the_directors_where_the_saver_has_left(self, session, buyer, search, sellers, saver):
        director = MembershipFactory(organisation=buyer).user
        saver.ended_at = MONDAY
        self.tell(search, {})
        self.tell(search, {sellers[0].id: TONNE}, 1)

        assert [mail.recipient for mail in self.mails(session)] == [director.email]

    def test_nothing_while_nobody_watches(self, session, search, sellers):
        search.is_watched = False
        session.flush()

        assert self.tell(search, {sellers[0].id: TONNE}) is None
        assert search.found is None

    def test_long_lists_are_cut(self, session, search):
        self.tell(search, {})
        self.tell(search, {OrganisationFactory().id: TONNE for _ in range(23)}, 1)

        [mail] = self.mails(session)
        assert mail.body_text.count("còn 1\N{NO-BREAK SPACE}tấn") == 20
        assert "Và 3 thay đổi khác." in mail.body_text

    def test_only_what_verified_buyers_watch_is_compared(self, session, buyer, search):
        unwatched = SavedSearchFactory(organisation=buyer, is_watched=False)
        pending = SavedSearchFactory(organisation__verification="pending")

        assert queries.watched_searches() == [(search.id, "q=robusta&tinh=66")]
        assert unwatched.id != pending.id
