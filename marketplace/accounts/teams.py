"""Reading the invitations of an organisation, and the one behind a mailed link."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import exists, select

from marketplace.accounts.errors import InvitationExpiredError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.tokens import hash_of
from marketplace.platform.database import session
from models.accounts import Invitation, Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class OpenInvitation:
    """Somebody who was offered a role and has not answered.

    Attributes:
        inviter: who invited them, by name.
        expires_at: until when the link works; it may be past.
    """

    id: int
    email: str
    role: str
    inviter: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Offer:
    """What an invitation offers, to whom.

    Attributes:
        email: the invited address.
        has_account: whether somebody has a confirmed account with it.
        is_accepted: it was accepted, and the person still belongs to the organisation.
    """

    email: str
    role: str
    kind: str
    code: str
    organisation: str
    inviter: str
    expires_at: datetime
    has_account: bool
    is_accepted: bool


def open_invitations_of(organisation: Organisation, *, viewer: Actor) -> Sequence[OpenInvitation]:
    """The invitations nobody has answered, the oldest first, for its members.

    Raises:
        NotAllowedError: the viewer is no member.
    """
    authorize(viewer, Permission.MEMBERSHIP_VIEW, organisation)
    rows = session.execute(
        select(
            Invitation.id,
            Invitation.email,
            Invitation.role,
            User.full_name,
            Invitation.expires_at,
        )
        .join(User, User.id == Invitation.invited_by_id)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.created_at, Invitation.id)
    )
    return [OpenInvitation(*row) for row in rows]


def get_offer(token: str, *, at: datetime) -> Offer:
    """What a mailed link offers. Looking uses nothing up: mail programs open links by themselves.

    Raises:
        InvitationExpiredError: withdrawn, renewed, too old, never ours, or accepted and left since.
    """
    owner = exists().where(User.email == Invitation.email, User.email_confirmed_at.is_not(None))
    belongs = exists().where(
        User.email == Invitation.email,
        Membership.user_id == User.id,
        Membership.organisation_id == Invitation.organisation_id,
        Membership.ended_at.is_(None),
    )
    found = session.execute(
        select(
            Invitation.email,
            Invitation.role,
            Organisation.kind,
            Organisation.code,
            Organisation.name,
            select(User.full_name)
            .where(User.id == Invitation.invited_by_id)
            .correlate(Invitation)
            .scalar_subquery(),
            Invitation.expires_at,
            owner.correlate(Invitation),
            Invitation.accepted_at.is_not(None) & belongs.correlate(Invitation),
            Invitation.accepted_at,
        )
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.token_hash == hash_of(token), Invitation.withdrawn_at.is_(None))
    ).one_or_none()
    if found is None:
        raise InvitationExpiredError
    *rest, accepted_at = found
    offer = Offer(*rest)
    is_closed = accepted_at is not None or offer.expires_at <= at
    if is_closed and not offer.is_accepted:
        raise InvitationExpiredError
    return offer
