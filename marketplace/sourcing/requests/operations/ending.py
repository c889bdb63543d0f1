"""The end of a request without an award: called off before it is opened, or given up after."""

from datetime import datetime

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.states import NotAllowedError
from marketplace.platform.audit import record
from marketplace.platform.transitions import change_state
from marketplace.sourcing.requests.errors import ReasonMissingError
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.rules import REQUEST, is_open
from models.requests import Request, RequestState


def cancel_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """Call a published request off before its quotes are opened. Again changes nothing.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not, or it is opened or decided.
        ReasonMissingError: no reason is given.
    """
    return _end(RequestState.CANCELLED, actor, request_id, reason, at)


def end_request(*, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    """End a request without choosing anybody, after it is closed. Again changes nothing.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not, or the request still takes quotes, or is decided.
        ReasonMissingError: no reason is given.
    """
    return _end(RequestState.ENDED, actor, request_id, reason, at)


def _end(state: RequestState, actor: Actor, request_id: int, reason: str, at: datetime) -> Request:
    request = lock_request(request_id)
    authorize(actor, Permission.AWARD_DECIDE, request)
    if request.state == state:
        return request
    REQUEST.require(request.state, state)
    if state == RequestState.ENDED and is_open(request, at):
        raise NotAllowedError(
            machine=REQUEST.name, from_state=request.state, to_state=RequestState.ENDED
        )
    given = " ".join(reason.split())
    if not given:
        raise ReasonMissingError(field="reason")
    change_state(request, REQUEST, state, actor=actor, at=at, reason=given)
    request.end_reason, request.decided_at = given, at
    record(
        actor=actor,
        action=f"sourcing.{'cancel' if state == RequestState.CANCELLED else 'end'}_request",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        reason=given,
    )
    return request
