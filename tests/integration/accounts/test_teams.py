"""Who belongs to an organisation: invitations, roles, leaving."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts import queries, teams
from marketplace.accounts.errors import (
    AccountDisabledError,
    AccountExistsError,
    AlreadyMemberError,
    EmailUnreadableError,
    InvitationExpiredError,
    InvitationNotFoundError,
    InvitationOfAnotherError,
    LastLeaderError,
    MembershipNotFoundError,
    NameMissingError,
    OrganisationNotFoundError,
    PasswordCommonError,
    RoleNotFittingError,
    TooManyAttemptsError,
    UserNotFoundError,
)
from marketplace.accounts.operations import team
from marketplace.accounts.operations.invitations import (
    NewMember,
    accept_invitation,
    join_by_invitation,
)
from marketplace.accounts.operations.sessions import Device
from marketplace.accounts.permissions import SYSTEM, NotAllowedError
from marketplace.workflows import inviting
from models.accounts import Invitation, Membership, Organisation, Role, User
from models.notifications import Message
from models.platform import AuditEvent
from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    give_second_factor,
    member_of,
    officer,
    operator,
)
from tests.moments import MONDAY, TUESDAY

LAN = "lan@example.com"
OFFER = "khoa-cua-loi-moi"
A_WEEK = timedelta(days=7)
STRANGERS = [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT]


def invite(actor, organisation, email=LAN, role=Role.SALES, at=MONDAY):
    return team.invite(actor=actor, organisation_id=organisation.id, email=email, role=role, at=at)


def open_ones(session):
    return session.scalars(
        select(Invitation).where(
            Invitation.accepted_at.is_(None), Invitation.withdrawn_at.is_(None)
        )
    ).all()


def last_event(session):
    return session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc())).first()


def active(session, organisation):
    return {
        membership.user_id: membership.role
        for membership in session.scalars(
            select(Membership).where(
                Membership.organisation_id == organisation.id, Membership.ended_at.is_(None)
            )
        )
    }


@pytest.fixture
def htx(session):
    return OrganisationFactory()


class TestInvite:
    def test_offers_a_role_for_seven_days(self, session, htx):
        told = invite(member_of(htx), htx, " LAN@example.com ")

        [invitation] = open_ones(session)
        assert (invitation.email, invitation.role) == (LAN, Role.SALES)
        assert invitation.expires_at == MONDAY + A_WEEK
        assert (told.recipient, told.organisation) == (LAN, htx.name)
        assert told.token not in invitation.token_hash
        assert last_event(session).action == "accounts.invitation_sent"

    def test_the_mail_speaks_the_inviters_language_and_is_wiped_when_sent(self, session, htx):
        mary = MembershipFactory(organisation=htx, user=UserFactory(locale="en")).user

        inviting.invite(
            actor=acting(mary, htx), organisation_id=htx.id, email=LAN, role="sales", at=MONDAY
        )

        [message] = session.scalars(select(Message))
        assert (message.recipient, message.locale) == (LAN, "en")
        assert f"{mary.full_name} invites you to join {htx.name}" in message.subject
        assert "/en/loi-moi/" in message.body_text

    def test_again_renews_the_one_there_is(self, session, htx):
        director = member_of(htx)
        first = invite(director, htx)

        second = invite(director, htx, role=Role.WAREHOUSE, at=TUESDAY)

        [invitation] = open_ones(session)
        assert (invitation.role, invitation.expires_at) == (Role.WAREHOUSE, TUESDAY + A_WEEK)
        with pytest.raises(InvitationExpiredError):
            teams.get_offer(first.token, at=TUESDAY)
        assert teams.get_offer(second.token, at=TUESDAY).role == Role.WAREHOUSE

    @pytest.mark.parametrize("role", STRANGERS)
    def test_is_for_the_director(self, session, htx, role):
        member_of(htx)

        with pytest.raises(NotAllowedError):
            invite(member_of(htx, role), htx)

        assert open_ones(session) == []

    def test_a_director_of_elsewhere_may_not(self, session, htx):
        with pytest.raises(NotAllowedError):
            invite(member_of(OrganisationFactory()), htx)
        with pytest.raises(NotAllowedError):
            invite(officer(), htx)

    def test_staff_invite_into_their_own(self, session):
        for actor, role in ((officer(), Role.OFFICER), (operator(), Role.OPERATOR)):
            invite(actor, session.get(Organisation, actor.organisation_id), role=role)

        assert [each.role for each in open_ones(session)] == [Role.OFFICER, Role.OPERATOR]

    @pytest.mark.parametrize(
        ("kind", "role"),
        [
            ({}, Role.BUYER),
            ({}, Role.OFFICER),
            ({"enterprise": True}, Role.SALES),
            ({}, "chief"),
        ],
    )
    def test_the_role_fits_the_kind(self, session, kind, role):
        organisation = OrganisationFactory(**kind)

        with pytest.raises(RoleNotFittingError):
            invite(member_of(organisation), organisation, role=role)

    def test_the_address_is_one(self, session, htx):
        with pytest.raises(EmailUnreadableError):
            invite(member_of(htx), htx, "lan")

    def test_a_member_is_not_invited(self, session, htx):
        director = member_of(htx)
        MembershipFactory(organisation=htx, user=UserFactory(email=LAN), role=Role.SALES)

        with pytest.raises(AlreadyMemberError):
            invite(director, htx)

    def test_five_mails_a_day(self, session, htx):
        director = member_of(htx)
        for _ in range(5):
            invite(director, htx)

        with pytest.raises(TooManyAttemptsError):
            invite(director, htx)
        assert invite(director, htx, "an@example.com").recipient == "an@example.com"

    def test_no_such_organisation(self, session, htx):
        with pytest.raises(OrganisationNotFoundError):
            team.invite(
                actor=member_of(htx), organisation_id=987654321, email=LAN, role="sales", at=MONDAY
            )


class TestSendAgainAndWithdraw:
    def test_sending_again_gives_a_new_link_for_seven_days(self, session, htx):
        director = member_of(htx)
        first = invite(director, htx)
        [invitation] = open_ones(session)

        second = team.send_again(
            actor=director, organisation_id=htx.id, invitation_id=invitation.id, at=TUESDAY
        )

        assert teams.get_offer(second.token, at=TUESDAY + timedelta(days=6)).email == LAN
        with pytest.raises(InvitationExpiredError):
            teams.get_offer(first.token, at=TUESDAY)

    def test_withdrawing_twice_is_once(self, session, htx):
        director = member_of(htx)
        told = invite(director, htx)
        [invitation] = open_ones(session)
        about = {"organisation_id": htx.id, "invitation_id": invitation.id}

        team.withdraw(actor=director, **about, at=MONDAY)
        team.withdraw(actor=director, **about, at=TUESDAY)

        assert invitation.withdrawn_at == MONDAY
        assert last_event(session).action == "accounts.invitation_withdrawn"
        with pytest.raises(InvitationExpiredError):
            teams.get_offer(told.token, at=MONDAY)
        with pytest.raises(InvitationNotFoundError):
            team.send_again(actor=director, **about, at=TUESDAY)

    def test_an_accepted_one_is_no_longer_there(self, session, htx):
        director = member_of(htx)
        invitation = InvitationFactory(organisation=htx, accepted_at=MONDAY)
        about = {"organisation_id": htx.id, "invitation_id": invitation.id, "at": TUESDAY}

        with pytest.raises(InvitationNotFoundError):
            team.withdraw(actor=director, **about)
        with pytest.raises(InvitationNotFoundError):
            team.send_again(actor=director, **about)

    def test_that_of_another_organisation_does_not_exist(self, session, htx):
        foreign = InvitationFactory()

        for act in (team.withdraw, team.send_again):
            with pytest.raises(InvitationNotFoundError):
                act(
                    actor=member_of(htx),
                    organisation_id=htx.id,
                    invitation_id=foreign.id,
                    at=TUESDAY,
                )

        assert foreign.withdrawn_at is None

    @pytest.mark.parametrize("role", STRANGERS)
    def test_are_for_the_director(self, session, htx, role):
        invitation = InvitationFactory(organisation=htx)
        hash_before = invitation.token_hash

        for act in (team.withdraw, team.send_again):
            with pytest.raises(NotAllowedError):
                act(
                    actor=member_of(htx, role),
                    organisation_id=htx.id,
                    invitation_id=invitation.id,
                    at=TUESDAY,
                )

        assert (invitation.withdrawn_at, invitation.token_hash) == (None, hash_before)


class TestAccept:
    def test_gives_the_role(self, session, htx):
        lan = UserFactory(email=LAN)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER, role=Role.ACCOUNTANT)

        accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY)

        assert active(session, htx) == {lan.id: Role.ACCOUNTANT}
        event = last_event(session)
        assert (event.action, event.after["role"]) == ("accounts.invitation_accepted", "accountant")

    def test_twice_is_once(self, session, htx):
        lan = UserFactory(email=LAN)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)
        first = accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY)

        again = accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY + A_WEEK)

        assert again.id == first.id
        assert len(active(session, htx)) == 1

    def test_whoever_left_is_not_back_by_an_old_link(self, session, htx):
        lan = UserFactory(email=LAN)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)
        accept_invitation(actor=acting(lan), token=OFFER, at=MONDAY).ended_at = MONDAY

        with pytest.raises(InvitationExpiredError):
            accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY)

        assert active(session, htx) == {}

    def test_a_member_keeps_the_role(self, session, htx):
        lan = MembershipFactory(organisation=htx, user=UserFactory(email=LAN)).user
        InvitationFactory(organisation=htx, email=LAN, token=OFFER, role=Role.SALES)

        accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY)

        assert active(session, htx) == {lan.id: Role.DIRECTOR}

    def test_another_address_is_refused(self, session, htx):
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        with pytest.raises(InvitationOfAnotherError):
            accept_invitation(actor=acting(UserFactory()), token=OFFER, at=TUESDAY)

        assert active(session, htx) == {}

    @pytest.mark.parametrize(
        ("change", "at"),
        [
            ({}, MONDAY + A_WEEK),
            ({"withdrawn_at": MONDAY}, TUESDAY),
        ],
    )
    def test_too_late(self, session, htx, change, at):
        lan = UserFactory(email=LAN)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER, **change)

        with pytest.raises(InvitationExpiredError):
            accept_invitation(actor=acting(lan), token=OFFER, at=at)
        with pytest.raises(InvitationExpiredError):
            teams.get_offer(OFFER, at=at)

        assert active(session, htx) == {}

    def test_a_link_that_never_was(self, session):
        with pytest.raises(InvitationExpiredError):
            accept_invitation(actor=acting(UserFactory()), token=OFFER, at=TUESDAY)

    def test_is_for_people(self, session, htx):
        InvitationFactory(organisation=htx, token=OFFER)

        with pytest.raises(UserNotFoundError):
            accept_invitation(actor=SYSTEM, token=OFFER, at=TUESDAY)

    def test_a_closed_account_stays_outside(self, session, htx):
        lan = UserFactory(email=LAN, disabled=True)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        with pytest.raises(AccountDisabledError):
            accept_invitation(actor=acting(lan), token=OFFER, at=TUESDAY)


class TestJoin:
    PERSON = NewMember("Trần Thị Lan", PASSWORD, "vi")

    def join(self, person=PERSON, at=TUESDAY):
        return join_by_invitation(token=OFFER, person=person, device=Device(), at=at)

    def test_makes_an_account_with_the_address_confirmed(self, session, htx):
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        opened = self.join()

        lan = session.scalar(select(User).where(User.email == LAN))
        assert (lan.full_name, lan.email_confirmed_at) == ("Trần Thị Lan", TUESDAY)
        assert active(session, htx) == {lan.id: Role.SALES}
        assert queries.find_session_user(opened.token, at=TUESDAY).user_id == lan.id

    def test_works_once(self, session, htx):
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)
        self.join()

        with pytest.raises(InvitationExpiredError):
            self.join()

        assert len(active(session, htx)) == 1

    def test_an_unconfirmed_account_is_made_anew(self, session, htx):
        squatter = UserFactory(email=LAN, unconfirmed=True, full_name="Ai đó")
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        opened = self.join()

        assert opened.user_id == squatter.id
        assert squatter.full_name == "Trần Thị Lan"

    def test_who_has_an_account_signs_in(self, session, htx):
        UserFactory(email=LAN)
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        with pytest.raises(AccountExistsError):
            self.join()

        assert active(session, htx) == {}

    @pytest.mark.parametrize(
        ("person", "error"),
        [
            (NewMember("", PASSWORD, "vi"), NameMissingError),
            (NewMember("Lan", "password1", "vi"), PasswordCommonError),
        ],
    )
    def test_what_is_wrong_leaves_the_link_good(self, session, htx, person, error):
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)

        with pytest.raises(error), session.begin_nested():
            self.join(person)

        assert self.join().full_name == "Trần Thị Lan"


class TestRoles:
    def change(self, actor, membership, role, at=TUESDAY):
        return team.change_role(
            actor=actor,
            organisation_id=actor.organisation_id,
            membership_id=membership.id,
            role=role,
            at=at,
        )

    def test_change_at_once_and_are_written_down(self, session, htx):
        director = member_of(htx)
        lan = MembershipFactory(organisation=htx, role=Role.SALES)

        assert self.change(director, lan, Role.WAREHOUSE)
        assert not self.change(director, lan, Role.WAREHOUSE)

        event = last_event(session)
        assert lan.role == Role.WAREHOUSE
        assert (event.before, event.after) == ({"role": "sales"}, {"role": "warehouse"})

    def test_the_last_director_stays_one(self, session, htx):
        director = MembershipFactory(organisation=htx)
        MembershipFactory(organisation=htx, user=UserFactory(disabled=True))

        with pytest.raises(LastLeaderError):
            self.change(acting(director.user, htx), director, Role.SALES)

        assert director.role == Role.DIRECTOR

    def test_one_of_two_directors_may_step_back(self, session, htx):
        director = MembershipFactory(organisation=htx)
        member_of(htx)

        self.change(acting(director.user, htx), director, Role.SALES)

        assert director.role == Role.SALES

    @pytest.mark.parametrize("role", STRANGERS)
    def test_are_the_directors_business(self, session, htx, role):
        member = MembershipFactory(organisation=htx, role=role)

        with pytest.raises(NotAllowedError):
            self.change(acting(member.user, htx, role), member, Role.DIRECTOR)

        assert member.role == role

    def test_fit_the_kind(self, session, htx):
        lan = MembershipFactory(organisation=htx, role=Role.SALES)

        with pytest.raises(RoleNotFittingError):
            self.change(member_of(htx), lan, Role.OPERATOR)

        assert lan.role == Role.SALES

    @pytest.mark.parametrize("change", [{"ended_at": MONDAY}, {"organisation": None}])
    def test_only_of_who_belongs_to_it(self, session, htx, change):
        values = {"organisation": htx, "role": Role.SALES} | change
        if values["organisation"] is None:
            values["organisation"] = OrganisationFactory()
        lan = MembershipFactory(**values)

        with pytest.raises(MembershipNotFoundError):
            self.change(member_of(htx), lan, Role.WAREHOUSE)

        assert lan.role == Role.SALES


class TestLeaving:
    def end(self, actor, membership, at=TUESDAY):
        team.end_membership(
            actor=actor,
            organisation_id=actor.organisation_id,
            membership_id=membership.id,
            at=at,
        )

    def test_a_director_lets_somebody_go(self, session, htx):
        director = member_of(htx)
        lan = MembershipFactory(organisation=htx, role=Role.SALES)

        self.end(director, lan)
        self.end(director, lan, at=TUESDAY + A_WEEK)

        assert lan.ended_at == TUESDAY
        assert last_event(session).action == "accounts.membership_ended"

    def test_everybody_may_leave(self, session, htx):
        lan = MembershipFactory(organisation=htx, role=Role.SALES)

        self.end(acting(lan.user, htx, Role.SALES), lan)

        assert lan.ended_at == TUESDAY
        assert last_event(session).action == "accounts.membership_left"

    def test_nobody_lets_a_colleague_go(self, session, htx):
        lan = MembershipFactory(organisation=htx, role=Role.SALES)

        with pytest.raises(NotAllowedError):
            self.end(member_of(htx, Role.ACCOUNTANT), lan)

        assert lan.ended_at is None

    @pytest.mark.parametrize("kind", [{}, {"enterprise": True}])
    def test_the_last_director_stays(self, session, kind):
        organisation = OrganisationFactory(**kind)
        director = MembershipFactory(organisation=organisation)
        MembershipFactory(organisation=organisation, role=Role.ACCOUNTANT)

        with pytest.raises(LastLeaderError):
            self.end(acting(director.user, organisation), director)

        assert director.ended_at is None

    def test_the_last_officer_stays(self, session):
        actor = officer()
        own = session.scalar(select(Membership).where(Membership.user_id == actor.user_id))

        with pytest.raises(LastLeaderError):
            self.end(actor, own)

    def test_somebody_of_elsewhere_is_not_found(self, session, htx):
        foreign = MembershipFactory()

        with pytest.raises(MembershipNotFoundError):
            self.end(member_of(htx), foreign)

        assert foreign.ended_at is None


class TestReading:
    def test_members_see_who_is_invited(self, session, htx):
        invitation = InvitationFactory(organisation=htx, email=LAN)
        InvitationFactory(organisation=htx, withdrawn_at=MONDAY)
        InvitationFactory(organisation=htx, accepted_at=MONDAY)
        InvitationFactory()

        found = teams.open_invitations_of(htx, viewer=member_of(htx, Role.WAREHOUSE))

        assert [(each.id, each.email) for each in found] == [(invitation.id, LAN)]

    def test_nobody_else_does(self, session, htx):
        with pytest.raises(NotAllowedError):
            teams.open_invitations_of(htx, viewer=officer())

    def test_an_offer_says_whether_to_sign_in(self, session, htx):
        InvitationFactory(organisation=htx, email=LAN, token=OFFER)
        before = teams.get_offer(OFFER, at=TUESDAY)
        lan = UserFactory(email=LAN)
        give_second_factor(lan)

        assert not before.has_account
        assert teams.get_offer(OFFER, at=TUESDAY).has_account
        assert session.scalar(select(func.count()).select_from(Membership)) == 0
