"""One request in full: what it says, who is invited, what was asked and changed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import exists, select, union

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.sourcing.requests.errors import RequestNotFoundError
from marketplace.sourcing.requests.terms import Limit, Place, Terms
from marketplace.sourcing.supply.rules import month_after, month_of
from models.accounts import Organisation
from models.media import MediaFile
from models.requests import (
    Quote,
    QuoteState,
    Request,
    RequestChange,
    RequestFile,
    RequestInvitation,
    RequestLimit,
    RequestPeriod,
    RequestQuestion,
    RequestScheme,
)

QUOTED = (QuoteState.SUBMITTED, QuoteState.OPENED, QuoteState.WON, QuoteState.LOST)
"""The states of quotes that were sent and not withdrawn."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that comes with a request."""

    id: int
    name: str
    content_type: str
    byte_size: int


@dataclass(frozen=True, slots=True)
class InvitedSeller:
    """A seller that was asked, why, and whether it declined; for the buyer."""

    organisation_id: int
    code: str
    slug: str
    name: str
    province_code: str
    why: dict[str, Any]
    invited_at: datetime
    declined_at: datetime | None
    decline_reason: str


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, as everybody may read it: not by whom it was asked."""

    id: int
    text: str
    asked_at: datetime
    answer: str
    answered_at: datetime | None
    is_own: bool


def get_request(number: str, *, viewer: Actor) -> Request:
    """A request as the buyer's side reads it.

    Raises:
        RequestNotFoundError: there is none, or it is another enterprise's.
        NotAllowedError: the viewer has no work with requests.
    """
    request = session.scalar(select(Request).where(Request.number == number))
    if request is None or request.organisation_id != viewer.organisation_id:
        raise RequestNotFoundError(number=number)
    authorize(viewer, Permission.REQUEST_VIEW, request)
    return request


def terms_of(
    request: Request, *, closes_at: datetime | None = None, months_after: date | None = None
) -> Terms:
    """What a request says. Four statements.

    Args:
        request: which.
        closes_at: say that it closes then.
        months_after: move its months on together until the first is not before this day's month.
    """
    periods = _rows(RequestPeriod, request.id, RequestPeriod.month)
    limits = _rows(RequestLimit, request.id, RequestLimit.position)
    schemes = _rows(RequestScheme, request.id, RequestScheme.scheme_code)
    files = _rows(RequestFile, request.id, RequestFile.file_id)
    months = [(each.month, each.quantity_g) for each in periods]
    return Terms(
        title=request.title,
        category_id=request.category_id,
        place=Place(request.province_code, request.commune_code, request.address),
        closes_at=closes_at or request.closes_at,
        grade=request.grade,
        specification=request.specification,
        packing=request.packing,
        tolerance_bps=request.tolerance_bps,
        target_minor=request.target_minor,
        wants_samples=request.wants_samples,
        is_open_to_all=request.is_open_to_all,
        periods=tuple(_moved(months, months_after) if months_after else months),
        limits=tuple(Limit(each.name, each.operator, each.value, each.unit) for each in limits),
        schemes=tuple(each.scheme_code for each in schemes),
        file_ids=tuple(each.file_id for each in files),
    )


def terms_for_seller(request: Request) -> Terms:
    """What a request says to sellers: the target price is not theirs to know."""
    return replace(terms_of(request), target_minor=None)


def files_of(file_ids: Sequence[int]) -> list[File]:
    """What is known of the files of a request, in their order."""
    rows = session.execute(
        select(MediaFile.id, MediaFile.original_name, MediaFile.content_type, MediaFile.byte_size)
        .where(MediaFile.id.in_(file_ids))
        .order_by(MediaFile.id)
    )
    return [File(*row) for row in rows]


def get_file(request: Request, file_id: int) -> MediaFile:
    """A file of a request that the reader may read.

    Raises:
        RequestNotFoundError: the request has no such file.
    """
    found = session.scalar(
        select(MediaFile)
        .join(RequestFile, RequestFile.file_id == MediaFile.id)
        .where(RequestFile.request_id == request.id, MediaFile.id == file_id)
    )
    if found is None:
        raise RequestNotFoundError(number=request.number)
    return found


def invited_to(request_id: int) -> list[InvitedSeller]:
    """Whom the buyer asked, those who have not declined first, by name."""
    rows = session.execute(
        select(
            Organisation.id,
            Organisation.code,
            Organisation.slug,
            Organisation.name,
            Organisation.province_code,
            RequestInvitation.why,
            RequestInvitation.invited_at,
            RequestInvitation.declined_at,
            RequestInvitation.decline_reason,
        )
        .join(RequestInvitation, RequestInvitation.organisation_id == Organisation.id)
        .where(RequestInvitation.request_id == request_id)
        .order_by(
            RequestInvitation.declined_at.is_not(None), Organisation.sort_key, Organisation.id
        )
    )
    return [InvitedSeller(*row) for row in rows]


def questions_of(request_id: int, *, reader_id: int | None = None) -> list[Answered]:
    """The questions about a request, unanswered ones first, then the latest.

    Args:
        request_id: which.
        reader_id: the seller that reads: it sees its own questions before they are answered, and
            those of others after; None for the buyer, who sees all and of nobody who asked.
    """
    rows = session.execute(
        select(
            RequestQuestion.id,
            RequestQuestion.text,
            RequestQuestion.asked_at,
            RequestQuestion.answer,
            RequestQuestion.answered_at,
            RequestQuestion.organisation_id,
        )
        .where(RequestQuestion.request_id == request_id)
        .order_by(RequestQuestion.answered_at.is_not(None), RequestQuestion.id.desc())
    )
    return [
        Answered(*row[:5], is_own=row.organisation_id == reader_id)
        for row in rows
        if reader_id is None or row.answered_at is not None or row.organisation_id == reader_id
    ]


def changes_of(request_id: int) -> Sequence[RequestChange]:
    """What was changed after publishing, the latest first."""
    return session.scalars(
        select(RequestChange)
        .where(RequestChange.request_id == request_id)
        .order_by(RequestChange.revision.desc())
    ).all()


def audience_of(request_id: int, *, with_declined: bool = True) -> list[int]:
    """The sellers concerned: invited, or with a question or a quote of their own.

    Args:
        request_id: which.
        with_declined: those, too, who were invited and declined.
    """
    declined = (
        select(RequestInvitation.organisation_id)
        .where(
            RequestInvitation.request_id == request_id,
            RequestInvitation.declined_at.is_not(None),
        )
        .scalar_subquery()
    )
    concerned = union(
        select(RequestInvitation.organisation_id).where(RequestInvitation.request_id == request_id),
        select(RequestQuestion.organisation_id).where(RequestQuestion.request_id == request_id),
        select(Quote.organisation_id).where(
            Quote.request_id == request_id, Quote.state.in_(QUOTED)
        ),
    ).subquery()
    wanted = select(concerned.c.organisation_id).order_by(concerned.c.organisation_id)
    if not with_declined:
        wanted = wanted.where(concerned.c.organisation_id.not_in(declined))
    return list(session.scalars(wanted))


def silent_invited(request_id: int) -> list[int]:
    """The invited sellers that have neither declined nor sent a quote."""
    quoted = exists().where(
        Quote.request_id == request_id,
        Quote.organisation_id == RequestInvitation.organisation_id,
        Quote.state.in_(QUOTED),
    )
    return list(
        session.scalars(
            select(RequestInvitation.organisation_id)
            .where(
                RequestInvitation.request_id == request_id,
                RequestInvitation.declined_at.is_(None),
                ~quoted,
            )
            .order_by(RequestInvitation.organisation_id)
        )
    )


def _rows(kind: Any, request_id: int, order: Any) -> Sequence[Any]:  # noqa: ANN401 - four models
    return session.scalars(select(kind).where(kind.request_id == request_id).order_by(order)).all()


def _moved(months: list[tuple[date, int]], day: date) -> list[tuple[date, int]]:
    """The months as far from each other as they were, the first not before the month of `day`."""
    if not months or months[0][0] >= month_of(day):
        return months
    start = day.year * 12 + day.month
    first = months[0][0].year * 12 + months[0][0].month
    return [(month_after(month, start - first), grams) for month, grams in months]
