"""Links that are mailed: good for one use and a short time; only the hash is kept."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select, true, update

from marketplace.accounts.errors import LinkExpiredError
from marketplace.accounts.rules import LINK_LIFE
from marketplace.accounts.tokens import hash_of, new_token
from marketplace.platform.database import session
from marketplace.platform.locking import lock_one
from models.accounts import OneTimeToken, TokenPurpose, User


@dataclass(frozen=True, slots=True)
class Letter:
    """What a person is to be told by mail; a workflow sends it.

    Attributes:
        template: which text, the name of a file in `templates/email/`.
        key: names the fact, so that it is told once.
        recipient: the address.
        name: whom to greet.
        locale: the reader's language.
        token: what the link in the mail carries, if it has one.
    """

    template: str
    key: str
    recipient: str
    name: str
    locale: str
    token: str = ""


@dataclass(frozen=True, slots=True)
class LinkHolder:
    """Whose link it is, to greet them before they use it; `email` is where it was sent."""

    name: str
    email: str


def letter_with_link(
    user: User,
    purpose: TokenPurpose,
    at: datetime,
    *,
    to: str | None = None,
    life: timedelta | None = None,
) -> Letter:
    """A fresh link for a person; the ones sent before for the same purpose stop working.

    Args:
        user: whose link it is.
        purpose: what it is for.
        at: the present moment.
        to: the address it proves, if that is not the person's present one.
        life: how long it works, if not as long as links of this purpose do.
    """
    void_links(user.id, purpose, at)
    token = new_token()
    link = OneTimeToken(
        user_id=user.id,
        purpose=purpose,
        token_hash=hash_of(token),
        email=to or user.email,
        created_at=at,
        expires_at=at + (life or LINK_LIFE[purpose]),
    )
    session.add(link)
    session.flush()  # the id names the letter
    return letter(user, str(purpose), key=str(link.id), token=token, to=to)


def letter(
    user: User, template: str, *, key: str, token: str = "", to: str | None = None
) -> Letter:
    """A letter to a person in their language, to their address or to another one of theirs."""
    return Letter(
        template=template,
        key=key,
        recipient=to or user.email,
        name=user.full_name,
        locale=user.locale,
        token=token,
    )


def void_links(user_id: int, purpose: TokenPurpose, at: datetime) -> None:
    """Make every open link of a person for `purpose` useless."""
    session.execute(
        update(OneTimeToken)
        .where(
            OneTimeToken.user_id == user_id,
            OneTimeToken.purpose == purpose,
            OneTimeToken.used_at.is_(None),
        )
        .values(used_at=at)
    )


def get_link_holder(token: str, purpose: TokenPurpose, at: datetime) -> LinkHolder:
    """Whose link it is. Looking uses nothing up: mail programs open links by themselves.

    Raises:
        LinkExpiredError: used, replaced, too old, or never ours.
    """
    found = session.execute(
        select(User.full_name, OneTimeToken.email)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(*_is_open(token, purpose, at))
    ).one_or_none()
    if found is None:
        raise LinkExpiredError
    return LinkHolder(*found)


def use_link(token: str, purpose: TokenPurpose, at: datetime) -> User:
    """Use a link up; returns its person, locked.

    Raises:
        LinkExpiredError: used, replaced, too old, or never ours.
    """
    # The person first, as everywhere: whoever issues a new link holds them too.
    user = lock_one(
        select(User)
        .join(OneTimeToken, OneTimeToken.user_id == User.id)
        .where(*_is_open(token, purpose, at))
    )
    if user is None:
        raise LinkExpiredError
    used = session.scalar(
        update(OneTimeToken)
        .where(OneTimeToken.token_hash == hash_of(token), OneTimeToken.used_at.is_(None))
        .values(used_at=at)
        .returning(OneTimeToken.id)
    )
    if used is None:
        raise LinkExpiredError
    return user


def _is_open(token: str, purpose: TokenPurpose, at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (
        OneTimeToken.token_hash == hash_of(token),
        OneTimeToken.purpose == purpose,
        OneTimeToken.used_at.is_(None),
        OneTimeToken.expires_at > at,
        # A link to a new address proves that one; every other the address of the account.
        true() if purpose == TokenPurpose.CHANGE_EMAIL else OneTimeToken.email == User.email,
        User.disabled_at.is_(None),
    )
