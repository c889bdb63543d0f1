"""The public page that says who checked what of an organisation, when, until when."""

from datetime import date, timedelta

import pytest

from marketplace.accounts.operations.facts import Facts, declare_facts
from marketplace.kernel.clock import business_day, now
from tests.factories.accounts import OrganisationFactory, UserFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.standing import DecisionFactory
from tests.guards import recorded_statements
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def alliance():
    return OrganisationFactory(alliance=True, name="Liên minh HTX Đắk Lắk")


@pytest.fixture
def cooperative(alliance):
    return OrganisationFactory(
        slug="htx-cu-mgar",
        name="HTX Cà phê Cư M’gar",
        brand="Sắc đỏ cao nguyên",
        tax_code="6001234567",
        registration_number="40B7-001",
        legal_representative="Y Bhăm Niê",
        charter_capital_minor=2_500_000_000,
        member_count=120,
        founded_on=date(2014, 3, 1),
        verified_by_id=alliance.id,
        verified_at=MONDAY,
    )


def text_of(client, prefix=""):
    response = client.get(f"{prefix}/xac-minh/htx-cu-mgar")
    assert response.status_code == 200
    return response.text


def test_says_who_verified_what_and_when(client, cooperative):
    page = text_of(client)

    for told in (
        "HTX Cà phê Cư M’gar",
        "Liên minh HTX Đắk Lắk xác minh ngày 02/11/2026",
        "6001234567",
        "40B7-001",
        "Y Bhăm Niê",
        "2.500.000.000",
        "Sắc đỏ cao nguyên",
        "01/03/2014",
    ):
        assert told in page
    assert "Representative" in text_of(client, "/en")


def test_each_certificate_has_its_state_and_dates(client, cooperative):
    today = business_day(now())
    for number, traits in (
        ("DANG-CO", {"valid_to": today + timedelta(days=200)}),
        ("HET-ROI", {"valid_to": today - timedelta(days=1)}),
        ("THU-HOI", {"revoked": True}),
        ("CHO-XEM", {"waiting": True}),
        ("TU-CHOI", {"rejected": True}),
    ):
        CertificateFactory(organisation=cooperative, number=number, **traits)

    page = text_of(client)

    assert page.index("DANG-CO") < page.index("HET-ROI")
    assert "Hết hiệu lực" in page
    assert "THU-HOI" in page
    assert "CHO-XEM" not in page
    assert "TU-CHOI" not in page


@pytest.mark.parametrize(
    ("state", "told"), [("suspended", "tạm dừng gian hàng này từ"), ("closed", "đã đóng gian hàng")]
)
def test_stays_when_the_shop_is_gone_and_names_no_person_and_no_reason(
    client, session, cooperative, state, told
):
    judge = UserFactory(full_name="Lê Thị Cán Bộ")
    DecisionFactory(
        organisation=cooperative,
        alliance=OrganisationFactory(alliance=True, name="Liên minh HTX Lâm Đồng"),
        officer=judge,
        to_state=state,
        reason="Bị tố cáo gian lận",
    )
    cooperative.verification = state
    session.flush()

    page = text_of(client)

    assert told in page
    assert "Liên minh HTX Lâm Đồng" in page
    assert "Lê Thị Cán Bộ" not in page
    assert "Bị tố cáo" not in page
    assert client.get("/hop-tac-xa/htx-cu-mgar").status_code == 404


@pytest.mark.parametrize("traits", [{"pending": True}, {"enterprise": True}, {"alliance": True}])
def test_is_for_sellers_that_were_decided_about(client, traits):
    OrganisationFactory(slug="ai-do", **traits)

    assert client.get("/xac-minh/ai-do").status_code == 404
    assert client.get("/xac-minh/khong-co").status_code == 404


def test_is_found_from_the_shop_the_product_and_the_sitemap(client, cooperative):
    product = ProductFactory(organisation=cooperative)

    for page in ("/hop-tac-xa/htx-cu-mgar", f"/san-pham/{product.slug}", "/sitemap-chung.xml"):
        assert "/xac-minh/htx-cu-mgar" in client.get(page).text, page


def test_takes_few_statements(client, session, cooperative):
    for number in range(30):
        CertificateFactory(organisation=cooperative, number=f"SO-{number}")
        DecisionFactory(organisation=cooperative)
    text_of(client)

    with recorded_statements(session.connection()) as sent:
        text_of(client)

    assert len(sent) <= 9


def test_says_what_changed_since_it_was_verified(client, session, cooperative):
    director = member_of(cooperative)
    facts = Facts(tax_code="6001234567", registration_number="40B7-001", legal_representative="Lan")
    declare_facts(actor=director, organisation_id=cooperative.id, facts=facts, at=TUESDAY)
    session.flush()

    page = text_of(client)

    assert "tổ chức đã tự đổi" in page
    assert "Người đại diện theo pháp luật, 03/11/2026" in page
    assert "Số đăng ký, 03/11/2026" not in page


@pytest.mark.parametrize(
    ("members", "told"), [(30, "Quy mô siêu nhỏ"), (120, "Quy mô nhỏ"), (None, "chưa đủ số liệu")]
)
def test_says_the_size_class_by_which_rule(client, session, cooperative, members, told):
    cooperative.member_count = members
    session.flush()

    page = text_of(client)

    assert told in page
    assert "Nghị định 113/2024/NĐ-CP, Điều 5" in page


def test_a_union_has_no_size_class(client, session, cooperative):
    cooperative.kind = "union"
    session.flush()

    assert "Quy mô" not in text_of(client)
