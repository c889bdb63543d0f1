"""Organisations and the people in them. Nobody signs up here: they have been there for long."""

from datetime import date, datetime
from functools import cache
from typing import Final

from sqlalchemy import select

from marketplace.accounts.banks import sealed_columns
from marketplace.accounts.permissions import Actor
from marketplace.kernel.identifiers import is_tax_code
from marketplace.kernel.text import ascii_memo, sort_key
from marketplace.platform.database import session
from marketplace.workflows.demo.content import OrganisationContent, content
from models.accounts import (
    Membership,
    Organisation,
    OrganisationKind,
    User,
    VerificationState,
)
from models.bank_accounts import BankAccount

PASSWORD: Final = "demo-marketplace"  # noqa: S105 - printed for everybody to see
PHONES: Final = "+84900000"
"""Telephone numbers of the demonstration begin so: 0900 000 xxx."""
FIRST_BUYER: Final = 200
"""Organisations have the numbers below this one, buyers those from it on."""
_TAX_STEM: Final = "0999"


def found(
    organisation: OrganisationContent, *, password_hash: str, at: datetime
) -> dict[str, Actor]:
    """Add an organisation with its people, and give the first actor of each role."""
    number = _number_of(organisation.code)
    row = Organisation(
        code=organisation.code,
        slug=organisation.slug,
        kind=organisation.kind,
        name=organisation.name,
        name_en=organisation.name_en,
        short_name=organisation.short_name,
        sort_key=sort_key(organisation.name),
        tax_code=tax_codes()[number],
        registration_number=tax_codes()[number],  # one number for both since 2016
        legal_representative=organisation.people[0].name,
        charter_capital_minor=_capital(organisation),
        province_code=organisation.province,
        covers_province_code=organisation.covers,
        commune_code=organisation.commune_code,
        address=organisation.address,
        phone=f"{PHONES}{number:03d}",
        founded_on=date.fromisoformat(organisation.founded),
        member_count=organisation.members,
        tagline_vi=organisation.tagline.vi,
        tagline_en=organisation.tagline.en,
        story_vi=organisation.story.vi,
        story_en=organisation.story.en,
        verification=_standing(organisation.kind),
        created_at=at,
    )
    session.add(row)
    session.flush()
    actors: dict[str, Actor] = {}
    for person in organisation.people:
        user_id = person_of(person.email, person.name, password_hash=password_hash, at=at)
        session.add(
            Membership(user_id=user_id, organisation_id=row.id, role=person.role, created_at=at)
        )
        actor = Actor(
            user_id=user_id, organisation_id=row.id, kind=organisation.kind, role=person.role
        )
        actors.setdefault(person.role, actor)
    session.flush()
    return actors


def person_of(email: str, name: str, *, password_hash: str, at: datetime) -> int:
    """The id of the person with this address, who is added unless known."""
    known = session.scalar(select(User.id).where(User.email == email))
    if known is not None:
        return known
    user = User(
        email=email,
        full_name=name,
        password_hash=password_hash,
        locale="vi",
        email_confirmed_at=at,
        created_at=at,
    )
    session.add(user)
    session.flush()
    return user.id


def organisation_id(code: str) -> int:
    """The id of the organisation with this code."""
    return session.scalars(select(Organisation.id).where(Organisation.code == code)).one()


def add_account(  # noqa: PLR0913 - the columns of one row
    owner_id: int,
    *,
    bank: str,
    number: str,
    holder: str,
    at: datetime,
    is_collecting: bool = False,
) -> None:
    """Add the bank account of an organisation; `bank` is the bank's BIN."""
    session.add(
        BankAccount(
            organisation_id=owner_id,
            bank_bin=bank,
            bank_name=content().banks[bank],
            **sealed_columns(bank, number),
            holder_name=ascii_memo(holder, 80),
            is_main=True,
            is_collecting=is_collecting,
            created_at=at,
        )
    )
    session.flush()


@cache
def tax_codes() -> tuple[str, ...]:
    """Tax codes whose check digit holds but that begin with 0999, which no province has."""
    found = []
    for body in range(100_000):
        code = next(
            (
                f"{_TAX_STEM}{body:05d}{check}"
                for check in range(10)
                if is_tax_code(f"{_TAX_STEM}{body:05d}{check}")
            ),
            None,
        )
        if code is not None:
            found.append(code)
        if len(found) == FIRST_BUYER:
            break
    return tuple(found)


def _number_of(code: str) -> int:
    everyone = content()
    own = (
        everyone.operator,
        everyone.alliance,
        *everyone.enterprises,
        *everyone.sellers,
        everyone.provincial,
    )
    return 1 + [each.code for each in own].index(code)


def _capital(organisation: OrganisationContent) -> int | None:
    """What its members have paid in, about: a share of five and a half million đồng each."""
    if organisation.members is None:
        return None
    return max(50, organisation.members * 11 // 20) * 10_000_000


def _standing(kind: str) -> VerificationState:
    """Sellers wait for the alliance; the market, the alliance and companies are known."""
    sellers = {OrganisationKind.COOPERATIVE, OrganisationKind.UNION, OrganisationKind.GROUP}
    return VerificationState.PENDING if kind in sellers else VerificationState.VERIFIED
