"""The public page of a certificate, and the ways to it."""

from datetime import timedelta

import pytest

from marketplace.certification import operations
from marketplace.certification.rules import Verdict
from marketplace.kernel.clock import business_day, now
from marketplace.media.operations import store_paper
from models.accounts import Organisation, User
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import PDF
from tests.factories.traceability import LotFactory
from tests.guards import recorded_statements
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def product(session):
    return ProductFactory()


@pytest.fixture
def certificate(product):
    """In force today, whenever that is."""
    today = business_day(now())
    return CertificateFactory(
        organisation=product.organisation,
        products=[product],
        scheme_code="OCOP",
        level=4,
        number="123/QĐ-UBND",
        valid_from=today - timedelta(days=100),
        valid_to=today + timedelta(days=100),
    )


def text_of(response):
    assert response.status_code == 200
    return response.get_data(as_text=True)


def test_says_what_it_says_and_how_it_stands_today(client, product, certificate):
    page = text_of(client.get(f"/chung-nhan/{certificate.id}"))

    for told in (
        "OCOP 4 sao",
        "123/QĐ-UBND",
        "Trung tâm Chứng nhận VinaCert",
        "Cà phê, 42 ha",
        product.organisation.name,
        f'href="/san-pham/{product.slug}"',
        "chứng nhận đang có hiệu lực, tới hết ngày",
    ):
        assert told in page
    english = text_of(client.get(f"/en/chung-nhan/{certificate.id}"))
    assert "OCOP 4-star" in english
    assert "the certificate is valid; it holds through" in english


def test_every_proof_leads_to_it(client, product, certificate):
    lot = LotFactory(product=product, certificates=[certificate])
    link = f'href="/chung-nhan/{certificate.id}"'

    assert link in text_of(client.get(f"/san-pham/{product.slug}"))
    assert link in text_of(client.get(f"/hop-tac-xa/{product.organisation.slug}"))
    assert link in text_of(client.get(f"/t/{lot.code}"))


def test_a_revocation_shows_at_once_with_its_reason(client, product, certificate):
    address = f"/san-pham/{product.slug}"
    assert "OCOP 4 sao" in text_of(client.get(address))

    operations.revoke_certificate(
        actor=officer(), certificate_id=certificate.id, reason="Giấy do nơi khác cấp", at=now()
    )

    assert "OCOP 4 sao" not in text_of(client.get(address))
    page = text_of(client.get(f"/chung-nhan/{certificate.id}"))
    assert "đã thu hồi xác minh của chứng nhận này" in page
    assert "Giấy do nơi khác cấp" in page
    assert "đang có hiệu lực" not in page


def test_names_organisations_never_people(client, session):
    made = CertificateFactory(waiting=True)
    actor = officer()
    operations.decide_certificate(
        actor=actor, certificate_id=made.id, verdict=Verdict.VERIFY, at=MONDAY
    )
    alliance = session.get_one(Organisation, actor.organisation_id)
    person = session.get_one(User, actor.user_id)

    page = text_of(client.get(f"/chung-nhan/{made.id}"))

    assert "Đã đối chiếu giấy" in page
    assert alliance.name in page
    assert person.full_name not in page


@pytest.mark.parametrize("trait", ["waiting", "rejected"])
@pytest.mark.parametrize("page", ["", "/giay"])
def test_what_was_never_verified_is_not_there(client, trait, page):
    made = CertificateFactory(**{trait: True}, holder_shows_file=True)

    assert client.get(f"/chung-nhan/{made.id}{page}").status_code == 404
    assert client.get(f"/chung-nhan/999999{page}").status_code == 404


def test_shows_the_paper_if_the_holder_lets_it(client, session, certificate):
    paper = store_paper(
        actor=member_of(certificate.organisation),
        organisation_id=certificate.organisation_id,
        data=PDF,
        name="bí mật.pdf",
        at=MONDAY,
    )
    certificate.file_id = paper.id
    session.flush()
    address = f"/chung-nhan/{certificate.id}"
    assert "/giay" not in text_of(client.get(address))
    assert client.get(f"{address}/giay").status_code == 404

    certificate.holder_shows_file = True
    session.flush()

    assert f'href="{address}/giay"' in text_of(client.get(address))
    answer = client.get(f"{address}/giay")
    assert answer.data == PDF
    assert "giay-chung-nhan" in answer.headers["Content-Disposition"]
    assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_of_a_suspended_holder_it_leads_nowhere(client):
    holder = OrganisationFactory(suspended=True)
    product = ProductFactory(organisation=holder)
    made = CertificateFactory(organisation=holder, products=[product])

    page = text_of(client.get(f"/chung-nhan/{made.id}"))

    assert holder.name in page
    assert f"/hop-tac-xa/{holder.slug}" not in page
    assert f"/san-pham/{product.slug}" not in page


def test_asks_as_often_for_many_products_as_for_one(client, session, product, certificate):
    address = f"/chung-nhan/{certificate.id}"
    client.get(address)
    engine = session.connection().engine
    with recorded_statements(engine) as one:
        client.get(address)
    owner, kind = product.organisation, product.category
    others = [ProductFactory(organisation=owner, category=kind) for _ in range(5)]
    operations.cover_products(
        actor=officer(),
        certificate_id=certificate.id,
        product_ids=[product.id, *(each.id for each in others)],
        at=MONDAY,
    )

    with recorded_statements(engine) as many:
        page = text_of(client.get(address))

    assert page.count('href="/san-pham/') >= 6
    assert len(many) == len(one)
