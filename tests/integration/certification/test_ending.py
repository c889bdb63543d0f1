"""How certificates end: notices before, the state after, and nothing that waits for either."""

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM
from marketplace.certification import errors, operations, queries
from marketplace.jobs import certification as jobs
from marketplace.kernel.clock import vietnam_midnight
from models.certification import CertificateNotice, CertificateState
from models.notifications import Message
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import MembershipFactory, UserFactory, officer
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory

pytestmark = pytest.mark.usefixtures("session")

LAST = date(2026, 12, 31)
OVER = vietnam_midnight(LAST + timedelta(days=1))
"""Midnight in Việt Nam, five in the afternoon of the last day in UTC."""
SECOND = timedelta(seconds=1)


@pytest.fixture
def certificate(session):
    made = CertificateFactory(valid_to=LAST)
    MembershipFactory(
        organisation=made.organisation,
        user=UserFactory(email="giamdoc@example.com", full_name="Lê Văn Tám"),
    )
    return made


@pytest.fixture
def clock(monkeypatch):
    """Set the time at which the job runs."""

    def set_to(moment):
        monkeypatch.setattr(jobs, "now", lambda: moment)

    return set_to


def days_before(days):
    return vietnam_midnight(LAST - timedelta(days=days))


def notices(session):
    return session.scalars(
        select(CertificateNotice.days_before).order_by(CertificateNotice.id)
    ).all()


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestExpire:
    def test_is_written_down_after_midnight_in_vietnam(self, session, certificate):
        given = {"certificate_id": certificate.id}

        assert not operations.expire_certificate(**given, at=OVER - SECOND)
        assert certificate.state == CertificateState.VERIFIED
        assert operations.expire_certificate(**given, at=OVER)

        assert certificate.state == CertificateState.EXPIRED
        change = session.scalars(select(StateChange)).one()
        assert (change.from_state, change.to_state, change.at) == ("verified", "expired", OVER)
        assert (change.actor_user_id, change.actor_organisation_id) == (None, None)

    def test_twice_is_once(self, session, certificate):
        assert operations.expire_certificate(certificate_id=certificate.id, at=OVER)
        assert not operations.expire_certificate(certificate_id=certificate.id, at=OVER + SECOND)

        assert (count(session, StateChange), count(session, AuditEvent)) == (1, 1)

    @pytest.mark.parametrize("state", ["claimed", "rejected", "revoked"])
    def test_only_what_was_verified_expires(self, session, state):
        made = CertificateFactory(state=state, valid_to=LAST)

        assert not operations.expire_certificate(certificate_id=made.id, at=OVER)

        assert (made.state, count(session, StateChange)) == (state, 0)

    def test_without_an_end_it_never_does(self):
        made = CertificateFactory(valid_to=None)

        assert not operations.expire_certificate(certificate_id=made.id, at=OVER)

    def test_there_has_to_be_one(self):
        with pytest.raises(errors.CertificateNotFoundError):
            operations.expire_certificate(certificate_id=999_999, at=OVER)
        with pytest.raises(errors.CertificateNotFoundError):
            operations.send_notice(certificate_id=999_999, at=OVER)

    def test_what_is_over_can_still_be_taken_back(self, certificate):
        operations.expire_certificate(certificate_id=certificate.id, at=OVER)

        operations.revoke_certificate(
            actor=officer(), certificate_id=certificate.id, reason="Giấy giả", at=OVER
        )

        assert certificate.state == CertificateState.REVOKED


class TestNotices:
    def test_are_sent_once_each_to_every_director(self, session, certificate, clock):
        english = UserFactory(email="director@example.com", locale="en")
        MembershipFactory(organisation=certificate.organisation, user=english)

        for days in (91, 90, 90, 61, 60, 30, 8, 7, 1, 0):
            clock(days_before(days))
            jobs.end_certificates()
            jobs.end_certificates()

        assert notices(session) == [90, 60, 30, 7]
        assert count(session, Message) == 8
        subjects = set(session.scalars(select(Message.subject)))
        assert subjects == {
            "Chứng nhận VietGAP sắp hết hiệu lực: 31/12/2026",
            "Your VietGAP certificate ends soon: 31 Dec 2026",
        }

    def test_say_how_many_days_are_left(self, session, certificate, clock):
        clock(days_before(58))

        jobs.end_certificates()

        [message] = session.scalars(select(Message))
        assert message.recipient == "giamdoc@example.com"
        assert "Lê Văn Tám" in message.body_text
        assert "hết hiệu lực sau ngày 31/12/2026, còn 58 ngày" in message.body_text
        assert f"/chung-nhan/{certificate.id}" in message.body_text

    @pytest.mark.parametrize(("days", "sent"), [(91, []), (45, [60]), (5, [7]), (-1, [])])
    def test_late_only_the_newest_is_sent(self, session, certificate, clock, days, sent):
        clock(days_before(days))

        jobs.end_certificates()

        assert notices(session) == sent
        assert count(session, Message) == len(sent)
        assert certificate.state == ("expired" if days < 0 else "verified")

    @pytest.mark.parametrize("state", ["claimed", "rejected", "revoked", "expired"])
    def test_only_of_what_is_verified(self, session, clock, state):
        made = CertificateFactory(state=state, valid_to=LAST)
        MembershipFactory(organisation=made.organisation)
        clock(days_before(30))

        jobs.end_certificates()

        assert operations.send_notice(certificate_id=made.id, at=days_before(30)) is None
        assert count(session, Message) == 0

    def test_not_without_an_end_and_not_too_early(self):
        endless, early = CertificateFactory(valid_to=None), CertificateFactory(valid_to=LAST)

        assert operations.send_notice(certificate_id=endless.id, at=OVER) is None
        assert operations.send_notice(certificate_id=early.id, at=days_before(91)) is None


class TestJob:
    def test_ends_what_is_over(self, session, certificate, clock):
        endless = CertificateFactory(valid_to=None)
        clock(OVER)

        jobs.end_certificates(newer="ignored")
        jobs.end_certificates()

        assert (certificate.state, endless.state) == ("expired", "verified")
        assert count(session, StateChange) == 1

    def test_one_that_fails_does_not_keep_the_others(self, certificate, clock, monkeypatch):
        later = CertificateFactory(valid_to=LAST)
        warned = CertificateFactory(valid_to=LAST + timedelta(days=20))
        real = operations.expire_certificate

        def fails_once(*, certificate_id, at):
            if certificate_id == certificate.id:
                raise RuntimeError
            return real(certificate_id=certificate_id, at=at)

        def fails(**_given):
            raise RuntimeError

        monkeypatch.setattr(operations, "expire_certificate", fails_once)
        monkeypatch.setattr(operations, "send_notice", fails)
        clock(OVER)

        jobs.end_certificates()

        assert (certificate.state, later.state, warned.state) == (
            "verified",
            "expired",
            "verified",
        )


class TestWhetherTheJobHasRunOrNot:
    """What is over reads the same a second after midnight and a minute after."""

    @pytest.fixture(params=["verified", "expired"])
    def over(self, request):
        return CertificateFactory(valid_to=LAST, state=request.param)

    def test_lists_and_counts_agree(self, over):
        today = LAST + timedelta(days=1)

        assert queries.counts_by_state(viewer=SYSTEM, today=today) == {"expired": 1}
        assert queries.certificates_in(CertificateState.VERIFIED, viewer=SYSTEM, today=today) == []
        [row] = queries.certificates_in(CertificateState.EXPIRED, viewer=SYSTEM, today=today)
        assert (row.id, row.shown, row.is_shown) == (over.id, "expired", False)
        [row] = queries.certificates_of(over.organisation_id, today=today)
        assert row.shown == "expired"

    def test_it_still_speaks_for_the_days_within_its_dates(self, over):
        product = ProductFactory(organisation=over.organisation)
        operations.cover_products(
            actor=officer(), certificate_id=over.id, product_ids=[product.id], at=OVER
        )

        assert over.holds_on(LAST)
        assert not over.holds_on(LAST + timedelta(days=1))
        assert list(queries.in_force([product.id], LAST)) == [product.id]
        assert queries.in_force([product.id], LAST + timedelta(days=1)) == {}
