"""What everybody may know of an organisation that the alliance has decided about."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.rules import EDITED, FACTS_DECLARED, LEGAL_FIELDS
from marketplace.platform.reading import read
from models.accounts import SELLER_KINDS, Organisation, VerificationState
from models.media import MediaFile
from models.platform import AuditEvent

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


@dataclass(frozen=True, slots=True)
class FactChange:
    """A fact that an organisation changed by itself after the alliance had verified it.

    Attributes:
        field: one of `rules.LEGAL_FIELDS`.
        before: what it held; None for nothing.
        after: what it holds since.
    """

    field: str
    before: str | int | None
    after: str | int | None
    at: datetime


def changes_since(organisation_id: int, verified_at: datetime | None) -> list[FactChange]:
    """What changed by itself since it was verified, the latest first. One statement at most.

    A field that holds again what it held when it was verified has not changed.

    Args:
        organisation_id: whose facts.
        verified_at: when the alliance last compared them; None: never.
    """
    if verified_at is None:
        return []
    rows = read(
        select(AuditEvent.at, AuditEvent.before, AuditEvent.after)
        .where(
            AuditEvent.subject_kind == "organisation",
            AuditEvent.subject_id == organisation_id,
            AuditEvent.action.in_((EDITED, FACTS_DECLARED)),
            AuditEvent.at > verified_at,
        )
        .order_by(AuditEvent.id)
    )
    changes: dict[str, FactChange] = {}
    for at, before, after in rows:
        for name in LEGAL_FIELDS:
            if name in after:
                first = changes[name].before if name in changes else before[name]
                changes[name] = FactChange(name, first, after[name], at)
    found = [change for change in changes.values() if change.before != change.after]
    return sorted(found, key=lambda change: change.at, reverse=True)


def public_facts(slug: str) -> PublicFacts:
    """A seller that the alliance has decided about, on the market or off it. One statement.

    Raises:
        OrganisationNotFoundError: there is none, or it waits for its verification.
    """
    rows = read(_FACTS.where(Organisation.slug == slug))
    if not rows:
        raise OrganisationNotFoundError
    return PublicFacts(*rows[0])


@dataclass(frozen=True, slots=True)
class Pictures:
    """The photos that stand for an organisation, by their hashes; empty for none."""

    logo: str = ""
    cover: str = ""


def pictures_of(organisation: Organisation) -> Pictures:
    """The logo and the cover of an organisation; one statement."""
    ids = {"logo": organisation.logo_id, "cover": organisation.cover_id}
    rows = read(
        select(MediaFile.id, MediaFile.sha256).where(
            MediaFile.id.in_([each for each in ids.values() if each is not None])
        )
    )
    found = {row.id: row.sha256 for row in rows}
    return Pictures(**{place: found.get(each, "") for place, each in ids.items()})
