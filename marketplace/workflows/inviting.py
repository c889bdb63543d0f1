"""Inviting people into an organisation: the invitation, and the mail that brings it."""

from datetime import datetime

from marketplace.accounts.operations import alliances, team
from marketplace.accounts.operations.team import InvitationLetter
from marketplace.accounts.permissions import Actor
from marketplace.notifications.operations import notify
from models.accounts import Organisation


def invite(*, actor: Actor, organisation_id: int, email: str, role: str, at: datetime) -> None:
    """Offer somebody a role and mail them the link; see `team.invite`."""
    _post(
        team.invite(actor=actor, organisation_id=organisation_id, email=email, role=role, at=at),
        at,
    )


def found_alliance(
    *, actor: Actor, name: str, province_code: str, email: str, at: datetime
) -> Organisation:
    """Add an alliance of a province, and mail its first officer an invitation.

    Raises:
        NotAllowedError, NameMissingError, UnknownProvinceError, ProvinceTakenError: see
            `alliances.found_alliance`.
        EmailUnreadableError, TooManyAttemptsError: see `team.invite_first_officer`.
    """
    alliance = alliances.found_alliance(actor=actor, name=name, province_code=province_code, at=at)
    invite_first_officer(actor=actor, organisation_id=alliance.id, email=email, at=at)
    return alliance


def invite_first_officer(*, actor: Actor, organisation_id: int, email: str, at: datetime) -> None:
    """Offer somebody the first place in an alliance; see `team.invite_first_officer`."""
    _post(
        team.invite_first_officer(actor=actor, organisation_id=organisation_id, email=email, at=at),
        at,
    )


def send_again(*, actor: Actor, organisation_id: int, invitation_id: int, at: datetime) -> None:
    """Renew an invitation and mail the new link; see `team.send_again`."""
    _post(
        team.send_again(
            actor=actor, organisation_id=organisation_id, invitation_id=invitation_id, at=at
        ),
        at,
    )


def _post(letter: InvitationLetter, at: datetime) -> None:
    notify(
        key=letter.key,
        recipient=letter.recipient,
        locale=letter.locale,
        template="invitation",
        at=at,
        token=letter.token,
        inviter=letter.inviter,
        organisation=letter.organisation,
        expires_at=letter.expires_at,
    )
