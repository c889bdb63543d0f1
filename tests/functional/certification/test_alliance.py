"""Certificates at the desk of the alliance."""

import pytest
from sqlalchemy import func, select

from marketplace.media.operations import store_paper
from models.accounts import Role
from models.catalogue import ProductCertificate
from models.certification import CertificateCheck, CertificateState
from models.notifications import Message
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF, picture
from tests.guards import recorded_statements
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

BASE = "/lien-minh/chung-nhan"


@pytest.fixture
def officer(login):
    user = UserFactory()
    MembershipFactory(user=user, organisation=OrganisationFactory(alliance=True), role=Role.OFFICER)
    return login(user)


def send(client, address, data):
    return client.post(address, data=data)


@pytest.fixture
def now_of(session):
    def refresh(row):
        session.refresh(row)
        return row

    return refresh


def test_the_queue_begins_with_the_one_that_waited_longest(officer):
    late = CertificateFactory(waiting=True, claimed_at=TUESDAY)
    early = CertificateFactory(waiting=True, claimed_at=MONDAY)
    CertificateFactory(number="XONG-1")

    page = officer.get(BASE).text

    assert page.index(f"{BASE}/{early.id}") < page.index(f"{BASE}/{late.id}")
    assert "XONG-1" not in page
    assert "XONG-1" in officer.get(f"{BASE}?trang-thai=da-xac-minh").text


def test_an_empty_queue_is_good_news(officer):
    assert "Không còn giấy nào chờ" in officer.get(BASE).text
    assert "Không có chứng nhận nào" in officer.get(f"{BASE}?trang-thai=da-thu-hoi").text


def test_sends_as_many_statements_for_many_rows_as_for_one(officer, session):
    CertificateFactory(waiting=True)
    officer.get(BASE)
    engine = session.connection().engine

    with recorded_statements(engine) as one:
        officer.get(BASE)
    for _number in range(14):
        CertificateFactory(waiting=True)
    with recorded_statements(engine) as many:
        page = officer.get(BASE)

    assert page.text.count('class="lot s"') == 15
    assert len(many) == len(one)


def test_shows_the_claim_beside_its_paper(officer):
    organisation = OrganisationFactory(code="CUMGAR", name="Hợp tác xã Cư M'gar")
    given = {"actor": member_of(organisation), "organisation_id": organisation.id, "at": MONDAY}
    photo = store_paper(data=picture(), name="giay.jpg", **given)
    pdf = store_paper(data=PDF, name="giay.pdf", **given)
    seen = CertificateFactory(organisation=organisation, waiting=True, file=photo)
    kept = CertificateFactory(organisation=organisation, waiting=True, file=pdf, number="12/2026")

    with_photo = officer.get(f"{BASE}/{seen.id}").text
    with_pdf = officer.get(f"{BASE}/{kept.id}").text

    assert f'<img src="{BASE}/{seen.id}/giay"' in with_photo
    assert "khác mẫu thường gặp" not in with_photo
    assert "giay.pdf" in with_pdf
    assert "khác mẫu thường gặp (VietGAP-TT-13-09-68-0096)" in with_pdf
    assert officer.get(f"{BASE}/{kept.id}/giay").data == PDF


def test_verifies_and_goes_on_to_the_next(officer, session, now_of):
    product = ProductFactory()
    MembershipFactory(organisation=product.organisation)
    made = CertificateFactory(organisation=product.organisation, waiting=True, products=[product])
    following = CertificateFactory(waiting=True, claimed_at=WEDNESDAY)
    address = f"{BASE}/{made.id}"

    answer = send(
        officer, f"{address}/quyet-dinh", {"verdict": "verify", "product_ids": product.id}
    )

    assert answer.location == f"{BASE}/{following.id}"
    assert now_of(made).state == CertificateState.VERIFIED
    assert session.scalar(select(func.count()).select_from(Message)) == 1
    assert "Đã xác minh VietGAP" in officer.get(answer.location).text


def test_the_last_one_leads_back_to_the_queue(officer, now_of):
    made = CertificateFactory(waiting=True)
    address = f"{BASE}/{made.id}"

    answer = send(officer, f"{address}/quyet-dinh", {"verdict": "reject", "note": "Ảnh mờ"})

    assert answer.location == BASE
    assert (now_of(made).state, made.decision_note) == (CertificateState.REJECTED, "Ảnh mờ")


def test_unticked_products_are_not_covered(officer, session):
    product = ProductFactory()
    made = CertificateFactory(organisation=product.organisation, waiting=True, products=[product])
    address = f"{BASE}/{made.id}"

    send(officer, f"{address}/quyet-dinh", {"verdict": "verify"})

    assert session.scalar(select(func.count()).select_from(ProductCertificate)) == 0


@pytest.mark.parametrize(
    ("data", "sentence"),
    [({"verdict": "reject", "note": " "}, "Viết lý do"), ({"verdict": "perhaps"}, "Mời bạn")],
)
def test_says_what_is_wrong(officer, now_of, data, sentence):
    made = CertificateFactory(waiting=True)
    address = f"{BASE}/{made.id}"

    answer = send(officer, f"{address}/quyet-dinh", data)

    assert answer.status_code == 422
    assert sentence in answer.text
    assert now_of(made).state == CertificateState.CLAIMED


def test_what_somebody_else_has_just_decided_is_said(officer, now_of):
    other = CertificateFactory(rejected=True)

    answer = send(officer, f"{BASE}/{other.id}/quyet-dinh", {"verdict": "verify"})

    assert answer.status_code == 422
    assert "Trạng thái hiện tại không cho phép" in answer.text
    assert now_of(other).state == CertificateState.REJECTED


def test_revokes_with_a_reason(officer, now_of):
    made = CertificateFactory()
    address = f"{BASE}/{made.id}"

    refused = send(officer, f"{address}/thu-hoi", {"note": ""})
    assert refused.status_code == 422
    assert now_of(made).state == CertificateState.VERIFIED

    answer = send(officer, f"{address}/thu-hoi", {"note": "Dùng sai"})
    assert answer.location == address
    assert now_of(made).state == CertificateState.REVOKED


def test_stretches_a_verified_one(officer, session):
    product = ProductFactory()
    made = CertificateFactory(organisation=product.organisation)
    address = f"{BASE}/{made.id}"

    answer = send(officer, f"{address}/san-pham", {"product_ids": product.id})

    assert answer.location == address
    assert session.scalar(select(ProductCertificate.product_id)) == product.id


@pytest.mark.parametrize(
    ("step", "data"), [("thu-hoi", {"note": "Dùng sai"}), ("quyet-dinh", {"verdict": "verify"})]
)
def test_what_the_table_does_not_allow_is_said(officer, now_of, step, data):
    made = (
        CertificateFactory(revoked=True)
        if step == "quyet-dinh"
        else CertificateFactory(rejected=True)
    )
    before = made.state

    answer = send(officer, f"{BASE}/{made.id}/{step}", data)

    assert answer.status_code == 422
    assert now_of(made).state == before


def test_foreign_products_are_refused(officer, session):
    made, foreign = CertificateFactory(), ProductFactory()

    answer = send(officer, f"{BASE}/{made.id}/san-pham", {"product_ids": foreign.id})

    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(ProductCertificate)) == 0


@pytest.mark.parametrize("step", ["", "/giay"])
def test_what_does_not_exist_is_not_there(officer, step):
    assert officer.get(f"{BASE}/999999{step}").status_code == 404


@pytest.mark.parametrize("path", ["", "/{}", "/{}/giay"])
def test_is_no_place_for_others(login, path):
    made = CertificateFactory(waiting=True)
    user = UserFactory()
    MembershipFactory(user=user, organisation=made.organisation)

    assert login(user).get(BASE + path.format(made.id)).status_code == 404


@pytest.mark.parametrize("step", ["quyet-dinh", "kiem-tra", "thu-hoi", "san-pham"])
def test_others_change_nothing(login, now_of, step):
    made = CertificateFactory(waiting=True)
    user = UserFactory()
    MembershipFactory(user=user, organisation=made.organisation)
    client = login(user)

    answer = send(client, f"{BASE}/{made.id}/{step}", {"verdict": "verify", "note": "x"})

    assert answer.status_code == 404
    assert now_of(made).state == CertificateState.CLAIMED


class TestChecks:
    def test_a_check_is_written_down_and_shown(self, officer, now_of):
        made = CertificateFactory(waiting=True)
        address = f"{BASE}/{made.id}"
        assert "Chưa tra danh sách của nơi cấp" in officer.get(address).text

        answer = send(
            officer,
            f"{address}/kiem-tra",
            {"kind": "register", "source": "vietgap.gov.vn", "check_note": "số khớp"},
        )

        assert answer.location == address
        assert now_of(made).state == CertificateState.CLAIMED
        page = officer.get(address).text
        for told in ("Đã tra danh sách của nơi cấp", "Nguồn: vietgap.gov.vn", "số khớp"):
            assert told in page
        assert "Chưa tra danh sách của nơi cấp" not in page

    @pytest.mark.parametrize(
        ("data", "sentence"),
        [
            ({"kind": "register", "source": ""}, "Ghi rõ đã tra ở đâu"),
            ({"kind": "hearsay", "source": "x"}, 'id="kind'),
        ],
    )
    def test_says_what_is_wrong(self, officer, session, data, sentence):
        made = CertificateFactory(waiting=True)

        answer = send(officer, f"{BASE}/{made.id}/kiem-tra", data)

        assert answer.status_code == 422
        assert sentence in answer.text
        assert session.scalar(select(func.count()).select_from(CertificateCheck)) == 0

    def test_what_is_past_takes_no_check(self, officer):
        made = CertificateFactory(revoked=True)

        answer = send(
            officer, f"{BASE}/{made.id}/kiem-tra", {"kind": "document", "source": "bản gốc"}
        )

        assert answer.status_code == 422
        assert "không kiểm tra thêm được nữa" in answer.text

    def test_two_officers_verify_what_is_organic(self, officer, login, now_of):
        made = CertificateFactory(waiting=True, scheme_code="ORGANIC_VN")
        following = CertificateFactory(waiting=True, claimed_at=WEDNESDAY)
        address = f"{BASE}/{made.id}"
        assert "bạn xác minh trước, một cán bộ khác xác minh sau" in officer.get(address).text

        first = send(officer, f"{address}/quyet-dinh", {"verdict": "verify"})
        again = send(officer, f"{address}/quyet-dinh", {"verdict": "verify"})

        assert first.location == f"{BASE}/{following.id}"
        assert again.status_code == 422
        assert "cần hai cán bộ: mời một cán bộ khác" in again.text
        assert now_of(made).state == CertificateState.CLAIMED
        assert "còn chờ một cán bộ khác xác minh" in officer.get(address).text

        colleague = UserFactory()
        MembershipFactory(
            user=colleague, organisation=OrganisationFactory(alliance=True), role=Role.OFFICER
        )
        second = login(colleague)
        assert "Bạn xác minh là đủ hai người" in second.get(address).text
        send(second, f"{address}/quyet-dinh", {"verdict": "verify"})

        assert now_of(made).state == CertificateState.VERIFIED


def test_what_is_over_has_its_tab_and_can_be_taken_back(officer, now_of):
    made = CertificateFactory(expired=True, number="HET-1")
    CertificateFactory(expired=True, state="expired", number="HET-2")

    page = officer.get(f"{BASE}?trang-thai=het-hieu-luc").text
    assert "HET-1" in page
    assert "HET-2" in page
    assert "HET-1" not in officer.get(f"{BASE}?trang-thai=da-xac-minh").text

    send(officer, f"{BASE}/{made.id}/thu-hoi", {"note": "Giấy giả"})
    assert now_of(made).state == CertificateState.REVOKED
