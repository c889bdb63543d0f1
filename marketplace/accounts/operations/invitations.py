"""Accepting an invitation: as somebody who has an account, or by making one."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import passwords, rules
from marketplace.accounts.errors import (
    AccountDisabledError,
    AccountExistsError,
    InvitationExpiredError,
    InvitationOfAnotherError,
    UserNotFoundError,
)
from marketplace.accounts.operations.sessions import Device, OpenedSession, open_session
from marketplace.accounts.permissions import Actor
from marketplace.accounts.tokens import hash_of
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.accounts import Invitation, Membership, Organisation, User


@dataclass(frozen=True, slots=True)
class NewMember:
    """What somebody gives who joins by an invitation; the address is the invited one."""

    full_name: str
    password: str
    locale: str


def accept_invitation(*, actor: Actor, token: str, at: datetime) -> Membership:
    """Take the offered role. Accepting twice is accepting once.

    Somebody who belongs to the organisation by now keeps the role they have.

    Raises:
        UserNotFoundError: the actor is no person.
        InvitationExpiredError: withdrawn, renewed, too old, never ours, or accepted and left since.
        InvitationOfAnotherError: it went to another address.
        AccountDisabledError: the account was closed.
    """
    invitation = _lock_invitation(token)
    user = None if actor.user_id is None else session.get(User, actor.user_id)
    if user is None:
        raise UserNotFoundError
    if user.email != invitation.email:
        raise InvitationOfAnotherError
    if user.disabled_at is not None:
        raise AccountDisabledError
    membership = _membership_of(user, invitation)
    if invitation.accepted_at is not None and membership is not None:
        return membership
    _require_open(invitation, at)
    return membership or _join(user, invitation, at)


def join_by_invitation(
    *, token: str, person: NewMember, device: Device, at: datetime
) -> OpenedSession:
    """Make an account for the invited address, take the role, and come in.

    The link came to the mailbox, so the address counts as confirmed. An account that was never
    confirmed is made anew, as at sign-up.

    Raises:
        InvitationExpiredError: accepted, withdrawn, renewed, too old, or never ours.
        AccountExistsError: the address has an account: its owner signs in.
        NameMissingError: as it says.
        PasswordTooShortError, PasswordTooLongError, PasswordCommonError, PasswordPersonalError:
            see `passwords.require_acceptable`.
    """
    invitation = _lock_invitation(token)
    _require_open(invitation, at)
    name = rules.read_name(person.full_name)
    passwords.require_acceptable(person.password, about=(name, invitation.email))
    lock_key("accounts.email", invitation.email)
    user = lock_one(select(User).where(User.email == invitation.email))
    if user is not None and user.email_confirmed_at is not None:
        raise AccountExistsError
    if user is None:
        user = User(email=invitation.email, created_at=at)
        session.add(user)
    user.full_name, user.locale = name, rules.read_locale(person.locale)
    user.password_hash = passwords.hash_password(person.password)
    user.email_confirmed_at = at
    session.flush()  # the id of a new person
    audit.record(
        actor=Actor(user_id=user.id),
        action="accounts.signed_up",
        subject_kind="user",
        subject_id=user.id,
        at=at,
    )
    _join(user, invitation, at)
    return open_session(user=user, device=device, at=at)


def _lock_invitation(token: str) -> Invitation:
    """The invitation of a link, locked after its organisation, as everywhere in a team."""
    of_token = Invitation.token_hash == hash_of(token)
    lock_one(
        select(Organisation).where(
            Organisation.id == select(Invitation.organisation_id).where(of_token).scalar_subquery()
        )
    )
    invitation = lock_one(select(Invitation).where(of_token))
    if invitation is None:
        raise InvitationExpiredError
    return invitation


def _require_open(invitation: Invitation, at: datetime) -> None:
    is_answered = invitation.accepted_at is not None or invitation.withdrawn_at is not None
    if is_answered or invitation.expires_at <= at:
        raise InvitationExpiredError


def _membership_of(user: User, invitation: Invitation) -> Membership | None:
    return session.scalar(
        select(Membership).where(
            Membership.user_id == user.id,
            Membership.organisation_id == invitation.organisation_id,
            Membership.ended_at.is_(None),
        )
    )


def _join(user: User, invitation: Invitation, at: datetime) -> Membership:
    membership = Membership(
        user_id=user.id,
        organisation_id=invitation.organisation_id,
        role=invitation.role,
        created_at=at,
    )
    session.add(membership)
    invitation.accepted_at = at
    session.flush()  # the id for the audit
    audit.record(
        actor=Actor(user_id=user.id, organisation_id=invitation.organisation_id),
        action="accounts.invitation_accepted",
        subject_kind="membership",
        subject_id=membership.id,
        at=at,
        after={"role": membership.role, "invitation_id": invitation.id},
    )
    return membership
