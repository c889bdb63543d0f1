"""A seller changes its name."""

import pytest

from marketplace.accounts.operations.organisations import Portrait
from marketplace.accounts.permissions import NotAllowedError
from marketplace.workflows.portrait import edit_organisation
from models.accounts import Role
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import ProductFactory
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")

PORTRAIT = Portrait(
    name="Hợp tác xã Cà phê Ea Tul",
    name_en="",
    tagline_vi="",
    tagline_en="",
    story_vi="",
    story_en="",
    phone=None,
)


def test_its_goods_are_found_by_the_new_name():
    organisation = OrganisationFactory()
    own, other = ProductFactory(organisation=organisation), ProductFactory()

    edit_organisation(
        actor=member_of(organisation), organisation_id=organisation.id, portrait=PORTRAIT, at=MONDAY
    )

    assert "hop tac xa ca phe ea tul" in own.search_text
    assert "ea tul" not in other.search_text


def test_is_refused_to_those_who_do_not_lead_it():
    organisation = OrganisationFactory(name="Hợp tác xã Cũ")
    product = ProductFactory(organisation=organisation)
    before = product.search_text

    with pytest.raises(NotAllowedError):
        edit_organisation(
            actor=member_of(organisation, Role.SALES),
            organisation_id=organisation.id,
            portrait=PORTRAIT,
            at=MONDAY,
        )

    assert (organisation.name, product.search_text) == ("Hợp tác xã Cũ", before)
