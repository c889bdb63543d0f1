"""Claiming certificates, deciding about them, taking them back, and what they cover."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM, NotAllowedError
from marketplace.certification import errors, operations, queries
from marketplace.certification.rules import Claim, Verdict
from marketplace.kernel.states import NotAllowedError as NoSuchStepError
from models.accounts import Role
from models.catalogue import ProductCertificate
from models.certification import Certificate, CertificateState
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    UserFactory,
    member_of,
    officer,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import MediaFileFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def product():
    return ProductFactory()


def claim_of(organisation, **changes):
    paper = MediaFileFactory(organisation_id=organisation.id, paper=True)
    claim = Claim(
        organisation_id=organisation.id,
        scheme_code="OCOP",
        level=4,
        number=" 123/QĐ-UBND ",
        issuer="UBND tỉnh  Đắk Lắk",
        valid_from=date(2026, 3, 1),
        valid_to=date(2029, 2, 28),
        scope="Cà phê rang",
        file_id=paper.id,
    )
    return replace(claim, **changes)


def claim(organisation, actor=None, **changes):
    return operations.claim_certificate(
        actor=actor or member_of(organisation, Role.SALES),
        claim=claim_of(organisation, **changes),
        at=MONDAY,
    )


def decide(certificate, verdict, actor=None, at=TUESDAY, **more):
    return operations.decide_certificate(
        actor=actor or officer(), certificate_id=certificate.id, verdict=verdict, at=at, **more
    )


def covered(session, certificate):
    return set(
        session.scalars(
            select(ProductCertificate.product_id).where(
                ProductCertificate.certificate_id == certificate.id
            )
        )
    )


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestClaim:
    def test_waits_for_the_alliance_with_its_products(self, session, product):
        made = claim(product.organisation, product_ids=(product.id,))

        assert (made.state, made.claimed_at) == (CertificateState.CLAIMED, MONDAY)
        assert (made.number, made.issuer) == ("123/QĐ-UBND", "UBND tỉnh Đắk Lắk")
        assert covered(session, made) == {product.id}
        assert queries.in_force([product.id], MONDAY_DAY) == {}
        assert session.scalar(select(AuditEvent.action)) == "certification.claim_certificate"

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_refused_to_those_who_do_not_speak_for_it(self, session, role):
        organisation = OrganisationFactory()

        with pytest.raises(NotAllowedError):
            claim(organisation, actor=member_of(organisation, role))
        with pytest.raises(NotAllowedError):
            claim(organisation, actor=member_of(OrganisationFactory()))

        assert count(session, Certificate) == 0

    def test_needs_a_paper_of_its_own(self, session):
        organisation = OrganisationFactory()
        foreign = MediaFileFactory(organisation_id=OrganisationFactory().id, paper=True)
        photo = MediaFileFactory(organisation_id=organisation.id)

        for file_id in (None, foreign.id, photo.id, 999_999):
            with pytest.raises(errors.PaperMissingError):
                claim(organisation, file_id=file_id)

        assert count(session, Certificate) == 0

    def test_covers_only_its_own_products(self, session, product):
        with pytest.raises(errors.ForeignProductError):
            claim(OrganisationFactory(), product_ids=(product.id,))

        assert count(session, Certificate) == 0

    def test_twice_is_once(self, session):
        organisation = OrganisationFactory()
        first = claim(organisation)

        with pytest.raises(errors.AlreadyClaimedError) as caught:
            claim(organisation)

        assert caught.value.details == {"certificate_id": first.id, "number": "123/QĐ-UBND"}
        assert count(session, Certificate) == 1

    def test_a_rejected_one_may_be_claimed_again(self, session):
        organisation = OrganisationFactory()
        first = claim(organisation)
        decide(first, Verdict.REJECT, note="Ảnh mờ")

        again = claim(organisation)

        assert again.id != first.id

    def test_refuses_what_is_no_certificate(self, session):
        with pytest.raises(errors.WrongLevelError):
            claim(OrganisationFactory(), level=None)

        assert count(session, Certificate) == 0


class TestDecide:
    def test_a_verified_one_gives_a_badge_and_a_mail(self, session, product):
        director = UserFactory(email="giamdoc@example.com", full_name="Lê Văn Tám")
        MembershipFactory(user=director, organisation=product.organisation)
        made = claim(product.organisation, product_ids=(product.id,))

        decide(made, Verdict.VERIFY)

        assert (made.state, made.decided_at) == (CertificateState.VERIFIED, TUESDAY)
        [fact] = queries.in_force([product.id], MONDAY_DAY)[product.id]
        assert (fact.label("vi"), fact.certificate_id) == ("OCOP 4 sao", made.id)
        [message] = session.scalars(select(Message))
        assert (message.recipient, message.locale) == ("giamdoc@example.com", "vi")
        assert message.subject == "Đã xác minh chứng nhận OCOP 4 sao"
        assert "Lê Văn Tám" in message.body_text
        assert f"/chung-nhan/{made.id}" in message.body_text

    def test_a_rejected_one_says_why(self, session, product):
        MembershipFactory(organisation=product.organisation)
        made = claim(product.organisation, product_ids=(product.id,))

        decide(made, Verdict.REJECT, note=" Ảnh mờ, không đọc được số. ")

        assert made.state == CertificateState.REJECTED
        assert made.decision_note == "Ảnh mờ, không đọc được số."
        assert queries.in_force([product.id], MONDAY_DAY) == {}
        [message] = session.scalars(select(Message))
        assert "Ảnh mờ, không đọc được số." in message.body_text
        change = session.scalars(select(StateChange)).one()
        assert (change.from_state, change.to_state, change.reason) == (
            "claimed",
            "rejected",
            "Ảnh mờ, không đọc được số.",
        )

    def test_a_rejection_needs_a_reason(self, session):
        made = CertificateFactory(waiting=True)

        with pytest.raises(errors.ReasonMissingError):
            decide(made, Verdict.REJECT, note="  ")

        assert made.state == CertificateState.CLAIMED

    def test_the_officer_says_what_it_covers(self, session, product):
        other = ProductFactory(organisation=product.organisation)
        made = claim(product.organisation, product_ids=(product.id,))

        decide(made, Verdict.VERIFY, product_ids=[other.id])

        assert covered(session, made) == {other.id}

    def test_twice_is_once(self, session, product):
        MembershipFactory(organisation=product.organisation)
        made = claim(product.organisation)

        decide(made, Verdict.VERIFY)
        decide(made, Verdict.VERIFY, at=WEDNESDAY)

        assert made.decided_at == TUESDAY
        assert (count(session, StateChange), count(session, Message)) == (1, 1)

    def test_what_is_decided_stays_decided(self):
        made = CertificateFactory(rejected=True)

        with pytest.raises(NoSuchStepError):
            decide(made, Verdict.VERIFY)

        assert made.state == CertificateState.REJECTED

    def test_is_refused_to_its_holder_and_to_others(self, session):
        made = CertificateFactory(waiting=True)

        for actor in (
            member_of(made.organisation),
            member_of(OrganisationFactory()),
            member_of(OrganisationFactory(alliance=True), Role.ACCOUNTANT),
        ):
            with pytest.raises(NotAllowedError):
                decide(made, Verdict.VERIFY, actor=actor)
        with pytest.raises(errors.CertificateNotFoundError):
            operations.decide_certificate(
                actor=officer(), certificate_id=999_999, verdict=Verdict.VERIFY, at=MONDAY
            )

        assert made.state == CertificateState.CLAIMED
        assert count(session, StateChange) == 0


class TestRevoke:
    def revoke(self, certificate, actor=None, reason="Dùng sai phạm vi"):
        return operations.revoke_certificate(
            actor=actor or officer(), certificate_id=certificate.id, reason=reason, at=TUESDAY
        )

    def test_the_badge_is_gone_at_once(self, session, product):
        MembershipFactory(organisation=product.organisation)
        made = CertificateFactory(organisation=product.organisation, products=[product])

        self.revoke(made)

        assert (made.state, made.decision_note) == (
            CertificateState.REVOKED,
            "Dùng sai phạm vi",
        )
        assert queries.in_force([product.id], MONDAY_DAY) == {}
        assert session.scalar(select(Message.subject)) == "Đã thu hồi chứng nhận VietGAP"

    def test_needs_a_reason_and_a_verified_one(self):
        with pytest.raises(errors.ReasonMissingError):
            self.revoke(CertificateFactory(), reason=" ")
        with pytest.raises(NoSuchStepError):
            self.revoke(CertificateFactory(waiting=True))

    def test_twice_is_once(self, session):
        made = CertificateFactory()

        self.revoke(made)
        self.revoke(made, reason="Khác")

        assert made.decision_note == "Dùng sai phạm vi"
        assert count(session, StateChange) == 1

    def test_is_refused_to_its_holder(self):
        made = CertificateFactory()

        with pytest.raises(NotAllowedError):
            self.revoke(made, actor=member_of(made.organisation))

        assert made.state == CertificateState.VERIFIED


class TestCover:
    def cover(self, certificate, product_ids, actor=None):
        return operations.cover_products(
            actor=actor or member_of(certificate.organisation, Role.SALES),
            certificate_id=certificate.id,
            product_ids=product_ids,
            at=TUESDAY,
        )

    def test_a_claim_is_stretched_freely(self, session, product):
        other = ProductFactory(organisation=product.organisation)
        made = CertificateFactory(
            organisation=product.organisation, waiting=True, products=[product]
        )

        self.cover(made, [product.id, other.id])
        self.cover(made, [other.id])
        self.cover(made, [other.id])

        assert covered(session, made) == {other.id}
        assert count(session, AuditEvent) == 2

    def test_a_decided_one_only_shrinks(self, session, product):
        other = ProductFactory(organisation=product.organisation)
        made = CertificateFactory(organisation=product.organisation, products=[product])

        with pytest.raises(errors.ScopeDecidedError):
            self.cover(made, [product.id, other.id])
        assert covered(session, made) == {product.id}

        self.cover(made, [])
        assert covered(session, made) == set()

    def test_the_alliance_may_stretch_it(self, session, product):
        made = CertificateFactory(organisation=product.organisation)

        self.cover(made, [product.id], actor=officer())

        assert covered(session, made) == {product.id}

    def test_covers_only_the_holders_products(self, session, product):
        made = CertificateFactory(waiting=True)

        for actor in (None, officer()):
            with pytest.raises(errors.ForeignProductError):
                self.cover(made, [product.id], actor=actor)

        assert covered(session, made) == set()

    def test_is_refused_to_others(self, session, product):
        made = CertificateFactory(organisation=product.organisation, waiting=True)

        for actor in (
            member_of(product.organisation, Role.WAREHOUSE),
            member_of(OrganisationFactory()),
        ):
            with pytest.raises(NotAllowedError):
                self.cover(made, [product.id], actor=actor)

        assert covered(session, made) == set()


class TestChoose:
    def choose(self, product, certificate_ids, actor=None):
        operations.choose_certificates(
            actor=actor or member_of(product.organisation),
            product_id=product.id,
            certificate_ids=certificate_ids,
            at=TUESDAY,
        )

    def test_seen_from_the_product_it_is_the_same(self, session, product):
        given = {"organisation": product.organisation, "waiting": True}
        one, two = CertificateFactory(**given, products=[product]), CertificateFactory(**given)

        self.choose(product, [two.id])

        assert (covered(session, one), covered(session, two)) == (set(), {product.id})

    def test_a_decided_one_is_not_added(self, session, product):
        made = CertificateFactory(organisation=product.organisation)

        with pytest.raises(errors.ScopeDecidedError):
            self.choose(product, [made.id])

        assert covered(session, made) == set()

    def test_is_refused_for_foreign_things(self, session, product):
        foreign = CertificateFactory(waiting=True)

        with pytest.raises(errors.ForeignCertificateError):
            self.choose(product, [foreign.id])
        with pytest.raises(NotAllowedError):
            self.choose(product, [foreign.id], actor=member_of(foreign.organisation))
        with pytest.raises(errors.ForeignProductError):
            operations.choose_certificates(
                actor=officer(), product_id=999_999, certificate_ids=[], at=TUESDAY
            )

        assert covered(session, foreign) == set()


class TestInForce:
    @pytest.mark.parametrize(
        ("day", "holds"),
        [
            (date(2025, 12, 31), False),
            (date(2026, 1, 1), True),
            (date(2027, 12, 31), True),
            (date(2028, 1, 1), False),
        ],
    )
    def test_from_the_first_to_the_last_day(self, product, day, holds):
        CertificateFactory(organisation=product.organisation, products=[product])

        assert bool(queries.in_force([product.id], day)) is holds

    def test_only_verified_ones_in_the_order_of_badges(self, product):
        given = {"organisation": product.organisation, "products": [product]}
        gap = CertificateFactory(**given)
        organic = CertificateFactory(**given, scheme_code="ORGANIC_VN", valid_to=None)
        for trait in ("waiting", "rejected", "revoked", "expired"):
            CertificateFactory(**given, **{trait: True})

        facts = queries.in_force([product.id], MONDAY_DAY)

        assert [fact.certificate_id for fact in facts[product.id]] == [organic.id, gap.id]

    def test_of_nothing_is_nothing(self):
        assert queries.in_force([], MONDAY_DAY) == {}
        assert queries.in_force_for_lots([]) == {}

    def test_a_lot_keeps_what_held_on_its_harvest_day(self, session, product):
        given = {"organisation": product.organisation}
        made = CertificateFactory(**given, expired=True)
        revoked = CertificateFactory(**given, expired=True, revoked=True)
        lot = LotFactory(
            product=product, harvested_on=date(2025, 11, 1), certificates=[made, revoked]
        )

        facts = queries.in_force_for_lots([lot.id])

        assert [fact.certificate_id for fact in facts[lot.id]] == [made.id]


class TestQueries:
    def test_an_officer_and_the_holder_see_a_certificate_others_do_not(self):
        made = CertificateFactory(waiting=True)

        for actor in (officer(), member_of(made.organisation, Role.ACCOUNTANT)):
            page = queries.get_certificate_page(made.id, actor=actor, today=MONDAY_DAY)
            assert page.certificate.id == made.id
            assert queries.get_paper(made.id, actor=actor).id == made.file_id
        for actor in (member_of(OrganisationFactory()), member_of(OrganisationFactory())):
            with pytest.raises(errors.CertificateNotFoundError):
                queries.get_certificate_page(made.id, actor=actor, today=MONDAY_DAY)
            with pytest.raises(errors.CertificateNotFoundError):
                queries.get_paper(made.id, actor=actor)

    def test_the_queue_begins_with_the_oldest(self):
        late = CertificateFactory(waiting=True, claimed_at=TUESDAY)
        early = CertificateFactory(waiting=True, claimed_at=MONDAY)
        CertificateFactory()

        rows = queries.certificates_in(CertificateState.CLAIMED, viewer=SYSTEM, today=MONDAY_DAY)

        assert [row.id for row in rows] == [early.id, late.id]
        assert queries.counts_by_state(viewer=SYSTEM, today=MONDAY_DAY) == {
            "claimed": 2,
            "verified": 1,
        }
        assert queries.next_waiting(early.id, viewer=SYSTEM) == late.id

    def test_a_page_tells_what_is_covered_and_what_happened(self, product):
        made = claim(product.organisation, product_ids=(product.id,))
        ProductFactory(organisation=product.organisation)
        decide(made, Verdict.VERIFY, note="Cảm ơn")

        page = queries.get_certificate_page(made.id, actor=officer(), today=MONDAY_DAY)

        assert [each.id for each in page.covered] == [product.id]
        assert len(page.products) == 2
        assert [(step.to_state, step.reason) for step in page.steps] == [("verified", "Cảm ơn")]
        assert (page.shown, page.label("en")) == ("verified", "OCOP 4-star")
        assert not page.looks_unusual
