"""An organisation is closed; its director sees why and appeals; another officer answers."""

import io

import pytest
from sqlalchemy import select

from models.accounts import Role
from models.notifications import Message
from models.standing import Appeal
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.media import PDF
from tests.factories.standing import AppealFactory, DecisionFactory

TEXT = "Giấy phép đã gia hạn từ hôm qua"


@pytest.fixture
def alliance(session):
    return OrganisationFactory(alliance=True, code="LMHTX", name="Liên minh HTX Đắk Lắk")


@pytest.fixture
def officer(alliance):
    return MembershipFactory(organisation=alliance, role=Role.OFFICER).user


@pytest.fixture
def cooperative(session, alliance, officer):
    """Suspended by the officer."""
    made = OrganisationFactory(code="CUMGAR", name="HTX Cà phê Cư M’gar", suspended=True)
    DecisionFactory(organisation=made, alliance=alliance, officer=officer)
    return made


@pytest.fixture
def director(cooperative):
    return MembershipFactory(
        organisation=cooperative, user=UserFactory(email="giamdoc@example.com")
    ).user


def mails(session):
    return [
        (key.partition(":")[0], to)
        for key, to in session.execute(select(Message.key, Message.recipient).order_by(Message.id))
    ]


class TestBanner:
    def test_every_page_of_the_desk_says_why_since_when_and_by_whom(self, login, director):
        desk = login(director)

        for page in ("", "/don", "/san-pham", "/nhom"):
            text = desk.get(f"/quay/CUMGAR{page}").text
            assert "Gian hàng đang tạm dừng từ 02/11/2026" in text
            assert "Liên minh HTX Đắk Lắk: Giấy phép hết hạn" in text
            assert 'href="/quay/CUMGAR/khieu-nai"' in text

    def test_others_see_it_without_the_way_to_appeal(self, login, cooperative):
        sales = MembershipFactory(organisation=cooperative, role=Role.SALES).user

        text = login(sales).get("/quay/CUMGAR").text

        assert "Giấy phép hết hạn" in text
        assert "/khieu-nai" not in text

    def test_who_may_sell_sees_nothing_of_it(self, login, session):
        member = MembershipFactory(organisation=OrganisationFactory(code="EAKAR"))

        assert "tạm dừng" not in login(member.user).get("/quay/EAKAR").text


class TestAppealing:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_the_page_opens(self, login, director, prefix):
        assert login(director).get(f"{prefix}/quay/CUMGAR/khieu-nai").status_code == 200

    def test_with_a_paper_and_the_alliance_is_told(self, login, session, director, officer):
        desk = login(director)

        answer = desk.post(
            "/quay/CUMGAR/khieu-nai",
            data={"text": TEXT, "file": (io.BytesIO(PDF), "giay-phep.pdf")},
        )

        made = session.scalars(select(Appeal)).one()
        page = desk.get("/quay/CUMGAR/khieu-nai").text
        paper = desk.get(f"/quay/CUMGAR/khieu-nai/{made.id}/giay")
        assert (answer.status_code, answer.location) == (303, "/quay/CUMGAR/khieu-nai")
        assert made.text == TEXT
        assert TEXT in page
        assert 'name="text"' not in page
        assert paper.data == PDF
        assert mails(session) == [("appeal_received", officer.email)]

    def test_a_mistake_keeps_the_paper_and_says_so(self, login, session, director):
        desk = login(director)

        page = desk.post(
            "/quay/CUMGAR/khieu-nai",
            data={"text": "", "file": (io.BytesIO(PDF), "giay-phep.pdf")},
        )

        assert page.status_code == 422
        assert "Viết lý do khiếu nại" in page.text
        assert "Đã giữ tệp vừa gửi: giay-phep.pdf" in page.text
        assert session.scalars(select(Appeal)).all() == []

    def test_a_wrong_file_keeps_the_words(self, login, director):
        page = login(director).post(
            "/quay/CUMGAR/khieu-nai",
            data={"text": TEXT, "file": (io.BytesIO(b"MZ no paper"), "virus.exe")},
        )

        assert page.status_code == 422
        assert TEXT in page.text

    def test_once_for_each_decision(self, login, session, director):
        desk = login(director)
        for text in (TEXT, TEXT):
            assert desk.post("/quay/CUMGAR/khieu-nai", data={"text": text}).status_code == 303

        page = desk.post("/quay/CUMGAR/khieu-nai", data={"text": "Còn nữa"})

        assert page.status_code == 422
        assert "Mỗi quyết định khiếu nại một lần" in page.text
        assert len(session.scalars(select(Appeal)).all()) == 1

    def test_is_for_directors_of_it_and_papers_of_it(self, login, session, cooperative):
        sales = MembershipFactory(organisation=cooperative, role=Role.SALES).user
        stranger = MembershipFactory(organisation=OrganisationFactory()).user

        assert login(sales).get("/quay/CUMGAR/khieu-nai").status_code == 403
        assert login(sales).post("/quay/CUMGAR/khieu-nai", data={"text": TEXT}).status_code == 403
        assert login(stranger).get("/quay/CUMGAR/khieu-nai").status_code == 404

    def test_wants_the_token(self, app, login, session, director):
        desk = login(director)
        app.config["WTF_CSRF_ENABLED"] = True
        try:
            answer = desk.post("/quay/CUMGAR/khieu-nai", data={"text": TEXT})
        finally:
            app.config["WTF_CSRF_ENABLED"] = False

        assert answer.status_code == 403
        assert session.scalars(select(Appeal)).all() == []


class TestAnswering:
    @pytest.fixture
    def appeal(self, cooperative, director, alliance, officer):
        decision = DecisionFactory(organisation=cooperative, alliance=alliance, officer=officer)
        return AppealFactory(
            organisation=cooperative, decision=decision, director=director, text=TEXT
        )

    @pytest.fixture
    def colleague(self, login, alliance):
        return login(MembershipFactory(organisation=alliance, role=Role.OFFICER).user)

    def test_waits_on_the_desk_and_in_the_list(self, colleague, appeal):
        assert "Khiếu nại chờ trả lời" in colleague.get("/lien-minh").text
        for page in ("/lien-minh/khieu-nai", "/en/lien-minh/khieu-nai"):
            assert f"/lien-minh/khieu-nai/{appeal.id}" in colleague.get(page).text
        assert f"/khieu-nai/{appeal.id}" in colleague.get("/lien-minh/to-chuc/CUMGAR").text
        assert TEXT in colleague.get(f"/lien-minh/khieu-nai/{appeal.id}").text

    def test_upheld_opens_the_shop_and_tells(self, session, colleague, appeal, cooperative):
        answer = colleague.post(
            f"/lien-minh/khieu-nai/{appeal.id}",
            data={"verdict": "upheld", "reply": "Giấy mới hợp lệ"},
        )

        session.expire_all()
        assert answer.status_code == 303
        assert cooperative.verification == "verified"
        assert mails(session) == [("appeal_upheld", "giamdoc@example.com")]

    def test_denied_is_told_and_seen(self, session, login, colleague, appeal, director):
        colleague.post(
            f"/lien-minh/khieu-nai/{appeal.id}",
            data={"verdict": "denied", "reply": "Giấy mới chưa có dấu"},
        )

        page = login(director).get("/quay/CUMGAR/khieu-nai").text
        assert "Giấy mới chưa có dấu" in page
        assert "giữ nguyên quyết định" in page
        assert mails(session) == [("appeal_denied", "giamdoc@example.com")]

    def test_a_mistake_keeps_what_was_typed(self, session, colleague, appeal):
        page = colleague.post(
            f"/lien-minh/khieu-nai/{appeal.id}", data={"verdict": "denied", "reply": ""}
        )

        assert page.status_code == 422
        assert "Viết lời giải thích" in page.text
        assert 'value="denied" checked' in page.text

    def test_who_decided_is_told_to_leave_it(self, login, session, appeal, officer):
        desk = login(officer)
        address = f"/lien-minh/khieu-nai/{appeal.id}"

        assert 'name="reply"' not in desk.get(address).text
        page = desk.post(address, data={"verdict": "denied", "reply": "Không"})

        session.expire_all()
        assert page.status_code == 422
        assert "một cán bộ khác" in page.text
        assert appeal.state == "open"

    def test_is_not_there_for_others(self, login, appeal, director):
        desk = login(director)
        address = f"/lien-minh/khieu-nai/{appeal.id}"

        assert desk.get(address).status_code == 404
        assert desk.post(address, data={"verdict": "upheld", "reply": "x"}).status_code == 404


class TestClosing:
    def test_is_told_and_cannot_be_taken_back_by_verifying(self, session, login, director, officer):
        desk = login(officer)

        answer = desk.post("/lien-minh/to-chuc/CUMGAR/dong", data={"closing": "Đã giải thể"})

        page = desk.get("/lien-minh/to-chuc/CUMGAR").text
        assert answer.status_code == 303
        assert "Đã đóng" in page
        assert '/xac-minh"' not in page
        assert mails(session) == [("organisation_closed", "giamdoc@example.com")]
        assert "Gian hàng đã bị đóng" in login(director).get("/quay/CUMGAR").text

    def test_wants_a_reason(self, login, session, cooperative, officer):
        page = login(officer).post("/lien-minh/to-chuc/CUMGAR/dong", data={"closing": " "})

        assert page.status_code == 422
        assert 'aria-invalid="true"' in page.text
        session.expire_all()
        assert cooperative.verification == "suspended"
