"""A director says what the papers say, and brings a logo and a cover."""

import io

import pytest
from sqlalchemy import select

from models.accounts import Role
from models.media import MediaFile
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import ProductFactory
from tests.factories.media import picture

FACTS = {
    "tax_code": "0100109106",
    "registration_number": "40B7-001",
    "legal_representative": "Y Bhăm Niê",
    "founded_on": "2014-03-01",
    "charter_capital_minor": "2.500.000.000",
    "member_count": "1.200",
    "brand": "Sắc đỏ",
}


@pytest.fixture
def cooperative(session):
    return OrganisationFactory(code="CUMGAR", slug="htx-cu-mgar")


@pytest.fixture
def desk(login, cooperative):
    """The browser of its director."""
    return login(MembershipFactory(organisation=cooperative).user)


class TestFacts:
    def test_are_saved_and_come_back(self, session, desk, cooperative):
        answer = desk.post("/quay/CUMGAR/cai-dat/dang-ky", data=FACTS)

        session.expire_all()
        page = desk.get("/quay/CUMGAR/cai-dat").text
        assert (answer.status_code, answer.location) == (303, "/quay/CUMGAR/cai-dat")
        assert (cooperative.charter_capital_minor, cooperative.member_count) == (
            2_500_000_000,
            1200,
        )
        assert 'value="2.500.000.000"' in page
        assert 'value="Y Bhăm Niê"' in page
        assert "trang xác minh ghi là tổ chức tự đổi" in page

    @pytest.mark.parametrize(
        ("field", "typed"),
        [
            ("tax_code", "0100109107"),
            ("founded_on", "31/02/2014"),
            ("charter_capital_minor", "hai tỷ"),
            ("member_count", "1,5"),
            ("registration_number", "x" * 31),
        ],
    )
    def test_a_mistake_is_said_at_the_field_and_kept(
        self, session, desk, cooperative, field, typed
    ):
        page = desk.post("/quay/CUMGAR/cai-dat/dang-ky", data=FACTS | {field: typed})

        assert page.status_code == 422
        assert f'value="{typed}"' in page.text
        assert f'href="#{field}"' in page.text
        assert 'value="Y Bhăm Niê"' in page.text
        session.expire_all()
        assert cooperative.legal_representative is None

    def test_the_alliance_sees_what_changed_since(self, session, login, desk):
        desk.post("/quay/CUMGAR/cai-dat/dang-ky", data=FACTS)
        alliance = OrganisationFactory(alliance=True)
        officer = MembershipFactory(organisation=alliance, role=Role.OFFICER).user

        page = login(officer).get("/lien-minh/to-chuc/CUMGAR").text

        assert "Đã đổi sau khi xác minh" in page
        assert "chưa khai → 01/03/2014" in page
        assert "chưa khai → 2.500.000.000" in page

    def test_are_for_directors(self, login, cooperative):
        sales = MembershipFactory(organisation=cooperative, role=Role.SALES).user
        stranger = MembershipFactory(organisation=OrganisationFactory()).user

        for user, status in ((sales, 403), (stranger, 404)):
            for page in ("dang-ky", "hinh-anh"):
                answer = login(user).post(f"/quay/CUMGAR/cai-dat/{page}", data=FACTS)
                assert answer.status_code == status


class TestPictures:
    def test_are_shown_to_everybody_and_can_be_taken_away(self, session, client, desk, cooperative):
        ProductFactory(organisation=cooperative)
        files = {
            "logo": (io.BytesIO(picture(size=(400, 400))), "logo.png"),
            "cover": (io.BytesIO(picture(size=(1600, 800), colour=(9, 9, 90))), "bia.jpg"),
        }

        answer = desk.post("/quay/CUMGAR/cai-dat/hinh-anh", data=files)

        session.expire_all()
        logo = session.get_one(MediaFile, cooperative.logo_id).sha256
        cover = session.get_one(MediaFile, cooperative.cover_id).sha256
        assert answer.status_code == 303
        for page in ("/hop-tac-xa/htx-cu-mgar", "/en/hop-tac-xa/htx-cu-mgar"):
            text = client.get(page).text
            assert f"/media/{logo}-400.webp" in text
            assert f"/media/{cover}-1600.webp" in text
        assert client.get(f"/media/{logo}-400.webp").status_code == 200

        desk.post("/quay/CUMGAR/cai-dat/hinh-anh", data={"remove": "logo"})

        session.expire_all()
        assert (cooperative.logo_id, cooperative.cover_id is None) == (None, False)

    def test_what_is_no_picture_is_refused_at_its_field_and_the_other_stays(
        self, session, desk, cooperative
    ):
        files = {
            "logo": (io.BytesIO(b"MZ"), "logo.exe"),
            "cover": (io.BytesIO(picture(size=(1600, 800))), "bia.jpg"),
        }

        page = desk.post("/quay/CUMGAR/cai-dat/hinh-anh", data=files)

        session.expire_all()
        assert page.status_code == 422
        assert 'href="#logo"' in page.text
        assert (cooperative.logo_id, cooperative.cover_id is None) == (None, False)

    def test_nothing_is_said_to_be_nothing(self, session, desk):
        page = desk.post("/quay/CUMGAR/cai-dat/hinh-anh", data={})

        assert page.status_code == 422
        assert session.scalars(select(MediaFile)).all() == []
