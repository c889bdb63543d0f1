"""Alliances: a new one of a province, and about which province one decides.

Whoever says so is an officer of an alliance of the whole country, and never speaks of their own;
so one such alliance stays. All of it happens under one name, so that two of them who narrow each
other at once see each other.
"""

from datetime import datetime

from sqlalchemy import select

from marketplace.accounts import rules
from marketplace.accounts.changes import put_fields, record_fields
from marketplace.accounts.errors import (
    OrganisationNotFoundError,
    OwnReachError,
    ProvinceTakenError,
)
from marketplace.accounts.locks import lock_organisation
from marketplace.accounts.operations.founding import Founding, found_organisation
from marketplace.accounts.permissions import Actor
from marketplace.accounts.reach import authorize_national
from marketplace.geography.queries import require_place
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.accounts import Organisation, OrganisationKind

REACH_SET = "accounts.reach_set"


def found_alliance(*, actor: Actor, name: str, province_code: str, at: datetime) -> Organisation:
    """Add an alliance that decides about a province; it has no officers yet.

    Raises:
        NotAllowedError: the actor is no officer of an alliance of the whole country.
        NameMissingError, UnknownProvinceError: as they say.
        ProvinceTakenError: an alliance decides about this province.
    """
    _begin(actor)
    name = rules.read_name(name, "name")
    require_place(province_code, None)
    _require_free(province_code)
    alliance = found_organisation(
        actor=actor,
        founding=Founding(
            kind=OrganisationKind.ALLIANCE,
            name=name,
            tax_code=None,
            registration_number=None,
            legal_representative=None,
            founded_on=None,
            charter_capital_minor=None,
            member_count=None,
            province_code=province_code,
            commune_code=None,
            address="",
            phone=None,
            email=None,
            story_vi="",
        ),
        at=at,
    )
    _put_reach(alliance, province_code, actor=actor, at=at)
    return alliance


def set_reach(
    *, actor: Actor, organisation_id: int, province_code: str | None, at: datetime
) -> bool:
    """Say about which province an alliance decides from now on; None: the whole country.

    Returns:
        Whether anything changed.

    Raises:
        NotAllowedError: the actor is no officer of an alliance of the whole country.
        OrganisationNotFoundError: there is no such alliance.
        OwnReachError: it is the actor's own.
        UnknownProvinceError: there is no such province.
        ProvinceTakenError: another alliance decides about it.
    """
    _begin(actor)
    alliance = lock_organisation(organisation_id)
    if alliance.kind != OrganisationKind.ALLIANCE:
        raise OrganisationNotFoundError
    if alliance.id == actor.organisation_id:
        raise OwnReachError
    if province_code is not None:
        require_place(province_code, None)
    if alliance.covers_province_code == province_code:
        return False
    if province_code is not None:
        _require_free(province_code)
    _put_reach(alliance, province_code, actor=actor, at=at)
    return True


def _begin(actor: Actor) -> None:
    lock_key("accounts.reach", "")
    authorize_national(actor)


def _require_free(province_code: str) -> None:
    holder = session.scalar(
        select(Organisation.id).where(Organisation.covers_province_code == province_code)
    )
    if holder is not None:
        raise ProvinceTakenError(field="province_code")


def _put_reach(
    alliance: Organisation, province_code: str | None, *, actor: Actor, at: datetime
) -> None:
    fields = {"covers_province_code": province_code}
    before = put_fields(alliance, fields)
    session.flush()
    record_fields(actor, REACH_SET, alliance, at=at, before=before, after=fields)
