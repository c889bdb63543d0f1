"""Checks of certificates by officers, and the schemes that need two of them."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.certification import errors, operations, queries
from marketplace.certification.rules import Check, Missing, Verdict
from models.accounts import Role
from models.catalogue import ProductCertificate
from models.certification import CertificateCheck, CertificateState, CheckKind
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    member_of,
    officer,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")

REGISTER = Check(CheckKind.REGISTER, "  danh sách  của Cục Trồng trọt ", " số khớp ")


@pytest.fixture
def organic():
    return CertificateFactory(waiting=True, scheme_code="ORGANIC_VN")


@pytest.fixture
def alliance():
    return OrganisationFactory(alliance=True)


def record(certificate, actor, check=REGISTER, at=MONDAY):
    return operations.record_check(actor=actor, certificate_id=certificate.id, check=check, at=at)


def approve(certificate, actor, at=TUESDAY, **more):
    return operations.decide_certificate(
        actor=actor, certificate_id=certificate.id, verdict=Verdict.VERIFY, at=at, **more
    )


def checks(session):
    return [
        (row.kind, row.checker_id)
        for row in session.scalars(select(CertificateCheck).order_by(CertificateCheck.id))
    ]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestRecord:
    def test_keeps_who_looked_where_and_when(self, session, alliance):
        made, actor = CertificateFactory(waiting=True), member_of(alliance, Role.OFFICER)

        record(made, actor)

        [check] = session.scalars(select(CertificateCheck))
        assert (check.kind, check.source, check.note) == (
            "register",
            "danh sách của Cục Trồng trọt",
            "số khớp",
        )
        assert (check.checker_id, check.checker_organisation_id, check.at) == (
            actor.user_id,
            alliance.id,
            MONDAY,
        )
        assert made.state == CertificateState.CLAIMED
        assert session.scalar(select(AuditEvent.action)) == "certification.record_check"

    def test_sent_twice_is_one_check_but_another_day_is_another(self, session):
        made, actor = CertificateFactory(), officer()

        for at in (MONDAY, MONDAY, TUESDAY):
            record(made, actor, at=at)
        record(made, officer(), at=TUESDAY)

        assert count(session, CertificateCheck) == 3

    def test_a_register_without_its_name_is_none(self, session):
        with pytest.raises(errors.SourceMissingError):
            record(CertificateFactory(waiting=True), officer(), Check(CheckKind.REGISTER, " "))

        assert count(session, CertificateCheck) == 0

    @pytest.mark.parametrize("state", ["rejected", "revoked", "expired"])
    def test_what_is_past_is_not_checked(self, session, state):
        made = CertificateFactory(state=state)

        with pytest.raises(errors.CheckTooLateError):
            record(made, officer())

        assert count(session, CertificateCheck) == 0

    def test_is_refused_to_its_holder_and_to_others(self, session):
        made = CertificateFactory(waiting=True)

        for actor in (member_of(made.organisation), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                record(made, actor)
        with pytest.raises(errors.CertificateNotFoundError):
            operations.record_check(
                actor=officer(), certificate_id=999_999, check=REGISTER, at=MONDAY
            )

        assert count(session, CertificateCheck) == 0


class TestOneOfficer:
    def test_to_verify_is_to_have_read_the_paper(self, session):
        made, actor = CertificateFactory(waiting=True), officer()

        approve(made, actor)

        assert made.state == CertificateState.VERIFIED
        assert checks(session) == [("document", actor.user_id)]

    def test_a_check_that_was_recorded_is_not_recorded_again(self, session):
        made, actor = CertificateFactory(waiting=True), officer()
        record(made, actor, Check(CheckKind.DOCUMENT, "bản gốc"))

        approve(made, actor)

        assert made.state == CertificateState.VERIFIED
        assert checks(session) == [("document", actor.user_id)]

    def test_a_rejection_is_no_check(self, session):
        operations.decide_certificate(
            actor=officer(),
            certificate_id=CertificateFactory(waiting=True, scheme_code="ORGANIC_EU").id,
            verdict=Verdict.REJECT,
            note="Ảnh mờ",
            at=TUESDAY,
        )

        assert checks(session) == []


class TestTwoOfficers:
    def test_the_first_approval_waits_for_the_second(self, session, organic):
        MembershipFactory(organisation=organic.organisation)
        first, second = officer(), officer()

        approve(organic, first, note="Đã gọi nơi cấp")

        assert (organic.state, organic.decided_at) == (CertificateState.CLAIMED, None)
        assert (count(session, Message), count(session, StateChange)) == (0, 0)
        page = queries.get_certificate_page(organic.id, actor=second, today=MONDAY_DAY)
        assert page.missing == (Missing.SECOND_OFFICER,)
        assert [check.note for check in page.checks] == ["Đã gọi nơi cấp"]

        approve(organic, second, at=WEDNESDAY)

        assert (organic.state, organic.decided_at) == (CertificateState.VERIFIED, WEDNESDAY)
        assert organic.decided_by_id == second.user_id
        assert checks(session) == [("document", first.user_id), ("document", second.user_id)]
        assert (count(session, Message), count(session, StateChange)) == (1, 1)

    def test_nobody_is_the_second_of_themselves(self, session, organic):
        actor = officer()
        approve(organic, actor)

        with pytest.raises(errors.SecondOfficerNeededError):
            approve(organic, actor, at=WEDNESDAY)

        assert organic.state == CertificateState.CLAIMED
        assert count(session, CertificateCheck) == 1

    def test_to_look_into_the_register_first_changes_nothing_about_that(self, session, organic):
        actor = officer()
        record(organic, actor)
        record(organic, actor, Check(CheckKind.DOCUMENT))

        with pytest.raises(errors.SecondOfficerNeededError):
            approve(organic, actor)

        assert organic.state == CertificateState.CLAIMED

    def test_a_recorded_check_of_somebody_else_is_the_first(self, organic):
        record(organic, officer())

        approve(organic, officer())

        assert organic.state == CertificateState.VERIFIED

    def test_one_of_them_is_enough_to_reject(self, organic):
        operations.decide_certificate(
            actor=officer(),
            certificate_id=organic.id,
            verdict=Verdict.REJECT,
            note="Hết hạn",
            at=TUESDAY,
        )

        assert organic.state == CertificateState.REJECTED

    def test_what_the_first_unticks_the_second_finds_unticked(self, session, organic):
        one = ProductFactory(organisation=organic.organisation)
        operations.cover_products(
            actor=member_of(organic.organisation),
            certificate_id=organic.id,
            product_ids=[one.id],
            at=MONDAY,
        )

        approve(organic, officer(), product_ids=[])

        assert count(session, ProductCertificate) == 0

    def test_the_queue_leaves_out_what_waits_for_another_officer(self, organic):
        first, second = officer(), officer()
        other = CertificateFactory(waiting=True, scheme_code="GACC", claimed_at=TUESDAY)
        approve(organic, first)

        assert queries.next_waiting(other.id, viewer=first) is None
        assert queries.next_waiting(other.id, viewer=second) == organic.id
        approve(other, first)
        assert queries.next_waiting(0, viewer=first) is None
        assert queries.count_waiting(viewer=first) == 2


class TestSharePaper:
    def share(self, certificate, actor, *, is_shown=True):
        return operations.share_paper(
            actor=actor, certificate_id=certificate.id, is_shown=is_shown, at=TUESDAY
        )

    def test_is_for_the_holder_to_say(self, session):
        made = CertificateFactory()
        holder = member_of(made.organisation, Role.SALES)

        self.share(made, holder)
        self.share(made, holder)
        assert made.holder_shows_file
        assert count(session, AuditEvent) == 1

        self.share(made, holder, is_shown=False)
        assert not made.holder_shows_file

    def test_is_refused_to_others(self):
        made = CertificateFactory()

        for actor in (
            officer(),
            member_of(made.organisation, Role.WAREHOUSE),
            member_of(OrganisationFactory()),
        ):
            with pytest.raises(NotAllowedError):
                self.share(made, actor)
        with pytest.raises(errors.CertificateNotFoundError):
            operations.share_paper(
                actor=officer(), certificate_id=999_999, is_shown=True, at=TUESDAY
            )

        assert not made.holder_shows_file
