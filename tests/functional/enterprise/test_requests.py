"""A buyer writes a request, publishes it with invitations, answers, changes, ends it."""

import io
import re
from datetime import date, timedelta

import openpyxl
import pytest
from sqlalchemy import select

from marketplace.kernel.clock import business_day, now
from marketplace.platform.database import session as db
from marketplace.sourcing.requests.queries import terms_of
from models.accounts import Role
from models.requests import Request, RequestInvitation, RequestState
from tests.factories.accounts import MembershipFactory, OrganisationFactory
from tests.factories.catalogue import CategoryFactory, ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF
from tests.factories.requests import RequestQuestionFactory

LIST = "/mua-hang/RANGXAY/yeu-cau"
CANARY = 68_421


@pytest.fixture
def category(session):
    """Green coffee."""
    return CategoryFactory(name_vi="Cà phê nhân")


def form_for(category, **values):
    """What a browser sends for a whole request."""
    month = business_day(now() + timedelta(days=62)).replace(day=1)
    sent = {
        "title": "Robusta nhân xanh",
        "category_id": category.id,
        "grade": "",
        "specification": "Sàng 18",
        "limits-0-name": "Độ ẩm",
        "limits-0-operator": "at_most",
        "limits-0-value": "12,5",
        "limits-0-unit": "%",
        "limits-1-name": "",
        "limits-1-operator": "at_most",
        "limits-1-value": "",
        "limits-1-unit": "",
        "packing": "Bao 60 kg",
        "province_code": "79",
        "commune_code": "",
        "address": "Kho số 4",
        "periods-0-month": month.isoformat(),
        "periods-0-quantity": "12,5",
        "tolerance": "5",
        "target_minor": f"{CANARY}",
        "audience": "all",
        "closes_on": business_day(now() + timedelta(days=10)).isoformat(),
        "closes_hour": "17:00",
    }
    return sent | values


class TestWriting:
    def test_a_draft_is_kept_as_it_was_typed(self, buyer, category):
        answer = buyer.post(f"{LIST}/moi", data=form_for(category))

        [request] = db.scalars(select(Request)).all()
        assert answer.location == f"{LIST}/{request.number}"
        terms = terms_of(request)
        assert request.state == RequestState.DRAFT
        assert (terms.title, terms.tolerance_bps, terms.target_minor) == (
            "Robusta nhân xanh",
            500,
            CANARY,
        )
        assert [grams for _month, grams in terms.periods] == [12_500_000]
        assert [(each.name, str(each.value.normalize())) for each in terms.limits] == [
            ("Độ ẩm", "12.5")
        ]

    def test_who_asks_about_a_product_finds_it_filled_in(self, buyer, category, seller):
        product = ProductFactory(category=category, name_vi="Robusta Cư M’gar", published=True)

        page = buyer.get(f"{LIST}/moi?nguoi-ban=CUMGAR&san-pham={product.slug}").text

        assert 'value="Robusta Cư M’gar"' in page
        assert re.search(rf'<option[^>]*value="{category.id}"[^>]*selected', page)
        assert re.search(r'<input[^>]*value="invited"[^>]*checked', page)

    def test_who_asks_one_seller_goes_on_with_only_that_one_chosen(self, buyer, category):
        answer = buyer.post(
            f"{LIST}/moi?nguoi-ban=CUMGAR", data=form_for(category, then="dang", audience="invited")
        )

        assert answer.location.endswith("/dang?nguoi-ban=CUMGAR")

    def test_whoever_goes_on_sees_the_preview(self, buyer, category):
        answer = buyer.post(f"{LIST}/moi", data=form_for(category, then="dang"))

        assert answer.location.endswith("/dang")

    def test_what_is_wrong_is_said_and_everything_typed_stays(self, buyer, category):
        answer = buyer.post(
            f"{LIST}/moi",
            data=form_for(
                category, title="", tolerance="70", **{"periods-0-quantity": "nhiều lắm"}
            ),
        )

        assert answer.status_code == 422
        for kept in ("nhiều lắm", "Sàng 18", "Bao 60 kg", "Kho số 4", 'value="12,5"'):
            assert kept in answer.text
        assert "Ghi tên hàng cần mua" in answer.text
        assert "Nhập một khối lượng, ví dụ 12,5 tấn hoặc 500 kg" in answer.text

    def test_a_refusal_of_the_marketplace_comes_back_at_its_field(self, buyer, category):
        answer = buyer.post(f"{LIST}/moi", data=form_for(category, tolerance="70"))

        assert answer.status_code == 422
        assert "Dung sai từ 0 tới 50 %." in answer.text
        assert db.scalars(select(Request)).all() == []

    def test_half_a_limit_is_refused(self, buyer, category):
        answer = buyer.post(f"{LIST}/moi", data=form_for(category, **{"limits-0-value": ""}))

        assert answer.status_code == 422
        assert "Ghi cả tên chỉ tiêu và mức" in answer.text

    def test_another_province_shows_its_communes_and_keeps_the_rest(self, buyer, category):
        answer = buyer.post(f"{LIST}/moi", data=form_for(category) | {"doi-tinh": "1"})

        assert answer.status_code == 200
        assert "Robusta nhân xanh" in answer.text
        assert db.scalars(select(Request)).all() == []

    def test_a_file_comes_with_it_and_can_be_taken_away(self, buyer, category):
        sent = form_for(category) | {"file": (io.BytesIO(PDF), "tieu-chuan.pdf")}
        page = buyer.post(f"{LIST}/moi", data=sent, follow_redirects=True)
        [request] = db.scalars(select(Request)).all()
        [file_id] = terms_of(request).file_ids

        assert f"{LIST}/{request.number}/tep/{file_id}" in page.text
        file = buyer.get(f"{LIST}/{request.number}/tep/{file_id}")
        assert (file.status_code, file.data) == (200, PDF)

        buyer.post(f"{LIST}/{request.number}/sua", data=form_for(category))
        assert terms_of(request).file_ids == ()

    def test_an_accountant_reads_and_writes_nothing(self, login, enterprise, make_request):
        accountant = login(MembershipFactory(organisation=enterprise, role=Role.ACCOUNTANT).user)
        request = make_request()

        assert accountant.get(LIST).status_code == 200
        page = accountant.get(f"{LIST}/{request.number}")
        assert page.status_code == 200
        assert f"{LIST}/{request.number}/sua" not in page.text
        assert accountant.get(f"{LIST}/moi").status_code == 403

    def test_another_enterprise_finds_nothing(self, login, make_request):
        other = OrganisationFactory(enterprise=True, code="KHAC")
        browser = login(MembershipFactory(organisation=other, role=Role.BUYER).user)
        number = make_request().number

        assert browser.get(f"/mua-hang/KHAC/yeu-cau/{number}").status_code == 404
        assert browser.get(f"{LIST}/{number}").status_code == 404


class TestPublishing:
    @pytest.fixture
    def draft(self, make_request, category):
        """A draft for goods that `match` sells."""
        return make_request(draft=True, category=category, schemes=["VIETGAP_CROP"])

    @pytest.fixture
    def match(self, seller, category):
        """A seller whose product is certified for the months."""
        product = ProductFactory(organisation=seller, category=category)
        CertificateFactory(organisation=seller, products=[product])
        return seller

    def test_the_preview_says_who_matches_and_why(self, buyer, draft, match):
        page = buyer.get(f"{LIST}/{draft.number}/dang").text

        assert match.name in page
        assert "Đang bán: Cà phê Robusta" in page
        assert "còn hiệu lực tới tháng 12/2027" in page
        assert "Chưa khai dự báo sản lượng" in page
        assert "Cách nơi giao khoảng" in page

    def test_who_came_to_ask_one_seller_has_only_that_one_chosen(self, buyer, draft, match):
        one = buyer.get(f"{LIST}/{draft.number}/dang?nguoi-ban={match.code}").text
        other = buyer.get(f"{LIST}/{draft.number}/dang?nguoi-ban=KHAC").text

        assert f'value="{match.id}" checked' in one
        assert f'value="{match.id}" checked' not in other
        assert 'value="KHAC"' in other

    def test_the_chosen_are_invited_with_their_reasons(self, buyer, draft, match):
        other = OrganisationFactory(code="KHAC")
        answer = buyer.post(
            f"{LIST}/{draft.number}/dang", data={"seller_ids": [match.id], "codes": "khac"}
        )

        assert answer.location == f"{LIST}/{draft.number}"
        invited = db.scalars(
            select(RequestInvitation).order_by(RequestInvitation.organisation_id)
        ).all()
        assert [each.organisation_id for each in invited] == sorted([match.id, other.id])
        why = {each.organisation_id: each.why for each in invited}
        assert why[match.id]["certified_months"] == 2
        assert why[other.id] == {}
        db.refresh(draft)
        assert draft.state == RequestState.OPEN

    def test_an_unknown_code_is_refused_and_the_choice_stays(self, buyer, draft, match):
        answer = buyer.post(
            f"{LIST}/{draft.number}/dang", data={"seller_ids": [], "codes": "KHONGCO"}
        )

        assert answer.status_code == 422
        assert "mang mã: KHONGCO" in answer.text
        db.refresh(draft)
        assert draft.state == RequestState.DRAFT

    def test_what_is_missing_is_said_before(self, buyer, make_request):
        draft = make_request(draft=True, periods={})

        page = buyer.get(f"{LIST}/{draft.number}/dang").text
        assert "Ghi số lượng cho ít nhất một tháng." in page
        assert "Đăng và gửi lời mời" not in page
        assert buyer.post(f"{LIST}/{draft.number}/dang").status_code == 422

    def test_who_is_not_verified_reads_what_to_do(self, login, session):
        pending = OrganisationFactory(enterprise=True, pending=True, code="MOI")
        browser = login(MembershipFactory(organisation=pending, role=Role.BUYER).user)

        assert "chờ Liên minh Hợp tác xã xác minh" in browser.get("/mua-hang/MOI").text

    def test_more_are_invited_later(self, buyer, make_request, seller):
        request = make_request()

        page = buyer.post(
            f"{LIST}/{request.number}/moi-them",
            data={"codes": seller.code},
            follow_redirects=True,
        )
        assert "Đã mời thêm" in page.text
        assert seller.name in page.text


class TestAfterPublishing:
    def test_a_change_shows_what_stood_before(self, buyer, make_request, category):
        request = make_request(category=category)
        page = buyer.post(
            f"{LIST}/{request.number}/sua",
            data=form_for(category, packing="Bao 50 kg"),
            follow_redirects=True,
        )

        db.refresh(request)
        assert request.revision == 2
        assert "<del>Bao 60 kg</del> <ins>Bao 50 kg</ins>" in page.text

    def test_the_closing_is_not_moved_too_near(self, buyer, make_request, category):
        request = make_request(category=category)
        answer = buyer.post(
            f"{LIST}/{request.number}/sua",
            data=form_for(category, closes_on=business_day(now()).isoformat()),
        )

        assert answer.status_code == 422
        assert "ít nhất 24 giờ" in answer.text

    def test_a_closed_one_is_not_changed(self, buyer, make_request):
        request = make_request(closes_at=now() - timedelta(hours=1))

        assert buyer.get(f"{LIST}/{request.number}/sua").location == f"{LIST}/{request.number}"
        page = buyer.get(f"{LIST}/{request.number}").text
        assert "Đã đóng, chờ mở" in page

    def test_a_question_is_answered_for_all(self, buyer, make_request, seller):
        request = make_request()
        question = RequestQuestionFactory(request_id=request.id, organisation_id=seller.id)
        address = f"{LIST}/{request.number}/cau-hoi/{question.id}"

        page = buyer.get(f"{LIST}/{request.number}").text
        assert question.text in page
        assert seller.name not in page
        assert buyer.post(address, data={"answer": " "}).status_code == 422
        page = buyer.post(address, data={"answer": "Giao hai đợt được."}, follow_redirects=True)
        assert "Giao hai đợt được." in page.text

    def test_it_is_cancelled_with_a_reason(self, buyer, make_request):
        request = make_request()

        refused = buyer.post(f"{LIST}/{request.number}/huy", data={"reason": " "})
        assert refused.status_code == 422
        assert "Ghi lý do" in refused.text
        page = buyer.post(
            f"{LIST}/{request.number}/huy", data={"reason": "Đổi kế hoạch"}, follow_redirects=True
        )
        assert "Lý do: Đổi kế hoạch" in page.text
        db.refresh(request)
        assert request.state == RequestState.CANCELLED

    def test_it_ends_without_an_award(self, buyer, make_request):
        request = make_request(closes_at=now() - timedelta(hours=1))

        buyer.post(f"{LIST}/{request.number}/ket-thuc", data={"reason": "Không nơi nào báo"})
        db.refresh(request)
        assert (request.state, request.end_reason) == (RequestState.ENDED, "Không nơi nào báo")

    def test_an_old_one_is_copied(self, buyer, make_request):
        request = make_request(cancelled=True, periods={date(2025, 3, 1): 1_000_000})
        answer = buyer.post(f"{LIST}/{request.number}/chep")

        [copy] = db.scalars(select(Request).where(Request.id != request.id)).all()
        assert answer.location == f"{LIST}/{copy.number}/sua"
        [(month, grams)] = terms_of(copy).periods
        assert grams == 1_000_000
        assert month >= business_day(now()).replace(day=1)
        assert buyer.get(answer.location).status_code == 200

    def test_a_draft_is_thrown_away(self, buyer, make_request):
        request = make_request(draft=True)

        assert buyer.post(f"{LIST}/{request.number}/bo").location == LIST
        assert buyer.get(f"{LIST}/{request.number}").status_code == 404


class TestLooking:
    def test_the_first_day_leads_to_the_first_request(self, buyer):
        page = buyer.get("/mua-hang/RANGXAY").text

        assert "Bắt đầu từ một yêu cầu báo giá" in page
        assert f'href="{LIST}/moi"' in page

    def test_the_day_says_what_waits(self, buyer, make_request, seller):
        open_one = make_request(title="Đang mở")
        make_request(draft=True)
        make_request(closes_at=now() - timedelta(hours=1))
        RequestQuestionFactory(request_id=open_one.id, organisation_id=seller.id)

        page = buyer.get("/mua-hang/RANGXAY").text
        for words in ("hôm nay có 3 việc", "Câu hỏi chờ trả lời", "Yêu cầu đã đóng", "Bản nháp"):
            assert words in page
        assert "Đang mở" in page

    def test_the_list_has_tabs(self, buyer, make_request):
        make_request(title="Đang mở")
        make_request(draft=True, title="Còn nháp")

        page = buyer.get(f"{LIST}?nhom=nhap").text
        assert "Còn nháp" in page
        assert "Đang mở</a>" not in page.split("<table")[1]

    def test_the_list_as_a_workbook_has_no_target(self, buyer, make_request):
        request = make_request(target_minor=CANARY)
        sheet = openpyxl.load_workbook(io.BytesIO(buyer.get(f"{LIST}.xlsx").data)).worksheets
        cells = [cell.value for each in sheet for row in each.iter_rows() for cell in row]

        assert request.number in cells
        assert 50000 in cells  # kilograms, both months
        assert CANARY not in cells

    def test_in_english(self, buyer, make_request):
        request = make_request(target_minor=CANARY)
        for address in ("", "/yeu-cau", "/yeu-cau/moi", f"/yeu-cau/{request.number}"):
            assert buyer.get(f"/en/mua-hang/RANGXAY{address}").status_code == 200
