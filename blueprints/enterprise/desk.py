"""What every page of a buyer's desk asks first: who is here, and for which request."""

from dataclasses import dataclass
from typing import Final

from blueprints.locale import path
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.queries import SessionMembership
from marketplace.sourcing.requests import queries
from models.requests import Request

ABOUT: Final = "san-pham"
INVITED: Final = "nguoi-ban"
"""In an address: the product that a buyer was looking at, and whom they want to ask about it."""


@dataclass(frozen=True, slots=True)
class OfBuyer:
    """Anything of an enterprise, to ask what the actor may do with such things."""

    organisation_id: int


def buyer(code: str) -> tuple[Actor, SessionMembership]:
    """The actor at the desk of an enterprise, and the enterprise.

    Raises:
        NotFoundError: no such desk, or not theirs.
        NotAllowedError: the organisation buys nothing here, or they have no work at its desk.
    """
    actor = acting_for(code)
    membership = acting_membership()
    authorize(actor, Permission.REQUEST_VIEW, membership)
    return actor, membership


def own_request(code: str, number: str) -> tuple[Actor, Request]:
    """The actor and a request of their enterprise.

    Raises:
        RequestNotFoundError: there is none on this desk.
    """
    actor, _membership = buyer(code)
    return actor, queries.get_request(number, viewer=actor)


def request_to_edit(code: str, number: str) -> tuple[Actor, Request]:
    """The actor and a request of their enterprise that they may change.

    Raises:
        RequestNotFoundError: there is none on this desk.
        NotAllowedError: they may look at it, not change it.
    """
    actor, request = own_request(code, number)
    authorize(actor, Permission.REQUEST_EDIT, request)
    return actor, request


def request_url(code: str, number: str = "", step: str = "") -> str:
    """The address of the requests of a desk, of one of them, or of one step of it."""
    parts = [f"/mua-hang/{code}/yeu-cau", *([number] if number else []), *([step] if step else [])]
    return path("/".join(parts))
