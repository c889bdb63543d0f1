"""Which requests a seller may read, and which they may quote for."""

from datetime import datetime

from sqlalchemy import ColumnElement, select

from marketplace.platform.database import session
from marketplace.sourcing.requests.rules import is_open
from models.requests import Request, RequestInvitation, RequestState


def visible_to(seller_id: int) -> ColumnElement[bool]:
    """Which requests a seller may read: published, and open to all or sent to them."""
    invited = (
        select(RequestInvitation.request_id)
        .where(
            RequestInvitation.request_id == Request.id,
            RequestInvitation.organisation_id == seller_id,
        )
        .correlate(Request)
        .exists()
    )
    return (Request.state != RequestState.DRAFT) & (Request.is_open_to_all | invited)


def find_request(number: str, *, seller_id: int) -> Request | None:
    """A request as a seller may read it, whatever has become of it; or None."""
    return session.scalar(select(Request).where(Request.number == number, visible_to(seller_id)))


def find_open_request(number: str, *, seller_id: int, at: datetime) -> Request | None:
    """A request that a seller may quote for at this moment; or None."""
    request = find_request(number, seller_id=seller_id)
    return request if request is not None and is_open(request, at) else None


def find_invitation(request_id: int, *, seller_id: int) -> RequestInvitation | None:
    """The invitation of a seller to a request, if there is one."""
    return session.get(RequestInvitation, (request_id, seller_id))
