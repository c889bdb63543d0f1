"""A seller reads requests, asks, declines; and never learns the target price or who asked."""

from datetime import timedelta

import pytest

from marketplace.kernel.clock import now
from models.accounts import Role
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.requests import RequestFactory, RequestQuestionFactory

LIST = "/quay/CUMGAR/yeu-cau"
CANARY = 68_421


@pytest.fixture
def seller(session):
    return OrganisationFactory(code="CUMGAR", name="HTX Cư M’gar")


@pytest.fixture
def desk(login, seller):
    return login(MembershipFactory(organisation=seller, role=Role.SALES).user)


def open_request(**values):
    values.setdefault("closes_at", now() + timedelta(days=10))
    return RequestFactory(target_minor=CANARY, **values)


class TestLooking:
    def test_the_soonest_closing_stands_first(self, desk):
        open_request(title="Muộn", closes_at=now() + timedelta(days=20))
        open_request(title="Sớm", closes_at=now() + timedelta(days=3))

        page = desk.get(LIST).text
        assert page.index("Sớm") < page.index("Muộn")

    def test_one_by_invitation_of_others_is_not_there(self, desk):
        number = open_request(is_open_to_all=False, title="Kín").number

        assert "Kín" not in desk.get(LIST).text
        assert desk.get(f"{LIST}/{number}").status_code == 404

    def test_a_request_is_read_without_its_target(self, desk, seller):
        request = open_request(invited=[seller], schemes=["VIETGAP_CROP"])

        page = desk.get(f"{LIST}/{request.number}").text
        for words in (request.specification, "12,5", "20\u00a0tấn", "Được mời", "± 5"):
            assert words in page
        assert "68.421" not in page
        assert "Giá mong muốn" not in page

    def test_the_closed_ones_have_a_tab(self, desk, seller):
        open_request(title="Đã qua", closes_at=now() - timedelta(days=1))

        assert "Đã qua" not in desk.get(LIST).text
        assert "Đã qua" in desk.get(f"{LIST}?nhom=da-dong").text

    def test_an_enterprise_has_no_such_page(self, login, session):
        enterprise = OrganisationFactory(enterprise=True, code="MUA")
        buyer = login(MembershipFactory(organisation=enterprise, role=Role.BUYER).user)

        assert buyer.get("/quay/MUA/yeu-cau").status_code == 403


class TestAsking:
    def test_a_question_is_one_s_own_until_it_is_answered(self, desk, login):
        request = open_request()
        answer = desk.post(f"{LIST}/{request.number}/hoi", data={"text": "Có nhận bao 50 kg?"})
        assert answer.location == f"{LIST}/{request.number}"
        assert "Bạn hỏi" in desk.get(f"{LIST}/{request.number}").text
        assert request.title in desk.get(f"{LIST}?nhom=da-tra-loi").text

        other = OrganisationFactory(code="KHAC")
        browser = login(MembershipFactory(organisation=other, role=Role.SALES).user)
        assert "bao 50 kg" not in browser.get(f"/quay/KHAC/yeu-cau/{request.number}").text

    def test_an_answer_is_for_all_and_the_asker_for_nobody(self, desk):
        request = open_request()
        other = OrganisationFactory(name="HTX Hỏi Nhiều")
        question = RequestQuestionFactory(
            request_id=request.id, organisation_id=other.id, answered=True
        )

        page = desk.get(f"{LIST}/{request.number}").text
        assert question.text in page
        assert question.answer in page
        assert "HTX Hỏi Nhiều" not in page
        assert "Bạn hỏi" not in page

    def test_nothing_is_no_question(self, desk):
        request = open_request()

        answer = desk.post(f"{LIST}/{request.number}/hoi", data={"text": "  "})
        assert answer.status_code == 422
        assert "Mời viết nội dung" in answer.text

    def test_after_the_closing_nobody_asks(self, desk):
        request = open_request(closes_at=now() - timedelta(minutes=1))

        assert "Gửi câu hỏi" not in desk.get(f"{LIST}/{request.number}").text
        answer = desk.post(f"{LIST}/{request.number}/hoi", data={"text": "Muộn?"})
        assert answer.status_code == 422
        assert "Yêu cầu báo giá này đã đóng." in answer.text


class TestDeclining:
    def test_the_buyer_reads_why(self, desk, login, seller):
        enterprise = OrganisationFactory(enterprise=True, code="MUA")
        request = open_request(organisation=enterprise, invited=[seller])
        answer = desk.post(f"{LIST}/{request.number}/tu-choi", data={"reason": "Hết hàng vụ này"})

        assert answer.location == LIST
        assert "Đã từ chối" in desk.get(f"{LIST}?nhom=da-dong").text
        buyer = login(MembershipFactory(organisation=enterprise, role=Role.BUYER).user)
        page = buyer.get(f"/mua-hang/MUA/yeu-cau/{request.number}").text
        assert "Hết hàng vụ này" in page

    def test_who_is_not_invited_declines_nothing(self, desk):
        request = open_request()

        answer = desk.post(f"{LIST}/{request.number}/tu-choi", data={"reason": ""})
        assert answer.status_code == 404
