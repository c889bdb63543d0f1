"""Who may be let act for a cooperative, what ends it besides a director, and who is told."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts import consents
from marketplace.accounts.consent_errors import ConsentEndedError, HelperUnknownError
from marketplace.accounts.operations import consents as operations
from marketplace.accounts.operations.consents import Cause, NewConsent
from marketplace.accounts.permissions import NotAllowedError, Permission, authorize
from marketplace.accounts.queries import get_user
from marketplace.jobs import accounts as jobs
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.workflows import consenting, standing
from models.accounts import Organisation, Role
from models.consents import Consent
from models.notifications import Message
from models.platform import AuditEvent
from models.unions import UnionMembershipState
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
    officer,
)
from tests.factories.consents import ConsentFactory, helping
from tests.factories.unions import UnionMembershipFactory
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

TODAY = business_day(MONDAY)
UNTIL = TODAY + timedelta(days=90)


@pytest.fixture
def htx(session):
    return OrganisationFactory()


@pytest.fixture
def director(htx):
    return member_of(htx)


@pytest.fixture
def union(session):
    return OrganisationFactory(kind="union")


@pytest.fixture
def leader(union):
    return member_of(union)


@pytest.fixture
def unit(htx, union):
    return UnionMembershipFactory(union=union, member=htx)


@pytest.fixture
def sides(director, leader):
    """The addresses of both sides."""
    return addresses(director, leader)


@pytest.fixture
def consent(htx, union, leader, director):
    return ConsentFactory(
        organisation=htx,
        helper_organisation_id=union.id,
        granted_by_id=director.user_id,
        until_on=UNTIL,
    )


def grant(director, htx, helper, at=MONDAY, until_on=UNTIL):
    wanted = NewConsent(htx.id, helper.slug, ("products",), until_on)
    return consenting.grant_consent(actor=director, consent=wanted, at=at)


def mails(session, template):
    return {
        message.recipient: message
        for message in session.scalars(select(Message).order_by(Message.id))
        if message.key.startswith(f"{template}:")
    }


def addresses(*actors):
    return {get_user(actor.user_id).email for actor in actors}


def causes(session):
    return [
        (event.actor_user_id, event.after["cause"])
        for event in session.scalars(select(AuditEvent).order_by(AuditEvent.id))
        if event.action == "accounts.consent_ended"
    ]


class TestGranting:
    def test_a_union_that_it_belongs_to_and_both_sides_are_told_once(
        self, session, unit, director, leader
    ):
        htx, union = (session.get(Organisation, each) for each in (unit.member_id, unit.union_id))
        row = grant(director, htx, union)
        assert grant(director, htx, union, TUESDAY) is row

        told = mails(session, "consent_granted")
        assert set(told) == addresses(director, leader)
        assert len(session.scalars(select(Message)).all()) == 2
        for message in told.values():
            assert message.subject == f"{union.name} được làm thay {htx.name}"
            assert f"đến hết {UNTIL:%d/%m/%Y}" in message.body_text
        ours, theirs = (told[next(iter(addresses(each)))] for each in (director, leader))
        assert f"/quay/{htx.code}/uy-quyen" in ours.body_text
        assert "/lam-thay" in theirs.body_text

    @pytest.mark.parametrize(
        "membership",
        [
            None,
            {"proposed": True},
            {"ended": True},
            {"joined_on": TODAY + timedelta(days=1)},
            {"state": UnionMembershipState.ENDED, "left_on": TODAY},
        ],
    )
    def test_no_union_that_it_does_not_belong_to_today(self, session, director, union, membership):
        htx = session.get(Organisation, director.organisation_id)
        if membership is not None:
            UnionMembershipFactory(union=union, member=htx, **membership)

        assert consenting.helper_choices(htx, on=TODAY) == []
        with pytest.raises(HelperUnknownError):
            grant(director, htx, union)
        assert session.scalar(select(Consent)) is None
        assert session.scalar(select(Message)) is None

    def test_the_list_has_whom_it_may_choose_and_nobody_else(self, htx, union, unit):
        province = htx.province_code
        national = OrganisationFactory(alliance=True)
        own = OrganisationFactory(alliance=True, covers_province_code=province)
        OrganisationFactory(alliance=True, covers_province_code="01")
        OrganisationFactory(kind="union")
        suspended = OrganisationFactory(kind="union", suspended=True)
        UnionMembershipFactory(union=suspended, member=htx)

        slugs = {slug for slug, _ in consenting.helper_choices(htx, on=TODAY)}

        assert slugs == {national.slug, own.slug, union.slug}


class TestWithdrawing:
    def test_tells_both_sides_once(self, session, director, sides, consent):
        for at in (TUESDAY, WEDNESDAY):
            consenting.end_consent(
                actor=director,
                organisation_id=consent.organisation_id,
                consent_id=consent.id,
                at=at,
            )

        told = mails(session, "consent_ended")
        assert set(told) == sides
        assert all("đã rút lại uỷ quyền" in each.body_text for each in told.values())
        assert causes(session) == [(director.user_id, "withdrawn")]


class TestLeavingTheUnion:
    @pytest.mark.parametrize("side", ["director", "leader"])
    def test_ends_it_at_once_whoever_ends_the_membership(self, request, unit, consent, sides, side):
        session, htx, actor = (request.getfixturevalue(each) for each in ("session", "htx", side))
        authorize(helping(consent), Permission.DESK_VIEW, htx)

        left = consenting.leave_union(
            actor=actor, unit_id=unit.id, left_on=date(2026, 3, 1), at=TUESDAY
        )

        assert left is unit
        assert (consent.ended_at, consent.ended_by_id) == (TUESDAY, actor.user_id)
        assert causes(session) == [(actor.user_id, "left_union")]
        with pytest.raises(ConsentEndedError):
            authorize(helping(consent), Permission.DESK_VIEW, htx)
        told = mails(session, "consent_ended")
        assert set(told) == sides
        assert all("không còn là thành viên" in each.body_text for each in told.values())

    def test_twice_is_once(self, session, unit, consent, director):
        for at in (TUESDAY, WEDNESDAY):
            consenting.leave_union(actor=director, unit_id=unit.id, left_on=TODAY, at=at)

        assert consent.ended_at == TUESDAY
        assert len(mails(session, "consent_ended")) == 2

    def test_leaves_what_others_were_allowed(self, session, htx, unit, union, director):
        alliances = ConsentFactory(organisation=htx)
        of_another = ConsentFactory(helper_organisation_id=union.id)

        consenting.leave_union(actor=director, unit_id=unit.id, left_on=TODAY, at=TUESDAY)

        assert (alliances.ended_at, of_another.ended_at) == (None, None)
        assert mails(session, "consent_ended") == {}

    def test_is_refused_to_others_and_nothing_changes(self, htx, unit, union, consent):
        with pytest.raises(NotAllowedError):
            consenting.leave_union(
                actor=member_of(htx, Role.SALES), unit_id=unit.id, left_on=TODAY, at=TUESDAY
            )
        for actor in (member_of(htx, Role.SALES), member_of(union, Role.SALES), officer()):
            with pytest.raises(NotAllowedError):
                operations.end_consents_in_union(actor=actor, union=union, member=htx, at=TUESDAY)
        assert consent.ended_at is None


class TestTheHelperLeavesTheMarket:
    @pytest.mark.parametrize(
        "ended_by",
        [
            (standing.suspend_organisation, "helper_suspended", "bị tạm dừng trên chợ"),
            (standing.close_organisation, "helper_closed", "đã rời chợ"),
        ],
    )
    def test_ends_everything_it_was_allowed(self, session, consent, director, sides, ended_by):
        act, cause, words = ended_by
        union = session.get(Organisation, consent.helper_organisation_id)
        htx = session.get(Organisation, consent.organisation_id)
        other = ConsentFactory(helper_organisation_id=union.id)
        over = ConsentFactory(
            helper_organisation_id=union.id,
            from_on=TODAY - timedelta(days=9),
            until_on=TODAY - timedelta(days=1),
        )
        actor = officer()

        for _ in range(2):
            act(actor=actor, code=union.code, reason="Lý do", at=TUESDAY)

        assert [each.ended_at for each in (consent, other, over)] == [TUESDAY, TUESDAY, None]
        assert causes(session) == [(actor.user_id, cause)] * 2
        with pytest.raises(ConsentEndedError):
            authorize(helping(consent), Permission.DESK_VIEW, htx)
        told = mails(session, "consent_ended")
        assert sides == set(told)
        assert all(words in each.body_text for each in told.values())
        [seen] = consents.consents_of(htx, viewer=director, at=TUESDAY)
        assert (seen.state, seen.cause) == ("ended", cause)

    def test_a_cooperative_off_the_market_ends_nothing_of_others(self, htx, consent):
        standing.suspend_organisation(actor=officer(), code=htx.code, reason="Lý do", at=TUESDAY)

        assert consent.ended_at is None

    def test_only_an_officer_can(self, union, consent, director, leader):
        for actor in (director, leader):
            with pytest.raises(NotAllowedError):
                consenting.end_consents_to(
                    actor=actor,
                    helper_organisation_id=union.id,
                    cause=Cause.HELPER_CLOSED,
                    at=TUESDAY,
                )
        assert consent.ended_at is None


class TestTheLastDay:
    @pytest.fixture
    def on(self, monkeypatch):
        def run(day):
            monkeypatch.setattr(jobs, "now", lambda: vietnam_midnight(day))
            jobs.tell_of_consents()

        return run

    def test_is_announced_once_a_week_before_and_once_after(self, session, consent, sides, on):
        on(UNTIL - timedelta(days=8))
        assert session.scalar(select(Message)) is None

        for days in (7, 6, 0):
            on(UNTIL - timedelta(days=days))
        assert set(mails(session, "consent_ending")) == sides
        assert mails(session, "consent_over") == {}

        for days in (1, 2, 7, 8):
            on(UNTIL + timedelta(days=days))
        assert set(mails(session, "consent_over")) == sides
        assert len(session.scalars(select(Message)).all()) == 4
        [ending, *_] = mails(session, "consent_ending").values()
        assert f"sắp hết hạn: {UNTIL:%d/%m/%Y}" in ending.subject
        [over, *_] = mails(session, "consent_over").values()
        assert f"đã hết sau ngày {UNTIL:%d/%m/%Y}" in over.body_text

    def test_a_week_or_less_is_only_told_when_it_is_over(self, session, htx, director, on):
        row = ConsentFactory(organisation=htx, until_on=TODAY + timedelta(days=7))

        on(TODAY + timedelta(days=1))
        assert session.scalar(select(Message)) is None
        on(row.until_on + timedelta(days=1))
        assert len(mails(session, "consent_over")) == 2

    def test_what_was_withdrawn_is_left_alone(self, session, consent, on):
        consent.ended_at = TUESDAY
        session.flush()

        on(UNTIL)
        on(UNTIL + timedelta(days=1))
        consenting.tell_of_last_day(consent_id=consent.id, at=vietnam_midnight(UNTIL))

        assert session.scalar(select(Message)) is None

    def test_one_that_fails_does_not_keep_the_others(self, session, consent, on, monkeypatch):
        other = ConsentFactory(until_on=UNTIL)
        real = consenting.tell_of_last_day

        def fails_once(*, consent_id, at):
            if consent_id == consent.id:
                raise RuntimeError
            real(consent_id=consent_id, at=at)

        monkeypatch.setattr(consenting, "tell_of_last_day", fails_once)
        on(UNTIL)

        keys = session.scalars(select(Message.key)).all()
        assert keys
        assert all(key.startswith(f"consent_ending:{other.id}:") for key in keys)

    def test_reaches_officers_of_an_alliance_in_their_language(self, session, htx, on):
        person = UserFactory(locale="en")
        reader = MembershipFactory(
            organisation=OrganisationFactory(alliance=True), role=Role.OFFICER, user=person
        )
        ConsentFactory(organisation=htx, officer=reader, until_on=UNTIL)

        on(UNTIL)

        message = mails(session, "consent_ending")[person.email]
        assert "runs out soon" in message.subject
        assert "/en/lam-thay" in message.body_text
