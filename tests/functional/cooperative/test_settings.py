"""A director chooses the desk and says how the cooperative shows itself and delivers."""

import pytest

from models.accounts import DeliverySettings, OrganisationKind, Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

PORTRAIT = {
    "name": "HTX Cà phê Cư M’gar",
    "name_en": "Cu M’gar Coffee",
    "tagline_vi": "Cà phê chín cây",
    "tagline_en": "",
    "story_vi": "Buôn Sut M’đưng.\nCó 120 hộ.",
    "story_en": "",
    "phone": "0912 345 678",
}
TERMS = {
    "own_region_fee": "20.000",
    "own_region_days": "1",
    "other_region_fee": "45.000 ₫",
    "other_region_days": "3",
    "free_from": "",
    "accepts_cash": "y",
    "pickup_note": "",
}


@pytest.fixture
def cooperative(session):
    """Ours."""
    return OrganisationFactory(code="CUMGAR", name="HTX Cũ")


def browser_of(login, cooperative, role=Role.DIRECTOR):
    return login(MembershipFactory(organisation=cooperative, role=role).user)


class TestChoosing:
    def test_with_one_desk_there_is_nothing_to_choose(self, login, cooperative):
        assert browser_of(login, cooperative).get("/quay").location == "/quay/CUMGAR"
        assert browser_of(login, cooperative).get("/en/quay").location == "/en/quay/CUMGAR"

    def test_staff_go_to_theirs(self, login, session):
        officer = MembershipFactory(
            organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
        ).user

        assert login(officer).get("/quay").location == "/lien-minh"

    def test_with_several_one_chooses(self, login, cooperative):
        hoa = UserFactory()
        MembershipFactory(user=hoa, organisation=cooperative)
        union = OrganisationFactory(code="LHTN", kind=OrganisationKind.UNION, suspended=True)
        MembershipFactory(user=hoa, organisation=union, role=Role.ACCOUNTANT)

        page = login(hoa).get("/quay").text

        assert 'href="/quay/CUMGAR"' in page
        assert 'href="/quay/LHTN"' in page
        assert "Kế toán" in page
        assert "Tạm dừng" in page

    def test_whoever_buys_for_an_enterprise_goes_to_its_desk(self, login, session):
        buyer = MembershipFactory(
            organisation=OrganisationFactory(enterprise=True, code="MAY", name="Cà phê Mây"),
            role=Role.BUYER,
        ).user

        assert login(buyer).get("/quay").location == "/mua-hang/MAY"
        assert login(buyer).get("/en/quay").location == "/en/mua-hang/MAY"

    def test_who_belongs_nowhere_is_told_what_to_do(self, login, session):
        assert "Bạn chưa thuộc tổ chức nào" in login(UserFactory()).get("/quay").text


class TestSettings:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_shows_everything_to_the_director(self, login, cooperative, prefix):
        MembershipFactory(
            organisation=cooperative, user=UserFactory(full_name="Y Thu"), role=Role.WAREHOUSE
        )

        page = browser_of(login, cooperative).get(f"{prefix}/quay/CUMGAR/cai-dat").text

        assert 'value="HTX Cũ"' in page
        assert ('value="25,000"' if prefix else 'value="25.000"') in page
        assert "Y Thu" in page

    def test_changes_the_portrait(self, login, session, cooperative):
        answer = browser_of(login, cooperative).post("/quay/CUMGAR/cai-dat", data=PORTRAIT)

        session.expire_all()
        assert answer.location == "/quay/CUMGAR/cai-dat"
        assert (cooperative.name, cooperative.name_en) == (PORTRAIT["name"], PORTRAIT["name_en"])
        assert cooperative.phone == "+84912345678"
        assert cooperative.story_vi == PORTRAIT["story_vi"]

    def test_keeps_what_was_typed_when_it_is_wrong(self, login, session, cooperative):
        answer = browser_of(login, cooperative).post(
            "/quay/CUMGAR/cai-dat", data=PORTRAIT | {"name": ""}
        )

        session.expire_all()
        assert answer.status_code == 422
        assert "Cà phê chín cây" in answer.text
        assert 'href="#name"' in answer.text
        assert cooperative.name == "HTX Cũ"

    def test_changes_the_delivery_terms(self, login, session, cooperative):
        answer = browser_of(login, cooperative).post("/quay/CUMGAR/cai-dat/giao-hang", data=TERMS)

        session.expire_all()
        kept = session.get(DeliverySettings, cooperative.id)
        assert answer.location == "/quay/CUMGAR/cai-dat"
        assert (kept.own_region_fee_minor, kept.other_region_fee_minor) == (20_000, 45_000)
        assert (kept.own_region_days, kept.free_from_minor) == (1, None)
        assert (kept.accepts_cash, kept.offers_pickup) == (True, False)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"own_region_fee": "abc"}, "own_region_fee"),
            ({"own_region_fee": "90.000.000"}, "own_region_fee"),
            ({"free_from": "0"}, "free_from"),
            ({"other_region_days": "31"}, "other_region_days"),
        ],
    )
    def test_refuses_slips_at_their_field(self, login, session, cooperative, change, field):
        answer = browser_of(login, cooperative).post(
            "/quay/CUMGAR/cai-dat/giao-hang", data=TERMS | change
        )

        session.expire_all()
        assert answer.status_code == 422
        assert f'href="#{field}"' in answer.text
        assert session.get(DeliverySettings, cooperative.id).own_region_fee_minor == 25_000

    @pytest.mark.parametrize("role", [Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_the_directors_business(self, login, session, cooperative, role):
        browser = browser_of(login, cooperative, role)

        answers = [
            browser.get("/quay/CUMGAR/cai-dat").status_code,
            browser.post("/quay/CUMGAR/cai-dat", data=PORTRAIT).status_code,
            browser.post("/quay/CUMGAR/cai-dat/giao-hang", data=TERMS).status_code,
        ]

        session.expire_all()
        assert answers == [403, 403, 403]
        assert cooperative.name == "HTX Cũ"

    def test_others_do_not_see_that_it_is_there(self, login, session, cooperative):
        browser = browser_of(login, OrganisationFactory(code="KHAC"))

        foreign = browser.post("/quay/CUMGAR/cai-dat", data=PORTRAIT)
        missing = browser.post("/quay/KHONGCO/cai-dat", data=PORTRAIT)

        session.expire_all()
        assert foreign.status_code == missing.status_code == 404
        assert cooperative.name == "HTX Cũ"
