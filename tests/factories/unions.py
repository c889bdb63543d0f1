"""Cooperatives in unions."""

from datetime import date

import factory

from models.accounts import Organisation, OrganisationKind
from models.unions import UnionMembership, UnionMembershipState
from tests.factories.accounts import OrganisationFactory
from tests.factories.base import Factory
from tests.moments import MONDAY


class UnionMembershipFactory(Factory[UnionMembership]):
    """A cooperative that has belonged to a union since 2025 (`proposed=True`: not yet)."""

    class Meta:
        model = UnionMembership

    class Params:
        union: Organisation = factory.SubFactory(OrganisationFactory, kind=OrganisationKind.UNION)
        member: Organisation = factory.SubFactory(OrganisationFactory)
        proposed = factory.Trait(state=UnionMembershipState.PROPOSED, joined_on=None)
        ended = factory.Trait(state=UnionMembershipState.ENDED, left_on=date(2026, 2, 1))

    union_id = factory.LazyAttribute(lambda made: made.union.id)
    member_id = factory.LazyAttribute(lambda made: made.member.id)
    state = UnionMembershipState.ACTIVE
    proposed_at = MONDAY
    joined_on = date(2025, 1, 6)
