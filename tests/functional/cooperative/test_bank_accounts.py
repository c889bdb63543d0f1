"""The page of an organisation's bank accounts, and the operator's page that pays to them."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.kernel.clock import now
from models.accounts import Role, UserSession
from models.bank_accounts import BankAccount, BankAccountReading
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.bank_accounts import BankAccountFactory

HERE = "/quay/CUMGAR/tai-khoan-ngan-hang"
NUMBER = "001100123456789"
FORM = {"bank_bin": "970405", "number": "5200 2050 12345", "holder": "HTX Cư M’gar"}


@pytest.fixture
def htx(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def account(htx):
    return BankAccountFactory(organisation=htx, number=NUMBER, created_at=now())


@pytest.fixture
def desk(htx, login):
    """Sign somebody in who belongs to the organisation."""

    def open_desk(role=Role.DIRECTOR, **person):
        return login(
            MembershipFactory(organisation=htx, role=role, user=UserFactory(**person)).user
        )

    return open_desk


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_shows_the_accounts_masked_and_the_menu_leads_there(desk, account, prefix):
    page = desk().get(prefix + HERE)

    assert page.status_code == 200
    assert "•••• 6789" in page.text
    assert NUMBER not in page.text
    assert f'href="{prefix}{HERE}" aria-current="page"' in page.text


def test_says_what_to_do_while_there_is_none(desk):
    page = desk().get(HERE).text

    assert "Chưa khai tài khoản nào" in page
    assert page.count("btn primary") == 1


@pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
def test_is_closed_to_the_rest_of_the_organisation(desk, account, role):
    browser = desk(role)

    assert browser.get(HERE).status_code == 403
    assert browser.get(f"{HERE}/moi").status_code == 403
    assert browser.post(f"{HERE}/{account.id}/so").status_code == 403


def test_is_closed_to_others(account, login):
    browser = login(MembershipFactory().user)

    assert browser.get(HERE).status_code == 404
    assert browser.post(f"{HERE}/{account.id}/so").status_code == 404


def test_an_account_of_others_is_none(desk):
    foreign = BankAccountFactory()
    browser = desk()

    assert browser.get(f"{HERE}/{foreign.id}/doi").status_code == 404
    for act in ("so", "chinh", "xac-nhan", "dong"):
        assert browser.post(f"{HERE}/{foreign.id}/{act}").status_code == 404


@pytest.mark.parametrize(
    ("method", "path"), [("get", "/moi"), ("post", "/moi"), ("post", "/{id}/so")]
)
def test_asks_who_it_is_after_a_quarter_of_an_hour(session, desk, account, method, path):
    browser = desk()
    session.execute(update(UserSession).values(fresh_at=now() - timedelta(minutes=15)))

    answer = getattr(browser, method)(HERE + path.format(id=account.id), data=FORM)

    assert answer.location.startswith("/xac-nhan-lai?next=%2Fquay%2FCUMGAR%2Ftai-khoan-ngan-hang")
    assert session.scalar(select(BankAccountReading)) is None


def test_without_the_token_of_its_page_nothing_happens(app, session, desk, account):
    browser = desk()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answers = [
            browser.post(f"{HERE}/moi", data=FORM),
            browser.post(f"{HERE}/{account.id}/so"),
        ]
    finally:
        app.config["WTF_CSRF_ENABLED"] = False

    assert all(answer.status_code >= 400 for answer in answers)
    assert session.scalar(select(BankAccountReading)) is None


class TestAdding:
    def test_leads_back_to_the_list(self, session, desk):
        browser = desk()

        answer = browser.post(f"{HERE}/moi", data=FORM)

        assert answer.location == HERE
        page = browser.get(HERE).text
        assert "Agribank •••• 2345" in page
        assert "Tài khoản chính" in page
        assert "Khai tài khoản" in page
        assert session.scalars(select(BankAccount.last_four)).all() == ["2345"]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"bank_bin": ""}, "bank_bin"),
            ({"number": "12 34"}, "number"),
            ({"holder": ""}, "holder"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
        self, session, desk, wrong, field
    ):
        typed = FORM | wrong

        answer = desk().post(f"{HERE}/moi", data=typed)

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert f'value="{typed["number"]}"' in answer.text
        assert session.scalar(select(BankAccount)) is None


class TestChanging:
    def test_puts_another_account_in_its_place(self, session, desk, account):
        browser = desk()
        assert "HTX NONG NGHIEP" in browser.get(f"{HERE}/{account.id}/doi").text

        answer = browser.post(f"{HERE}/{account.id}/doi", data=FORM)

        assert answer.location == HERE
        session.expire_all()
        assert account.closed_at is not None
        assert "6789" not in browser.get(HERE).text.partition("Ai đã xem")[0]

    def test_the_same_number_of_another_is_refused_without_saying_whose(self, desk, account):
        BankAccountFactory(bank_bin="970405", number="5200205012345")

        answer = desk().post(f"{HERE}/{account.id}/doi", data=FORM)

        assert answer.status_code == 422
        assert "đã có tổ chức khác khai" in answer.text


class TestTheNumber:
    def test_is_shown_once_noted_and_never_kept(self, session, desk, account):
        browser = desk(full_name="Trần Kim")

        answer = browser.post(f"{HERE}/{account.id}/so")

        assert answer.status_code == 200
        assert NUMBER in answer.text
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert f'href="/en{HERE}"' in answer.text
        page = browser.get(HERE).text
        assert NUMBER not in page
        assert "Trần Kim" in page.partition("Ai đã xem")[2]
        assert session.scalars(select(BankAccountReading.reason)).all() == ["shown"]


class TestTheRest:
    def test_another_becomes_the_main_one_and_the_first_may_go(self, session, htx, desk, account):
        second = BankAccountFactory(organisation=htx, is_main=False)
        browser = desk()

        assert browser.post(f"{HERE}/{second.id}/chinh").location == HERE
        assert browser.post(f"{HERE}/{account.id}/dong").location == HERE

        session.expire_all()
        assert (second.is_main, account.is_main) == (True, False)
        assert account.closed_at is not None

    def test_the_main_one_stays(self, session, desk, account):
        browser = desk()

        browser.post(f"{HERE}/{account.id}/dong")

        assert "Hãy chọn tài khoản chính khác trước" in browser.get(HERE).text
        session.expire_all()
        assert account.closed_at is None

    def test_a_second_director_confirms_and_the_first_does_not(self, session, desk, account):
        first = desk()
        person = session.scalar(select(UserSession.user_id))
        account.created_by_id = person
        session.flush()

        assert first.post(f"{HERE}/{account.id}/xac-nhan").status_code == 403
        assert desk().post(f"{HERE}/{account.id}/xac-nhan").location == HERE

        session.expire_all()
        assert account.confirmed_by_id not in {None, person}


class TestPaying:
    PAGE = "/van-hanh/chi-tra/CUMGAR"

    @pytest.fixture
    def till(self, login):
        organisation = OrganisationFactory(operator=True)
        return login(MembershipFactory(organisation=organisation, role=Role.OPERATOR).user)

    def test_a_new_account_waits_until_the_operator_has_called(self, session, till, account):
        held = till.get(self.PAGE).text
        assert "giữ đến" in held
        assert 'name="bank_reference"' not in held
        assert NUMBER not in till.post(f"{self.PAGE}/so-tai-khoan").text

        assert till.post(f"{self.PAGE}/xac-nhan-tai-khoan/{account.id}").location == self.PAGE
        shown = till.post(f"{self.PAGE}/so-tai-khoan")

        assert NUMBER in shown.text
        assert shown.headers["Cache-Control"] == "private, no-store"
        assert NUMBER not in till.get(self.PAGE).text
        assert session.scalars(select(BankAccountReading.reason)).all() == ["payout"]

    def test_asks_who_it_is_first(self, session, till, account):
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(minutes=15)))

        answer = till.post(f"{self.PAGE}/so-tai-khoan")

        assert answer.location.startswith("/xac-nhan-lai")
        assert session.scalar(select(BankAccountReading)) is None

    def test_a_seller_without_an_account_has_no_number(self, htx, till):
        assert "chưa khai tài khoản" in till.get(self.PAGE).text
        assert till.post(f"{self.PAGE}/so-tai-khoan").status_code == 404
