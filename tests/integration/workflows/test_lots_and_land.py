"""A lot inherits a certificate if its plot is in scope; its pages say why if it does not."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.certification.queries import in_force, in_force_for_lots
from marketplace.traceability.queries import lot_page, own_lot
from marketplace.traceability.rules import Absence, NewLot
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.traceability import LotCertificate
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.certification import CertificateFactory
from tests.factories.membership import HouseholdFactory, PlotFactory
from tests.moments import MONDAY, MONDAY_DAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def product():
    return ProductFactory()


@pytest.fixture
def plots(product):
    member = HouseholdFactory(organisation=product.organisation)
    return [PlotFactory(household=member, code=code) for code in ("TRONG-1", "TRONG-2", "NGOAI")]


def receive(product, plot_code, day=date(2026, 10, 20)):
    lot = NewLot(
        organisation_id=product.organisation_id,
        product_id=product.id,
        harvested_on=day,
        quantity_g=46_000,
    )
    keeper = member_of(product.organisation, Role.WAREHOUSE)
    return receive_lot(actor=keeper, lot=lot, plot_code=plot_code, at=MONDAY)


def certify(product, **values):
    return CertificateFactory(organisation=product.organisation, products=[product], **values)


def absent(product, lot):
    own = own_lot(lot.code, organisation_id=product.organisation_id, on=MONDAY_DAY)
    return [(one.id, one.why) for one in own.absent]


def public(lot):
    return [(one.id, one.why) for one in lot_page(lot.code, on=MONDAY_DAY).absent]


@pytest.mark.parametrize(
    ("plot_code", "why"),
    [
        ("TRONG-1", None),
        ("trong-2", None),
        ("NGOAI", Absence.ELSEWHERE),
        ("", Absence.NO_PLOT),
    ],
)
def test_counts_for_the_plots_that_it_names_alone(session, product, plots, plot_code, why):
    certificate = certify(product, plots=plots[:2])

    lot = receive(product, plot_code)

    linked = session.scalars(select(LotCertificate.certificate_id)).all()
    told = [(certificate.id, why)] if why else []
    assert linked == ([] if why else [certificate.id])
    assert [fact.certificate_id for fact in in_force_for_lots([lot.id]).get(lot.id, [])] == linked
    assert (absent(product, lot), public(lot)) == (told, told)
    assert [fact.certificate_id for fact in in_force([product.id], MONDAY_DAY)[product.id]] == [
        certificate.id
    ]


@pytest.mark.parametrize("plot_code", ["TRONG-1", "NGOAI", ""])
def test_one_that_names_no_plots_counts_for_every_lot(session, product, plots, plot_code):
    certificate = certify(product)

    lot = receive(product, plot_code)

    assert session.scalars(select(LotCertificate.certificate_id)).all() == [certificate.id]
    assert absent(product, lot) == []


def test_each_certificate_is_asked_for_itself(session, product, plots):
    inside = certify(product, plots=plots[:1], scheme_code="OCOP", level=4)
    outside = certify(product, plots=plots[2:])

    lot = receive(product, "TRONG-1")

    assert session.scalars(select(LotCertificate.certificate_id)).all() == [inside.id]
    assert absent(product, lot) == [(outside.id, Absence.ELSEWHERE)]


def test_says_what_ended_before_and_what_waits_but_the_latter_to_the_owner_alone(product, plots):
    ended = certify(product, expired=True)
    waiting = certify(product, waiting=True, scheme_code="OCOP", level=4)
    certify(product, rejected=True, scheme_code="GLOBALGAP_IFA")

    lot = receive(product, "TRONG-1")

    assert absent(product, lot) == [(waiting.id, Absence.WAITING), (ended.id, Absence.ENDED)]
    assert public(lot) == [(ended.id, Absence.ENDED)]


def test_an_older_paper_of_a_scheme_that_the_lot_has_is_missed_by_nobody(product, plots):
    certify(product, expired=True)
    certify(product, plots=plots[2:])
    certify(product)

    assert absent(product, receive(product, "TRONG-1")) == []


def test_what_was_decided_at_the_receiving_stays(session, product, plots):
    lot = receive(product, "TRONG-1")
    late = certify(product, plots=plots[:1])

    assert session.scalars(select(LotCertificate.lot_id)).all() == []
    assert absent(product, lot) == [(late.id, Absence.LATER)]
