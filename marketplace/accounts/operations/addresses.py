"""Moving an account to another e-mail address."""

from datetime import datetime

from sqlalchemy import exists, select

from marketplace.accounts import rules, throttle
from marketplace.accounts.errors import EmailTakenError, EmailUnchangedError, UserNotFoundError
from marketplace.accounts.links import (
    Letter,
    get_link_holder,
    letter,
    letter_with_link,
    use_link,
)
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.accounts import TokenPurpose, User


def request_email_change(*, actor: Actor, email: str, at: datetime) -> Letter | None:
    """A link to the new address, which confirms it; until then the old one stays.

    Whether the new address has an account is told to its owner only: the caller answers the same
    in every case. None: it has one that was never confirmed.

    Raises:
        UserNotFoundError: the actor is no person.
        EmailUnreadableError: it is no address.
        EmailUnchangedError: it is the present one.
        TooManyAttemptsError: five such mails today.
    """
    user = lock_one(select(User).where(User.id == actor.user_id))
    if user is None:
        raise UserNotFoundError
    authorize(actor, Permission.PROFILE_EDIT, user)
    address = rules.read_email(email)
    if address == user.email:
        raise EmailUnchangedError(field="email")
    throttle.spend(throttle.CHANGE_MAIL, str(user.id), at)
    audit.record(
        actor=actor,
        action="accounts.email_change_requested",
        subject_kind="user",
        subject_id=user.id,
        at=at,
    )
    owner = session.scalar(select(User).where(User.email == address))
    if owner is None:
        return letter_with_link(user, TokenPurpose.CHANGE_EMAIL, at, to=address)
    if owner.email_confirmed_at is None:
        return None
    return letter(owner, "already_registered", key=f"{owner.id}:{at:%Y%m%d%H%M}")


def confirm_email_change(*, token: str, at: datetime) -> Letter:
    """Move the account to the address that the link was sent to; tells the old address.

    Raises:
        LinkExpiredError: the link was used, replaced, or is too old.
        EmailTakenError: somebody made an account with the address meanwhile; the link stays good.
    """
    address = get_link_holder(token, TokenPurpose.CHANGE_EMAIL, at).email
    user = use_link(token, TokenPurpose.CHANGE_EMAIL, at)
    lock_key("accounts.email", address)
    if session.scalar(select(exists().where(User.email == address, User.id != user.id))):
        raise EmailTakenError
    notice = letter(user, "email_changed", key=f"{user.id}:{at.isoformat()}")
    user.email = address
    user.email_confirmed_at = at
    audit.record(
        actor=Actor(user_id=user.id),
        action="accounts.email_changed",
        subject_kind="user",
        subject_id=user.id,
        at=at,
    )
    return notice
