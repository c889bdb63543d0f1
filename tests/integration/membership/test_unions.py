"""Cooperatives come into unions and leave them; a union sees sums and nothing single."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel import states
from marketplace.membership.unions import operations, queries
from marketplace.membership.unions.errors import (
    CooperativeUnknownError,
    LeavingDayError,
    UnitNotFoundError,
)
from marketplace.platform.database import session as db_session
from marketplace.platform.transaction import transaction
from marketplace.reporting.unions import roll_up
from models.accounts import Organisation, OrganisationKind, Role
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from models.unions import UnionMembership
from tests.factories.accounts import OrganisationFactory, acting, member_of, officer
from tests.factories.certification import CertificateFactory
from tests.factories.revenue import deliver
from tests.factories.unions import UnionMembershipFactory
from tests.moments import FRIDAY, MONDAY, TUESDAY
from tests.racing import meet_after

TODAY = date(2026, 11, 22)


def a_union(**values):
    return OrganisationFactory(kind=OrganisationKind.UNION, **values)


def propose(union, member, actor=None):
    return operations.propose_membership(
        actor=actor or member_of(union), union=union, code=member.code, at=MONDAY
    )


def accept(unit, actor, at=TUESDAY):
    return operations.accept_membership(actor=actor, unit_id=unit.id, at=at)


def decline(unit, actor):
    return operations.decline_membership(actor=actor, unit_id=unit.id, at=TUESDAY)


def end(unit, actor, left_on=date(2026, 11, 6)):
    return operations.end_membership(actor=actor, unit_id=unit.id, left_on=left_on, at=FRIDAY)


def told(session):
    keys = session.scalars(select(Message.key).order_by(Message.id))
    return [key.partition(":")[0] for key in keys]


class TestPropose:
    def test_is_written_down_and_told(self, session):
        union, cooperative = a_union(), OrganisationFactory()
        member_of(cooperative)

        unit = propose(union, cooperative)

        assert (unit.state, unit.joined_on, unit.member_id) == ("proposed", None, cooperative.id)
        assert told(session) == ["union_proposed"]
        assert session.scalars(select(AuditEvent.action)).all() == ["membership.propose_union"]

    @pytest.mark.parametrize("traits", [{"proposed": True}, {}])
    def test_what_is_open_stays_as_it_is(self, session, traits):
        unit = UnionMembershipFactory(**traits)
        union = session.get_one(Organisation, unit.union_id)
        member = session.get_one(Organisation, unit.member_id)

        assert propose(union, member) is unit
        assert told(session) == []

    @pytest.mark.parametrize("by", ["code", "lower", "tax_code"])
    def test_it_is_found_by_code_or_tax_code(self, session, by):
        union = a_union()
        member = OrganisationFactory(code="CUMGAR", tax_code="6001234567")
        typed = {"code": "CUMGAR", "lower": " cumgar ", "tax_code": "6001234567"}[by]

        unit = operations.propose_membership(
            actor=member_of(union), union=union, code=typed, at=MONDAY
        )

        assert unit.member_id == member.id

    @pytest.mark.parametrize(
        "traits", [{"kind": "union"}, {"kind": "group"}, {"enterprise": True}, {"alliance": True}]
    )
    def test_members_are_cooperatives(self, session, traits):
        with pytest.raises(CooperativeUnknownError):
            propose(a_union(), OrganisationFactory(**traits))

    def test_not_closed_ones(self, session):
        with pytest.raises(CooperativeUnknownError):
            propose(a_union(), OrganisationFactory(verification="closed"))

    def test_is_for_the_director_of_a_union(self, session):
        union, cooperative = a_union(), OrganisationFactory()
        outsiders = (
            (member_of(union, Role.ACCOUNTANT), union),
            (member_of(cooperative), union),
            (member_of(cooperative), cooperative),
            (officer(), union),
        )

        for actor, proposer in outsiders:
            with pytest.raises(NotAllowedError):
                propose(proposer, OrganisationFactory(), actor)

        assert session.scalars(select(UnionMembership)).all() == []


class TestAnswer:
    @pytest.fixture
    def sides(self, session):
        union, cooperative = a_union(), OrganisationFactory()
        leader, director = member_of(union), member_of(cooperative)
        return UnionMembershipFactory(union=union, member=cooperative, proposed=True), (
            leader,
            director,
        )

    def test_the_cooperative_joins(self, session, sides):
        unit, (_leader, director) = sides

        assert [accept(unit, director), accept(unit, director)] == [True, False]

        assert (unit.state, unit.joined_on) == ("active", date(2026, 11, 3))
        assert told(session) == ["union_joined"]
        assert len(session.scalars(select(StateChange)).all()) == 1

    def test_only_the_cooperative_joins_itself(self, session, sides):
        unit, (leader, _director) = sides
        cooperative = session.get_one(Organisation, unit.member_id)

        for actor in (leader, member_of(OrganisationFactory()), officer()):
            with pytest.raises(UnitNotFoundError):
                accept(unit, actor)
        with pytest.raises(NotAllowedError):
            accept(unit, member_of(cooperative, Role.SALES))

        assert unit.state == "proposed"

    @pytest.mark.parametrize("who", [0, 1])
    def test_either_drops_the_proposal(self, session, sides, who):
        unit, people = sides

        assert [decline(unit, people[who]), decline(unit, people[who])] == [True, False]

        assert unit.state == "declined"
        assert told(session) == ["union_declined"]
        with pytest.raises(states.NotAllowedError):
            accept(unit, people[1])

    def test_strangers_do_not(self, session, sides):
        unit, _people = sides

        with pytest.raises(UnitNotFoundError):
            decline(unit, member_of(a_union()))
        with pytest.raises(UnitNotFoundError):
            operations.decline_membership(actor=officer(), unit_id=987654321, at=MONDAY)
        assert unit.state == "proposed"

    @pytest.mark.parametrize("who", [0, 1])
    def test_either_ends_it_with_a_date(self, session, sides, who):
        unit, people = sides
        accept(unit, people[1])

        assert [end(unit, people[who]), end(unit, people[who])] == [unit, None]

        assert (unit.state, unit.left_on) == ("ended", date(2026, 11, 6))
        assert told(session) == ["union_joined", "union_left"]

    @pytest.mark.parametrize("day", [date(2026, 11, 2), date(2026, 11, 7)])
    def test_not_before_it_began_nor_in_the_future(self, session, sides, day):
        unit, people = sides
        accept(unit, people[1])

        with pytest.raises(LeavingDayError):
            end(unit, people[0], day)

        assert unit.state == "active"

    def test_what_never_began_does_not_end(self, session, sides):
        unit, people = sides

        with pytest.raises(states.NotAllowedError):
            end(unit, people[0])

    def test_who_left_can_come_back_on_the_same_day(self, session, sides):
        unit, (leader, director) = sides
        accept(unit, director)
        end(unit, leader)
        union = session.get_one(Organisation, unit.union_id)
        cooperative = session.get_one(Organisation, unit.member_id)

        again = propose(union, cooperative, leader)
        accept(again, director, at=FRIDAY)

        assert again.id != unit.id
        assert again.joined_on == date(2026, 11, 6)


class TestTheDatabase:
    def test_periods_of_the_same_two_do_not_overlap(self, session):
        unit = UnionMembershipFactory(ended=True)
        union = session.get_one(Organisation, unit.union_id)
        member = session.get_one(Organisation, unit.member_id)
        UnionMembershipFactory(union=union, member=member, joined_on=date(2026, 2, 1))

        with pytest.raises(IntegrityError, match="periods_apart"):
            UnionMembershipFactory(
                union=union,
                member=member,
                ended=True,
                joined_on=date(2026, 1, 31),
                left_on=date(2026, 3, 1),
            )

    def test_a_cooperative_may_be_in_two_unions(self, session):
        cooperative = OrganisationFactory()

        for _ in range(2):
            UnionMembershipFactory(member=cooperative)

        assert len(session.scalars(select(UnionMembership)).all()) == 2

    @pytest.mark.parametrize(
        "values",
        [
            {"state": "proposed"},  # with a day
            {"joined_on": None},
            {"left_on": date(2026, 1, 1)},  # and still active
            {"ended": True, "left_on": date(2024, 1, 1)},
        ],
    )
    def test_days_fit_the_state(self, session, values):
        with pytest.raises(IntegrityError):
            UnionMembershipFactory(**values)


class TestReading:
    def test_each_side_sees_the_other(self, session):
        unit = UnionMembershipFactory()
        union = session.get_one(Organisation, unit.union_id)
        member = session.get_one(Organisation, unit.member_id)

        [seen] = queries.units_of(union, viewer=member_of(union))
        [back] = queries.units_of(member, viewer=member_of(member))

        assert (seen.name, back.name) == (member.name, union.name)
        assert [each.slug for each in queries.public_units(union.id)] == [member.slug]
        assert [each.slug for each in queries.public_units(member.id)] == [union.slug]

    @pytest.mark.parametrize("traits", [{"proposed": True}, {"ended": True}])
    def test_everybody_sees_only_what_holds(self, session, traits):
        unit = UnionMembershipFactory(**traits)

        assert queries.public_units(unit.union_id) == []

    def test_everybody_sees_only_who_is_on_the_market(self, session):
        unit = UnionMembershipFactory(member=OrganisationFactory(suspended=True))

        assert queries.public_units(unit.union_id) == []

    def test_is_for_directors(self, session):
        unit = UnionMembershipFactory()
        union = session.get_one(Organisation, unit.union_id)

        for viewer in (member_of(union, Role.SALES), member_of(a_union()), officer()):
            with pytest.raises(NotAllowedError):
                queries.units_of(union, viewer=viewer)
            with pytest.raises(NotAllowedError):
                roll_up(union, viewer=viewer, today=TODAY)


class TestRollUp:
    @pytest.fixture
    def union(self, session):
        return a_union()

    def join(self, union, *, sells_at=None, **values):
        cooperative = OrganisationFactory(member_count=100)
        UnionMembershipFactory(union=union, member=cooperative, **values)
        if sells_at is not None:
            deliver(at=sells_at, organisation=cooperative)

    def rolled(self, union):
        return roll_up(union, viewer=member_of(union), today=TODAY)

    def test_counts_members_and_certificates_that_hold(self, union):
        for traits in ({}, {"ended": True}, {"proposed": True}):
            cooperative = OrganisationFactory(member_count=100)
            UnionMembershipFactory(union=union, member=cooperative, **traits)
            for state in ({}, {"waiting": True}, {"expired": True}):
                CertificateFactory(organisation=cooperative, **state)

        found = self.rolled(union)

        assert (found.cooperatives, found.members, found.certificates) == (1, 100, 1)

    def test_two_sellers_are_not_added_up_three_are(self, session, union):
        for _ in range(2):
            self.join(union, sells_at=MONDAY.replace(month=10))
        self.join(union)
        assert self.rolled(union).revenue_minor is None

        self.join(union, sells_at=MONDAY.replace(month=9))

        revenue = self.rolled(union).revenue_minor
        assert revenue is not None
        assert revenue > 0

    @pytest.mark.parametrize(
        "at",
        [
            datetime(2026, 11, 2, 9, tzinfo=UTC),  # the month is not over
            datetime(2025, 10, 31, 9, tzinfo=UTC),  # longer ago than twelve months
        ],
    )
    def test_only_the_twelve_full_months_count(self, union, at):
        for _ in range(3):
            self.join(union, sells_at=at)

        assert self.rolled(union).revenue_minor is None

    def test_what_was_sold_before_joining_is_not_the_unions(self, union):
        for _ in range(3):
            self.join(union, sells_at=MONDAY.replace(month=9), joined_on=date(2026, 9, 3))

        assert self.rolled(union).revenue_minor is None

    def test_who_left_counts_no_more(self, union):
        for traits in ({}, {}, {"ended": True}):
            self.join(union, sells_at=datetime(2026, 1, 12, 9, tzinfo=UTC), **traits)

        assert self.rolled(union).revenue_minor is None


class TestTwoAtOnce:
    @pytest.fixture
    def market(self, committed_database):
        with committed_database.app.app_context():
            yield committed_database
            db_session.rollback()

    @pytest.fixture
    def sides(self, market):
        union, cooperative = a_union(), OrganisationFactory(code="CUMGAR")
        found = union.id, [member_of(union) for _ in range(2)]
        member_of(cooperative)
        db_session.commit()
        return found

    def propose_at_once(self, market, sides):
        union_id, actors = sides
        started = threading.Barrier(2)

        def run(index):
            with market.app.app_context():
                started.wait()
                try:
                    with transaction():
                        union = db_session.get_one(Organisation, union_id)
                        made = operations.propose_membership(
                            actor=actors[index], union=union, code="CUMGAR", at=MONDAY
                        )
                        return made.id
                except IntegrityError:
                    return "refused"

        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(run, range(2)))

    def test_two_proposals_are_one(self, market, sides):
        first, second = self.propose_at_once(market, sides)

        assert first == second

    def test_without_the_lock_the_database_would_have_to_refuse(self, market, sides, monkeypatch):
        monkeypatch.setattr(operations, "lock_key", lambda *_: None)
        meet_after(monkeypatch, operations, "_open_between")

        assert "refused" in self.propose_at_once(market, sides)


def test_an_actor_of_neither_side_is_nobody(session):
    unit = UnionMembershipFactory(proposed=True)
    stranger = acting(type("Somebody", (), {"id": 1})())

    with pytest.raises(UnitNotFoundError):
        decline(unit, stranger)
