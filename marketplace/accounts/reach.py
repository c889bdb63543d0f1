"""How far an alliance decides: about the whole country, or about one province.

What is of another province does not exist for its officers. Every query and operation of an
alliance's desk asks here; who is of no alliance is narrowed by other rules, not by these.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.accounts.errors import OrganisationNotFoundError
from marketplace.accounts.permissions import Actor, NotAllowedError, Permission, authorize
from marketplace.platform.statements import Question
from models.accounts import Organisation, OrganisationKind

_COVERED: Final = Question(
    select(Organisation.covers_province_code).where(Organisation.id == bindparam("organisation_id"))
)


def province_of(actor: Actor) -> str | None:
    """The province that the actor's alliance decides about; None: the whole country."""
    if actor.kind != OrganisationKind.ALLIANCE:
        return None
    [row] = _COVERED.ask(organisation_id=actor.organisation_id)
    province: str | None = row[0]
    return province


def reaches(actor: Actor, province_code: str | None) -> bool:
    """Whether the actor's alliance decides about what is of a province."""
    return province_of(actor) in {None, province_code}


def within_reach(
    viewer: Actor, province_code: InstrumentedAttribute[Any]
) -> list[ColumnElement[bool]]:
    """The conditions of SQL that leave a viewer's alliance what it decides about.

    Args:
        viewer: who asks.
        province_code: the column that says of which province a row is.
    """
    province = province_of(viewer)
    return [] if province is None else [province_code == province]


def require_reach(viewer: Actor, organisation: Organisation) -> None:
    """Return if the viewer's alliance decides about an organisation, or there is no alliance.

    Raises:
        OrganisationNotFoundError: another alliance decides.
    """
    if not reaches(viewer, organisation.province_code):
        raise OrganisationNotFoundError


def authorize_national(actor: Actor) -> None:
    """Return if the actor may say which alliance decides about which province.

    Raises:
        NotAllowedError: the actor is no officer of an alliance of the whole country.
    """
    authorize(actor, Permission.ALLIANCE_MANAGE, None)
    if province_of(actor) is not None:
        raise NotAllowedError(permission=str(Permission.ALLIANCE_MANAGE))
