"""Declaring years, correcting them by new versions, and adding them up."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from marketplace.accounts.permissions import NotAllowedError
from marketplace.kernel.errors import DomainError
from marketplace.membership.yearly import operations, queries
from marketplace.membership.yearly.errors import (
    CorrectionReasonMissingError,
    DeclaredMeanwhileError,
    PartTooLargeError,
    TextTooLongError,
    YearOutOfBoundsError,
)
from marketplace.membership.yearly.queries import Change, LastYear
from marketplace.platform.database import session as db_session
from marketplace.platform.pagination import PageRequest
from marketplace.platform.transaction import transaction
from marketplace.reporting import yearly
from models.accounts import Organisation, Role
from models.platform import AuditEvent
from models.statistics import YearlyStatistic
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.statistics import YearlyStatisticFactory
from tests.moments import MONDAY, TUESDAY
from tests.unit.membership.test_yearly_rules import SOUND


def declare(organisation, actor=None, *, seen=0, **values):
    given = {"year": 2025, "figures": SOUND, "at": MONDAY} | values
    return operations.declare_year(
        actor=actor or member_of(organisation, Role.ACCOUNTANT),
        organisation=organisation,
        seen_version=seen,
        **given,
    )


def versions(session):
    return [
        (row.year, row.version, row.official_members)
        for row in session.scalars(select(YearlyStatistic).order_by(YearlyStatistic.id))
    ]


class TestDeclareYear:
    def test_is_kept_and_written_down(self, session):
        cooperative = OrganisationFactory()
        actor = member_of(cooperative)

        made = declare(cooperative, actor, figures=replace(SOUND, note=" Kiểm toán "))

        [row] = session.scalars(select(AuditEvent))
        assert (made.version, made.note, made.reason) == (1, "Kiểm toán", "")
        assert (made.profit_minor, made.mean_income_minor) == (-260_000_000, None)
        assert (made.declared_at, made.declared_by_id) == (MONDAY, actor.user_id)
        assert (row.action, row.subject_id) == ("membership.declare_year", made.id)

    def test_a_correction_is_a_new_version_with_its_reason(self, session):
        cooperative = OrganisationFactory()
        actor = member_of(cooperative)
        declare(cooperative, actor)
        better = replace(SOUND, official_members=121)

        with pytest.raises(CorrectionReasonMissingError):
            declare(cooperative, actor, figures=better, seen=1)
        declare(cooperative, actor, figures=better, seen=1, reason=" Đếm sót ", at=TUESDAY)

        assert versions(session) == [(2025, 1, 120), (2025, 2, 121)]
        newest, first = queries.versions_of(cooperative, 2025, viewer=actor)
        assert (newest.row.reason, newest.changes) == (
            "Đếm sót",
            (Change("official_members", 120, 121),),
        )
        assert first.changes == ()

    def test_the_same_again_is_no_new_version(self, session):
        cooperative = OrganisationFactory()
        actor = member_of(cooperative)

        first = declare(cooperative, actor)
        again = declare(cooperative, actor)
        seen = declare(cooperative, actor, seen=1, reason="không đổi gì")

        assert first is again is seen
        assert len(versions(session)) == 1

    @pytest.mark.parametrize("seen", [0, 2])
    def test_what_was_not_looked_at_is_not_replaced(self, session, seen):
        cooperative = OrganisationFactory()
        declare(cooperative)

        with pytest.raises(DeclaredMeanwhileError):
            declare(
                cooperative,
                figures=replace(SOUND, official_members=5),
                seen=seen,
                reason="Sửa",
            )

        assert versions(session) == [(2025, 1, 120)]

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"year": 2027}, YearOutOfBoundsError),
            ({"year": 1989}, YearOutOfBoundsError),
            ({"figures": replace(SOUND, managers_trained=8)}, PartTooLargeError),
            ({"reason": "x" * 1001}, TextTooLongError),
        ],
    )
    def test_nonsense_is_refused(self, session, values, error):
        with pytest.raises(error):
            declare(OrganisationFactory(), **values)

        assert versions(session) == []

    def test_is_for_its_director_and_accountant(self, session):
        cooperative = OrganisationFactory()
        outsiders = (
            member_of(cooperative, Role.SALES),
            member_of(cooperative, Role.WAREHOUSE),
            member_of(OrganisationFactory()),
            officer(),
        )

        for actor in outsiders:
            with pytest.raises(NotAllowedError):
                declare(cooperative, actor)

        assert versions(session) == []

    @pytest.mark.parametrize(
        "values",
        [
            {"managers_trained": 8},
            {"labourers_members": 41},
            {"total_assets_minor": -1},
            {"version": 2},  # without a reason
            {"year": 1900},
        ],
    )
    def test_the_database_refuses_it_too(self, session, values):
        with pytest.raises(IntegrityError):
            YearlyStatisticFactory(**values)


class TestReading:
    def test_each_year_in_its_newest_version(self, session):
        cooperative = OrganisationFactory()
        for year, version, members in ((2023, 1, 90), (2025, 1, 120), (2025, 2, 121)):
            YearlyStatisticFactory(
                organisation=cooperative,
                year=year,
                version=version,
                official_members=members,
                reason="Sửa" if version > 1 else "",
            )

        rows = queries.years_of(cooperative, viewer=officer())

        assert [(row.year, row.official_members) for row in rows] == [(2025, 121), (2023, 90)]
        assert queries.last_year_of(cooperative.id) == LastYear(
            2025, 121, 4_600_000_000, 6_500_000_000
        )
        assert queries.last_year_of(OrganisationFactory().id) is None

    def test_is_for_those_concerned(self, session):
        cooperative = OrganisationFactory()

        for viewer in (member_of(cooperative, Role.SALES), member_of(OrganisationFactory())):
            for ask in (
                lambda who: queries.years_of(cooperative, viewer=who),
                lambda who: queries.versions_of(cooperative, 2025, viewer=who),
                lambda who: yearly.declared_years(viewer=who),
                lambda who: yearly.sums_by_year(viewer=who),
                lambda who: yearly.sums_by_province(2025, viewer=who),
                lambda who: yearly.organisations_of_year(2025, viewer=who),
            ):
                with pytest.raises(NotAllowedError):
                    ask(viewer)


class TestSums:
    @pytest.fixture(autouse=True)
    def years(self, session):
        an = OrganisationFactory(province_code="66", name="An")
        be = OrganisationFactory(province_code="66", name="Bé")
        cam = OrganisationFactory(province_code="92", name="Cam")
        for organisation, year, version, members in (
            (an, 2024, 1, 100),
            (an, 2025, 1, 999),
            (an, 2025, 2, 110),
            (be, 2025, 1, 20),
            (cam, 2025, 1, 5),
        ):
            YearlyStatisticFactory(
                organisation=organisation,
                year=year,
                version=version,
                official_members=members,
                profit_minor=-1 if organisation is cam else 10,
                reason="Sửa" if version > 1 else "",
            )

    def test_newest_versions_are_added_up_by_year(self):
        rows = yearly.sums_by_year(viewer=officer())

        assert [(row.key, row.organisations, row.figures["official_members"]) for row in rows] == [
            ("2025", 3, 135),
            ("2024", 1, 100),
        ]
        assert rows[0].figures["profit_minor"] == 19
        assert yearly.declared_years(viewer=officer()) == [2025, 2024]

    def test_and_by_province(self):
        rows = yearly.sums_by_province(2025, viewer=officer())

        assert [(row.key, row.organisations, row.figures["official_members"]) for row in rows] == [
            ("66", 2, 130),
            ("92", 1, 5),
        ]
        only = yearly.sums_by_province(2025, viewer=officer(), province_code="92")
        assert [row.key for row in only] == ["92"]

    def test_organisations_come_in_their_order_by_pages(self):
        page = yearly.organisations_of_year(2025, viewer=officer(), page=PageRequest(1, 2))

        assert [row.name for row in page.rows] == ["An", "Bé"]
        assert page.total == 3
        assert page.rows[0].figures["official_members"] == 110

    def test_the_paper_adds_up(self):
        report = yearly.alliance_report(2025, viewer=officer())

        for table in report.tables[1:]:
            for index, column in enumerate(table.columns):
                if column.is_number:
                    cells = [row.cells[index] for row in table.rows]
                    assert sum(cells) == table.totals[index], (table.key, column.title)


class TestTwoAtOnce:
    @pytest.fixture
    def market(self, committed_database):
        with committed_database.app.app_context():
            yield committed_database
            db_session.rollback()

    @pytest.fixture
    def colleagues(self, market):
        cooperative = OrganisationFactory()
        found = cooperative.id, [member_of(cooperative, Role.ACCOUNTANT) for _ in range(2)]
        db_session.commit()
        return found

    def declare_at_once(self, market, colleagues):
        organisation_id, actors = colleagues
        started = threading.Barrier(2)

        def run(index):
            with market.app.app_context():
                started.wait()
                try:
                    with transaction():
                        organisation = db_session.get_one(Organisation, organisation_id)
                        figures = replace(SOUND, official_members=100 + index)
                        return declare(organisation, actors[index], figures=figures).version
                except (DomainError, IntegrityError) as refused:
                    return type(refused).__name__

        with ThreadPoolExecutor(2) as pool:
            return sorted(map(str, pool.map(run, range(2))))

    def test_one_is_told_of_the_other(self, market, colleagues):
        assert self.declare_at_once(market, colleagues) == ["1", "DeclaredMeanwhileError"]

    def test_without_the_lock_the_database_would_have_to_refuse(
        self, market, colleagues, monkeypatch
    ):
        together = threading.Barrier(2, timeout=30)
        find = operations.find_newest

        def met(*values):
            found = find(*values)
            together.wait()
            return found

        monkeypatch.setattr(operations, "lock_key", lambda *_: None)
        monkeypatch.setattr(operations, "find_newest", met)

        assert self.declare_at_once(market, colleagues) == ["1", "IntegrityError"]
