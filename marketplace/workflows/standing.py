"""An alliance decides how far an organisation is trusted, and its directors are told."""

from datetime import datetime

from marketplace.accounts import queries
from marketplace.accounts.operations import organisations
from marketplace.accounts.permissions import Actor
from marketplace.notifications.operations import notify


def verify_organisation(*, actor: Actor, code: str, at: datetime) -> bool:
    """Let an organisation onto the market and tell its directors.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        OrganisationNotFoundError, NotAllowedError: see `organisations.verify_organisation`.
    """
    organisation = queries.get_organisation(code=code)
    changed = organisations.verify_organisation(actor=actor, organisation_id=organisation.id, at=at)
    if changed:
        _tell(organisation.id, organisation.name, code, "organisation_verified", at=at)
    return changed


def suspend_organisation(*, actor: Actor, code: str, reason: str, at: datetime) -> bool:
    """Take an organisation off the market and tell its directors why.

    Returns:
        Whether anything changed; a second time nothing does, and nobody is told again.

    Raises:
        OrganisationNotFoundError, NotAllowedError, ReasonMissingError: see
            `organisations.suspend_organisation`.
    """
    organisation = queries.get_organisation(code=code)
    changed = organisations.suspend_organisation(
        actor=actor, organisation_id=organisation.id, reason=reason, at=at
    )
    if changed:
        _tell(
            organisation.id,
            organisation.name,
            code,
            "organisation_suspended",
            at=at,
            reason=reason.strip(),
        )
    return changed


def _tell(
    organisation_id: int, name: str, code: str, template: str, *, at: datetime, **more: str
) -> None:
    for director in queries.directors_of(organisation_id):
        notify(
            key=f"{code}:{director.id}:{at.isoformat()}",
            recipient=director.email,
            locale=director.locale,
            template=template,
            at=at,
            name=director.full_name,
            organisation=name,
            code=code,
            **more,
        )
