"""A person joins, comes in, leaves, and forgets the password."""

import re

import pytest
from sqlalchemy import func, select, text

from blueprints.cart.basket import TOKEN
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.jobs.notifications import send_message
from marketplace.kernel.clock import now
from marketplace.notifications.outbox import latest_mails
from marketplace.orders.operations import carts
from models.accounts import OneTimeToken, User, UserSession
from models.notifications import Message
from tests.factories.accounts import PASSWORD, UserFactory
from tests.factories.catalogue import PackFactory, ProductFactory

HOA = {"full_name": "Nguyễn Thị Hoa", "email": "hoa@example.com", "password": PASSWORD}
NEW = "bốn mùa hoa trái"
WRONG = "một mật khẩu khác"


def send_all(session) -> None:
    for message_id in session.scalars(select(Message.id).where(Message.sent_at.is_(None))).all():
        send_message(message_id=message_id)


def path_in_mail(session, recipient: str, kind: str) -> str:
    """The address that the latest mail to somebody leads to, without the host."""
    send_all(session)
    mail = latest_mails(1, recipient)[0]
    found = re.search(rf"http://localhost((?:/en)?/{kind}/\S+)", mail.text)
    assert found, mail.text
    return found[1]


def sign_in(client, email=HOA["email"], password=PASSWORD, **more):
    return client.post("/dang-nhap", data={"email": email, "password": password, **more})


class TestJoining:
    def test_from_sign_up_to_sign_out(self, client, session):
        answer = client.post("/dang-ky", data=HOA)
        assert answer.status_code == 200
        assert "hoa@example.com" in answer.text

        assert sign_in(client).status_code == 422

        link = path_in_mail(session, HOA["email"], "xac-nhan-email")
        assert "Nguyễn Thị Hoa" in client.get(link).text
        assert client.post(link, data={"password": PASSWORD}).location == "/tai-khoan"

        page = client.get("/tai-khoan")
        assert page.status_code == 200
        assert "tài khoản đã sẵn sàng" in page.text

        assert client.post("/dang-xuat").location == "/dang-nhap"
        assert client.get("/tai-khoan").location == "/dang-nhap?next=%2Ftai-khoan"
        assert sign_in(client, next="/tai-khoan/phien").location == "/tai-khoan/phien"

    def test_in_english(self, client, session):
        client.post("/en/dang-ky", data=HOA | {"email": "mary@example.com"})

        link = path_in_mail(session, "mary@example.com", "xac-nhan-email")

        assert link.startswith("/en/")
        assert client.post(link, data={"password": PASSWORD}).location == "/en/tai-khoan"
        assert '<html lang="en"' in client.get("/en/tai-khoan").text

    def test_a_used_link_is_gone(self, client, session):
        client.post("/dang-ky", data=HOA)
        link = path_in_mail(session, HOA["email"], "xac-nhan-email")
        client.post(link, data={"password": PASSWORD})
        client.post("/dang-xuat")

        assert client.get(link).status_code == 404

    def test_opening_the_link_alone_changes_nothing(self, client, session):
        client.post("/dang-ky", data=HOA)

        client.get(path_in_mail(session, HOA["email"], "xac-nhan-email"))

        assert session.scalar(select(User.email_confirmed_at)) is None
        assert session.scalar(select(OneTimeToken.used_at)) is None

    def test_another_persons_password_opens_nothing(self, client, session):
        client.post("/dang-ky", data=HOA)
        link = path_in_mail(session, HOA["email"], "xac-nhan-email")

        answer = client.post(link, data={"password": WRONG})

        assert answer.status_code == 422
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"password": "ngắn"}, "ít nhất 8 ký tự"),
            ({"password": "password1"}, "quá nhiều người dùng"),
            ({"password": "nguyenthihoa"}, "không nên là tên"),
            ({"email": "hoa"}, "e-mail"),
            ({"full_name": ""}, "Mời bạn điền ô này"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field(self, client, session, change, said):
        answer = client.post("/dang-ky", data=HOA | change)

        [field] = change
        assert answer.status_code == 422
        assert said in answer.text
        assert f'href="#{field}"' in answer.text
        assert 'aria-invalid="true"' in answer.text
        if field != "full_name":
            assert 'value="Nguyễn Thị Hoa"' in answer.text
        assert session.scalar(select(func.count()).select_from(User)) == 0


class TestNobodyLearnsWhoHasAnAccount:
    def test_signing_up(self, client, session):
        UserFactory(email="quen@example.com")

        known = client.post("/dang-ky", data=HOA | {"email": "quen@example.com"})
        unknown = client.post("/dang-ky", data=HOA | {"email": "laaa@example.com"})

        assert known.status_code == unknown.status_code == 200
        assert known.text.replace("quen@", "laaa@") == unknown.text
        send_all(session)
        assert latest_mails(1, "quen@example.com")[0].subject == "Bạn đã có tài khoản ở Chợ Mùa"

    def test_signing_in(self, client, session):
        UserFactory(email="quen@example.com")

        known = sign_in(client, "quen@example.com", WRONG)
        unknown = sign_in(client, "laaa@example.com", WRONG)

        assert known.status_code == unknown.status_code == 422
        assert without_token(known.text).replace("quen@", "laaa@") == without_token(unknown.text)

    @pytest.mark.parametrize("page", ["/quen-mat-khau", "/xac-nhan-email"])
    def test_asking_for_a_mail(self, client, session, page):
        UserFactory(email="quen@example.com")

        known = client.post(page, data={"email": "quen@example.com"})
        unknown = client.post(page, data={"email": "laaa@example.com"})

        assert known.status_code == unknown.status_code == 200
        assert known.text.replace("quen@", "laaa@") == unknown.text


class TestBasket:
    def test_what_a_guest_chose_comes_along(self, client, session):
        UserFactory(email="hoa@example.com")
        pack = PackFactory(product=ProductFactory(pack=False))
        token = new_token()
        carts.add_to_cart(
            actor=Actor(user_id=None),
            token_hash=hash_of(token),
            pack_id=pack.id,
            quantity=3,
            at=now(),
        )
        with client.session_transaction() as cookie:
            cookie[TOKEN] = token

        sign_in(client)

        with client.session_transaction() as cookie:
            assert TOKEN not in cookie
            assert cookie["cart_count"] == 1


class TestForgotten:
    def test_a_mailed_link_sets_a_new_password_once(self, client, session, login):
        hoa = UserFactory(email="hoa@example.com")
        elsewhere = login(hoa)
        assert elsewhere.get("/tai-khoan").status_code == 200

        client.post("/quen-mat-khau", data={"email": "hoa@example.com"})
        link = path_in_mail(session, "hoa@example.com", "dat-lai-mat-khau")
        assert client.post(link, data={"password": "12345678"}).status_code == 422
        assert client.post(link, data={"password": NEW}).location == "/dang-nhap"

        assert client.post(link, data={"password": NEW}).status_code == 404
        assert (
            session.scalar(
                select(func.count()).select_from(UserSession).where(UserSession.ended_at.is_(None))
            )
            == 0
        )
        assert sign_in(client).status_code == 422
        assert sign_in(client, password=NEW).location == "/tai-khoan"
        send_all(session)
        assert "vừa được đổi" in latest_mails(1, "hoa@example.com")[0].subject


class TestThrottle:
    def test_the_eleventh_try_at_an_account_waits_even_with_the_right_password(
        self, client, session
    ):
        UserFactory(email="hoa@example.com")
        tries = [sign_in(client, password=WRONG).status_code for _ in range(10)]

        answer = sign_in(client)

        assert tries == [422] * 10
        assert answer.status_code == 429
        assert "Bạn đã thử nhiều lần" in answer.text
        assert session.scalar(select(func.count()).select_from(UserSession)) == 0

    def test_many_sign_ups_from_one_address_wait(self, client, session):
        session.execute(
            text("update throttle_counters set count = 30 where key like 'sign-up:address:%'")
        )
        client.post("/xac-nhan-email", data={"email": "a@example.com"})
        session.execute(
            text("update throttle_counters set count = 30 where key like 'sign-up:address:%'")
        )

        answer = client.post("/dang-ky", data=HOA)

        assert answer.status_code == 429
        assert session.scalar(select(func.count()).select_from(User)) == 0


class TestSessionFixation:
    def test_signing_in_gives_the_browser_a_new_session(self, client, session):
        UserFactory(email="hoa@example.com")
        with client.session_transaction() as cookie:
            cookie["_user_id"] = "planted"
            cookie["planted"] = "by somebody else"

        sign_in(client)

        with client.session_transaction() as cookie:
            assert cookie["_user_id"] != "planted"
            assert "planted" not in cookie

    @pytest.mark.parametrize(
        "target", ["//evil.example", "/\\evil", "https://evil.example", "javascript:x"]
    )
    def test_nobody_is_sent_elsewhere(self, client, session, target):
        UserFactory(email="hoa@example.com")

        assert sign_in(client, next=target).location == "/tai-khoan"


def without_token(page: str) -> str:
    return re.sub(r'name="csrf_token"[^>]*', "", page)
