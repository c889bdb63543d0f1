"""Certificates are decided about by the alliance of their holder's province."""

from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.certification import operations, queries
from marketplace.certification.errors import CertificateNotFoundError
from marketplace.certification.rules import Check, Land, Verdict
from marketplace.workflows.revoking import revoke_certificate
from models.certification import CertificateCheck, CertificateState, CheckKind
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import (
    OrganisationFactory,
    member_of,
    officer,
    provincial_officer,
)
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.moments import MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def own():
    return provincial_officer("66")


@pytest.fixture
def other():
    return provincial_officer("01")


@pytest.fixture
def holder():
    return OrganisationFactory()


def written(session):
    tables = (AuditEvent, StateChange, CertificateCheck)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def act(name, actor, claimed, verified):
    """One of the things that an officer does with a certificate."""
    product = ProductFactory(organisation=claimed.organisation)
    plot = PlotFactory(household=HouseholdFactory(organisation=claimed.organisation))
    deeds = {
        "check": lambda: operations.record_check(
            actor=actor,
            certificate_id=claimed.id,
            check=Check(CheckKind.DOCUMENT, "", "khớp"),
            at=TUESDAY,
        ),
        "check a register": lambda: operations.record_check(
            actor=actor,
            certificate_id=verified.id,
            check=Check(CheckKind.REGISTER, "Danh sách của Cục", ""),
            at=TUESDAY,
        ),
        "verify": lambda: operations.decide_certificate(
            actor=actor, certificate_id=claimed.id, verdict=Verdict.VERIFY, at=TUESDAY
        ),
        "reject": lambda: operations.decide_certificate(
            actor=actor, certificate_id=claimed.id, verdict=Verdict.REJECT, note="mờ", at=TUESDAY
        ),
        "revoke": lambda: revoke_certificate(
            actor=actor, certificate_id=verified.id, reason="giấy giả", at=TUESDAY
        ),
        "cover products": lambda: operations.cover_products(
            actor=actor,
            certificate_id=verified.id,
            product_ids=[product.id],
            at=TUESDAY,
        ),
        "name plots": lambda: operations.name_plots(
            actor=actor,
            certificate_id=verified.id,
            land=Land(plot_codes=(plot.code,)),
            at=TUESDAY,
        ),
    }
    return deeds[name]()


@pytest.mark.parametrize(
    "name",
    ["check", "check a register", "verify", "reject", "revoke", "cover products", "name plots"],
)
def test_what_an_officer_does_is_of_the_own_province(session, own, other, holder, name):
    claimed = CertificateFactory(waiting=True, organisation=holder)
    verified = CertificateFactory(organisation=holder)
    before = written(session)

    with pytest.raises(CertificateNotFoundError):
        act(name, other, claimed, verified)

    session.expire_all()
    assert (claimed.state, verified.state) == ("claimed", "verified")
    assert written(session) == before
    act(name, own, claimed, verified)
    assert written(session) != before


def test_lists_and_counts_are_of_the_own_province(own, other, holder):
    near = CertificateFactory(waiting=True, organisation=holder)
    far = CertificateFactory(waiting=True, organisation=OrganisationFactory(province_code="01"))

    for viewer, sees in ((own, [near.id]), (other, [far.id]), (officer(), [near.id, far.id])):
        rows = queries.certificates_in(CertificateState.CLAIMED, viewer=viewer, today=MONDAY_DAY)
        assert [row.id for row in rows] == sees
        assert queries.counts_by_state(viewer=viewer, today=MONDAY_DAY) == {"claimed": len(sees)}
        assert queries.count_waiting(viewer=viewer) == len(sees)
        assert queries.next_waiting(0, viewer=viewer) == sees[0]
    assert queries.next_waiting(near.id, viewer=own) is None


def test_lists_are_for_officers_only(holder):
    director = member_of(holder)

    for ask in (
        lambda: queries.certificates_in("claimed", viewer=director, today=date(2026, 11, 2)),
        lambda: queries.counts_by_state(viewer=director, today=MONDAY_DAY),
        lambda: queries.count_waiting(viewer=director),
        lambda: queries.next_waiting(0, viewer=director),
    ):
        with pytest.raises(NotAllowedError):
            ask()


def test_the_page_and_the_paper_are_of_the_own_province(own, other, holder):
    made = CertificateFactory(waiting=True, organisation=holder)

    for viewer in (own, officer(), member_of(holder)):
        page = queries.get_certificate_page(made.id, actor=viewer, today=MONDAY_DAY)
        assert page.certificate.id == made.id
        assert queries.get_paper(made.id, actor=viewer).id == made.file_id
    with pytest.raises(CertificateNotFoundError):
        queries.get_certificate_page(made.id, actor=other, today=MONDAY_DAY)
    with pytest.raises(CertificateNotFoundError):
        queries.get_paper(made.id, actor=other)
