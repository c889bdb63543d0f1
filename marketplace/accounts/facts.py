"""What everybody may know of an organisation that the alliance has decided about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.platform.reading import read
from models.accounts import SELLER_KINDS, Organisation, VerificationState

_verifier = aliased(Organisation)


@dataclass(frozen=True, slots=True)
class PublicFacts:
    """An organisation as the register of business and the alliance know it.

    Attributes:
        charter_capital_minor: whole đồng.
        verified_by: the alliance that verified it last.
    """

    id: int
    slug: str
    kind: str
    name: str
    name_en: str | None
    short_name: str
    brand: str
    tax_code: str | None
    registration_number: str | None
    legal_representative: str | None
    charter_capital_minor: int | None
    founded_on: date | None
    member_count: int | None
    province_code: str
    commune_code: str | None
    address: str
    verification: str
    verified_at: datetime | None
    verified_by: str | None


_FACTS: Final = (
    select(
        Organisation.id,
        Organisation.slug,
        Organisation.kind,
        Organisation.name,
        Organisation.name_en,
        Organisation.short_name,
        Organisation.brand,
        Organisation.tax_code,
        Organisation.registration_number,
        Organisation.legal_representative,
        Organisation.charter_capital_minor,
        Organisation.founded_on,
        Organisation.member_count,
        Organisation.province_code,
        Organisation.commune_code,
        Organisation.address,
        Organisation.verification,
        Organisation.verified_at,
        _verifier.name,
    )
    .outerjoin(_verifier, _verifier.id == Organisation.verified_by_id)
    .where(
        Organisation.kind.in_(sorted(SELLER_KINDS)),
        Organisation.verification != VerificationState.PENDING,
    )
)


def public_facts(slug: str) -> PublicFacts:
    """A seller that the alliance has decided about, on the market or off it. One statement.

    Raises:
        OrganisationNotFoundError: there is none, or it waits for its verification.
    """
    rows = read(_FACTS.where(Organisation.slug == slug))
    if not rows:
        raise OrganisationNotFoundError
    return PublicFacts(*rows[0])
