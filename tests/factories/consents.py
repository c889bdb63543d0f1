"""Consents, and who acts by one."""

from datetime import timedelta

import factory

from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from models.accounts import Membership, Organisation, Role
from models.consents import Consent, ConsentScope
from tests.factories.accounts import MembershipFactory, OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.moments import MONDAY


class ConsentFactory(Factory[Consent]):
    """A cooperative lets an alliance, which has an officer, do everything there is."""

    class Meta:
        model = Consent

    class Params:
        organisation = factory.SubFactory(OrganisationFactory)
        officer = factory.SubFactory(
            MembershipFactory,
            organisation=factory.SubFactory(OrganisationFactory, alliance=True),
            role=Role.OFFICER,
        )
        granter = factory.SubFactory(UserFactory)

    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    helper_organisation_id = factory.LazyAttribute(lambda made: made.officer.organisation_id)
    scopes = factory.LazyFunction(lambda: [str(scope) for scope in ConsentScope])
    granted_at = MONDAY
    granted_by_id = factory.LazyAttribute(lambda made: made.granter.id)
    from_on = factory.LazyAttribute(lambda made: business_day(made.granted_at))
    until_on = factory.LazyAttribute(lambda made: made.from_on + timedelta(days=90))


def helping(consent: Consent) -> Actor:
    """Somebody of the helper who acts by a consent, as the operations see them."""
    [first, *_] = (
        session.query(Membership)
        .filter_by(organisation_id=consent.helper_organisation_id)
        .order_by(Membership.id)
    )
    helped = session.get_one(Organisation, consent.organisation_id)
    return Actor(
        user_id=first.user_id,
        organisation_id=helped.id,
        kind=helped.kind,
        role=Role.DIRECTOR,
        helper_organisation_id=consent.helper_organisation_id,
        consent_id=consent.id,
        scopes=frozenset(consent.scopes),
    )
