"""An officer of the alliance finds an organisation, lets it in, and suspends it."""

import pytest
from sqlalchemy import func, select

from models.accounts import OrganisationKind, Role
from models.notifications import Message
from models.platform import StateChange
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory

PAGES = ["/lien-minh", "/lien-minh/to-chuc", "/lien-minh/to-chuc/CUMGAR"]


@pytest.fixture
def desk(session, login):
    """The browser of an officer."""
    membership = MembershipFactory(
        organisation=OrganisationFactory(alliance=True, code="LMHTX"), role=Role.OFFICER
    )
    return login(membership.user)


@pytest.fixture
def waiting(session):
    """A cooperative that waits, and its director."""
    director = UserFactory(email="giamdoc@example.com")
    cooperative = OrganisationFactory(
        code="CUMGAR", slug="htx-cu-m-gar", name="HTX Cà phê Cư M’gar", pending=True
    )
    MembershipFactory(user=director, organisation=cooperative)
    return cooperative


def mails(session) -> list[str]:
    return list(session.scalars(select(Message.key).order_by(Message.id)))


@pytest.mark.parametrize("page", PAGES)
class TestEveryPage:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_opens_for_officers(self, desk, waiting, page, prefix):
        assert desk.get(prefix + page).status_code == 200

    def test_is_not_there_for_others(self, session, login, waiting, page):
        director = MembershipFactory(organisation=OrganisationFactory()).user

        assert login(director).get(page).status_code == 404


class TestToday:
    def test_counts_what_waits_and_where(self, desk, waiting):
        OrganisationFactory(province_code="92")

        page = desk.get("/lien-minh").text

        assert "HTX Cà phê Cư M’gar" in page
        assert 'href="/lien-minh/to-chuc?tinh=66"' in page
        assert 'href="/lien-minh/to-chuc?tinh-trang=pending"' in page

    def test_says_so_when_nothing_waits(self, desk):
        assert "Không có việc nào chờ" in desk.get("/lien-minh").text


class TestList:
    def test_filters_by_the_address(self, desk, waiting):
        OrganisationFactory(name="Liên hiệp Bưởi", kind=OrganisationKind.UNION, province_code="92")

        everything = desk.get("/lien-minh/to-chuc").text
        unions = desk.get("/lien-minh/to-chuc?loai=union").text
        found = desk.get("/lien-minh/to-chuc?q=cu+m+gar&tinh=66&tinh-trang=pending").text
        nothing = desk.get("/lien-minh/to-chuc?q=khong-co").text

        assert "Liên hiệp Bưởi" in everything
        assert "Cư M’gar" in everything
        assert "Cư M’gar" not in unions
        assert "Liên hiệp Bưởi" not in found
        assert "Cư M’gar" in found
        assert "Không có tổ chức nào khớp" in nothing

    def test_nonsense_filters_nothing(self, desk, waiting):
        page = desk.get("/lien-minh/to-chuc?loai=x&tinh=99&tinh-trang=y&trang=-4")

        assert page.status_code == 200
        assert "Cư M’gar" in page.text

    def test_sends_the_same_statements_for_one_and_for_many(self, desk, waiting, statements):
        with statements() as few:
            desk.get("/lien-minh/to-chuc")
        for _ in range(19):
            OrganisationFactory()

        with statements() as many:
            desk.get("/lien-minh/to-chuc")

        assert len(few) == len(many) <= 5


class TestDeciding:
    def test_verify_tells_the_director_once(self, desk, session, waiting):
        for _ in range(2):
            answer = desk.post("/lien-minh/to-chuc/CUMGAR/xac-minh")
            assert answer.location == "/lien-minh/to-chuc/CUMGAR"

        session.expire_all()
        assert waiting.verification == "verified"
        [key] = mails(session)
        assert key.startswith("organisation_verified:CUMGAR:")
        assert session.scalar(select(func.count()).select_from(StateChange)) == 1
        assert "Đã xác minh" in desk.get("/lien-minh/to-chuc/CUMGAR").text

    def test_suspend_needs_a_reason_and_keeps_it(self, desk, session, waiting):
        desk.post("/lien-minh/to-chuc/CUMGAR/xac-minh")

        empty = desk.post("/lien-minh/to-chuc/CUMGAR/tam-dung", data={"reason": ""})
        done = desk.post(
            "/lien-minh/to-chuc/CUMGAR/tam-dung", data={"reason": "Giấy phép <b>hết hạn"}
        )

        session.expire_all()
        assert empty.status_code == 422
        assert "<details" in empty.text
        assert done.status_code == 303
        assert waiting.verification == "suspended"
        assert mails(session)[-1].startswith("organisation_suspended:CUMGAR:")
        assert "Giấy phép &lt;b&gt;hết hạn" in desk.get("/lien-minh/to-chuc/CUMGAR").text

    def test_what_waits_cannot_be_suspended(self, desk, session, waiting):
        answer = desk.post("/lien-minh/to-chuc/CUMGAR/tam-dung", data={"reason": "Lý do"})

        session.expire_all()
        assert answer.status_code == 409
        assert waiting.verification == "pending"

    @pytest.mark.parametrize("action", ["xac-minh", "tam-dung"])
    def test_is_not_there_for_others(self, session, login, waiting, action):
        operator = MembershipFactory(
            organisation=OrganisationFactory(operator=True), role=Role.OPERATOR
        ).user

        answer = login(operator).post(
            f"/lien-minh/to-chuc/CUMGAR/{action}", data={"reason": "Lý do"}
        )

        session.expire_all()
        assert answer.status_code == 404
        assert waiting.verification == "pending"
        assert mails(session) == []

    def test_the_alliance_itself_is_nobodys_case(self, desk):
        assert desk.get("/lien-minh/to-chuc/LMHTX").status_code == 404
        assert desk.post("/lien-minh/to-chuc/LMHTX/xac-minh").status_code == 404
