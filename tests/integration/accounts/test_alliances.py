"""A new alliance of a province, its first officer, and about what an alliance decides."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts import alliances
from marketplace.accounts.errors import (
    AllianceStaffedError,
    EmailUnreadableError,
    NameMissingError,
    OrganisationNotFoundError,
    OwnReachError,
    ProvinceTakenError,
)
from marketplace.accounts.operations.alliances import set_reach
from marketplace.accounts.operations.invitations import accept_invitation
from marketplace.accounts.permissions import NotAllowedError
from marketplace.accounts.reach import province_of
from marketplace.geography.errors import UnknownProvinceError
from marketplace.workflows import inviting
from models.accounts import Invitation, Organisation, OrganisationKind, Role
from models.notifications import Message
from models.platform import AuditEvent
from tests.factories.accounts import (
    InvitationFactory,
    OrganisationFactory,
    UserFactory,
    acting,
    member_of,
    officer,
    operator,
    provincial_officer,
)
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

NAME = "Liên minh  Hợp tác xã tỉnh Cao Bằng"
EMAIL = "can-bo@example.com"
OFFER = "khoa-cua-loi-moi"


def found(actor, *, name=NAME, province_code="04", email=EMAIL):
    return inviting.found_alliance(
        actor=actor, name=name, province_code=province_code, email=email, at=MONDAY
    )


def count(session, *tables):
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def narrow(actor, alliance, province_code="08", at=TUESDAY):
    return set_reach(actor=actor, organisation_id=alliance.id, province_code=province_code, at=at)


def not_national():
    return [provincial_officer("66"), operator(), member_of(OrganisationFactory())]


class TestFounding:
    def test_adds_an_alliance_and_invites_its_first_officer(self, session):
        actor = officer()

        made = found(actor)

        assert (made.kind, made.name, made.code, made.short_name) == (
            "alliance",
            "Liên minh Hợp tác xã tỉnh Cao Bằng",
            "CAOBANG",
            "LM HTX tỉnh Cao Bằng",
        )
        assert (made.province_code, made.covers_province_code) == ("04", "04")
        assert (made.verification, made.verified_by_id) == ("verified", actor.organisation_id)
        [invitation] = session.scalars(select(Invitation))
        assert (invitation.organisation_id, invitation.email) == (made.id, EMAIL)
        assert (invitation.role, invitation.invited_by_id) == ("officer", actor.user_id)
        assert session.scalar(select(Message.recipient)) == EMAIL
        actions = session.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()
        assert actions == [
            "accounts.organisation_founded",
            "accounts.reach_set",
            "accounts.invitation_sent",
        ]

    def test_twice_is_once(self, session):
        actor = officer()
        found(actor)
        before = count(session, Organisation, Invitation, Message)

        with pytest.raises(ProvinceTakenError):
            found(actor)

        assert count(session, Organisation, Invitation, Message) == before

    @pytest.mark.parametrize(
        ("wanted", "error"),
        [
            ({"name": "  "}, NameMissingError),
            ({"province_code": "99"}, UnknownProvinceError),
            ({"email": "khong phai"}, EmailUnreadableError),
        ],
    )
    def test_needs_a_name_a_province_and_an_address(self, wanted, error):
        with pytest.raises(error):
            found(officer(), **wanted)

    def test_is_for_officers_of_the_whole_country(self, session):
        for actor in not_national():
            before = count(session, Organisation, Invitation, AuditEvent)
            with pytest.raises(NotAllowedError):
                found(actor)
            assert count(session, Organisation, Invitation, AuditEvent) == before

    def test_who_accepts_decides_about_the_province(self):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")
        user = UserFactory()
        InvitationFactory(organisation=alliance, email=user.email, role=Role.OFFICER, token=OFFER)

        accept_invitation(actor=acting(user), token=OFFER, at=MONDAY)

        assert province_of(acting(user, alliance, Role.OFFICER)) == "04"


class TestFirstOfficer:
    def test_is_invited_again_while_nobody_came(self, session):
        actor, alliance = officer(), OrganisationFactory(alliance=True, covers_province_code="04")

        for at in (MONDAY, TUESDAY):
            inviting.invite_first_officer(
                actor=actor, organisation_id=alliance.id, email=EMAIL, at=at
            )

        assert count(session, Invitation, Message) == [1, 2]

    def test_afterwards_its_officers_invite_themselves(self, session):
        staffed = provincial_officer("04")

        with pytest.raises(AllianceStaffedError):
            inviting.invite_first_officer(
                actor=officer(), organisation_id=staffed.organisation_id, email=EMAIL, at=MONDAY
            )
        assert count(session, Invitation, Message) == [0, 0]

    def test_is_refused_to_others_and_into_others(self, session):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")

        for actor in not_national():
            with pytest.raises(NotAllowedError):
                inviting.invite_first_officer(
                    actor=actor, organisation_id=alliance.id, email=EMAIL, at=MONDAY
                )
        with pytest.raises(OrganisationNotFoundError):
            inviting.invite_first_officer(
                actor=officer(), organisation_id=OrganisationFactory().id, email=EMAIL, at=MONDAY
            )
        assert count(session, Invitation) == [0]


class TestReach:
    def test_is_set_and_written_down(self, session):
        actor, alliance = officer(), OrganisationFactory(alliance=True, covers_province_code="04")

        assert narrow(actor, alliance, "08")
        assert not narrow(actor, alliance, "08", at=WEDNESDAY)

        assert alliance.covers_province_code == "08"
        [event] = session.scalars(select(AuditEvent))
        assert (event.action, event.actor_user_id, event.at) == (
            "accounts.reach_set",
            actor.user_id,
            TUESDAY,
        )
        assert (event.before, event.after) == (
            {"covers_province_code": "04"},
            {"covers_province_code": "08"},
        )

    def test_can_be_the_whole_country_again(self):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")

        assert narrow(officer(), alliance, None)

        assert alliance.covers_province_code is None

    def test_is_of_one_alliance(self, session):
        taken = OrganisationFactory(alliance=True, covers_province_code="04")
        alliance = OrganisationFactory(alliance=True, covers_province_code="08")

        with pytest.raises(ProvinceTakenError):
            narrow(officer(), alliance, taken.covers_province_code)
        assert (alliance.covers_province_code, count(session, AuditEvent)) == ("08", [0])

    def test_is_a_province_of_an_alliance_that_is_not_ones_own(self, session):
        actor, alliance = officer(), OrganisationFactory(alliance=True)
        own = session.get_one(Organisation, actor.organisation_id)

        with pytest.raises(OwnReachError):
            narrow(actor, own)
        with pytest.raises(UnknownProvinceError):
            narrow(actor, alliance, "99")
        for kind in set(OrganisationKind) - {OrganisationKind.ALLIANCE}:
            with pytest.raises(OrganisationNotFoundError):
                narrow(actor, OrganisationFactory(kind=kind, delivers=False))
        assert (own.covers_province_code, alliance.covers_province_code) == (None, None)

    def test_is_said_by_officers_of_the_whole_country(self, session):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")

        for actor in not_national():
            with pytest.raises(NotAllowedError):
                narrow(actor, alliance, None)
        assert (alliance.covers_province_code, count(session, AuditEvent)) == ("04", [0])


class TestReading:
    def test_those_of_the_whole_country_come_first(self, session):
        actor = provincial_officer("04")
        local = session.get_one(Organisation, actor.organisation_id)
        viewer = officer()
        national = session.get_one(Organisation, viewer.organisation_id)

        rows = [
            (row.code, row.covers_province_code, row.officers)
            for row in alliances.alliances(viewer=viewer)
        ]

        assert rows == [(national.code, None, 1), (local.code, "04", 1)]

    def test_one_with_its_people_and_offers(self):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")
        InvitationFactory(organisation=alliance, email=EMAIL, role=Role.OFFICER)
        InvitationFactory(organisation=alliance, withdrawn_at=MONDAY)
        viewer = officer()

        page = alliances.get_alliance(alliance.code, viewer=viewer)

        assert (page.officers, [offer.email for offer in page.offers]) == ([], [EMAIL])
        assert not page.is_own
        with pytest.raises(OrganisationNotFoundError):
            alliances.get_alliance(OrganisationFactory().code, viewer=viewer)

    def test_is_for_officers_of_the_whole_country(self):
        alliance = OrganisationFactory(alliance=True, covers_province_code="04")

        for viewer in not_national():
            with pytest.raises(NotAllowedError):
                alliances.alliances(viewer=viewer)
            with pytest.raises(NotAllowedError):
                alliances.get_alliance(alliance.code, viewer=viewer)
