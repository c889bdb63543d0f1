"""Contracts, awards and opened offers rely on certificates: who buys by them hears of the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from marketplace.jobs import certification as jobs
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.reporting.contract_certificates import (
    CertificateWarning,
    Want,
    certificate_warnings,
)
from marketplace.sourcing.quotes.operations import Choice, Decision
from marketplace.sourcing.quotes.reading import quotes_in
from marketplace.workflows import contracting, ending, revoking
from marketplace.workflows.awarding import decide_request
from models.accounts import Organisation, OrganisationKind, Role, User
from models.certification import CertificateNotice, CertificateState
from models.contracts import ContractState
from models.notifications import Message
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.contracts import ContractFactory, some_terms
from tests.factories.quotes import offer_of, opened, scene, send
from tests.factories.requests import CLOSING, JANUARY
from tests.moments import MONDAY

ENDED, REVOKED = "buyer_certificate_ended", "buyer_certificate_revoked"
LAST = business_day(MONDAY) + timedelta(days=1)
OVER = vietnam_midnight(LAST + timedelta(days=1))
VIETGAP = ("VIETGAP_CROP",)


@pytest.fixture
def enterprise(session):
    return OrganisationFactory(enterprise=True)


@pytest.fixture
def buyers(session, enterprise):
    """The director and the buyer of the enterprise, and an accountant who is not written to."""
    people = {
        role: member_of(enterprise, role) for role in (Role.DIRECTOR, Role.BUYER, Role.ACCOUNTANT)
    }
    return {role: session.get_one(User, actor.user_id).email for role, actor in people.items()}


@pytest.fixture
def product(session):
    return ProductFactory()


@pytest.fixture
def certificate(product):
    return CertificateFactory(organisation=product.organisation, products=[product], valid_to=LAST)


@pytest.fixture
def contract(enterprise, product):
    return contract_of(enterprise, product)


def contract_of(enterprise, product, schemes=VIETGAP, **details):
    says = some_terms(product_id=product.id, schemes=schemes)
    return ContractFactory(buyer=enterprise, product=product, says=says, **details)


def told(session, template=ENDED):
    found = {}
    for message in session.scalars(select(Message).order_by(Message.id)):
        if message.key.startswith(f"{template}:"):
            found[message.recipient] = message
    return found


def expire(certificate, at=OVER):
    return ending.expire_certificate(certificate_id=certificate.id, at=at)


@pytest.mark.usefixtures("contract")
class TestAContract:
    def test_tells_directors_and_buyers_of_the_enterprise_once(
        self, session, certificate, contract, buyers
    ):
        assert expire(certificate)
        assert not expire(certificate)

        messages = told(session)
        assert set(messages) == {buyers[Role.DIRECTOR], buyers[Role.BUYER]}
        body = messages[buyers[Role.BUYER]].body_text
        for words in (
            f"Hợp đồng {contract.number} với",
            "Hợp đồng đòi mọi lô có chứng nhận này vào ngày thu hoạch",
            f"/{contract.number}",
            f"/chung-nhan/{certificate.id}",
        ):
            assert words in body
        assert "đơn hàng" not in body

    def test_withdrawal_tells_the_same_people(self, session, certificate, buyers):
        alliance = OrganisationFactory(kind=OrganisationKind.ALLIANCE)
        revoking.revoke_certificate(
            actor=member_of(alliance, Role.OFFICER),
            certificate_id=certificate.id,
            reason="Giấy giả",
            at=MONDAY,
        )
        assert set(told(session, REVOKED)) == {buyers[Role.DIRECTOR], buyers[Role.BUYER]}

    def test_another_certificate_of_the_scheme_serves_as_well(
        self, session, certificate, product, buyers
    ):
        CertificateFactory(organisation=product.organisation, products=[product])
        assert expire(certificate)
        assert told(session) == {}


@pytest.mark.parametrize(
    ("kind", "tells"),
    [
        ({}, True),
        ({"agreed": True}, True),
        ({"negotiating": True}, True),
        ({"draft": True}, False),
        ({"state": ContractState.COMPLETED, "ended_at": MONDAY}, False),
        ({"state": ContractState.TERMINATED, "ended_at": MONDAY}, False),
    ],
)
def test_open_contracts_alone(session, enterprise, product, certificate, buyers, kind, tells):  # noqa: PLR0913, PLR0917 - fixtures
    contract_of(enterprise, product, **kind)
    expire(certificate)
    assert bool(told(session)) is tells


def test_contracts_of_other_goods_or_schemes_are_left_alone(
    session, enterprise, product, certificate, buyers
):
    contract_of(enterprise, product, schemes=("GLOBALGAP",))
    contract_of(enterprise, product, schemes=())
    contract_of(enterprise, ProductFactory(organisation=product.organisation))
    expire(certificate)
    assert told(session) == {}


def offered(last):
    """Somebody's opened offer with a certificate that ends."""
    made = scene(schemes=list(VIETGAP))
    seller = made.sellers[0]
    paper = CertificateFactory(
        organisation=seller.organisation, products=[seller.product], valid_to=last
    )
    return made, seller, paper


SOON = business_day(CLOSING) + timedelta(days=1)
THEN = vietnam_midnight(SOON + timedelta(days=1))


class TestOffers:
    def test_a_sealed_one_tells_nobody(self, session):
        made, seller, paper = offered(business_day(MONDAY) + timedelta(days=1))
        send(made, seller, offer_of(seller))
        expire(paper)
        assert told(session) == {}

    def test_an_opened_one_tells_the_buyer(self, session):
        made, seller, paper = offered(SOON)
        send(made, seller, offer_of(seller))
        opened(made)
        expire(paper, THEN)
        [message] = told(session).values()
        assert message.recipient == session.get_one(User, made.buyer.user_id).email
        assert f"yêu cầu {made.request.number}" in message.body_text
        assert f"/yeu-cau/{made.request.number}/bao-gia" in message.body_text

    def test_one_that_says_that_it_lacks_it_tells_nobody(self, session):
        made, seller, paper = offered(SOON)
        send(made, seller, offer_of(seller, deviations={"scheme:VIETGAP_CROP": "Đang xin"}))
        opened(made)
        expire(paper, THEN)
        assert told(session) == {}

    def test_an_award_tells_until_there_is_a_contract(self, session):
        made, seller, paper = offered(SOON)
        send(made, seller, offer_of(seller))
        opened(made)
        [quote] = quotes_in(made.request.id, "opened")
        decide_request(
            actor=made.buyer,
            request_id=made.request.id,
            decision=Decision([Choice(quote.number, JANUARY, 1_000_000)], "Tốt"),
            at=CLOSING + timedelta(hours=1),
        )
        other = CertificateFactory(
            organisation=seller.organisation,
            products=[seller.product],
            valid_to=SOON + timedelta(days=1),
        )
        expire(paper, THEN)
        assert told(session) == {}  # the other one still holds
        later = vietnam_midnight(SOON + timedelta(days=2))
        expire(other, later)
        [message] = told(session).values()
        assert "Phần này chưa lập hợp đồng" in message.body_text
        assert f"/yeu-cau/{made.request.number}/chon" in message.body_text

    def test_a_draft_of_the_contract_ends_the_reliance_of_the_award(self, session):
        made, seller, paper = offered(SOON)
        send(made, seller, offer_of(seller))
        opened(made)
        [quote] = quotes_in(made.request.id, "opened")
        decide_request(
            actor=made.buyer,
            request_id=made.request.id,
            decision=Decision([Choice(quote.number, JANUARY, 1_000_000)], "Tốt"),
            at=CLOSING + timedelta(hours=1),
        )
        contracting.draft_from_award(
            actor=made.buyer, request_id=made.request.id, at=CLOSING + timedelta(hours=1)
        )
        expire(paper, THEN)
        assert told(session) == {}


def warn(contract, product, today, schemes=VIETGAP):
    wants = {contract.id: Want(product.id, schemes)}
    return certificate_warnings(wants, today=today).get(contract.id, [])


class TestTheWarning:
    def test_comes_thirty_days_before_and_says_what_happened(
        self, session, contract, product, certificate
    ):
        first = LAST - timedelta(days=30)
        assert warn(contract, product, first - timedelta(days=1)) == []
        ending_soon = CertificateWarning("VIETGAP_CROP", "ending", LAST, certificate.id)
        assert warn(contract, product, first) == [ending_soon]
        assert warn(contract, product, LAST) == [ending_soon]
        [over] = warn(contract, product, LAST + timedelta(days=1))
        assert (over.what, over.last_day) == ("ended", LAST)
        certificate.state = CertificateState.REVOKED
        session.flush()
        assert [each.what for each in warn(contract, product, LAST)] == ["revoked"]

    def test_of_a_certificate_that_was_never_there(self, contract, product):
        assert [each.what for each in warn(contract, product, LAST)] == ["missing"]
        assert warn(contract, product, LAST, schemes=()) == []

    def test_goes_with_a_newer_certificate(self, contract, product, certificate):
        CertificateFactory(organisation=product.organisation, products=[product])
        assert warn(contract, product, LAST + timedelta(days=1)) == []

    def test_expired_yesterday_the_next_run_tells_and_four_notices_exist(
        self, session, contract, product, certificate, monkeypatch
    ):
        """The acceptance test of the living certificate, for contracts."""
        member_of(session.get_one(Organisation, contract.buyer_id), Role.BUYER)
        for days in (90, 60, 30, 7, -1):
            at = vietnam_midnight(LAST - timedelta(days=days)) + timedelta(hours=1)
            monkeypatch.setattr(jobs, "now", lambda at=at: at)
            jobs.end_certificates()
        days = select(CertificateNotice.days_before).where(
            CertificateNotice.certificate_id == certificate.id
        )
        assert sorted(session.scalars(days)) == [7, 30, 60, 90]
        assert session.get_one(type(certificate), certificate.id).state == CertificateState.EXPIRED
        assert [each.what for each in warn(contract, product, LAST + timedelta(days=1))] == [
            "ended"
        ]
        assert len(told(session)) == 1
