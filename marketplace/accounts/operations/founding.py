"""An organisation that the alliance has looked at comes onto the market, with its director."""

import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts import passwords, rules
from marketplace.accounts.errors import AccountDisabledError, TaxCodeTakenError
from marketplace.accounts.links import Letter, letter, letter_with_link
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.text import fold, slug, sort_key
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key, lock_one
from marketplace.platform.transitions import change_state
from models.accounts import (
    Membership,
    Organisation,
    TokenPurpose,
    User,
    VerificationState,
)

FIRST_LINK_LIFE: Final = timedelta(days=7)
"""How long a new director can choose a password by the first mail; after that by "forgotten"."""
CODE_LENGTH: Final = 8
"""Of a code made from a name; two digits more keep equal names apart."""
SHORT_NAME_MAX: Final = 80

_SHORT_KINDS: Final = (
    ("liên minh hợp tác xã", "LM HTX"),
    ("liên hiệp hợp tác xã", "LH HTX"),
    ("hợp tác xã", "HTX"),
    ("tổ hợp tác", "THT"),
    ("công ty trách nhiệm hữu hạn", "Công ty TNHH"),
)
_COMMON: Final = frozenset(
    {
        "hop",
        "tac",
        "xa",
        "htx",
        "lien",
        "hiep",
        "to",
        "nong",
        "nghiep",
        "dich",
        "vu",
        "san",
        "xuat",
        "kinh",
        "doanh",
        "thuong",
        "mai",
        "tong",
        "cong",
        "ty",
        "tnhh",
        "co",
        "phan",
        "va",
        "cua",
    }
)
_OF_ALLIANCE: Final = re.compile(r"^lien minh hop tac xa (tinh |thanh pho )?")
"""How the names of all alliances begin; what tells them apart is the province."""
_NOT_CODE: Final = re.compile(r"[^A-Z0-9]")


@dataclass(frozen=True, slots=True)
class Founding:
    """What is known of an organisation when it comes onto the market. Capital in whole đồng."""

    kind: str
    name: str
    tax_code: str | None
    registration_number: str | None
    legal_representative: str | None
    founded_on: date | None
    charter_capital_minor: int | None
    member_count: int | None
    province_code: str
    commune_code: str | None
    address: str
    phone: str | None
    email: str | None
    story_vi: str


@dataclass(frozen=True, slots=True)
class FirstDirector:
    """Who will lead it. `locale` is the language they read."""

    email: str
    full_name: str
    phone: str | None
    locale: str


def found_organisation(*, actor: Actor, founding: Founding, at: datetime) -> Organisation:
    """Add an organisation that is verified from its first moment by the actor's alliance.

    Raises:
        NotAllowedError: the actor is no officer of an alliance.
        TaxCodeTakenError: an organisation of the market has this tax code.
    """
    authorize(actor, Permission.ORGANISATION_VERIFY, None)
    lock_key("accounts.founding", "")  # codes, slugs and tax codes are chosen one at a time
    if founding.tax_code and has_tax_code(founding.tax_code):
        raise TaxCodeTakenError(field="tax_code")
    organisation = Organisation(
        code=_free_code(founding.name),
        slug=_free_slug(founding.name),
        kind=founding.kind,
        name=founding.name,
        short_name=short_name_of(founding.name),
        sort_key=sort_key(founding.name),
        tax_code=founding.tax_code or None,
        registration_number=founding.registration_number or None,
        legal_representative=founding.legal_representative or None,
        founded_on=founding.founded_on,
        charter_capital_minor=founding.charter_capital_minor,
        member_count=founding.member_count,
        province_code=founding.province_code,
        commune_code=founding.commune_code,
        address=founding.address,
        phone=founding.phone,
        email=founding.email,
        story_vi=founding.story_vi,
        verification=VerificationState.PENDING,
        created_at=at,
    )
    session.add(organisation)
    session.flush()
    change_state(organisation, rules.STANDING, VerificationState.VERIFIED, actor=actor, at=at)
    organisation.verified_at, organisation.verified_by_id = at, actor.organisation_id
    session.flush()
    audit.record(
        actor=actor,
        action="accounts.organisation_founded",
        subject_kind="organisation",
        subject_id=organisation.id,
        at=at,
        after={
            "code": organisation.code,
            "kind": organisation.kind,
            "name": organisation.name,
            "tax_code": organisation.tax_code,
            "verification": organisation.verification,
        },
    )
    return organisation


def appoint_director(
    *, actor: Actor, organisation: Organisation, person: FirstDirector, at: datetime
) -> Letter:
    """Make somebody the first director of an organisation; returns the mail that tells them.

    Whoever has a confirmed account joins with it; the mail carries no link then. All others get an
    account that opens with a password chosen by the link in the mail, which proves the address.

    Raises:
        NotAllowedError: the actor is no officer of an alliance.
        AccountDisabledError: the account of this address was closed.
    """
    authorize(actor, Permission.ORGANISATION_VERIFY, organisation)
    lock_key("accounts.email", person.email)
    user = lock_one(select(User).where(User.email == person.email))
    if user is not None and user.disabled_at is not None:
        raise AccountDisabledError
    is_known = user is not None and user.email_confirmed_at is not None
    if user is None:
        user = User(
            email=person.email,
            full_name=person.full_name,
            phone=person.phone,
            locale=person.locale,
            password_hash=passwords.hash_password(secrets.token_urlsafe(32)),
            created_at=at,
        )
        session.add(user)
    elif not is_known:
        # Somebody signed up with this address and never proved that it is theirs.
        user.full_name, user.locale = person.full_name, person.locale
        user.password_hash = passwords.hash_password(secrets.token_urlsafe(32))
    session.flush()
    kind_role = rules.ROLES_OF_KIND[organisation.kind][0]
    membership = Membership(
        user_id=user.id, organisation_id=organisation.id, role=kind_role, created_at=at
    )
    session.add(membership)
    session.flush()
    audit.record(
        actor=actor,
        action="accounts.director_appointed",
        subject_kind="membership",
        subject_id=membership.id,
        at=at,
        after={"role": membership.role, "user_id": user.id},
    )
    if is_known:
        return letter(user, "application_approved", key=organisation.code)
    return letter_with_link(user, TokenPurpose.RESET_PASSWORD, at, life=FIRST_LINK_LIFE)


def has_tax_code(tax_code: str) -> bool:
    """Whether an organisation of the market has this tax code."""
    found = session.scalar(select(Organisation.id).where(Organisation.tax_code == tax_code))
    return found is not None


def short_name_of(name: str) -> str:
    """A name with its kind shortened: "HTX Cà phê Cư M’gar"."""
    for long, short in _SHORT_KINDS:
        if name.lower().startswith(long):
            name = f"{short}{name[len(long) :]}"
            break
    return name[:SHORT_NAME_MAX].strip()


def code_of(name: str) -> str:
    """What a code begins with that is made from a name: "CAPHECUM"; "HTX" where nothing is left."""
    told_apart = _OF_ALLIANCE.sub("", fold(name))
    words = [word for word in told_apart.split() if word not in _COMMON]
    bare = _NOT_CODE.sub("", "".join(words).upper()).lstrip("0123456789")[:CODE_LENGTH]
    return bare if len(bare) > 1 else "HTX"


def _free_code(name: str) -> str:
    stem = code_of(name)
    taken = set(
        session.scalars(select(Organisation.code).where(Organisation.code.startswith(stem)))
    )
    if stem not in taken:
        return stem
    for number in range(2, 100):
        if (code := f"{stem}{number}") not in taken:
            return code
    while (code := f"H{secrets.randbelow(10**8):08d}") in taken:
        pass
    return code


def _free_slug(name: str) -> str:
    stem = slug(name)[:100] or "to-chuc"
    taken = set(
        session.scalars(select(Organisation.slug).where(Organisation.slug.startswith(stem)))
    )
    numbered = (f"{stem}-{number}" for number in range(2, len(taken) + 3))
    return next(each for each in (stem, *numbered) if each not in taken)
