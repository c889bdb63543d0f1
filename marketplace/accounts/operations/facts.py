"""What the register of business knows of an organisation, and the pictures that stand for it."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import select

from marketplace.accounts import rules
from marketplace.accounts.changes import put_fields, record_fields
from marketplace.accounts.errors import (
    FactOutOfBoundsError,
    FoundedLaterError,
    PictureNotFoundError,
    TaxCodeTakenError,
    TaxCodeUnreadableError,
)
from marketplace.accounts.locks import lock_organisation
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day
from marketplace.kernel.identifiers import is_tax_code
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.accounts import Organisation
from models.media import FileKind, MediaFile


class Place(StrEnum):
    """Where a picture of an organisation stands."""

    LOGO = "logo"
    COVER = "cover"


@dataclass(frozen=True, slots=True)
class Facts:
    """What the papers of an organisation say. `charter_capital_minor` in whole đồng."""

    tax_code: str = ""
    registration_number: str = ""
    legal_representative: str = ""
    charter_capital_minor: int | None = None
    founded_on: date | None = None
    member_count: int | None = None
    brand: str = ""


def declare_facts(
    *, actor: Actor, organisation_id: int, facts: Facts, at: datetime
) -> Organisation:
    """Say what the papers of an organisation say. Safe to repeat.

    Once the alliance has verified it, every change is shown to the alliance and to the public.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not its director.
        TextTooLongError, FactOutOfBoundsError, FoundedLaterError: as they say.
        TaxCodeUnreadableError: the new tax code is none.
        TaxCodeTakenError: another organisation has it.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    fields = _read(facts, business_day(at))
    if fields["tax_code"] not in {None, organisation.tax_code}:
        _require_own_tax_code(fields["tax_code"])
    before = put_fields(organisation, fields)
    if before:
        record_fields(actor, rules.FACTS_DECLARED, organisation, at=at, before=before, after=fields)
    return organisation


def show_picture(
    *, actor: Actor, organisation_id: int, place: Place, file_id: int | None, at: datetime
) -> Organisation:
    """Put a photo of the organisation in a place of its public page, or take it away.

    Raises:
        OrganisationNotFoundError: there is no such organisation.
        NotAllowedError: the actor is not its director.
        PictureNotFoundError: the file is no photo of the organisation.
    """
    organisation = lock_organisation(organisation_id)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    if file_id is not None:
        file = session.get(MediaFile, file_id)
        if file is None or file.kind != FileKind.PHOTO or file.organisation_id != organisation.id:
            raise PictureNotFoundError(field=str(place))
    fields = {f"{place}_id": file_id}
    before = put_fields(organisation, fields)
    if before:
        record_fields(
            actor, "accounts.picture_shown", organisation, at=at, before=before, after=fields
        )
    return organisation


def _read(facts: Facts, today: date) -> dict[str, Any]:
    counted = {
        "charter_capital_minor": (facts.charter_capital_minor, rules.CAPITAL_MAX_MINOR),
        "member_count": (facts.member_count, rules.MEMBERS_MAX),
    }
    for name, (value, most) in counted.items():
        if value is not None and not 0 <= value <= most:
            raise FactOutOfBoundsError(field=name)
    if facts.founded_on is not None and facts.founded_on > today:
        raise FoundedLaterError(field="founded_on")
    return {
        "tax_code": "".join(facts.tax_code.split()) or None,
        "registration_number": rules.read_text(
            facts.registration_number, rules.REGISTRATION_MAX, "registration_number"
        )
        or None,
        "legal_representative": rules.read_text(
            facts.legal_representative, rules.NAME_MAX, "legal_representative"
        )
        or None,
        "charter_capital_minor": facts.charter_capital_minor,
        "founded_on": facts.founded_on,
        "member_count": facts.member_count,
        "brand": rules.read_text(facts.brand, rules.BRAND_MAX, "brand"),
    }


def _require_own_tax_code(tax_code: str) -> None:
    if not is_tax_code(tax_code):
        raise TaxCodeUnreadableError(field="tax_code")
    lock_key("tax-code", tax_code)
    taken = session.scalar(select(Organisation.id).where(Organisation.tax_code == tax_code))
    if taken is not None:
        raise TaxCodeTakenError(field="tax_code")
