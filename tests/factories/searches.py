"""Searches that buyers keep."""

import factory

from models.supply import SavedSearch
from tests.factories.accounts import OrganisationFactory, UserFactory
from tests.factories.base import Factory
from tests.moments import MONDAY


class SavedSearchFactory(Factory[SavedSearch]):
    """A watched search for robusta by an enterprise; nobody has looked yet."""

    class Meta:
        model = SavedSearch

    class Params:
        organisation = factory.SubFactory(OrganisationFactory, enterprise=True)
        saver = factory.SubFactory(UserFactory)

    organisation_id = factory.SelfAttribute("organisation.id")
    name = factory.Sequence("Cà phê Tây Nguyên {}".format)
    query = factory.Sequence("q=robusta+{}".format)
    is_watched = True
    found = None
    found_count = 0
    looked_at = MONDAY
    created_at = MONDAY
    created_by_id = factory.SelfAttribute("saver.id")
