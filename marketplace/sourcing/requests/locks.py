"""Holding a request: whoever changes it, its questions or its quotes holds it first."""

from sqlalchemy import select

from marketplace.platform.locking import lock_one
from marketplace.sourcing.requests.errors import RequestNotFoundError
from models.requests import Request


def lock_request(request_id: int) -> Request:
    """A request that is about to change, or whose quotes are.

    It stands for its months, limits, invitations, questions and quotes: they are not locked
    besides, so that publishing, changing, cancelling, quoting and opening go one after the other.

    Raises:
        RequestNotFoundError: there is none.
    """
    request = lock_one(select(Request).where(Request.id == request_id))
    if request is None:
        raise RequestNotFoundError(request_id=request_id)
    return request
