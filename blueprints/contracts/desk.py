"""What every page of contracts asks first: who is here, for which side, of which contract."""

from dataclasses import dataclass

from blueprints.locale import path
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.queries import SessionMembership
from marketplace.contracts import access
from models.accounts import OrganisationKind
from models.contracts import Contract


@dataclass(frozen=True, slots=True)
class OfBoth:
    """Any contract of an organisation, to ask what the actor may do with such."""

    buyer_id: int
    seller_id: int
    led_by_id: None = None


def party(code: str) -> tuple[Actor, SessionMembership]:
    """The actor at the desk of an enterprise or a seller, and the organisation.

    Raises:
        NotFoundError: no such desk, or not theirs.
        NotAllowedError: the organisation neither buys nor sells, or they have no work there.
    """
    actor = acting_for(code)
    membership = acting_membership()
    buys = membership.kind == OrganisationKind.ENTERPRISE
    authorize(actor, Permission.REQUEST_VIEW if buys else Permission.DESK_VIEW, membership)
    return actor, membership


def own_contract(code: str, number: str) -> tuple[Actor, Contract]:
    """The actor and a contract of their organisation.

    Raises:
        ContractNotFoundError: there is none that they may know of.
    """
    actor, _membership = party(code)
    return actor, access.get_contract(number, viewer=actor)


def contract_url(code: str, number: str = "", *steps: str) -> str:
    """The address of the contracts of a desk, of one of them, or of a step of it."""
    parts = [f"/hop-dong/{code}", *([number] if number else []), *steps]
    return path("/".join(parts))
