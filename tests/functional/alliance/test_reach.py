"""What the desk shows to the officers of a province, and how the alliances are set up."""

import pytest
from sqlalchemy import select

from models.accounts import Organisation, Role
from models.notifications import Message
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.certification import CertificateFactory
from tests.factories.statistics import YearlyStatisticFactory

LIST = "/lien-minh/cac-lien-minh"
FORM = {
    "name": "Liên minh Hợp tác xã tỉnh Cao Bằng",
    "province_code": "04",
    "email": "can-bo@example.com",
}


def officer_of(**reach):
    alliance = OrganisationFactory(alliance=True, **reach)
    return MembershipFactory(organisation=alliance, role=Role.OFFICER).user


@pytest.fixture
def national(session, login):
    return login(officer_of(code="LMHTX"))


@pytest.fixture
def near(session, login):
    """The browser of an officer of Đắk Lắk."""
    return login(officer_of(covers_province_code="66"))


@pytest.fixture
def market(session):
    """A cooperative in Đắk Lắk and one in Hà Nội; each waits, with a paper, and has figures."""
    found = [
        OrganisationFactory(code="GAN", name="Hợp tác xã Gần", pending=True),
        OrganisationFactory(code="XA", name="Hợp tác xã Xa", province_code="01", pending=True),
    ]
    for organisation in found:
        CertificateFactory(waiting=True, organisation=organisation)
        YearlyStatisticFactory(organisation=organisation)
    return found


class TestDesk:
    def test_today_counts_the_own_province(self, near, market):
        page = near.get("/lien-minh").text

        assert "Phạm vi: Đắk Lắk" in page
        assert "Hợp tác xã Gần" in page
        assert "Hợp tác xã Xa" not in page
        assert "Hà Nội" not in page

    @pytest.mark.parametrize("covered", ["66", None])
    def test_lists_offer_provinces_to_the_whole_country(self, session, login, market, covered):
        browser = login(officer_of(covers_province_code=covered))

        for address in ("/lien-minh/to-chuc", "/lien-minh/ho-so", "/lien-minh/so-lieu"):
            assert ('id="loc-tinh"' in browser.get(address).text) is (covered is None)

    def test_the_register_says_nothing_of_another(self, near, market):
        page = near.get("/lien-minh/to-chuc?tinh=01").text

        assert "Hợp tác xã Xa" not in page
        assert near.get("/lien-minh/to-chuc/GAN").status_code == 200
        for address in ("/lien-minh/to-chuc/XA", "/lien-minh/to-chuc/XA/giu-hen"):
            assert near.get(address).status_code == 404
        for act in ("xac-minh", "tam-dung", "dong"):
            data = {"reason": "Lý do", "closing": "Lý do"}
            assert near.post(f"/lien-minh/to-chuc/XA/{act}", data=data).status_code == 404

    def test_figures_and_files_are_of_the_own_province(self, near, market):
        for address in (
            "/lien-minh/so-lieu",
            "/lien-minh/so-lieu?tinh=01",
            "/lien-minh/so-lieu.csv",
            "/lien-minh/so-lieu.csv?tinh=01",
        ):
            text = near.get(address).text
            assert "Đắk Lắk" in text
            assert "XA" not in text
            assert "Hà Nội" not in text

        file = near.get("/lien-minh/so-lieu.csv?tinh=01")
        assert "so-lieu-nam-2025-66.csv" in file.headers["Content-Disposition"]
        assert "Hợp tác xã Gần" in file.text

    def test_the_whole_country_sees_both(self, national, market):
        text = national.get("/lien-minh/so-lieu.csv").text

        assert "Hợp tác xã Gần" in text
        assert "Hợp tác xã Xa" in text

    def test_statements_do_not_grow(self, near, market, statements):
        with statements() as few:
            near.get("/lien-minh/to-chuc")
        for _ in range(19):
            OrganisationFactory()
        with statements() as many:
            near.get("/lien-minh/to-chuc")

        assert len(few) == len(many) <= 5


class TestAlliances:
    def test_a_new_one_invites_its_first_officer(self, session, national):
        answer = national.post(f"{LIST}/moi", data=FORM)

        assert (answer.status_code, answer.location) == (303, f"{LIST}/CAOBANG")
        page = national.get(answer.location).text
        assert "can-bo@example.com" in page
        assert "Cao Bằng" in page
        assert session.scalar(select(Message.recipient)) == "can-bo@example.com"
        assert "LM HTX tỉnh Cao Bằng" in page
        assert f"{LIST}/CAOBANG" in national.get(LIST).text
        assert f'href="{LIST}"' in national.get("/lien-minh/to-chuc").text

    @pytest.mark.parametrize(
        ("wrong", "said"),
        [
            ({"name": ""}, "Nhập tên liên minh"),
            ({"province_code": ""}, "Chọn tỉnh, thành phố"),
            ({"email": "khong phai"}, 'value="khong phai"'),
        ],
    )
    def test_mistakes_come_back_with_what_was_typed(self, session, national, wrong, said):
        data = FORM | wrong

        answer = national.post(f"{LIST}/moi", data=data)

        assert answer.status_code == 422
        assert said in answer.text
        assert session.scalar(select(Organisation.id).where(Organisation.code == "CAOBANG")) is None

    def test_a_province_that_is_taken_is_said_at_the_field(self, national):
        national.post(f"{LIST}/moi", data=FORM)

        answer = national.post(f"{LIST}/moi", data=FORM)

        assert answer.status_code == 422
        assert "đã có một liên minh khác phụ trách" in answer.text

    def test_its_reach_is_chosen_on_its_page(self, session, national):
        alliance = OrganisationFactory(alliance=True, code="LMDL", covers_province_code="66")

        answer = national.post(f"{LIST}/LMDL/pham-vi", data={"province_code": ""})

        session.expire_all()
        assert (answer.status_code, alliance.covers_province_code) == (303, None)
        assert "Cả nước" in national.get(f"{LIST}/LMDL").text
        national.post(f"{LIST}/LMDL/pham-vi", data={"province_code": "04"})
        session.expire_all()
        assert alliance.covers_province_code == "04"

    def test_ones_own_has_no_form_and_takes_none(self, session, national):
        assert f"{LIST}/LMHTX/pham-vi" not in national.get(f"{LIST}/LMHTX").text

        answer = national.post(f"{LIST}/LMHTX/pham-vi", data={"province_code": "04"})

        assert answer.status_code == 422
        assert "không tự đổi phạm vi" in answer.text

    def test_the_first_officer_is_invited_until_somebody_came(self, session, national):
        alliance = OrganisationFactory(alliance=True, code="LMDL", covers_province_code="66")
        again = national.post(f"{LIST}/LMDL/can-bo", data={"email": "moi@example.com"})
        MembershipFactory(organisation=alliance, role=Role.OFFICER)

        late = national.post(f"{LIST}/LMDL/can-bo", data={"email": "moi@example.com"})

        assert (again.status_code, late.status_code) == (303, 422)
        assert f"{LIST}/LMDL/can-bo" not in national.get(f"{LIST}/LMDL").text

    def test_provincial_officers_are_told_no(self, near):
        for address in (LIST, f"{LIST}/moi", f"{LIST}/LMHTX"):
            assert near.get(address).status_code == 403
        assert f'href="{LIST}"' not in near.get("/lien-minh/to-chuc").text
