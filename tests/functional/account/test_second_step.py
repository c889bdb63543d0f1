"""Signing in with a second factor, setting it up, and proving again who one is."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from blueprints.cart.basket import TOKEN as CART
from marketplace.accounts import codes, totp
from marketplace.kernel.clock import now
from models.accounts import Role, TotpFactor, UserSession
from models.notifications import Message
from tests.factories.accounts import (
    PASSWORD,
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    code_at,
    give_second_factor,
)

HERE = "/tai-khoan/bao-mat"


def sign_in(client, user, prefix="", **more):
    data = {"email": user.email, "password": PASSWORD, **more}
    return client.post(f"{prefix}/dang-nhap", data=data)


@pytest.fixture
def hoa(session):
    """Somebody with a second factor."""
    user = UserFactory()
    give_second_factor(user)
    return user


@pytest.fixture
def stale(session, login):
    """Sign somebody in who proved who they are an hour ago."""

    def sign_in_and_wait(user):
        browser = login(user)
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(hours=1)))
        return browser

    return sign_in_and_wait


class TestTheSecondStep:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_after_the_password_a_code_is_asked_for(self, client, hoa, prefix):
        asked = sign_in(client, hoa, prefix, next=f"{prefix}/tai-khoan/phien")

        assert asked.location.startswith(f"{prefix}/dang-nhap/ma?next=")
        assert client.get(f"{prefix}/tai-khoan").location.startswith(f"{prefix}/dang-nhap?")
        page = client.get(asked.location)
        assert page.status_code == 200
        assert 'autocomplete="one-time-code"' in page.text

        answer = client.post(
            asked.location, data={"code": code_at(now()), "next": f"{prefix}/tai-khoan/phien"}
        )

        assert answer.location == f"{prefix}/tai-khoan/phien"
        assert client.get(f"{prefix}/tai-khoan").status_code == 200

    def test_a_wrong_code_is_said_at_its_field(self, client, hoa):
        sign_in(client, hoa)

        answer = client.post("/dang-nhap/ma", data={"code": "000000"})

        assert answer.status_code == 422
        assert "Mã chưa đúng hoặc đã dùng rồi" in answer.text
        assert 'href="#code"' in answer.text
        assert client.get("/tai-khoan").status_code == 303

    def test_guessing_is_slowed_down(self, client, hoa):
        sign_in(client, hoa)
        for _ in range(10):
            assert client.post("/dang-nhap/ma", data={"code": "000000"}).status_code == 422

        answer = client.post("/dang-nhap/ma", data={"code": code_at(now())})

        assert answer.status_code == 429
        assert client.get("/tai-khoan").status_code == 303

    def test_the_basket_waits_too(self, client, hoa):
        with client.session_transaction() as cookie:
            cookie[CART] = "gio-hang"

        sign_in(client, hoa)

        with client.session_transaction() as cookie:
            assert cookie[CART] == "gio-hang"

    def test_nobody_who_owes_no_code_is_asked(self, client, session):
        assert client.get("/dang-nhap/ma").location == "/dang-nhap"
        assert client.post("/dang-nhap/ma", data={"code": "1"}).location == "/dang-nhap"

    def test_the_waiting_token_in_the_place_of_a_session_opens_nothing(self, client, hoa):
        sign_in(client, hoa)
        with client.session_transaction() as cookie:
            cookie["_user_id"] = cookie["waiting"]

        assert client.get("/tai-khoan").status_code == 303


class TestSettingUp:
    def test_from_the_key_to_the_recovery_codes_and_off_again(self, session, login):
        user = UserFactory()
        browser = login(user)
        assert "Đang tắt" in browser.get(HERE).text

        assert browser.post(f"{HERE}/bat-dau").location == HERE
        page = browser.get(HERE).text
        key = codes.find_second_factor(user.id).key
        assert "<svg" in page
        assert " ".join(key[at : at + 4] for at in range(0, 32, 4)) in page

        answer = browser.post(
            f"{HERE}/xac-nhan", data={"code": totp.code_of(key, totp.step_at(now()))}
        )
        shown = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", answer.text)
        assert (answer.status_code, len(set(shown))) == (200, 10)
        assert answer.headers["Cache-Control"] == "private, no-store"
        page = browser.get(HERE).text
        assert "Đang bật" in page
        assert key not in page.replace(" ", "")
        assert shown[0] not in page

        renewed = browser.post(f"{HERE}/ma-du-phong", data={"code": shown[0]})
        fresh = re.findall(r"[A-Z2-9]{4}(?:-[A-Z2-9]{4}){3}", renewed.text)
        assert not set(fresh) & set(shown)

        assert browser.post(f"{HERE}/tat", data={"code": shown[1]}).status_code == 422
        assert browser.post(f"{HERE}/tat", data={"code": fresh[0]}).location == HERE
        assert [mail.key.partition(":")[0] for mail in session.scalars(select(Message))] == [
            "second_factor_on",
            "second_factor_off",
        ]
        assert session.scalar(select(TotpFactor.id)) is None

    def test_a_wrong_code_keeps_the_picture(self, session, login):
        browser = login(UserFactory())
        browser.post(f"{HERE}/bat-dau")

        answer = browser.post(f"{HERE}/xac-nhan", data={"code": "000000"})

        assert answer.status_code == 422
        assert "<svg" in answer.text
        assert "Mã chưa đúng" in answer.text

    @pytest.mark.parametrize("act", ["ma-du-phong", "tat", "xac-nhan"])
    def test_what_is_not_on_says_so(self, session, login, act):
        browser = login(UserFactory())

        answer = browser.post(f"{HERE}/{act}", data={"code": "000000"})

        assert answer.location == HERE
        assert "Bạn chưa bật xác thực hai bước." in browser.get(HERE).text


class TestFreshSignIn:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    @pytest.mark.parametrize("page", [HERE, "/tai-khoan/mat-khau", "/tai-khoan/ho-so"])
    def test_what_guards_an_account_asks_for_the_password_again(self, stale, page, prefix):
        browser = stale(UserFactory())

        asked = browser.get(prefix + page)
        assert asked.location.startswith(f"{prefix}/xac-nhan-lai?next=")
        assert browser.get(asked.location).status_code == 200
        answer = browser.post(
            f"{prefix}/xac-nhan-lai", data={"password": PASSWORD, "next": prefix + page}
        )

        assert answer.location == prefix + page
        assert browser.get(prefix + page).status_code == 200

    def test_a_form_that_was_open_too_long_changes_nothing(self, session, stale):
        user = UserFactory()
        before = user.password_hash
        browser = stale(user)

        answer = browser.post(
            "/tai-khoan/mat-khau", data={"current": PASSWORD, "password": "bốn mùa hoa trái"}
        )

        session.expire_all()
        assert answer.location == "/xac-nhan-lai?next=%2Ftai-khoan%2Fmat-khau"
        assert user.password_hash == before

    def test_a_wrong_password_is_said_at_its_field(self, stale):
        browser = stale(UserFactory())

        answer = browser.post("/xac-nhan-lai", data={"password": "sai", "next": HERE})

        assert answer.status_code == 422
        assert 'href="#password"' in answer.text
        assert browser.get(HERE).status_code == 303

    def test_with_a_second_factor_a_code_as_well(self, client, hoa, session):
        sign_in(client, hoa)
        client.post("/dang-nhap/ma", data={"code": code_at(now() - timedelta(seconds=30))})
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(hours=1)))

        assert 'name="code"' in client.get("/xac-nhan-lai").text
        assert client.post("/xac-nhan-lai", data={"password": PASSWORD}).status_code == 422
        answer = client.post(
            "/xac-nhan-lai", data={"password": PASSWORD, "code": code_at(now()), "next": HERE}
        )

        assert answer.location == HERE
        assert client.get(HERE).status_code == 200

    def test_a_foreign_next_is_not_followed(self, stale):
        answer = stale(UserFactory()).post(
            "/xac-nhan-lai", data={"password": PASSWORD, "next": "https://example.com/"}
        )

        assert answer.location == "/tai-khoan"


class TestRequired:
    @pytest.fixture(autouse=True)
    def _required(self, app, monkeypatch):
        settings = replace(app.config["SETTINGS"], require_second_factor=True)
        monkeypatch.setitem(app.config, "SETTINGS", settings)

    @pytest.mark.parametrize("role", [Role.DIRECTOR, Role.ACCOUNTANT])
    def test_who_touches_money_sets_it_up_first(self, session, login, role):
        user = MembershipFactory(role=role, organisation=OrganisationFactory(code="CUMGAR")).user
        browser = login(user)

        assert browser.get("/quay/CUMGAR").location == HERE
        assert "Vai trò của bạn liên quan đến tiền" in browser.get(HERE).text
        assert browser.get("/quay/CUMGAR/nhom").location == HERE

    def test_the_operator_too(self, session, login):
        user = MembershipFactory(
            role=Role.OPERATOR, organisation=OrganisationFactory(operator=True)
        ).user

        assert login(user).get("/van-hanh").location == HERE

    @pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE])
    def test_others_go_on(self, session, login, role):
        user = MembershipFactory(role=role, organisation=OrganisationFactory(code="CUMGAR")).user

        assert login(user).get("/quay/CUMGAR").status_code == 200

    def test_who_has_one_goes_on(self, client, session, hoa):
        MembershipFactory(user=hoa, organisation=OrganisationFactory(code="CUMGAR"))
        sign_in(client, hoa)
        client.post("/dang-nhap/ma", data={"code": code_at(now())})

        assert client.get("/quay/CUMGAR").status_code == 200


def test_nobody_is_sent_to_set_it_up_where_it_is_not_required(session, login):
    user = MembershipFactory(organisation=OrganisationFactory(code="CUMGAR")).user

    assert login(user).get("/quay/CUMGAR").status_code == 200
