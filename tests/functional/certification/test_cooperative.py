"""Certificates at the desk of a seller."""

import io
import re
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.certification.operations import record_check
from marketplace.certification.rules import Check
from marketplace.media.operations import store_paper
from marketplace.platform.database import session as db_session
from models.accounts import Role
from models.catalogue import ProductCertificate
from models.certification import Certificate, CertificateState, CheckKind
from models.media import MediaFile
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
    officer,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF, picture
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")

BASE = "/quay/CUMGAR/chung-nhan"
TYPED = {
    "scheme_code": "VIETGAP_CROP",
    "level": "",
    "number": "VietGAP-TT-13-09-66-0123",
    "issuer": "VinaCert",
    "valid_from": "01/03/2026",
    "valid_to": "2028-02-29",
    "scope": "Cà phê, 42 ha",
    "facility": "Xưởng sơ chế số 2",
    "area": "42,5",
    "yearly": "120.000",
}


@pytest.fixture
def organisation():
    return OrganisationFactory(code="CUMGAR")


@pytest.fixture
def browse(login, organisation):
    def sign_in(role=Role.SALES):
        user = UserFactory()
        MembershipFactory(user=user, organisation=organisation, role=role)
        return login(user)

    return sign_in


def send(client, address, data):
    return client.post(address, data=data)


def paper(data=PDF, name="giấy VietGAP.pdf"):
    return {"file": (io.BytesIO(data), name)}


def test_lists_every_certificate_with_how_it_stands(browse, organisation):
    CertificateFactory(organisation=organisation, waiting=True, number="CHO-1")
    CertificateFactory(organisation=organisation, expired=True, number="CU-2")
    CertificateFactory(number="NGUOI-KHAC-3")

    page = browse(Role.ACCOUNTANT).get(BASE)

    assert page.status_code == 200
    assert "Chờ xác minh" in page.text
    assert "Hết hiệu lực" in page.text
    assert "NGUOI-KHAC-3" not in page.text
    assert f"{BASE}/moi" not in page.text


def test_an_empty_list_leads_to_the_first_claim(browse):
    assert f"{BASE}/moi" in browse().get(BASE).text


def test_claims_with_paper_and_products(browse, organisation, session):
    product = ProductFactory(organisation=organisation)
    client = browse()

    answer = send(client, f"{BASE}/moi", {**TYPED, **paper(), "product_ids": product.id})

    made = session.scalars(select(Certificate)).one()
    assert (answer.status_code, answer.location) == (303, f"{BASE}/{made.id}")
    assert (made.state, made.valid_from.isoformat(), made.valid_to.isoformat()) == (
        CertificateState.CLAIMED,
        "2026-03-01",
        "2028-02-29",
    )
    assert (made.facility, made.area_m2, made.yearly_g) == (
        "Xưởng sơ chế số 2",
        425_000,
        120_000_000,
    )
    assert session.scalar(select(ProductCertificate.product_id)) == product.id
    page = client.get(answer.location).text
    assert "42,5\u00a0ha" in page
    assert "120\u00a0tấn" in page
    assert "Đã gửi. Liên minh Hợp tác xã sẽ xem giấy" in page
    assert "Số chứng nhận này khác" not in page


def test_an_unusual_number_is_taken_with_a_hint(browse, session):
    client = browse()

    answer = send(client, f"{BASE}/moi", {**TYPED, **paper(), "number": "0123/2026"})

    assert answer.status_code == 303
    assert "khác mẫu thường gặp (VietGAP-TT-13-09-68-0096)" in client.get(answer.location).text
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_a_number_that_fails_its_check_digit_is_taken_with_a_hint(browse):
    client = browse()
    typed = {**TYPED, **paper(), "scheme_code": "GLOBALGAP_IFA", "number": "4059841500238"}

    answer = send(client, f"{BASE}/moi", typed)

    assert "khác mẫu thường gặp (4059841500237)" in client.get(answer.location).text


def test_begins_with_the_product_one_came_from(browse, organisation):
    product = ProductFactory(organisation=organisation)

    page = browse().get(f"{BASE}/moi?san-pham={product.id}").text

    assert f'value="{product.id}" checked' in page


def test_keeps_the_paper_when_something_else_is_wrong(browse, session):
    client = browse()

    refused = send(client, f"{BASE}/moi", {**TYPED, **paper(), "number": ""})
    kept = re.search(r'name="file_id" value="(\d+)"', refused.text)[1]
    answer = send(client, f"{BASE}/moi", {**TYPED, "file_id": kept})

    assert refused.status_code == 422
    assert "Đã giữ tệp vừa gửi: giấy VietGAP.pdf" in refused.text
    assert answer.status_code == 303
    assert session.scalar(select(Certificate.file_id)) == int(kept)


@pytest.mark.parametrize(
    ("change", "sentence", "field"),
    [
        ({"scheme_code": ""}, "Chọn loại chứng nhận", "scheme_code"),
        ({"scheme_code": "OCOP"}, "Mời chọn số sao", "level"),
        ({"valid_to": "2020-01-01"}, "Ngày hết hiệu lực phải sau", "valid_to"),
        ({"valid_from": "hôm qua"}, "Nhập ngày/tháng/năm", "valid_from"),
        ({"file": (io.BytesIO(b"MZ"), "virus.exe")}, "Giấy tờ phải là tệp PDF", "file"),
    ],
)
def test_says_what_is_wrong_and_where(browse, session, change, sentence, field):
    answer = send(browse(), f"{BASE}/moi", {**TYPED, **paper(), **change})

    assert answer.status_code == 422
    assert sentence in answer.text
    assert f'href="#{field}"' in answer.text
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_a_claim_without_a_paper_asks_for_it(browse, session):
    answer = send(browse(), f"{BASE}/moi", TYPED)

    assert answer.status_code == 422
    assert "bản chụp hoặc bản PDF" in answer.text


def test_a_claim_cannot_borrow_the_paper_of_another(browse, session):
    other = OrganisationFactory()
    foreign = store_paper(
        actor=member_of(other), organisation_id=other.id, data=PDF, name="x", at=MONDAY
    )

    answer = send(browse(), f"{BASE}/moi", {**TYPED, "file_id": foreign.id})

    assert answer.status_code == 422
    assert session.scalar(select(func.count()).select_from(Certificate)) == 0


def test_the_same_claim_twice_leads_to_the_first(browse, session):
    client = browse()
    first = send(client, f"{BASE}/moi", {**TYPED, **paper()})

    again = send(client, f"{BASE}/moi", {**TYPED, **paper()})

    assert (again.status_code, again.location) == (303, first.location)
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1
    assert session.scalar(select(func.count()).select_from(MediaFile)) == 1


@pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
def test_those_who_do_not_speak_for_it_may_look_only(browse, organisation, role):
    made = CertificateFactory(organisation=organisation, waiting=True)
    client = browse(role)

    assert client.get(f"{BASE}/{made.id}").status_code == 200
    assert client.get(f"{BASE}/moi").status_code == 403


def test_shows_one_and_changes_what_a_claim_covers(browse, organisation, session):
    product = ProductFactory(organisation=organisation)
    made = CertificateFactory(organisation=organisation, waiting=True)
    client, address = browse(), f"{BASE}/{made.id}"

    answer = send(client, f"{address}/san-pham", {"product_ids": product.id})

    assert answer.location == address
    assert session.scalar(select(ProductCertificate.product_id)) == product.id
    assert product.name_vi in client.get(address).text


def test_a_decided_one_is_not_stretched(browse, organisation, session):
    product = ProductFactory(organisation=organisation)
    made = CertificateFactory(organisation=organisation)

    answer = send(browse(), f"{BASE}/{made.id}/san-pham", {"product_ids": product.id})

    assert answer.status_code == 422
    assert "không tự thêm sản phẩm được nữa" in answer.text
    assert session.scalar(select(ProductCertificate.product_id)) is None


@pytest.mark.parametrize(
    ("traits", "sentence"),
    [
        ({"rejected": True}, "Ảnh chụp mờ, không đọc được số."),
        ({"expired": True}, "Giấy đã hết hiệu lực 28/02/2026"),
        ({"waiting": True}, "Liên minh đang xem"),
    ],
)
def test_says_what_has_become_of_it(browse, organisation, traits, sentence):
    made = CertificateFactory(organisation=organisation, **traits)

    assert sentence in browse().get(f"{BASE}/{made.id}").text


@pytest.mark.parametrize("step", ["", "/giay"])
def test_somebody_elses_is_not_there(browse, step):
    foreign = CertificateFactory(waiting=True)
    client = browse(Role.DIRECTOR)

    assert client.get(f"{BASE}/{foreign.id}{step}").status_code == 404
    assert client.get(f"{BASE}/999999{step}").status_code == 404


@pytest.mark.parametrize(
    ("data", "kind", "shown"),
    [(PDF, "application/pdf", "attachment"), (picture(), "image/jpeg", "inline")],
)
def test_a_paper_is_sent_so_that_nothing_in_it_can_act(browse, organisation, data, kind, shown):
    file = store_paper(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        data=data,
        name='giấy "gốc".html',
        at=MONDAY,
    )
    made = CertificateFactory(organisation=organisation, file=file)

    answer = browse(Role.ACCOUNTANT).get(f"{BASE}/{made.id}/giay")

    assert (answer.status_code, answer.mimetype) == (200, kind)
    assert answer.headers["Content-Disposition"].startswith(shown)
    assert answer.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_a_paper_is_no_public_photo(browse, organisation, client):
    file = store_paper(
        actor=member_of(organisation),
        organisation_id=organisation.id,
        # Bytes of its own: those of `picture()` are a public photo of other tests.
        data=picture(colour=(201, 14, 77)),
        name="",
        at=MONDAY,
    )
    made = CertificateFactory(organisation=organisation, file=file)
    db_session.flush()

    assert client.get(f"/media/{file.sha256}-1600.webp").status_code == 404
    assert client.get(f"{BASE}/{made.id}/giay").status_code == 303


class TestSharing:
    def test_the_holder_lets_everybody_see_the_paper(self, browse, organisation, session):
        made = CertificateFactory(organisation=organisation, waiting=True)
        client = browse()
        assert "Cho mọi người xem bản chụp" in client.get(f"{BASE}/{made.id}").text

        answer = send(client, f"{BASE}/{made.id}/cong-khai", {"is_shown": "y"})

        assert answer.location == f"{BASE}/{made.id}"
        session.refresh(made)
        assert made.holder_shows_file
        send(client, f"{BASE}/{made.id}/cong-khai", {})
        session.refresh(made)
        assert not made.holder_shows_file

    def test_the_warehouse_does_not(self, browse, organisation, session):
        made = CertificateFactory(organisation=organisation, waiting=True)
        client = browse(Role.WAREHOUSE)

        assert "Cho mọi người xem bản chụp" not in client.get(f"{BASE}/{made.id}").text
        assert send(client, f"{BASE}/{made.id}/cong-khai", {"is_shown": "y"}).status_code == 403
        session.refresh(made)
        assert not made.holder_shows_file

    def test_not_of_a_foreign_certificate(self, browse):
        foreign = CertificateFactory()

        answer = send(browse(), f"{BASE}/{foreign.id}/cong-khai", {"is_shown": "y"})

        assert answer.status_code == 404


def test_stars_hold_36_months_and_no_longer(browse, session):
    stars = {**TYPED, "scheme_code": "OCOP", "level": "4", "number": "12/QĐ-UBND"}
    client = browse()

    refused = send(client, f"{BASE}/moi", {**stars, **paper(), "valid_to": "2029-03-02"})
    assert refused.status_code == 422
    assert "tối đa 36 tháng kể từ ngày quyết định, tức là tới hết 01/03/2029" in refused.text

    send(client, f"{BASE}/moi", {**stars, **paper(), "valid_to": ""})
    assert session.scalars(select(Certificate.valid_to)).all() == [date(2029, 3, 1)]


def test_shows_which_checks_were_made_without_names(browse, organisation):
    made = CertificateFactory(organisation=organisation, waiting=True)
    actor = officer()
    record_check(
        actor=actor,
        certificate_id=made.id,
        check=Check(CheckKind.REGISTER, "vietgap.gov.vn", "chuyện nội bộ"),
        at=MONDAY,
    )

    page = browse().get(f"{BASE}/{made.id}").text

    assert "Đã tra danh sách của nơi cấp" in page
    assert "vietgap.gov.vn" in page
    assert "chuyện nội bộ" not in page
