"""Members of a cooperative, what they paid in, and what they farm."""

from datetime import date
from typing import Any

import factory

from marketplace.membership import rules
from models.membership import Household, MemberKind, ShareContribution
from tests.factories.accounts import OrganisationFactory
from tests.factories.base import Factory
from tests.moments import MONDAY, MONDAY_DAY


class HouseholdFactory(Factory[Household]):
    """A household in Đắk Lắk that joined in 2020 and is hidden."""

    class Meta:
        model = Household

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        gone = factory.Trait(left_on=date(2026, 1, 31))
        shown = factory.Trait(is_hidden=False, consented_on=date(2025, 3, 1))

    organisation_id = factory.SelfAttribute("organisation.id")
    code = factory.Sequence(lambda number: f"TV-{number + 1:04d}")
    kind = MemberKind.HOUSEHOLD
    name = "Y Blơm Niê"
    phone = "+84905123456"
    province_code = "66"
    hamlet = "Buôn Sút"
    joined_on = date(2020, 5, 1)
    is_hidden = True
    sort_key = factory.LazyAttribute(lambda made: rules.name_key(made.name, made.kind))
    search_text = factory.LazyAttribute(
        lambda made: rules.search_text(made.code, made.name, made.hamlet, made.phone)
    )
    created_at = MONDAY


class ShareFactory(Factory[ShareContribution]):
    """Five million đồng paid in on a Monday; `household` says by whom."""

    class Meta:
        model = ShareContribution

    class Params:
        household: Any = factory.SubFactory(HouseholdFactory)

    organisation_id = factory.SelfAttribute("household.organisation_id")
    household_id = factory.SelfAttribute("household.id")
    on_day = MONDAY_DAY
    amount_minor = 5_000_000
    key = factory.Sequence("share-{}".format)
    recorded_at = MONDAY
