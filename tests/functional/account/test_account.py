"""A person's own pages."""

from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from marketplace.accounts.operations.sessions import Device, open_session
from marketplace.kernel.clock import now
from models.accounts import Role, User, UserSession
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
)

PAGES = [
    "/tai-khoan",
    "/tai-khoan/thong-tin",
    "/tai-khoan/ho-so",
    "/tai-khoan/mat-khau",
    "/tai-khoan/bao-mat",
    "/tai-khoan/phien",
    "/xac-nhan-lai",
]
PHONE = (
    "Mozilla/5.0 (Linux; Android 15; SM-A566B) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/140.0.0.0 Mobile Safari/537.36"
)


@pytest.mark.parametrize("page", PAGES)
class TestEveryPage:
    def test_is_for_who_is_signed_in(self, client, session, page):
        assert client.get(page).location == f"/dang-nhap?{urlencode({'next': page})}"

    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_opens_in_both_languages(self, session, login, page, prefix):
        answer = login(UserFactory()).get(prefix + page)

        assert answer.status_code == 200
        assert answer.headers["Cache-Control"] == "private, no-store"


class TestHome:
    def test_shows_the_organisations_one_acts_for_with_their_desks(self, session, login):
        hoa = UserFactory(full_name="Nguyễn Thị Hoa")
        MembershipFactory(
            user=hoa, organisation=OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")
        )
        MembershipFactory(
            user=hoa,
            organisation=OrganisationFactory(enterprise=True, code="MAY", name="Cà phê Mây"),
            role=Role.BUYER,
        )

        page = login(hoa).get("/tai-khoan").text

        assert "Chào Nguyễn Thị Hoa" in page
        assert "HTX Cư M’gar" in page
        assert 'href="/quay/CUMGAR"' in page
        assert "Cà phê Mây" in page
        assert 'href="/quay/MAY"' not in page
        assert 'href="/quay/MAY/nhom"' in page

    def test_says_so_when_nothing_was_ordered(self, session, login):
        assert "Bạn chưa đặt đơn nào" in login(UserFactory()).get("/tai-khoan").text


class TestProfile:
    def test_can_be_changed(self, session, login):
        hoa = UserFactory()

        answer = login(hoa).post(
            "/tai-khoan/thong-tin",
            data={"full_name": "Hoa Mới", "phone": "0912 345 678", "locale": "en"},
        )

        session.expire_all()
        assert answer.location == "/tai-khoan"
        assert (hoa.full_name, hoa.phone, hoa.locale) == ("Hoa Mới", "+84912345678", "en")

    def test_keeps_what_was_typed_when_it_is_wrong(self, session, login):
        hoa = UserFactory(full_name="Hoa")

        answer = login(hoa).post(
            "/tai-khoan/thong-tin", data={"full_name": "Hoa Mới", "phone": "12", "locale": "vi"}
        )

        session.expire_all()
        assert answer.status_code == 422
        assert 'value="Hoa Mới"' in answer.text
        assert 'value="12"' in answer.text
        assert hoa.full_name == "Hoa"

    def test_fields_of_the_model_cannot_be_slipped_in(self, session, login):
        hoa = UserFactory(email="hoa@example.com")

        login(hoa).post(
            "/tai-khoan/thong-tin",
            data={"full_name": "Hoa", "locale": "vi", "email": "x@example.com", "id": "1"},
        )

        session.expire_all()
        assert hoa.email == "hoa@example.com"


class TestPassword:
    def test_is_changed_and_other_browsers_are_out(self, session, login):
        hoa = UserFactory()
        other = open_session(user=hoa, device=Device(), at=now())
        browser = login(hoa)

        answer = browser.post(
            "/tai-khoan/mat-khau", data={"current": PASSWORD, "password": "bốn mùa hoa trái"}
        )

        session.expire_all()
        assert answer.location == "/tai-khoan"
        assert browser.get("/tai-khoan").status_code == 200
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = other.token
        assert browser.get("/tai-khoan").status_code == 303

    def test_a_wrong_present_one_is_said_at_its_field(self, session, login):
        answer = login(UserFactory()).post(
            "/tai-khoan/mat-khau", data={"current": "sai", "password": "bốn mùa hoa trái"}
        )

        assert answer.status_code == 422
        assert "Mật khẩu hiện tại chưa đúng." in answer.text
        assert 'href="#current"' in answer.text


class TestSessions:
    def test_are_named_and_ended_from_here(self, session, login):
        hoa = UserFactory()
        open_session(user=hoa, device=Device("198.51.100.7", PHONE), at=now())
        browser = login(hoa)

        page = browser.get("/tai-khoan/phien").text
        lost = session.scalar(select(UserSession.id).where(UserSession.user_agent == PHONE))
        answer = browser.post(f"/tai-khoan/phien/{lost}/ket-thuc")

        assert "Chrome, Android" in page
        assert "198.51.100.7" in page
        assert "Thiết bị này" in page
        assert answer.location == "/tai-khoan/phien"
        assert "Chrome, Android" not in browser.get("/tai-khoan/phien").text

    def test_all_others_end_at_once(self, session, login):
        hoa = UserFactory()
        for _ in range(2):
            open_session(user=hoa, device=Device(), at=now())
        browser = login(hoa)

        browser.post("/tai-khoan/phien/ket-thuc-het")

        alive = session.scalars(select(UserSession).where(UserSession.ended_at.is_(None))).all()
        assert len(alive) == 1
        assert browser.get("/tai-khoan").status_code == 200

    def test_ending_the_one_at_hand_signs_out(self, session, login):
        browser = login(UserFactory())
        here = session.scalar(select(UserSession.id))

        assert browser.post(f"/tai-khoan/phien/{here}/ket-thuc").location == "/dang-nhap"
        assert browser.get("/tai-khoan").status_code == 303

    def test_those_of_others_are_not_found(self, session, login):
        lan = UserFactory()
        open_session(user=lan, device=Device(), at=now())
        hers = session.scalar(select(UserSession.id))

        answer = login(UserFactory()).post(f"/tai-khoan/phien/{hers}/ket-thuc")

        assert answer.status_code == 404
        assert session.scalar(select(UserSession.ended_at).where(UserSession.id == hers)) is None

    def test_a_stolen_cookie_is_dead_after_signing_out(self, session, login):
        browser = login(UserFactory())
        with browser.session_transaction() as cookie:
            stolen = cookie["_user_id"]

        browser.post("/dang-xuat")
        with browser.session_transaction() as cookie:
            cookie["_user_id"] = stolen

        assert browser.get("/tai-khoan").status_code == 303

    def test_use_prolongs_it(self, session, login):
        browser = login(UserFactory())
        row = session.scalar(select(UserSession))
        row.last_seen_at = row.last_seen_at.replace(year=row.last_seen_at.year - 1)
        session.flush()

        browser.get("/tai-khoan")

        session.expire_all()
        assert (now() - row.last_seen_at).total_seconds() < 60


def test_pages_send_few_statements(session, login, statements):
    hoa = UserFactory()
    for _ in range(5):
        MembershipFactory(user=hoa)
    browser = login(hoa)
    session.flush()

    with statements() as sent:
        browser.get("/tai-khoan")

    assert len(sent) <= 4
    assert session.scalar(select(User.id)) == hoa.id
