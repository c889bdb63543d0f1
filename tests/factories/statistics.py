"""Figures of years."""

import factory

from models.statistics import YearlyStatistic
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.moments import MONDAY


class YearlyStatisticFactory(Factory[YearlyStatistic]):
    """The year 2025 of a cooperative, as it was first declared."""

    class Meta:
        model = YearlyStatistic

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        accountant = factory.SubFactory(UserFactory)

    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    year = 2025
    version = 1
    official_members = 120
    associate_members_capital = 4
    associate_members_other = 6
    labourers = 40
    labourers_members = 30
    charter_capital_minor = 1_800_000_000
    total_assets_minor = 6_500_000_000
    revenue_internal_minor = 1_200_000_000
    revenue_external_minor = 3_400_000_000
    profit_minor = 260_000_000
    managers = 7
    managers_trained = 5
    mean_income_minor = 84_000_000
    note = ""
    reason = ""
    declared_at = MONDAY
    declared_by_id = factory.LazyAttribute(lambda made: made.accountant.id)
