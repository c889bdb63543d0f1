"""Decisions about organisations, and appeals against them."""

import factory

from models.accounts import Organisation, VerificationState
from models.platform import StateChange
from models.standing import Appeal, AppealState
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.moments import MONDAY, TUESDAY


class DecisionFactory(Factory[StateChange]):
    """A suspension, by an officer of an alliance."""

    class Meta:
        model = StateChange

    class Params:
        organisation: Organisation = factory.SubFactory(OrganisationFactory, suspended=True)
        officer = factory.SubFactory(UserFactory)
        alliance = factory.SubFactory(OrganisationFactory, alliance=True)

    subject_kind = "organisation"
    subject_id = factory.LazyAttribute(lambda made: made.organisation.id)
    from_state = VerificationState.VERIFIED
    to_state = VerificationState.SUSPENDED
    at = MONDAY
    actor_user_id = factory.LazyAttribute(lambda made: made.officer.id)
    actor_organisation_id = factory.LazyAttribute(lambda made: made.alliance.id)
    reason = "Giấy phép hết hạn"


class AppealFactory(Factory[Appeal]):
    """An open appeal of a suspended organisation (`denied=True`: one that was answered)."""

    class Meta:
        model = Appeal

    class Params:
        organisation: Organisation = factory.SubFactory(OrganisationFactory, suspended=True)
        decision = factory.SubFactory(
            DecisionFactory, organisation=factory.SelfAttribute("..organisation")
        )
        director = factory.SubFactory(UserFactory)
        alliance = factory.SubFactory(OrganisationFactory, alliance=True)
        denied = factory.Trait(
            state=AppealState.DENIED,
            reply="Giấy phép vẫn chưa có",
            decided_at=TUESDAY,
            decided_by_organisation_id=factory.LazyAttribute(lambda made: made.alliance.id),
        )

    organisation_id = factory.LazyAttribute(lambda made: made.organisation.id)
    state_change_id = factory.LazyAttribute(lambda made: made.decision.id)
    text = "Giấy phép đã gia hạn"
    state = AppealState.OPEN
    created_at = MONDAY
    created_by_id = factory.LazyAttribute(lambda made: made.director.id)
