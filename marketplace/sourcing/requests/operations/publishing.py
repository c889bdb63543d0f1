"""Publishing a request, inviting sellers to it, and changing what it says afterwards."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from psycopg.types.json import Jsonb
from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.statements import adding
from marketplace.platform.transitions import change_state
from marketplace.sourcing.requests.errors import (
    NobodyInvitedError,
    RequestClosedError,
    TooManyInvitedError,
    UnknownSellerError,
    UnverifiedBuyerError,
)
from marketplace.sourcing.requests.locks import lock_request
from marketplace.sourcing.requests.operations.writing import write_terms
from marketplace.sourcing.requests.queries.pages import terms_of
from marketplace.sourcing.requests.rules import MOST_INVITED, REQUEST, is_open
from marketplace.sourcing.requests.terms import (
    Terms,
    differences,
    facts_of,
    require_closing,
    require_complete,
)
from models.accounts import SELLER_KINDS, Organisation, VerificationState
from models.requests import Request, RequestChange, RequestInvitation, RequestState

_KEEP_CHANGE = adding(RequestChange, waits=False)


@dataclass(frozen=True, slots=True)
class Invited:
    """A seller to ask, and why it was found to match: facts of this day."""

    organisation_id: int
    why: dict[str, Any] = field(default_factory=dict)


def publish_request(
    *, actor: Actor, request_id: int, invited: Sequence[Invited], at: datetime
) -> Request:
    """Let sellers see a draft, and invite some. One that is published stays as it is.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not, or it was cancelled or ended.
        UnverifiedBuyerError: the alliance has not verified the enterprise.
        ClosingTooSoonError, ClosingTooFarError: it would close too soon or too late.
        NobodyInvitedError: it is by invitation, and nobody is invited.
        UnknownSellerError: one of those is no verified seller.
        TooManyInvitedError: more than a hundred would be invited.
        and those of `require_complete`.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    if request.state == RequestState.OPEN:
        return request
    REQUEST.require(request.state, RequestState.OPEN)
    _require_verified_buyer(request.organisation_id)
    require_complete(terms_of(request))
    require_closing(request.closes_at, at=at)
    if not request.is_open_to_all and not invited:
        raise NobodyInvitedError(field="seller_ids")
    request.published_at = at
    change_state(request, REQUEST, RequestState.OPEN, actor=actor, at=at)
    added = _invite(request, invited, at)
    _record("publish_request", request, actor, at, {"number": request.number, "invited": added})
    return request


def invite_sellers(
    *, actor: Actor, request_id: int, invited: Sequence[Invited], at: datetime
) -> list[int]:
    """Ask more sellers; who is invited already stays so. Returns the ids of the new ones.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not.
        RequestClosedError: it takes no quotes any more.
        NobodyInvitedError: nobody is named.
        UnknownSellerError: one of those is no verified seller.
        TooManyInvitedError: more than a hundred would be invited.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    if not is_open(request, at):
        raise RequestClosedError
    if not invited:
        raise NobodyInvitedError(field="seller_ids")
    added = _invite(request, invited, at)
    if added:
        _record("invite_sellers", request, actor, at, {"invited": added})
    return added


def change_request(
    *, actor: Actor, request_id: int, terms: Terms, at: datetime
) -> RequestChange | None:
    """Let a published request say something else, and keep what it said before.

    What is open to all stays so. The target price is not for sellers: changing it alone is no
    revision.

    Returns:
        The change, of which everybody concerned is to be told; None if sellers see no difference.

    Raises:
        RequestNotFoundError: there is none.
        NotAllowedError: the actor may not.
        RequestClosedError: it is past its closing, or not published.
        ClosingTooSoonError, ClosingTooFarError: it would close earlier than in 24 hours, or in
            half a year.
        and those of `require_complete` and `write_terms`.
    """
    request = lock_request(request_id)
    authorize(actor, Permission.REQUEST_EDIT, request)
    if not is_open(request, at):
        raise RequestClosedError
    was = terms_of(request)
    now_says = replace(terms, is_open_to_all=was.is_open_to_all or terms.is_open_to_all)
    require_complete(now_says)
    if now_says.closes_at != was.closes_at:
        require_closing(now_says.closes_at, at=at, was=was.closes_at)
    write_terms(request, now_says)
    changed = differences(facts_of(was), facts_of(terms_of(request)))
    if not changed:
        return None
    request.revision += 1
    session.flush()
    _KEEP_CHANGE.make(
        request_id=request.id,
        revision=request.revision,
        differences=Jsonb(changed),
        at=at,
        by_id=actor.user_id,
    )
    _record("change_request", request, actor, at, {"revision": request.revision})
    return session.scalars(
        select(RequestChange).where(
            RequestChange.request_id == request.id, RequestChange.revision == request.revision
        )
    ).one()


def _require_verified_buyer(organisation_id: int) -> None:
    buyer = session.get(Organisation, organisation_id)
    if buyer is None or not buyer.is_verified:
        raise UnverifiedBuyerError


def _invite(request: Request, invited: Sequence[Invited], at: datetime) -> list[int]:
    why = {each.organisation_id: each.why for each in invited}
    _require_sellers(why)
    known = set(
        session.scalars(
            select(RequestInvitation.organisation_id).where(
                RequestInvitation.request_id == request.id
            )
        )
    )
    added = sorted(why.keys() - known)
    if len(known) + len(added) > MOST_INVITED:
        raise TooManyInvitedError(field="seller_ids", most=MOST_INVITED)
    session.add_all(
        RequestInvitation(request_id=request.id, organisation_id=each, why=why[each], invited_at=at)
        for each in added
    )
    session.flush()
    return added


def _require_sellers(wanted: dict[int, dict[str, Any]]) -> None:
    sellers = session.scalars(
        select(Organisation.id).where(
            Organisation.id.in_(wanted),
            Organisation.kind.in_(SELLER_KINDS),
            Organisation.verification == VerificationState.VERIFIED,
        )
    )
    unknown = wanted.keys() - set(sellers)
    if unknown:
        raise UnknownSellerError(field="seller_ids", codes=", ".join(map(str, sorted(unknown))))


def _record(verb: str, request: Request, actor: Actor, at: datetime, after: dict[str, Any]) -> None:
    record(
        actor=actor,
        action=f"sourcing.{verb}",
        subject_kind="request",
        subject_id=request.id,
        at=at,
        after=after,
    )
