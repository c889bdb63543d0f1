"""The page on which a cooperative lets others act for it, and their way to its desk."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from marketplace.kernel.clock import business_day, now
from marketplace.workflows.standing import suspend_organisation
from models.accounts import Membership, Role, UserSession
from models.catalogue import ProductState
from models.consents import Consent
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    give_second_factor,
)
from tests.factories.accounts import officer as alliance_officer
from tests.factories.catalogue import ProductFactory
from tests.factories.consents import ConsentFactory
from tests.factories.unions import UnionMembershipFactory

HERE = "/quay/CUMGAR/uy-quyen"


@pytest.fixture
def htx(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar", short_name="HTX Cư M’gar")


@pytest.fixture
def alliance(session):
    return OrganisationFactory(alliance=True, code="LMHTX", name="Liên minh Đắk Lắk")


@pytest.fixture
def form(alliance):
    until = business_day(now()) + timedelta(days=30)
    return {"helper": "hop-tac-xa-lmhtx", "scopes": ["products"], "until_on": until.isoformat()}


@pytest.fixture
def desk(htx, login):
    def open_desk(role=Role.DIRECTOR):
        return login(MembershipFactory(organisation=htx, role=role).user)

    return open_desk


@pytest.fixture
def officer(alliance):
    return MembershipFactory(
        organisation=alliance, role=Role.OFFICER, user=UserFactory(full_name="Y Moan Êban")
    )


@pytest.fixture
def consent(htx, officer):
    return ConsentFactory(organisation=htx, officer=officer, granted_at=now())


class TestTheDirectorsPage:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_shows_what_was_agreed_to_and_the_menu_leads_there(self, desk, consent, prefix):
        page = desk().get(prefix + HERE)

        assert page.status_code == 200
        assert "Liên minh Đắk Lắk" in page.text
        assert f'href="{prefix}{HERE}" aria-current="page"' in page.text

    def test_says_what_it_is_for_while_there_is_none(self, desk):
        page = desk().get(HERE).text

        assert "Chưa cho ai làm thay" in page
        assert page.count("btn primary") == 1

    def test_is_closed_to_everybody_else(self, htx, desk, login, consent):
        for role in (Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT):
            assert desk(role).get(HERE).status_code == 403
        assert login(MembershipFactory().user).get(HERE).status_code == 404


class TestGranting:
    def test_leads_back_to_the_page(self, session, desk, form):
        browser = desk()

        assert browser.post(f"{HERE}/moi", data=form).location == HERE
        assert "Đang có hiệu lực" in browser.get(HERE).text
        assert session.scalars(select(Consent.scopes)).all() == [["products"]]

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"helper": ""}, "helper"),
            ({"helper": "hop-tac-xa-cumgar"}, "helper"),
            ({"scopes": []}, "scopes"),
            ({"scopes": ["money"]}, "scopes"),
            ({"until_on": "2020-01-01"}, "until_on"),
            ({"until_on": ""}, "until_on"),
        ],
    )
    def test_what_is_wrong_is_said_at_its_field_and_the_rest_stays(
        self, session, desk, form, wrong, field
    ):
        answer = desk().post(f"{HERE}/moi", data=form | wrong)

        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        if field != "helper":
            assert '<option value="hop-tac-xa-lmhtx" selected>' in answer.text
        assert session.scalar(select(Consent)) is None

    def test_asks_who_it_is_first(self, session, desk, form):
        browser = desk()
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(minutes=15)))

        assert browser.get(f"{HERE}/moi").location.startswith("/xac-nhan-lai")
        assert browser.post(f"{HERE}/moi", data=form).location.startswith("/xac-nhan-lai")
        assert session.scalar(select(Consent)) is None

    def test_says_so_where_nobody_could_help(self, desk):
        assert "Chưa có ai để nhờ làm thay" in desk().get(f"{HERE}/moi").text

    def test_without_the_token_of_its_page_nothing_happens(self, app, session, desk, form):
        browser = desk()
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = browser.post(f"{HERE}/moi", data=form)
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code >= 400
        assert session.scalar(select(Consent)) is None


class TestHelping:
    def start(self, browser, consent):
        return browser.post(f"/lam-thay/{consent.id}/bat-dau")

    def test_the_desk_opens_with_a_banner_on_every_page(self, login, officer, consent):
        browser = login(officer.user)
        assert "HTX Cư M’gar" in browser.get("/lam-thay").text
        assert browser.get("/quay/CUMGAR").status_code == 404

        assert self.start(browser, consent).location == "/quay/CUMGAR"

        for path in ("/quay/CUMGAR", "/", "/lien-minh", "/tai-khoan", "/en/san-pham"):
            page = browser.get(path).text
            assert ("You are acting on behalf of" if "/en" in path else "Bạn đang làm thay") in page
            assert "HTX Cư M’gar" in page

    def test_what_is_done_names_both_for_the_director(self, session, htx, login, consent):
        product = ProductFactory(organisation=htx, draft=True)
        helper = session.scalars(
            select(Membership).where(Membership.organisation_id == consent.helper_organisation_id)
        ).one()
        browser = login(helper.user)
        self.start(browser, consent)

        browser.post(f"/quay/CUMGAR/san-pham/{product.id}/dang-ban")

        session.expire_all()
        assert product.state == ProductState.PUBLISHED
        page = login(MembershipFactory(organisation=htx).user).get(HERE).text
        assert "Đăng bán sản phẩm" in page
        assert "Y Moan Êban" in page
        assert "thay HTX Cư M’gar" in page

    def test_money_people_and_accounts_stay_closed(self, login, officer, consent):
        browser = login(officer.user)
        self.start(browser, consent)

        for path in ("tien", "doanh-thu", "nhom", "tai-khoan-ngan-hang", "uy-quyen", "cai-dat"):
            assert browser.get(f"/quay/CUMGAR/{path}").status_code == 403
            assert f'href="/quay/CUMGAR/{path}"' not in browser.get("/quay/CUMGAR").text
        assert "Tháng này" not in browser.get("/quay/CUMGAR").text

    def test_ceasing_closes_the_desk(self, login, officer, consent):
        browser = login(officer.user)
        self.start(browser, consent)

        assert browser.post("/lam-thay/thoi").location == "/lam-thay"

        assert "Bạn đang làm thay" not in browser.get("/").text
        assert browser.get("/quay/CUMGAR").status_code == 404

    def test_withdrawing_closes_it_at_the_next_request_and_says_why(
        self, session, login, officer, consent
    ):
        browser = login(officer.user)
        self.start(browser, consent)
        consent.ended_at = now()
        session.flush()

        answer = browser.get("/quay/CUMGAR")

        assert answer.status_code == 403
        assert "đã hết hạn hoặc đã được rút lại" in answer.text
        assert "Bạn đang làm thay" not in browser.get("/").text

    def test_leaving_the_union_closes_it_at_the_next_request_and_the_page_says_why(
        self, session, htx, login
    ):
        union = OrganisationFactory(kind="union", code="LHTN", name="Liên hiệp Tây Nguyên")
        member = MembershipFactory(organisation=union, role=Role.SALES)
        helper, leader = member.user, MembershipFactory(organisation=union).user
        unit = UnionMembershipFactory(union=union, member=htx)
        consent = ConsentFactory(organisation=htx, officer=member, granted_at=now())
        self.start(login(helper), consent)

        left = login(leader).post(
            f"/quay/LHTN/don-vi/{unit.id}/ket-thuc",
            data={"left_on": business_day(now()).isoformat()},
        )
        browser = login(helper)
        refused = self.start(browser, consent)

        assert (left.location, refused.status_code) == ("/quay/LHTN/don-vi", 403)
        assert browser.get("/quay/CUMGAR").status_code == 403
        director = login(MembershipFactory(organisation=htx).user)
        assert "hai bên không còn chung liên hiệp" in director.get(HERE).text
        assert "no longer belong to the same union" in director.get(f"/en{HERE}").text

    def test_suspending_the_helper_closes_it_at_the_next_request(self, session, htx, login):
        union = OrganisationFactory(kind="union", code="LHTN")
        member = MembershipFactory(organisation=union, role=Role.SALES)
        consent = ConsentFactory(organisation=htx, officer=member, granted_at=now())
        browser = login(member.user)
        self.start(browser, consent)
        assert browser.get("/quay/CUMGAR").status_code == 200

        suspend_organisation(actor=alliance_officer(), code="LHTN", reason="Lý do", at=now())

        answer = browser.get("/quay/CUMGAR")
        assert answer.status_code == 403
        assert "đã hết hạn hoặc đã được rút lại" in answer.text

    def test_the_director_withdraws_without_proving_anything(self, session, htx, login, consent):
        browser = login(MembershipFactory(organisation=htx).user)
        session.execute(update(UserSession).values(fresh_at=now() - timedelta(minutes=15)))

        assert browser.post(f"{HERE}/{consent.id}/rut-lai").location == HERE
        session.expire_all()
        assert consent.ended_at is not None

    def test_signing_out_ends_it(self, login, officer, consent):
        browser = login(officer.user)
        self.start(browser, consent)
        browser.post("/dang-xuat")

        assert "Bạn đang làm thay" not in browser.get("/").text

    def test_others_do_not_begin(self, login, consent):
        browser = login(MembershipFactory(organisation=OrganisationFactory(alliance=True)).user)

        assert self.start(browser, consent).status_code == 404
        assert browser.get("/quay/CUMGAR").status_code == 404

    def test_a_director_of_a_union_needs_the_second_factor_as_everywhere(
        self, app, session, htx, login
    ):
        union = OrganisationFactory(kind="union")
        member = MembershipFactory(organisation=union)
        consent = ConsentFactory(organisation=htx, officer=member, granted_at=now())
        browser = login(member.user)
        settings = app.config["SETTINGS"]
        app.config["SETTINGS"] = type(settings)(
            **{**settings.__dict__, "require_second_factor": True}
        )
        try:
            self.start(browser, consent)
            assert browser.get("/quay/CUMGAR").location == "/tai-khoan/bao-mat"
            give_second_factor(member.user)
            session.execute(update(UserSession).values(second_factor_at=now()))
            assert browser.get("/quay/CUMGAR").status_code == 200
        finally:
            app.config["SETTINGS"] = settings

    def test_nobody_asked_for_help(self, login):
        assert "Chưa có hợp tác xã nào nhờ" in login(UserFactory()).get("/lam-thay").text
