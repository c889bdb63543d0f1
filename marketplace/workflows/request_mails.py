"""The letters that a request for quotation causes, each to one reader and once."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from marketplace.accounts.queries import Reader, organisation_name, readers_in
from marketplace.notifications.operations import notify
from marketplace.platform.database import session
from marketplace.sourcing.requests import queries
from marketplace.sourcing.requests.rules import can_be_opened, is_open
from marketplace.workflows.request_words import difference_lines
from models.accounts import Role
from models.requests import Request, RequestQuestion, RequestState

SELLING: Final = (Role.DIRECTOR, Role.SALES)
BUYING: Final = (Role.DIRECTOR, Role.BUYER)


def tell_invited(*, request_id: int, at: datetime) -> None:
    """Invite the directors and the sales people of every invited seller."""
    request = _request(request_id)
    if is_open(request, at):
        invited = [each.organisation_id for each in queries.invited_to(request_id)]
        _write_to_sellers(request, invited, "request_invited", key="", at=at)


def tell_changed(*, request_id: int, revision: int, at: datetime) -> None:
    """Tell everybody concerned what a change has made different."""
    request = _request(request_id)
    [change] = [each for each in queries.changes_of(request_id) if each.revision == revision]
    for reader in readers_in(queries.audience_of(request_id), SELLING):
        _write(
            request,
            reader,
            "request_changed",
            key=f":{revision}",
            at=at,
            lines=difference_lines(change.differences, reader.locale),
        )


def tell_ended(*, request_id: int, at: datetime) -> None:
    """Tell everybody concerned that a request was cancelled, or ended without an award."""
    request = _request(request_id)
    template = "request_cancelled" if request.state == RequestState.CANCELLED else "request_ended"
    _write_to_sellers(
        request,
        queries.audience_of(request_id),
        template,
        key="",
        at=at,
        reason=request.end_reason,
    )


def tell_asked(*, question_id: int, at: datetime) -> None:
    """Tell the buyer that somebody asks."""
    question, request = _question(question_id)
    _write_to_buyer(request, "request_asked", key=f":{question_id}", at=at, question=question.text)


def tell_answered(*, question_id: int, at: datetime) -> None:
    """Tell everybody who may quote what was asked and answered, not by whom it was asked."""
    question, request = _question(question_id)
    _write_to_sellers(
        request,
        queries.audience_of(request.id, with_declined=False),
        "request_answered",
        key=f":{question_id}",
        at=at,
        question=question.text,
        answer=question.answer,
    )


def remind_invited(*, request_id: int, closes_at: datetime, at: datetime) -> None:
    """Remind the invited sellers that have not answered, 48 hours before the closing."""
    request = _request(request_id)
    if is_open(request, at) and request.closes_at == closes_at:
        _write_to_sellers(
            request,
            queries.silent_invited(request_id),
            "request_reminder",
            key=f":{closes_at:%Y%m%d%H%M}",
            at=at,
        )


def tell_closed(*, request_id: int, closes_at: datetime, at: datetime) -> None:
    """Tell the buyer that the quotes can be opened."""
    request = _request(request_id)
    if can_be_opened(request, at) and request.closes_at == closes_at:
        _write_to_buyer(request, "request_closed", key="", at=at)


def _write_to_sellers(
    request: Request,
    organisation_ids: Collection[int],
    template: str,
    *,
    key: str,
    at: datetime,
    **values: object,
) -> None:
    for reader in readers_in(organisation_ids, SELLING):
        _write(request, reader, template, key=key, at=at, **values)


def _write_to_buyer(
    request: Request, template: str, *, key: str, at: datetime, **values: object
) -> None:
    for reader in readers_in([request.organisation_id], BUYING):
        _write(request, reader, template, key=key, at=at, **values)


def _write(
    request: Request, reader: Reader, template: str, *, key: str, at: datetime, **values: object
) -> None:
    base = "mua-hang" if reader.organisation_id == request.organisation_id else "quay"
    notify(
        key=f"{request.number}{key}:{reader.user_id}",
        recipient=reader.email,
        locale=reader.locale,
        template=template,
        at=at,
        name=reader.full_name,
        number=request.number,
        title=request.title,
        buyer=organisation_name(request.organisation_id),
        closes_at=request.closes_at,
        url=f"/{base}/{reader.code}/yeu-cau/{request.number}",
        **values,
    )


def _request(request_id: int) -> Request:
    return session.get_one(Request, request_id)


def _question(question_id: int) -> tuple[RequestQuestion, Request]:
    question = session.get_one(RequestQuestion, question_id)
    return question, _request(question.request_id)
