"""An officer goes through the queue of applications, item by item, and decides."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from models.accounts import Organisation, Role
from models.notifications import Message
from models.onboarding import Application
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.media import PDF
from tests.factories.onboarding import TAX_CODES, items_of, plain_checklist, sent
from tests.moments import MONDAY

QUEUE = "/lien-minh/ho-so"


@pytest.fixture
def desk(session, login):
    """The browser of an officer."""
    membership = MembershipFactory(
        organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
    )
    return login(membership.user)


@pytest.fixture
def application(session):
    plain_checklist(
        {"title_vi": "Giấy đăng ký"},
        {"title_vi": "Sản phẩm sẽ bán", "needs_file": False, "needs_text": True},
    )
    return sent()


def here(application) -> str:
    return f"{QUEUE}/{application.code}"


def item_ids(application) -> list[int]:
    return [item.id for item, _ in items_of(application)]


def judge(desk, application, item_id, **values):
    return desk.post(f"{here(application)}/muc/{item_id}", data=values)


def states(session, application) -> list[str]:
    session.expire_all()
    return [item.state for item, _ in items_of(application)]


class TestPages:
    @pytest.mark.parametrize("prefix", ["", "/en"])
    def test_open_for_officers(self, desk, application, prefix):
        for page in (QUEUE, f"{QUEUE}?tinh-trang=approved", here(application)):
            assert desk.get(prefix + page).status_code == 200

    def test_are_not_there_for_others(self, session, login, application):
        director = MembershipFactory(organisation=OrganisationFactory()).user
        browser = login(director)
        [first, _] = item_ids(application)

        assert browser.get(QUEUE).status_code == 404
        assert browser.get(here(application)).status_code == 404
        assert browser.get(f"{here(application)}/giay/{first}").status_code == 404
        assert judge(browser, application, first, verdict="accept").status_code == 404
        assert states(session, application) == ["submitted", "submitted"]

    def test_nor_for_the_alliance_of_another_province(self, session, login, application):
        other = MembershipFactory(
            organisation=OrganisationFactory(alliance=True, covers_province_code="01"),
            role=Role.OFFICER,
        )
        browser = login(other.user)

        assert application.name not in browser.get(QUEUE).text
        assert browser.get(here(application)).status_code == 404
        assert browser.post(f"{here(application)}/duyet").status_code == 404

    def test_show_the_paper(self, desk, application):
        [first, second] = item_ids(application)

        paper = desk.get(f"{here(application)}/giay/{first}")

        assert paper.data.startswith(PDF[:9])
        assert desk.get(f"{here(application)}/giay/{second}").status_code == 404

    def test_the_queue_filters_by_the_address(self, desk, application):
        sent(
            email="b@example.com",
            kind="union",
            province_code="01",
            facts={"name": "Liên hiệp Bưởi", "tax_code": TAX_CODES[1]},
        )

        assert "Liên hiệp Bưởi" in desk.get(QUEUE).text
        assert "Liên hiệp Bưởi" not in desk.get(f"{QUEUE}?tinh=66").text
        assert "Cư M’gar" not in desk.get(f"{QUEUE}?loai=union").text
        assert "Không có hồ sơ nào khớp" in desk.get(f"{QUEUE}?loai=union&tinh=66").text
        assert "Liên hiệp Bưởi" in desk.get(f"{QUEUE}?tinh-trang=x&loai=y&tinh=z&trang=-3").text

    def test_the_queue_says_how_long_somebody_waits(self, desk, session, application):
        application.waiting_since = now() - timedelta(days=3)
        session.flush()

        assert "3 ngày" in desk.get(QUEUE).text

    def test_the_queue_sends_the_same_statements_for_one_and_for_many(
        self, desk, application, statements
    ):
        with statements() as few:
            desk.get(QUEUE)
        for number in range(20):
            sent(email=f"n{number}@example.com", kind="group", facts={"tax_code": ""})

        with statements() as many:
            desk.get(QUEUE)

        assert len(few) == len(many) <= 8

    def test_today_says_what_waits(self, desk, application):
        assert "Hồ sơ đăng ký chờ xét" in desk.get("/lien-minh").text

    def test_another_application_with_the_same_tax_code_is_shown(self, desk, application):
        twin = sent(email="b@example.com")

        assert twin.code in desk.get(here(application)).text


class TestItems:
    def test_a_verdict_leads_to_the_next_item(self, desk, session, application):
        first, second = item_ids(application)

        one = judge(desk, application, first, verdict="accept")
        two = judge(desk, application, second, verdict="accept")

        assert one.location == f"{here(application)}#muc-{second}"
        assert two.location == f"{here(application)}#quyet-dinh"
        assert states(session, application) == ["accepted", "accepted"]

    def test_a_return_without_a_note_stays_open_with_what_was_typed(
        self, desk, session, application
    ):
        first, _ = item_ids(application)

        answer = judge(desk, application, first, verdict="return", note=" ")

        assert answer.status_code == 422
        assert f'href="#note-r-{first}"' in answer.text
        assert "Viết lý do để người nộp biết phải làm gì" in answer.text
        assert states(session, application) == ["submitted", "submitted"]

    def test_a_waiver_needs_a_day(self, desk, session, application):
        first, _ = item_ids(application)

        empty = judge(desk, application, first, verdict="waive", note="chờ <b>cấp lại")
        day = business_day(now()) + timedelta(days=30)
        done = judge(
            desk, application, first, verdict="waive", note="chờ cấp lại", until=day.isoformat()
        )

        assert empty.status_code == 422
        assert "chờ &lt;b&gt;cấp lại" in empty.text
        assert done.status_code == 303
        assert states(session, application) == ["waived", "submitted"]

    def test_a_verdict_can_be_taken_back(self, desk, session, application):
        first, _ = item_ids(application)
        judge(desk, application, first, verdict="accept")

        answer = judge(desk, application, first, verdict="undo")

        assert answer.location == f"{here(application)}#muc-{first}"
        assert states(session, application) == ["submitted", "submitted"]

    def test_nonsense_is_refused(self, desk, session, application):
        first, _ = item_ids(application)

        assert judge(desk, application, first, verdict="bless").status_code == 422
        assert judge(desk, application, 987_654, verdict="accept").status_code == 404
        assert states(session, application) == ["submitted", "submitted"]


class TestDeciding:
    def accept(self, desk, application):
        for item_id in item_ids(application):
            judge(desk, application, item_id, verdict="accept")

    def test_approving_goes_on_with_the_next(self, desk, session, application):
        following = sent(email="b@example.com", at=MONDAY, facts={"tax_code": TAX_CODES[1]})
        self.accept(desk, application)

        answers = [desk.post(f"{here(application)}/duyet") for _ in range(2)]

        assert [each.location for each in answers] == [here(following)] * 2
        made = session.scalars(
            select(Organisation).where(Organisation.tax_code == TAX_CODES[0])
        ).one()
        assert made.verification == "verified"
        keys = [key for key in session.scalars(select(Message.key)) if "approved" in key]
        assert len(keys) == 1
        assert made.code in desk.get(here(application)).text

    def test_approving_too_early_is_refused(self, desk, session, application):
        answer = desk.post(f"{here(application)}/duyet")

        assert answer.status_code == 422
        assert "Còn 2 mục" in answer.text
        session.expire_all()
        assert session.get_one(Application, application.id).state == "submitted"

    def test_a_tax_code_that_was_taken_meanwhile_is_shown(self, desk, session, application):
        self.accept(desk, application)
        OrganisationFactory(tax_code=TAX_CODES[0])

        answer = desk.post(f"{here(application)}/duyet")

        assert answer.status_code == 422
        assert "Đã có một tổ chức trên chợ với mã số thuế này." in answer.text

    def test_returning_mails_the_notes(self, desk, session, application):
        first, _ = item_ids(application)
        early = desk.post(f"{here(application)}/tra-lai")
        judge(desk, application, first, verdict="return", note="Ảnh mờ")

        answer = desk.post(f"{here(application)}/tra-lai")

        assert early.status_code == 422
        assert answer.location == QUEUE
        mail = session.scalars(
            select(Message).where(Message.key.startswith("application_returned"))
        ).one()
        assert "Giấy đăng ký: Ảnh mờ" in mail.body_text

    def test_turning_down_needs_a_reason(self, desk, session, application):
        empty = desk.post(f"{here(application)}/tu-choi", data={"reason": ""})
        done = desk.post(f"{here(application)}/tu-choi", data={"reason": "Không bán nông sản"})

        assert empty.status_code == 422
        assert done.location == QUEUE
        session.expire_all()
        assert session.get_one(Application, application.id).state == "rejected"
        assert "Không bán nông sản" in desk.get(here(application)).text
