"""A provincial alliance decides about its own province; the rest does not exist for it."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts import registry, standing
from marketplace.accounts.errors import AppealNotFoundError, OrganisationNotFoundError
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations import standing as operations
from marketplace.accounts.reach import province_of, reaches
from marketplace.accounts.registry import RegistryFilter
from marketplace.membership.yearly.queries import versions_of, years_of
from marketplace.platform.pagination import PageRequest
from marketplace.reporting import yearly
from marketplace.reporting.promises import get_part, parts_behind, record_of
from models.platform import AuditEvent, StateChange
from models.standing import AppealState
from tests.factories.accounts import (
    MembershipFactory,
    OrganisationFactory,
    member_of,
    officer,
    provincial_officer,
)
from tests.factories.media import MediaFileFactory
from tests.factories.promises import missed_part
from tests.factories.standing import AppealFactory
from tests.factories.statistics import YearlyStatisticFactory
from tests.moments import MONDAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

ELSEWHERE = "01"
EVERYTHING = PageRequest(1, 50)


@pytest.fixture
def own():
    return provincial_officer("66")


@pytest.fixture
def other():
    return provincial_officer(ELSEWHERE)


def written(session):
    tables = (AuditEvent, StateChange)
    return [session.scalar(select(func.count()).select_from(table)) for table in tables]


def listed(viewer, **wanted):
    register = registry.organisations_of_registry(
        viewer=viewer, wanted=RegistryFilter(**wanted), page=EVERYTHING
    )
    return [row.code for row in register.page.rows], register.counts


def test_whose_province_it_is(own):
    cooperative = member_of(OrganisationFactory())

    assert (province_of(own), province_of(officer()), province_of(cooperative)) == (
        "66",
        None,
        None,
    )
    assert [reaches(own, code) for code in ("66", ELSEWHERE, None)] == [True, False, False]
    assert all(reaches(officer(), code) for code in ("66", ELSEWHERE, None))


@pytest.mark.parametrize(
    "decide",
    [
        lambda actor, found: organisations.verify_organisation(
            actor=actor, organisation_id=found["pending"].id, at=TUESDAY
        ),
        lambda actor, found: organisations.verify_organisation(
            actor=actor, organisation_id=found["suspended"].id, at=TUESDAY
        ),
        lambda actor, found: organisations.suspend_organisation(
            actor=actor, organisation_id=found["verified"].id, reason="Lý do", at=TUESDAY
        ),
        lambda actor, found: operations.close_organisation(
            actor=actor, organisation_id=found["verified"].id, reason="Lý do", at=TUESDAY
        ),
        lambda actor, found: operations.answer_appeal(
            actor=actor,
            appeal_id=found["appeal"].id,
            verdict=AppealState.UPHELD,
            reply="Được",
            at=TUESDAY,
        ),
    ],
    ids=["verify", "verify again", "suspend", "close", "answer"],
)
def test_decisions_are_of_its_own_province(session, own, other, decide):
    found = {
        "pending": OrganisationFactory(pending=True),
        "suspended": OrganisationFactory(suspended=True),
        "verified": OrganisationFactory(),
        "appeal": AppealFactory(),
    }
    before = written(session)

    with pytest.raises((OrganisationNotFoundError, AppealNotFoundError)):
        decide(other, found)

    session.expire_all()
    states = [found[name].verification for name in ("pending", "suspended", "verified")]
    assert states == ["pending", "suspended", "verified"]
    assert found["appeal"].state == AppealState.OPEN
    assert written(session) == before
    assert decide(own, found)


class TestRegister:
    def test_lists_and_counts_its_own(self, own, other):
        near, far = OrganisationFactory(), OrganisationFactory(province_code=ELSEWHERE)

        assert listed(own) == ([near.code], {"verified": 1})
        assert listed(other) == ([far.code], {"verified": 1})
        assert listed(officer()) == ([near.code, far.code], {"verified": 2})
        assert listed(other, province_code="66") == ([], {})
        assert listed(other, text=near.code) == ([], {})
        assert [row.province_code for row in registry.figures_by_province(viewer=other)] == [
            ELSEWHERE
        ]
        assert registry.waiting_organisations(viewer=other, limit=9) == ([], 0)

    def test_shows_nothing_of_another(self, own, other):
        cooperative = OrganisationFactory()
        MembershipFactory(organisation=cooperative)

        for ask in (
            lambda viewer: registry.get_organisation_of_registry(cooperative.code, viewer=viewer),
            lambda viewer: registry.contacts_of(cooperative, viewer=viewer),
            lambda viewer: registry.history_of(cooperative, viewer=viewer),
            lambda viewer: record_of(cooperative, viewer=viewer, at=TUESDAY),
            lambda viewer: parts_behind(
                cooperative, promise=None, viewer=viewer, page=EVERYTHING, at=TUESDAY
            ),
            lambda viewer: years_of(cooperative, viewer=viewer),
            lambda viewer: versions_of(cooperative, 2025, viewer=viewer),
        ):
            ask(own)
            with pytest.raises(OrganisationNotFoundError):
                ask(other)

    def test_nor_a_part_behind_a_figure(self, other):
        cooperative = OrganisationFactory()
        part = missed_part(organisation=cooperative)

        with pytest.raises(OrganisationNotFoundError):
            get_part(part.number, organisation=cooperative, viewer=other, at=NEXT_MONDAY)


def test_appeals_are_of_its_own_province(own, other):
    appeal = AppealFactory(file_id=MediaFileFactory(paper=True).id)

    for viewer, sees in ((own, 1), (officer(), 1), (other, 0)):
        page = standing.appeals_of_registry(viewer=viewer, page=EVERYTHING)
        assert (len(page.rows), page.total, standing.open_appeals(viewer=viewer)) == (sees,) * 3
    assert standing.get_appeal(appeal.id, viewer=own).id == appeal.id
    assert standing.get_appeal_paper(appeal.id, viewer=own).id == appeal.file_id
    for ask in (standing.get_appeal, standing.get_appeal_paper):
        with pytest.raises(AppealNotFoundError):
            ask(appeal.id, viewer=other)


class TestYearlyFigures:
    @pytest.fixture
    def declared(self):
        far = OrganisationFactory(province_code=ELSEWHERE, name="Hợp tác xã Xa")
        near = OrganisationFactory(name="Hợp tác xã Gần")
        YearlyStatisticFactory(organisation=far, official_members=50)
        YearlyStatisticFactory(organisation=far, official_members=45, year=2023)
        return YearlyStatisticFactory(organisation=near, official_members=120)

    def test_sums_and_rows_are_of_its_own_province(self, own, declared):
        assert yearly.declared_years(viewer=own) == [2025]
        for province_code in ("", "66"):
            sums = yearly.sums_by_year(viewer=own, province_code=province_code)
            assert [(row.key, row.figures["official_members"]) for row in sums] == [("2025", 120)]
        [province] = yearly.sums_by_province(2025, viewer=own)
        assert (province.key, province.organisations) == ("66", 1)
        [row] = yearly.organisations_of_year(2025, viewer=own).rows
        assert row.name == "Hợp tác xã Gần"

    def test_of_another_there_is_nothing(self, own, declared):
        asked = {"viewer": own, "province_code": ELSEWHERE}

        assert yearly.sums_by_year(**asked) == []
        assert yearly.sums_by_province(2025, **asked) == []
        assert yearly.organisations_of_year(2025, **asked).total == 0

    def test_the_whole_country_adds_up_everything(self, declared):
        viewer = officer()

        assert yearly.declared_years(viewer=viewer) == [2025, 2023]
        sums = yearly.sums_by_year(viewer=viewer)
        assert [row.figures["official_members"] for row in sums] == [170, 45]


def test_who_moves_is_decided_about_elsewhere(session, own, other):
    cooperative = OrganisationFactory(pending=True)
    cooperative.province_code = ELSEWHERE
    session.flush()

    with pytest.raises(OrganisationNotFoundError):
        organisations.verify_organisation(actor=own, organisation_id=cooperative.id, at=MONDAY)
    assert organisations.verify_organisation(actor=other, organisation_id=cooperative.id, at=MONDAY)
