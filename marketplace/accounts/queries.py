"""Reading people, organisations and sessions."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import DateTime, and_, bindparam, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.accounts.errors import OrganisationNotFoundError, UserNotFoundError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.rules import FRESH_FOR, ROLES_OF_KIND
from marketplace.accounts.tokens import hash_of
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from models.accounts import (
    SELLER_KINDS,
    DeliverySettings,
    Membership,
    Organisation,
    Role,
    TotpFactor,
    User,
    UserSession,
    VerificationState,
)

_BELONGING: tuple[InstrumentedAttribute[Any], ...] = (
    Organisation.id,
    Organisation.code,
    Organisation.slug,
    Organisation.name,
    Organisation.short_name,
    Organisation.kind,
    Organisation.verification,
    Organisation.province_code,
    Membership.role,
    Organisation.covers_province_code,
)


@dataclass(frozen=True, slots=True)
class SessionMembership:
    """A person's active role in an organisation; what an alliance decides about, as it says."""

    organisation_id: int
    code: str
    slug: str
    name: str
    short_name: str
    kind: str
    verification: str
    province_code: str
    role: str
    covers_province_code: str | None = None

    @property
    def is_seller(self) -> bool:
        """Whether the organisation may sell on the market."""
        return self.kind in SELLER_KINDS


@dataclass(frozen=True, slots=True)
class SessionUser:
    """Who a session belongs to, as much as every page needs to know.

    Attributes:
        memberships: the organisations they act for now, in alphabetical order.
        fresh_at: when they last proved who they are in this browser.
        factor_id: of their second factor; None if they have none.
    """

    memberships: tuple[SessionMembership, ...]
    session_id: int
    user_id: int
    full_name: str
    email: str
    phone: str | None
    locale: str
    last_seen_at: datetime
    fresh_at: datetime | None
    factor_id: int | None

    @property
    def has_second_factor(self) -> bool:
        """Whether signing in took a code."""
        return self.factor_id is not None

    def is_fresh(self, at: datetime) -> bool:
        """Whether they proved who they are a short while ago."""
        return self.fresh_at is not None and at - self.fresh_at < FRESH_FOR


@dataclass(frozen=True, slots=True)
class Member:
    """A person of an organisation, for its own people to see."""

    user_id: int
    name: str
    email: str
    role: str
    since: datetime
    membership_id: int


BEHIND_COOKIE: Final = Question(
    select(
        UserSession.id,
        User.id,
        User.full_name,
        User.email,
        User.phone,
        User.locale,
        UserSession.last_seen_at,
        UserSession.fresh_at,
        TotpFactor.id,
        *_BELONGING,
    )
    .join(User, User.id == UserSession.user_id)
    .outerjoin(
        TotpFactor, and_(TotpFactor.user_id == User.id, TotpFactor.confirmed_at.is_not(None))
    )
    .outerjoin(Membership, and_(Membership.user_id == User.id, Membership.ended_at.is_(None)))
    .outerjoin(Organisation, Organisation.id == Membership.organisation_id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ended_at.is_(None),
        UserSession.expires_at > bindparam("at", type_=DateTime(timezone=True)),
        User.disabled_at.is_(None),
        or_(TotpFactor.id.is_(None), UserSession.second_factor_at.is_not(None)),
    )
    .order_by(Organisation.sort_key, Organisation.id)
)


_HAS_FACTOR: Final = (
    exists()
    .where(TotpFactor.user_id == UserSession.user_id, TotpFactor.confirmed_at.is_not(None))
    .correlate(UserSession)
)


def find_session_user(token: str, *, at: datetime) -> SessionUser | None:
    """The person behind a cookie, unless the session ended, is too old, or they are disabled.

    A session of somebody with a second factor that has given no code is none, either. One
    statement, with a row for each membership.

    Args:
        token: what `sign_in` gave, not its hash.
        at: the present moment.
    """
    rows = BEHIND_COOKIE.ask(token_hash=hash_of(token), at=at)
    if not rows:
        return None
    person = len(rows[0]) - len(_BELONGING)
    return SessionUser(
        tuple(SessionMembership(*row[person:]) for row in rows if row[person] is not None),
        *rows[0][:person],
    )


def sessions_of(user_id: int, at: datetime) -> Sequence[UserSession]:
    """A person's live sessions, the one used last first."""
    return session.scalars(
        select(UserSession)
        .where(
            UserSession.user_id == user_id,
            UserSession.ended_at.is_(None),
            UserSession.expires_at > at,
            # One that waits for a code shows that somebody knows the password; it is not in.
            or_(UserSession.second_factor_at.is_not(None), ~_HAS_FACTOR),
        )
        .order_by(UserSession.last_seen_at.desc(), UserSession.id.desc())
    ).all()


def get_user(user_id: int) -> User:
    """A person.

    Raises:
        UserNotFoundError: nobody has this id.
    """
    user = session.get(User, user_id)
    if user is None:
        raise UserNotFoundError
    return user


def get_organisation(*, code: str | None = None, slug: str | None = None) -> Organisation:
    """An organisation by its code or by its slug, whatever its state; delivery not loaded.

    Raises:
        OrganisationNotFoundError: there is none.
    """
    column, value = (Organisation.code, code) if code is not None else (Organisation.slug, slug)
    organisation = session.scalar(select(Organisation).where(column == value))
    if organisation is None:
        raise OrganisationNotFoundError
    return organisation


def delivery_of(organisation_id: int) -> DeliverySettings | None:
    """What an organisation asks for delivery; None while it has not said."""
    return session.get(DeliverySettings, organisation_id)


def members_of(organisation: Organisation, *, viewer: Actor) -> Sequence[Member]:
    """The people of an organisation in the order they joined, for each other's eyes.

    Raises:
        NotAllowedError: the viewer is not one of them.
    """
    authorize(viewer, Permission.MEMBERSHIP_VIEW, organisation)
    rows = session.execute(
        select(
            User.id,
            User.full_name,
            User.email,
            Membership.role,
            Membership.created_at,
            Membership.id,
        )
        .join(User, User.id == Membership.user_id)
        .where(Membership.organisation_id == organisation.id, Membership.ended_at.is_(None))
        .order_by(Membership.created_at, Membership.id)
    )
    return [Member(*row) for row in rows]


def is_member(*, user_id: int, organisation_id: int) -> bool:
    """Whether somebody belongs to an organisation now."""
    return bool(
        session.scalar(
            select(
                exists().where(
                    Membership.user_id == user_id,
                    Membership.organisation_id == organisation_id,
                    Membership.ended_at.is_(None),
                )
            )
        )
    )


def directors_of(organisation_id: int) -> Sequence[User]:
    """Those who answer for an organisation and are told what befalls it, oldest first."""
    return people_of(organisation_id, role=Role.DIRECTOR)


def leaders_of(organisation: Organisation) -> Sequence[User]:
    """Those who lead an organisation of any kind, oldest first: directors, or its officers."""
    return people_of(organisation.id, role=ROLES_OF_KIND[organisation.kind][0])


def people_of(organisation_id: int, *, role: Role) -> Sequence[User]:
    """Those who have a role in an organisation now and can sign in, oldest first."""
    return session.scalars(
        select(User)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.organisation_id == organisation_id,
            Membership.role == role,
            Membership.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(Membership.id)
    ).all()


@dataclass(frozen=True, slots=True)
class Reader:
    """A person of an organisation who is written to."""

    user_id: int
    email: str
    full_name: str
    locale: str
    organisation_id: int
    code: str


def readers_in(organisation_ids: Collection[int], roles: Collection[Role]) -> list[Reader]:
    """The people in some roles of some organisations who can sign in, each once. One statement.

    Whoever has such a role in several of them is written to for the first.
    """
    rows = session.execute(
        select(
            User.id,
            User.email,
            User.full_name,
            User.locale,
            Organisation.id,
            Organisation.code,
        )
        .join(Membership, Membership.user_id == User.id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(
            Membership.organisation_id.in_(organisation_ids),
            Membership.role.in_(roles),
            Membership.ended_at.is_(None),
            User.disabled_at.is_(None),
        )
        .order_by(Organisation.id, Membership.id)
    )
    readers = [Reader(*row) for row in rows]
    return list({reader.user_id: reader for reader in reversed(readers)}.values())[::-1]


def organisation_name(organisation_id: int) -> str:
    """The full name of an organisation that is known to exist."""
    return session.get_one(Organisation, organisation_id).name


def find_sellers(codes: Collection[str]) -> dict[str, int]:
    """The verified sellers among some codes, with their ids."""
    rows = session.execute(
        select(Organisation.code, Organisation.id).where(
            Organisation.code.in_(codes),
            Organisation.kind.in_(SELLER_KINDS),
            Organisation.verification == VerificationState.VERIFIED,
        )
    )
    return {row.code: row.id for row in rows}
