"""A mailed invitation, and a new e-mail address."""

import re

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import now
from models.accounts import Membership, Role, User
from models.notifications import Message
from tests.factories.accounts import (
    PASSWORD,
    InvitationFactory,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    give_second_factor,
)

LAN = "lan@example.com"
OFFER = "khoa-cua-loi-moi"
LINK = f"/loi-moi/{OFFER}"


@pytest.fixture
def offer(session):
    """An invitation for Lan into a cooperative."""
    return InvitationFactory(
        organisation=OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar"),
        email=LAN,
        role=Role.ACCOUNTANT,
        token=OFFER,
        created_at=now(),
    )


def members(session):
    return session.scalars(select(Membership)).all()


def link_in_mail(session, kind):
    found = re.search(
        rf"http://localhost((?:/en)?/{kind}/\S+)",
        session.scalar(select(Message.body_text).order_by(Message.id.desc())),
    )
    assert found
    return found[1]


class TestSomebodyNew:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_makes_an_account_and_is_in(self, client, session, offer, prefix):
        page = client.get(prefix + LINK)
        assert page.status_code == 200
        assert "HTX Cư M’gar" in page.text
        assert f'value="{LAN}" readonly' in page.text

        answer = client.post(
            prefix + LINK, data={"full_name": "Trần Thị Lan", "password": PASSWORD}
        )

        assert answer.location == f"{prefix}/tai-khoan"
        assert "HTX Cư M’gar" in client.get(f"{prefix}/tai-khoan").text
        lan = session.scalar(select(User).where(User.email == LAN))
        assert lan.locale == ("en" if prefix else "vi")
        assert [(each.user_id, each.role) for each in members(session)] == [(lan.id, "accountant")]

    def test_another_address_cannot_be_slipped_in(self, client, session, offer):
        data = {"full_name": "Lan", "password": PASSWORD, "email": "x@example.com"}

        client.post(LINK, data=data)

        assert session.scalar(select(User).where(User.email == "x@example.com")) is None

    def test_what_is_wrong_is_said_at_its_field(self, client, session, offer):
        answer = client.post(LINK, data={"full_name": "Lan", "password": "ngắn"})

        assert answer.status_code == 422
        assert 'href="#password"' in answer.text
        assert 'value="Lan"' in answer.text
        assert members(session) == []

    def test_looking_uses_nothing_up(self, client, session, offer):
        client.get(LINK)

        assert offer.accepted_at is None


class TestSomebodyWithAnAccount:
    def test_signs_in_first(self, client, session, offer):
        UserFactory(email=LAN)

        for answer in (client.get(LINK), client.post(LINK)):
            assert answer.location == f"/dang-nhap?next=%2Floi-moi%2F{OFFER}"
        assert members(session) == []

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_accepts_with_one_button(self, session, offer, login, prefix):
        browser = login(UserFactory(email=LAN))
        assert browser.get(prefix + LINK).status_code == 200

        answer = browser.post(prefix + LINK)
        again = browser.post(prefix + LINK)

        assert (answer.location, again.location) == (f"{prefix}/tai-khoan",) * 2
        assert len(members(session)) == 1
        assert browser.get(prefix + LINK).status_code == 200
        assert browser.get(f"{prefix}/quay/CUMGAR").status_code == 200

    def test_the_wrong_address_is_told_so(self, session, offer, login):
        browser = login(UserFactory())

        for answer in (browser.get(LINK), browser.post(LINK)):
            assert answer.status_code == 403
            assert "gửi tới một địa chỉ e-mail khác" in answer.text
            assert LAN not in answer.text
        assert members(session) == []

    def test_with_a_second_factor_the_way_leads_over_the_code(self, client, session, offer):
        give_second_factor(UserFactory(email=LAN))

        answer = client.post("/dang-nhap", data={"email": LAN, "password": PASSWORD, "next": LINK})

        assert answer.location == f"/dang-nhap/ma?next=%2Floi-moi%2F{OFFER}"
        assert client.post(LINK).location.startswith("/dang-nhap")
        assert members(session) == []


def test_a_link_that_is_none_says_what_to_do(client, session):
    answer = client.get("/loi-moi/khong-co")

    assert answer.status_code == 404
    assert "Hãy nhờ tổ chức gửi lời mời mới" in answer.text


class TestNewEmail:
    HERE = "/tai-khoan/ho-so"

    @pytest.mark.parametrize("locale", ["vi", "en"])
    def test_moves_by_the_link_and_tells_the_old_address(self, client, session, login, locale):
        user = UserFactory(email="hoa@example.com", locale=locale)
        browser = login(user)

        assert LAN in browser.post(self.HERE, data={"email": LAN}).text
        link = link_in_mail(session, "doi-email")
        assert browser.get(link).status_code == 200
        session.expire_all()
        assert user.email == "hoa@example.com"

        answer = browser.post(link)

        session.expire_all()
        assert answer.location.endswith("/tai-khoan")
        assert user.email == LAN
        told = session.scalars(select(Message.recipient).order_by(Message.id)).all()
        assert told == [LAN, "hoa@example.com"]
        assert browser.post(link).status_code == 404

    def test_a_taken_one_answers_the_same(self, session, login):
        UserFactory(email=LAN)
        hoa = UserFactory()

        answer = login(hoa).post(self.HERE, data={"email": LAN})

        assert (answer.status_code, "Mời bạn mở hộp thư" in answer.text) == (200, True)

    def test_a_wrong_one_is_said_at_its_field(self, session, login):
        user = UserFactory()

        answer = login(user).post(self.HERE, data={"email": user.email})

        assert answer.status_code == 422
        assert "Đây là địa chỉ bạn đang dùng." in answer.text
        assert 'href="#email"' in answer.text

    def test_one_that_was_taken_meanwhile_is_told_to_its_reader(self, session, login):
        browser = login(UserFactory())
        browser.post(self.HERE, data={"email": LAN})
        link = link_in_mail(session, "doi-email")
        MembershipFactory(user=UserFactory(email=LAN))

        answer = browser.post(link)

        assert answer.status_code == 422
        assert "đang được dùng cho một tài khoản khác" in answer.text
