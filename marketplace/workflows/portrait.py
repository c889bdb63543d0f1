"""A seller changes its name, and its goods are found by the new one."""

from datetime import datetime

from marketplace.accounts.operations import organisations
from marketplace.accounts.operations.organisations import Portrait
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.operations import refresh_words_of
from models.accounts import Organisation


def edit_organisation(
    *, actor: Actor, organisation_id: int, portrait: Portrait, at: datetime
) -> Organisation:
    """Change how an organisation shows itself; the words of its products follow its name.

    Raises:
        OrganisationNotFoundError, NotAllowedError, NameMissingError, TextTooLongError,
        PhoneUnreadableError: see `organisations.edit_organisation`.
    """
    organisation = organisations.edit_organisation(
        actor=actor, organisation_id=organisation_id, portrait=portrait, at=at
    )
    refresh_words_of(organisation_id)
    return organisation
