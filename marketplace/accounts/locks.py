"""Holding an organisation while something about it changes."""

from sqlalchemy import select

from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import require_reach
from marketplace.accounts.rules import CHECKED_KINDS
from marketplace.platform.locking import lock_one
from models.accounts import Organisation


def lock_organisation(organisation_id: int) -> Organisation:
    """An organisation, held until the transaction ends.

    Raises:
        OrganisationNotFoundError: there is none.
    """
    organisation = lock_one(select(Organisation).where(Organisation.id == organisation_id))
    if organisation is None:
        raise OrganisationNotFoundError
    return organisation


def lock_checked(organisation_id: int, *, actor: Actor) -> Organisation:
    """An organisation whose standing `actor` may decide, held until the transaction ends.

    Raises:
        OrganisationNotFoundError: there is none, nobody checks its kind, or another alliance
            decides about its province.
        NotAllowedError: the actor is no officer of an alliance.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_VERIFY, organisation)
    if organisation.kind not in CHECKED_KINDS:
        raise OrganisationNotFoundError
    require_reach(actor, organisation)
    return organisation
