"""Reading the alliances and how far each decides; for officers of the whole country only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select

from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.permissions import Actor
from marketplace.accounts.queries import get_organisation
from marketplace.accounts.reach import authorize_national
from marketplace.accounts.registry import Contact, contacts_of
from marketplace.platform.database import session
from models.accounts import Invitation, Membership, Organisation, OrganisationKind


@dataclass(frozen=True, slots=True)
class AllianceRow:
    """An alliance in the list. `covers_province_code` is None for the whole country."""

    code: str
    name: str
    covers_province_code: str | None
    officers: int


@dataclass(frozen=True, slots=True)
class Offer:
    """An invitation that nobody has answered yet."""

    email: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class AlliancePage:
    """An alliance with its officers, and who is invited; `is_own`: the viewer is one of them."""

    organisation: Organisation
    officers: Sequence[Contact]
    offers: Sequence[Offer]
    is_own: bool


def alliances(*, viewer: Actor) -> Sequence[AllianceRow]:
    """All alliances: of the whole country first, then by name. One statement.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance of the whole country.
    """
    authorize_national(viewer)
    officers = (
        select(func.count())
        .where(Membership.organisation_id == Organisation.id, Membership.ended_at.is_(None))
        .correlate(Organisation)
        .scalar_subquery()
    )
    rows = session.execute(
        select(Organisation.code, Organisation.name, Organisation.covers_province_code, officers)
        .where(Organisation.kind == OrganisationKind.ALLIANCE)
        .order_by(
            Organisation.covers_province_code.is_not(None), Organisation.sort_key, Organisation.id
        )
    )
    return [AllianceRow(*row) for row in rows]


def get_alliance(code: str, *, viewer: Actor) -> AlliancePage:
    """One alliance.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance of the whole country.
        OrganisationNotFoundError: there is no such alliance.
    """
    authorize_national(viewer)
    organisation = get_organisation(code=code)
    if organisation.kind != OrganisationKind.ALLIANCE:
        raise OrganisationNotFoundError
    offers = session.execute(
        select(Invitation.email, Invitation.expires_at)
        .where(
            Invitation.organisation_id == organisation.id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id)
    )
    return AlliancePage(
        organisation=organisation,
        officers=contacts_of(organisation, viewer=viewer),
        offers=[Offer(*row) for row in offers],
        is_own=organisation.id == viewer.organisation_id,
    )
