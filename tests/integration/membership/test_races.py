"""Two people keep the same register, the same land, the same shares at the same time.

Proposals of a union and a first declaration of a year are raced in their own files.
"""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import select

from marketplace.membership import operations
from marketplace.membership.operations import (
    AreaFacts,
    Contribution,
    PlotFacts,
    areas,
    members,
    plots,
    shares,
)
from marketplace.membership.rules import MemberFacts
from marketplace.membership.yearly import operations as yearly
from marketplace.platform.database import session
from models.accounts import Organisation
from models.membership import AreaMarket, GrowingArea, Household, Plot, ShareContribution
from models.statistics import YearlyStatistic
from tests.factories.membership import PlotFactory, ShareFactory
from tests.factories.statistics import YearlyStatisticFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY
from tests.racing import all_of, both, kinds, meet_after, unlocked
from tests.unit.membership.test_yearly_rules import SOUND


class TestTwoNewMembers:
    def add(self, market, desk):
        organisation_id, keepers = desk

        def act(index):
            facts = MemberFacts(
                organisation_id=organisation_id,
                code="",
                name=f"Người thứ {index}",
                kind="household",
                province_code="66",
                joined_on=date(2024, 1, 1),
            )
            return operations.add_member(actor=keepers[index], facts=facts, at=MONDAY).code

        return both(market, act)

    def test_get_different_codes(self, market, desk):
        assert sorted(self.add(market, desk)) == ["TV-0002", "TV-0003"]
        assert all_of(Household.code) == ["TV-0001", "TV-0002", "TV-0003"]

    def test_would_get_the_same_code_without_the_lock(self, market, desk, monkeypatch):
        unlocked(monkeypatch, members)
        meet_after(monkeypatch, members, "_with_code")

        assert kinds(self.add(market, desk)) == ["IntegrityError", "str"]


class TestTwoPayBacks:
    @pytest.fixture
    def paid_in(self, desk):
        member = session.scalars(select(Household)).one()
        ShareFactory(household=member, amount_minor=5_000_000)
        session.commit()
        return member.id

    def pay_back(self, market, desk, member_id, keys=("a", "b")):
        def act(index):
            contribution = Contribution(member_id, MONDAY_DAY, -3_000_000, keys[index])
            return operations.record_contribution(
                actor=desk[1][index], contribution=contribution, at=TUESDAY
            ).id

        return both(market, act)

    def test_never_pay_back_more_than_was_paid_in(self, market, desk, paid_in):
        assert kinds(self.pay_back(market, desk, paid_in)) == ["MoreThanPaidInError", "int"]
        assert all_of(ShareContribution.amount_minor) == [-3_000_000, 5_000_000]

    def test_of_one_form_are_one(self, market, desk, paid_in):
        first, second = self.pay_back(market, desk, paid_in, keys=("a", "a"))

        assert first == second
        assert all_of(ShareContribution.amount_minor) == [-3_000_000, 5_000_000]

    def test_would_overdraw_without_the_lock(self, market, desk, paid_in, monkeypatch):
        monkeypatch.setattr(shares, "lock_member", lambda each: session.get_one(Household, each))
        meet_after(monkeypatch, shares, "_require_sound")

        assert kinds(self.pay_back(market, desk, paid_in)) == ["int", "int"]
        assert sum(all_of(ShareContribution.amount_minor)) == -1_000_000


class TestTwoPlotsUnderOneCode:
    def facts(self, desk, **changes):
        base = PlotFacts(organisation_id=desk[0], owner_code="TV-0001", code="TH-9", crop="Cà phê")
        return replace(base, **changes)

    def add(self, market, desk):
        return both(
            market,
            lambda index: (
                operations.add_plot(
                    actor=desk[1][index],
                    facts=self.facts(desk, crop=("Cà phê", "Hồ tiêu")[index]),
                    at=MONDAY,
                ).id
            ),
        )

    def test_one_is_refused(self, market, desk):
        assert kinds(self.add(market, desk)) == ["PlotCodeTakenError", "int"]
        assert all_of(Plot.code) == ["TH-9"]

    def test_both_would_come_as_far_as_the_database(self, market, desk, monkeypatch):
        unlocked(monkeypatch, plots)
        meet_after(monkeypatch, plots, "_with_code")

        assert kinds(self.add(market, desk)) == ["IntegrityError", "int"]

    def test_two_that_are_renamed_at_once(self, market, desk):
        member = session.scalars(select(Household)).one()
        ids = [PlotFactory(household=member).id for _ in range(2)]
        session.commit()

        results = both(
            market,
            lambda index: (
                operations.edit_plot(
                    actor=desk[1][index],
                    plot_id=ids[index],
                    facts=self.facts(desk),
                    at=TUESDAY,
                ).code
            ),
        )

        assert kinds(results) == ["PlotCodeTakenError", "str"]
        assert all_of(Plot.code).count("TH-9") == 1


class TestTwoGrowingAreasUnderOneCode:
    def add(self, market, desk):
        def act(index):
            facts = AreaFacts(
                organisation_id=desk[0],
                code="VN-ĐLOR-0123",
                market=AreaMarket.EXPORT,
                country="CN",
                crop=("Sầu riêng", "Chuối")[index],
                valid_from=MONDAY_DAY,
            )
            return operations.add_area(actor=desk[1][index], facts=facts, at=MONDAY).id

        return both(market, act)

    def test_one_is_refused(self, market, desk):
        assert kinds(self.add(market, desk)) == ["GrowingAreaCodeTakenError", "int"]
        assert all_of(GrowingArea.code) == ["VN-ĐLOR-0123"]

    def test_both_would_come_as_far_as_the_database(self, market, desk, monkeypatch):
        unlocked(monkeypatch, areas)
        meet_after(monkeypatch, areas, "_same")

        assert kinds(self.add(market, desk)) == ["IntegrityError", "int"]


class TestTwoCorrectionsOfAYear:
    @pytest.fixture
    def declared(self, desk):
        organisation = session.get_one(Organisation, desk[0])
        YearlyStatisticFactory(organisation_id=organisation.id, year=2025, version=1)
        session.commit()

    def correct(self, market, desk):
        def act(index):
            return yearly.declare_year(
                actor=desk[1][index],
                organisation=session.get_one(Organisation, desk[0]),
                year=2025,
                figures=replace(SOUND, note=f"Lời thứ {index}"),
                seen_version=1,
                reason="Đếm lại",
                at=TUESDAY,
            ).version

        return both(market, act)

    @pytest.mark.usefixtures("declared")
    def test_one_is_told_that_the_other_came_before(self, market, desk):
        assert kinds(self.correct(market, desk)) == ["DeclaredMeanwhileError", "int"]
        assert all_of(YearlyStatistic.version) == [1, 2]

    @pytest.mark.usefixtures("declared")
    def test_both_would_come_as_far_as_the_database(self, market, desk, monkeypatch):
        unlocked(monkeypatch, yearly)
        meet_after(monkeypatch, yearly, "find_newest")

        assert kinds(self.correct(market, desk)) == ["IntegrityError", "int"]
