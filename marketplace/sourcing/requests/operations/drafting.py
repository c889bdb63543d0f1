"""Drafts: begun, changed, copied from an old request, thrown away."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import delete

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.chance import draw_bits
from marketplace.kernel.clock import business_day
from marketplace.kernel.references import ORDER_BITS, dated_number
from marketplace.kernel.states import NotAllowedError
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.operations.writing import remove_parts, write_terms
from marketplace.sourcing.requests.queries.pages import terms_of
from marketplace.sourcing.requests.rules import NUMBER_PREFIX, REQUEST
from marketplace.sourcing.requests.terms import Terms, require_sound
from models.requests import Request, RequestState

COPY_CLOSES_AFTER: Final = timedelta(days=14)


def create_request(*, actor: Actor, organisation_id: int, terms: Terms, at: datetime) -> Request:
    """Begin a draft. Nobody but the enterprise sees it.

    Raises:
        NotAllowedError: the actor may not write requests of this enterprise.
        and those of `require_sound` and `write_terms`.
    """
    request = Request(
        organisation_id=organisation_id,
        number=dated_number(NUMBER_PREFIX, business_day(at), draw_bits(ORDER_BITS)),
        state=RequestState.DRAFT,
        revision=1,
        created_at=at,
        created_by_id=actor.user_id,
    )
    authorize(actor, Permission.REQUEST_EDIT, request)
    require_sound(terms)
    write_terms(request, terms)
    _record("create_request", request, actor, at)
    return request


def edit_draft(*, actor: Actor, request_id: int, terms: Terms, at: datetime) -> Request:
    """Let a draft say something else. A draft may be incomplete.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not, or it is published already.
        and those of `require_sound` and `write_terms`.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    _require_draft(request)
    require_sound(terms)
    write_terms(request, terms)
    _record("edit_draft", request, actor, at)
    return request


def copy_request(*, actor: Actor, request_id: int, at: datetime) -> Request:
    """Begin a draft that says what an old request said; its months follow the present one.

    The months keep their distance from each other and begin a month from now, if they are past.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not write requests of this enterprise.
    """
    old = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, old)
    closes_at = max(old.closes_at, at + COPY_CLOSES_AFTER)
    return create_request(
        actor=actor,
        organisation_id=old.organisation_id,
        terms=terms_of(old, closes_at=closes_at, months_after=business_day(closes_at)),
        at=at,
    )


def discard_draft(*, actor: Actor, request_id: int, at: datetime) -> None:
    """Throw a draft away.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not, or it is published already.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    _require_draft(request)
    _record("discard_draft", request, actor, at)
    remove_parts(request_id)
    session.execute(delete(Request).where(Request.id == request_id))
    session.expunge(request)


def _require_draft(request: Request) -> None:
    if request.state != RequestState.DRAFT:
        raise NotAllowedError(
            machine=REQUEST.name, from_state=request.state, to_state=RequestState.DRAFT
        )


def _record(verb: str, request: Request, actor: Actor, at: datetime) -> None:
    record(
        actor=actor,
        action=f"sourcing.{verb}",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after={"number": request.number},
    )
