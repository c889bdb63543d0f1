"""What holds for accounts, as pure functions and tables."""

import re
from datetime import datetime, timedelta
from typing import Final

from marketplace.accounts.errors import (
    EmailUnreadableError,
    FeeOutOfBoundsError,
    NameMissingError,
    PhoneUnreadableError,
    RoleNotFittingError,
    TextTooLongError,
)
from marketplace.kernel.errors import InvalidError
from marketplace.kernel.states import StateMachine
from marketplace.platform.translation import LOCALES
from models.accounts import SELLER_KINDS, OrganisationKind, Role, TokenPurpose, VerificationState
from models.standing import AppealState

STANDING: Final = StateMachine(
    "organisation",
    {
        VerificationState.PENDING: {VerificationState.VERIFIED, VerificationState.CLOSED},
        VerificationState.VERIFIED: {VerificationState.SUSPENDED, VerificationState.CLOSED},
        VerificationState.SUSPENDED: {VerificationState.VERIFIED, VerificationState.CLOSED},
        VerificationState.CLOSED: (),
    },
)
"""How far an organisation is trusted; an alliance decides. What it has closed stays closed."""

RESTORING: Final = StateMachine(
    STANDING.name,
    {
        VerificationState.PENDING: (),
        VerificationState.VERIFIED: (),
        VerificationState.SUSPENDED: {VerificationState.VERIFIED},
        VerificationState.CLOSED: set(VerificationState) - {VerificationState.CLOSED},
    },
)
"""How an appeal that was right gives an organisation back what it was before the decision."""

APPEAL: Final = StateMachine(
    "appeal",
    {
        AppealState.OPEN: {AppealState.UPHELD, AppealState.DENIED},
        AppealState.UPHELD: (),
        AppealState.DENIED: (),
    },
)

OUTSIDE: Final = (VerificationState.SUSPENDED, VerificationState.CLOSED)
"""The standings that a decision has taken off the market; against it there is an appeal."""

CHECKED_KINDS: Final = (
    OrganisationKind.COOPERATIVE,
    OrganisationKind.UNION,
    OrganisationKind.GROUP,
    OrganisationKind.ENTERPRISE,
)
"""The kinds that an alliance checks; alliances and the operator are set up by hand."""

IDLE_LIMIT: Final = timedelta(days=14)
"""A session that nobody uses for so long ends."""
STAFF_LIMIT: Final = timedelta(hours=12)
"""A session of somebody who works for an alliance or the operator ends after this, used or not.

Source: OWASP ASVS 5.0, 7.3.2 (absolute lifetime where much can be done).
"""
TOUCH_EVERY: Final = timedelta(hours=1)
"""How stale `last_seen_at` may get, so that reading does not mean writing."""
STAFF_KINDS: Final = (OrganisationKind.ALLIANCE, OrganisationKind.OPERATOR)

FRESH_FOR: Final = timedelta(minutes=15)
"""How long after proving who they are somebody may change what guards an account or a team.

Source: OWASP ASVS 5.0, 7.5.1 and 7.5.2 (prove it again before such changes).
"""
SECOND_STEP_LIMIT: Final = timedelta(minutes=10)
"""How long the password holds while the code is looked for."""
INVITATION_LIFE: Final = timedelta(days=7)
"""How long an invitation can be accepted."""

_SELLER_ROLES: Final = (Role.DIRECTOR, Role.SALES, Role.WAREHOUSE, Role.ACCOUNTANT)
ROLES_OF_KIND: Final[dict[str, tuple[Role, ...]]] = {
    **dict.fromkeys(sorted(SELLER_KINDS), _SELLER_ROLES),
    OrganisationKind.ENTERPRISE: (Role.DIRECTOR, Role.ACCOUNTANT, Role.BUYER),
    OrganisationKind.ALLIANCE: (Role.OFFICER,),
    OrganisationKind.OPERATOR: (Role.OPERATOR,),
}
"""What people do in an organisation, by its kind; the first role leads it."""
MONEY_ROLES: Final = frozenset({Role.DIRECTOR, Role.ACCOUNTANT, Role.OPERATOR})
"""The roles that touch money, who sign in with a second factor where the settings ask for it."""

LINK_LIFE: Final = {
    TokenPurpose.CONFIRM_EMAIL: timedelta(hours=24),
    TokenPurpose.RESET_PASSWORD: timedelta(hours=1),
    TokenPurpose.CHANGE_EMAIL: timedelta(hours=24),
}
"""How long a mailed link works."""

_PHONE: Final = re.compile(r"\+[1-9][0-9]{7,14}")
NAME_MAX: Final = 160
TAGLINE_MAX: Final = 200
STORY_MAX: Final = 6000
REASON_MAX: Final = 500
APPEAL_MAX: Final = 4000
REGISTRATION_MAX: Final = 30
BRAND_MAX: Final = 80
CAPITAL_MAX_MINOR: Final = 10**15
"""Whole đồng; more can only be a slip of the keyboard."""
MEMBERS_MAX: Final = 1_000_000

EDITED: Final = "accounts.organisation_edited"
FACTS_DECLARED: Final = "accounts.facts_declared"
LEGAL_FIELDS: Final = (
    "name",
    "tax_code",
    "registration_number",
    "legal_representative",
    "charter_capital_minor",
    "founded_on",
)
"""What an alliance compares with papers; a change after it has verified them is shown."""
EMAIL_MAX: Final = 254
FEE_MAX_MINOR: Final = 10_000_000
FREE_FROM_MAX_MINOR: Final = 1_000_000_000
DAYS_MAX: Final = 30


def read_email(text: str) -> str:
    """An e-mail address as it is stored and compared: checked in form, NFC, lower case.

    Two addresses that differ only in case belong to one person; nothing is looked up.

    Raises:
        EmailUnreadableError: it is none.
    """
    from email_validator import EmailNotValidError, validate_email  # noqa: PLC0415 - slow to load

    try:
        # Names such as x.example and x.test are how the demonstration and tests write addresses.
        found = validate_email(text.strip(), check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise EmailUnreadableError(field="email") from error
    email = found.normalized.lower()
    if len(email) > EMAIL_MAX:
        raise EmailUnreadableError(field="email")
    return email


def read_name(text: str, field: str = "full_name") -> str:
    """A name without double spaces, 1 to 160 characters.

    Raises:
        NameMissingError: it is empty or too long.
    """
    name = " ".join(text.split())
    if not 1 <= len(name) <= NAME_MAX:
        raise NameMissingError(field=field)
    return name


def read_phone(text: str | None, field: str = "phone") -> str | None:
    """A telephone number in international form, `+84912345678`; None when there is none.

    Raises:
        PhoneUnreadableError: it is not in that form.
    """
    if not text:
        return None
    if not _PHONE.fullmatch(text):
        raise PhoneUnreadableError(field=field)
    return text


def read_locale(text: str) -> str:
    """A language we write in: "vi" or "en".

    Raises:
        InvalidError: another one.
    """
    if text not in LOCALES:
        raise InvalidError(field="locale")
    return text


def read_text(text: str, most: int, field: str) -> str:
    """A free text without spaces around it, at most `most` characters.

    Raises:
        TextTooLongError: it is longer.
    """
    text = text.replace("\r\n", "\n").strip()
    if len(text) > most:
        raise TextTooLongError(field=field, most=most)
    return text


def read_role(kind: str, text: str) -> Role:
    """A role that an organisation of a kind has.

    Raises:
        RoleNotFittingError: it has no such role.
    """
    for role in ROLES_OF_KIND[kind]:
        if role == text:
            return role
    raise RoleNotFittingError(field="role")


def session_expires_at(created_at: datetime, seen_at: datetime, *, is_staff: bool) -> datetime:
    """When a session ends unless it is used again before.

    Args:
        created_at: when the person signed in.
        seen_at: when they last used it.
        is_staff: they work for an alliance or the operator, so use does not prolong it.
    """
    idle = seen_at + IDLE_LIMIT
    return min(idle, created_at + STAFF_LIMIT) if is_staff else idle


def require_delivery_in_bounds(
    fees_minor: dict[str, int], free_from_minor: int | None, days: dict[str, int]
) -> None:
    """Refuse fees, a threshold (whole đồng) or days that can only be slips of the keyboard.

    Raises:
        FeeOutOfBoundsError: with the `field` that is wrong.
    """
    for field, fee in fees_minor.items():
        if not 0 <= fee <= FEE_MAX_MINOR:
            raise FeeOutOfBoundsError(field=field)
    if free_from_minor is not None and not 0 < free_from_minor <= FREE_FROM_MAX_MINOR:
        raise FeeOutOfBoundsError(field="free_from")
    for field, count in days.items():
        if not 0 <= count <= DAYS_MAX:
            raise FeeOutOfBoundsError(field=field)
