"""Joining the market, proving an e-mail address, keeping one's own particulars."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import passwords, rules, throttle
from marketplace.accounts.errors import UserNotFoundError, WrongPasswordError
from marketplace.accounts.links import Letter, letter, letter_with_link, use_link
from marketplace.accounts.operations.sessions import Device, OpenedSession, open_session
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from models.accounts import TokenPurpose, User


@dataclass(frozen=True, slots=True)
class NewPerson:
    """What somebody gives who joins. `locale` is the language they read, "vi" or "en"."""

    full_name: str
    email: str
    password: str
    locale: str


@dataclass(frozen=True, slots=True)
class Particulars:
    """What a person may change about themselves. `phone` as `+84912345678`, or None."""

    full_name: str
    phone: str | None
    locale: str


def sign_up(*, person: NewPerson, at: datetime) -> Letter | None:
    """Make an account that works once its address is confirmed; returns the mail to send.

    Whether the address has an account already is told to its owner only, by mail: the caller
    answers the same in every case. An account that was never confirmed is made anew, so that
    nobody can lie in wait in a stranger's name. None: the address has had enough mail for now.

    Raises:
        EmailUnreadableError, NameMissingError: as they say.
        PasswordTooShortError, PasswordTooLongError, PasswordCommonError, PasswordPersonalError:
            see `passwords.require_acceptable`.
    """
    email = rules.read_email(person.email)
    name = rules.read_name(person.full_name)
    passwords.require_acceptable(person.password, about=(name, email))
    kept = passwords.hash_password(person.password)
    lock_key("accounts.email", email)
    if not throttle.within(throttle.CONFIRM_MAIL, email, at):
        return None
    # Locked: a link may be confirming this very account at the same moment.
    user = lock_one(select(User).where(User.email == email))
    if user is not None and user.email_confirmed_at is not None:
        return letter(user, "already_registered", key=f"{user.id}:{at:%Y%m%d%H%M}")
    if user is None:
        user = User(email=email, created_at=at)
        session.add(user)
    user.full_name, user.password_hash, user.locale = name, kept, person.locale
    session.flush()  # the id of a new person
    audit.record(
        actor=None, action="accounts.signed_up", subject_kind="user", subject_id=user.id, at=at
    )
    return letter_with_link(user, TokenPurpose.CONFIRM_EMAIL, at)


def request_confirmation(*, email: str, at: datetime) -> Letter | None:
    """A fresh link for somebody who lost the first one; None, without a word, for all others."""
    address = email.strip().lower()
    if not throttle.within(throttle.CONFIRM_MAIL, address, at):
        return None
    user = lock_one(
        select(User).where(
            User.email == address,
            User.email_confirmed_at.is_(None),
            User.disabled_at.is_(None),
        )
    )
    return letter_with_link(user, TokenPurpose.CONFIRM_EMAIL, at) if user else None


def confirm_email(*, token: str, password: str, device: Device, at: datetime) -> OpenedSession:
    """Take a mailed link and the password chosen at sign-up, and let the person in.

    The link proves the mailbox, the password that it is the same person: otherwise somebody could
    sign up with a stranger's address and wait for the stranger to click.

    Raises:
        LinkExpiredError: the link was used, replaced, or is too old.
        WrongPasswordError: not the password that was chosen; the link stays good.
    """
    user = use_link(token, TokenPurpose.CONFIRM_EMAIL, at)
    if not passwords.matches(password, user.password_hash):
        raise WrongPasswordError(field="password")
    user.email_confirmed_at = at
    audit.record(
        actor=Actor(user_id=user.id),
        action="accounts.email_confirmed",
        subject_kind="user",
        subject_id=user.id,
        at=at,
    )
    return open_session(user=user, device=device, at=at)


def edit_profile(*, actor: Actor, user_id: int, particulars: Particulars, at: datetime) -> User:
    """Change a person's name, telephone number and language of mails. Safe to repeat.

    Raises:
        UserNotFoundError: there is no such person.
        NotAllowedError: the actor is somebody else.
        NameMissingError, PhoneUnreadableError: as they say.
    """
    user = lock_one(select(User).where(User.id == user_id))
    if user is None:
        raise UserNotFoundError
    authorize(actor, Permission.PROFILE_EDIT, user)
    before = _particulars_of(user)
    user.full_name = rules.read_name(particulars.full_name)
    user.phone = rules.read_phone(particulars.phone)
    user.locale = rules.read_locale(particulars.locale)
    after = _particulars_of(user)
    if after != before:
        audit.record(
            actor=actor,
            action="accounts.profile_edited",
            subject_kind="user",
            subject_id=user.id,
            at=at,
            before=before,
            after=after,
        )
    return user


def _particulars_of(user: User) -> dict[str, str | None]:
    return {"full_name": user.full_name, "phone": user.phone, "locale": user.locale}
