"""The plots that certificates name: who says so, until when, and what everybody reads of it."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.certification import errors, operations, queries
from marketplace.certification.rules import Claim, Land
from models.accounts import Role
from models.certification import Certificate, CertificatePlot
from models.membership import GrowingAreaPlot
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.certification import CertificateFactory
from tests.factories.media import MediaFileFactory
from tests.factories.membership import GrowingAreaFactory, HouseholdFactory, PlotFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture
def holder():
    return OrganisationFactory()


@pytest.fixture
def plots(holder):
    member = HouseholdFactory(organisation=holder)
    return [PlotFactory(household=member, code=f"TH-{number}") for number in (1, 2, 3)]


def claim_of(holder, land):
    claim = Claim(
        organisation_id=holder.id,
        scheme_code="VIETGAP_CROP",
        number="VietGAP-TT-13-09-66-0123",
        issuer="VinaCert",
        valid_from=date(2026, 3, 1),
        file_id=MediaFileFactory(organisation_id=holder.id, paper=True).id,
    )
    return replace(claim, land=land)


def name(certificate, *codes, actor=None, area_code=""):
    return operations.name_plots(
        actor=actor or member_of(certificate.organisation, Role.SALES),
        certificate_id=certificate.id,
        land=Land(codes, area_code),
        at=TUESDAY,
    )


def named(certificate):
    page = queries.get_certificate_page(certificate.id, actor=officer(), today=MONDAY_DAY)
    return [plot.code for plot in page.plots]


def count(session, model):
    return session.scalar(select(func.count()).select_from(model))


class TestClaim:
    def test_names_its_plots(self, session, holder, plots):
        made = operations.claim_certificate(
            actor=member_of(holder, Role.SALES),
            claim=claim_of(holder, Land((" th-1", "TH-3"))),
            at=MONDAY,
        )

        assert named(made) == ["TH-1", "TH-3"]
        written = session.scalars(select(AuditEvent.after)).one()
        assert written["plot_ids"] == sorted([plots[0].id, plots[2].id])

    def test_names_none_unless_it_is_said(self, session, holder):
        actor = member_of(holder, Role.SALES)

        operations.claim_certificate(actor=actor, claim=claim_of(holder, Land()), at=MONDAY)

        assert count(session, CertificatePlot) == 0

    def test_refuses_what_is_no_plot_of_the_holder(self, session, holder, plots):
        PlotFactory(code="CUA-AI")

        with pytest.raises(errors.UnknownLandError) as caught:
            operations.claim_certificate(
                actor=member_of(holder, Role.SALES),
                claim=claim_of(holder, Land(("TH-1", "cua-ai", "KHONG-CO"))),
                at=MONDAY,
            )

        assert caught.value.details == {"field": "plot_codes", "plot_codes": "CUA-AI, KHONG-CO"}
        assert count(session, Certificate) == 0


class TestNamePlots:
    def test_the_holder_chooses_until_it_is_decided(self, session, holder, plots):
        waiting = CertificateFactory(organisation=holder, waiting=True, plots=plots[:1])

        name(waiting, "TH-2", "TH-3")
        assert named(waiting) == ["TH-2", "TH-3"]
        name(waiting)
        assert named(waiting) == []

    def test_afterwards_only_takes_away_and_never_the_last(self, holder, plots):
        decided = CertificateFactory(organisation=holder, plots=plots[:2])

        for codes in (("TH-1", "TH-3"), ("TH-1", "TH-2", "TH-3"), ()):
            with pytest.raises(errors.LandDecidedError):
                name(decided, *codes)
        assert named(decided) == ["TH-1", "TH-2"]

        name(decided, "TH-2")
        assert named(decided) == ["TH-2"]

    def test_one_that_reached_everywhere_may_be_bound_to_plots(self, holder, plots):
        decided = CertificateFactory(organisation=holder)

        name(decided, "TH-1")

        assert named(decided) == ["TH-1"]

    def test_officers_change_it_at_any_time(self, holder, plots):
        decided = CertificateFactory(organisation=holder, plots=plots[:1])

        name(decided, "TH-3", actor=officer())
        assert named(decided) == ["TH-3"]
        name(decided, actor=officer())
        assert named(decided) == []

    def test_takes_all_plots_of_a_growing_area(self, session, holder, plots):
        waiting = CertificateFactory(organisation=holder, waiting=True)
        area = GrowingAreaFactory(organisation=holder, code="VN-DLOR-0001")
        for plot in plots[1:]:
            session.add(GrowingAreaPlot(growing_area_id=area.id, plot_id=plot.id))
        session.flush()

        name(waiting, "TH-1", area_code=" vn-dlor-0001 ")

        assert named(waiting) == ["TH-1", "TH-2", "TH-3"]

    def test_refuses_growing_areas_that_are_foreign_or_empty(self, session, holder, plots):
        waiting = CertificateFactory(organisation=holder, waiting=True, plots=plots[:1])
        GrowingAreaFactory(organisation=holder, code="TRONG")
        foreign = GrowingAreaFactory(code="CUA-AI")
        session.add(GrowingAreaPlot(growing_area_id=foreign.id, plot_id=PlotFactory().id))
        session.flush()

        for code in ("TRONG", "CUA-AI", "KHONG-CO"):
            with pytest.raises(errors.UnknownGrowingAreaError):
                name(waiting, area_code=code)

        assert named(waiting) == ["TH-1"]

    def test_refuses_strangers_and_changes_nothing(self, session, holder, plots):
        waiting = CertificateFactory(organisation=holder, waiting=True, plots=plots[:1])

        for actor in (member_of(holder, Role.WAREHOUSE), member_of(OrganisationFactory())):
            with pytest.raises(NotAllowedError):
                name(waiting, "TH-2", actor=actor)
        with pytest.raises(errors.UnknownLandError):
            name(waiting, "TH-9")
        with pytest.raises(errors.CertificateNotFoundError):
            operations.name_plots(actor=officer(), certificate_id=0, land=Land(), at=MONDAY)

        assert named(waiting) == ["TH-1"]
        assert count(session, AuditEvent) == 0

    def test_twice_is_once(self, session, holder, plots):
        waiting = CertificateFactory(organisation=holder, waiting=True)

        name(waiting, "TH-1", "TH-2")
        name(waiting, "th-2", "TH-1", "TH-1")

        assert session.scalars(select(AuditEvent.action)).all() == ["certification.name_plots"]


def test_those_concerned_read_codes_and_areas(holder, plots):
    made = CertificateFactory(organisation=holder, plots=plots[:2])

    page = queries.get_certificate_page(made.id, actor=officer(), today=MONDAY_DAY)

    assert page.plots_m2 == sum(plot.area_m2 or plot.declared_area_m2 or 0 for plot in plots[:2])
    assert page.plots_m2 > 0


def test_everybody_reads_how_many_and_in_which_communes(holder):
    member = HouseholdFactory(organisation=holder)
    plots = [
        PlotFactory(household=member, commune_code=commune) for commune in ("24133", "24133", None)
    ]
    made = CertificateFactory(organisation=holder, plots=plots)

    page = queries.public_certificate(made.id, today=MONDAY_DAY)
    without = queries.public_certificate(CertificateFactory().id, today=MONDAY_DAY)

    assert (page.plot_count, page.communes) == (3, (("66", None), ("66", "24133")))
    assert (without.plot_count, without.communes) == (0, ())
