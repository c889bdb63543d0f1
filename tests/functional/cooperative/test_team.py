"""The page of an organisation's people."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.kernel.clock import now
from models.accounts import Invitation, Membership, Role, UserSession
from models.notifications import Message
from tests.factories.accounts import (
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

HERE = "/quay/CUMGAR/nhom"
LAN = "lan@example.com"


@pytest.fixture
def htx(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def desk(htx, login):
    """Sign somebody in who belongs to the organisation."""

    def open_desk(role=Role.DIRECTOR, **person):
        return login(
            MembershipFactory(organisation=htx, role=role, user=UserFactory(**person)).user
        )

    return open_desk


@pytest.fixture
def kim(htx):
    return MembershipFactory(
        organisation=htx, role=Role.SALES, user=UserFactory(full_name="Trần Kim")
    )


@pytest.mark.parametrize("prefix", ["", "/en"])
@pytest.mark.parametrize("role", [Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
def test_every_member_sees_it_and_the_menu_leads_there(htx, desk, kim, role, prefix):
    InvitationFactory(organisation=htx, email=LAN, created_at=now())

    page = desk(role).get(prefix + HERE)

    assert page.status_code == 200
    assert "Trần Kim" in page.text
    assert LAN in page.text
    assert f'href="{prefix}{HERE}" aria-current="page"' in page.text
    assert (f'action="{prefix}{HERE}/moi"' in page.text) == (role == Role.DIRECTOR)


@pytest.mark.parametrize(
    ("kind", "role", "offered"),
    [
        ({"enterprise": True}, Role.DIRECTOR, {"director", "accountant", "buyer"}),
        ({"alliance": True}, Role.OFFICER, {"officer"}),
        ({"operator": True}, Role.OPERATOR, {"operator"}),
    ],
)
def test_every_kind_of_organisation_has_one(session, login, kind, role, offered):
    organisation = OrganisationFactory(**kind)
    browser = login(MembershipFactory(organisation=organisation, role=role).user)

    page = browser.get(f"/quay/{organisation.code}/nhom").text

    every = {each for each in Role if f'value="{each}"' in page}
    assert every == offered


def test_it_is_closed_to_others(htx, login):
    browser = login(MembershipFactory().user)

    assert browser.get(HERE).status_code == 404
    assert browser.post(f"{HERE}/moi", data={"email": LAN, "role": "sales"}).status_code == 404


class TestInviting:
    def test_sends_a_mail_and_shows_who_was_invited(self, session, desk):
        browser = desk()

        answer = browser.post(f"{HERE}/moi", data={"email": LAN, "role": "warehouse"})

        assert answer.location == HERE
        assert LAN in browser.get(HERE).text
        assert session.scalars(select(Message.recipient)).all() == [LAN]
        assert session.scalar(select(Invitation.role)) == Role.WAREHOUSE

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"email": "lan", "role": "sales"}, "email"),
            ({"email": "", "role": "sales"}, "email"),
            ({"email": LAN, "role": "officer"}, "role"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, session, desk, data, field):
        answer = desk().post(f"{HERE}/moi", data=data)

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert session.scalar(select(Invitation)) is None

    def test_a_member_is_not_invited(self, desk, kim):
        answer = desk().post(f"{HERE}/moi", data={"email": kim.user.email, "role": "sales"})

        assert answer.status_code == 422
        assert "Người này đã ở trong tổ chức rồi." in answer.text

    def test_is_refused_to_others(self, session, desk):
        answer = desk(Role.SALES).post(f"{HERE}/moi", data={"email": LAN, "role": "sales"})

        assert answer.status_code == 403
        assert session.scalar(select(Invitation)) is None

    def test_asks_who_it_is_after_a_quarter_of_an_hour(self, session, desk):
        browser = desk()
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(minutes=15)))

        answer = browser.post(f"{HERE}/moi", data={"email": LAN, "role": "sales"})

        assert answer.location == "/xac-nhan-lai?next=%2Fquay%2FCUMGAR%2Fnhom"
        assert session.scalar(select(Invitation)) is None
        assert browser.get(HERE).status_code == 200

    def test_again_and_back(self, session, htx, desk):
        invitation = InvitationFactory(organisation=htx, email=LAN, created_at=now())
        before = invitation.token_hash
        browser, at = desk(), f"{HERE}/loi-moi/{invitation.id}"

        assert browser.post(f"{at}/gui-lai").location == HERE
        session.expire_all()
        assert invitation.token_hash != before
        assert browser.post(f"{at}/rut-lai").location == HERE
        session.expire_all()
        assert invitation.withdrawn_at is not None
        assert browser.post(f"{at}/gui-lai").status_code == 404

    def test_the_sixth_mail_of_a_day_is_refused_on_the_page(self, session, htx, desk):
        invitation = InvitationFactory(organisation=htx, email=LAN, created_at=now())
        browser, at = desk(), f"{HERE}/loi-moi/{invitation.id}/gui-lai"
        for _ in range(5):
            browser.post(at)

        answer = browser.post(at)

        assert answer.status_code == 422
        assert "Bạn đã thử nhiều lần" in answer.text


class TestMembers:
    def test_a_role_is_changed(self, session, desk, kim):
        answer = desk().post(f"{HERE}/{kim.id}/vai-tro", data={"role": "accountant"})

        session.expire_all()
        assert answer.location == HERE
        assert kim.role == Role.ACCOUNTANT

    def test_a_role_of_another_kind_is_refused(self, session, desk, kim):
        answer = desk().post(f"{HERE}/{kim.id}/vai-tro", data={"role": "operator"})

        session.expire_all()
        assert answer.status_code == 422
        assert kim.role == Role.SALES

    def test_the_last_director_keeps_the_role_and_stays(self, session, desk):
        browser = desk()
        own = session.scalar(select(Membership))

        for act in ("vai-tro", "ket-thuc"):
            answer = browser.post(f"{HERE}/{own.id}/{act}", data={"role": "sales"})
            assert answer.status_code == 422
            assert "phải còn ít nhất một người phụ trách" in answer.text
        session.expire_all()
        assert (own.role, own.ended_at) == (Role.DIRECTOR, None)

    def test_somebody_is_let_go_and_has_no_desk_any_more(self, session, desk, kim):
        answer = desk().post(f"{HERE}/{kim.id}/ket-thuc")

        session.expire_all()
        assert answer.location == HERE
        assert kim.ended_at is not None

    def test_leaving_closes_the_desk(self, session, htx, login, kim):
        browser = login(kim.user)

        assert browser.post(f"{HERE}/{kim.id}/ket-thuc").location == "/tai-khoan"
        assert browser.get(HERE).status_code == 404

    def test_a_colleague_is_not_ones_own_to_let_go(self, session, desk, kim):
        answer = desk(Role.WAREHOUSE).post(f"{HERE}/{kim.id}/ket-thuc")

        session.expire_all()
        assert answer.status_code == 403
        assert kim.ended_at is None
