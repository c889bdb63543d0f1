"""The lists of requests: the buyer's own, and those that a seller may answer."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, false, func, or_, select, true

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.sourcing.requests.queries.pages import QUOTED
from marketplace.sourcing.requests.queries.sellers import visible_to
from models.accounts import Organisation
from models.requests import (
    Quote,
    Request,
    RequestInvitation,
    RequestPeriod,
    RequestQuestion,
    RequestState,
)

BUYER_TABS: Final = ("dang-mo", "cho-mo", "nhap", "xong")
"""Open; closed and waiting to be opened or decided; drafts; over."""
SELLER_TABS: Final = ("cho", "da-tra-loi", "da-dong")
"""Waiting for an answer; asked about or quoted for; closed or declined."""


@dataclass(frozen=True, slots=True)
class BuyerRow:
    """A request in the buyer's list."""

    id: int
    number: str
    title: str
    state: str
    closes_at: datetime
    published_at: datetime | None
    revision: int
    total_g: int
    first_month: date | None
    last_month: date | None
    invited: int
    questions_waiting: int
    quotes: int


@dataclass(frozen=True, slots=True)
class SellerRow:
    """A request in a seller's list."""

    number: str
    title: str
    state: str
    buyer: str
    province_code: str
    closes_at: datetime
    total_g: int
    first_month: date | None
    last_month: date | None
    invited_at: datetime | None
    declined_at: datetime | None
    quote_state: str | None


def requests_of(
    organisation_id: int, *, viewer: Actor, tab: str, page: PageRequest, at: datetime
) -> Page[BuyerRow]:
    """The requests of an enterprise under a tab ("" for all). Two statements.

    Raises:
        NotAllowedError: the viewer has no work with its requests.
    """
    wanted = Request(organisation_id=organisation_id)
    authorize(viewer, Permission.REQUEST_VIEW, wanted)
    conditions = and_(Request.organisation_id == organisation_id, _buyer_tab(tab, at))
    total = session.scalar(select(func.count()).select_from(Request).where(conditions)) or 0
    months = _months()
    rows = session.execute(
        select(
            Request.id,
            Request.number,
            Request.title,
            Request.state,
            Request.closes_at,
            Request.published_at,
            Request.revision,
            func.coalesce(months.c.total_g, 0),
            months.c.first_month,
            months.c.last_month,
            _count(RequestInvitation),
            _count(RequestQuestion, RequestQuestion.answered_at.is_(None)),
            # How many have quoted is nobody's to know before the closing.
            case((Request.closes_at <= at, _count(Quote, Quote.state.in_(QUOTED))), else_=0),
        )
        .outerjoin(months, true())
        .where(conditions)
        .order_by(Request.created_at.desc(), Request.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(rows=[BuyerRow(*row) for row in rows], request=page, total=total)


def buyer_counts(organisation_id: int, *, at: datetime) -> dict[str, int]:
    """How many requests stand under each tab, and how many questions wait. One statement."""
    waiting = (
        select(func.count())
        .select_from(RequestQuestion)
        .join(Request, Request.id == RequestQuestion.request_id)
        .where(
            Request.organisation_id == organisation_id,
            RequestQuestion.answered_at.is_(None),
            _buyer_tab("dang-mo", at),
        )
        .scalar_subquery()
    )
    row = session.execute(
        select(*(func.count().filter(_buyer_tab(tab, at)) for tab in BUYER_TABS), waiting).where(
            Request.organisation_id == organisation_id
        )
    ).one()
    return dict(zip((*BUYER_TABS, "questions"), map(int, row), strict=True))


def requests_to_answer(
    organisation_id: int, *, tab: str, page: PageRequest, at: datetime
) -> Page[SellerRow]:
    """The requests that a seller may read under a tab, the soonest closing first. Two statements.

    Of those that are closed, the one that closed last comes first.
    """
    conditions = and_(visible_to(organisation_id), _seller_tab(organisation_id, tab, at))
    total = session.scalar(select(func.count()).select_from(Request).where(conditions)) or 0
    months = _months()
    invitation, quote = _own_of(organisation_id)
    by_closing = Request.closes_at.desc() if tab == "da-dong" else Request.closes_at
    rows = session.execute(
        select(
            Request.number,
            Request.title,
            Request.state,
            Organisation.short_name,
            Request.province_code,
            Request.closes_at,
            func.coalesce(months.c.total_g, 0),
            months.c.first_month,
            months.c.last_month,
            RequestInvitation.invited_at,
            RequestInvitation.declined_at,
            Quote.state,
        )
        .join(Organisation, Organisation.id == Request.organisation_id)
        .outerjoin(RequestInvitation, invitation)
        .outerjoin(Quote, quote)
        .outerjoin(months, true())
        .where(conditions)
        .order_by(by_closing, Request.id)
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(rows=[SellerRow(*row) for row in rows], request=page, total=total)


def seller_counts(organisation_id: int, *, at: datetime) -> dict[str, int]:
    """How many requests stand under each tab of a seller. One statement."""
    row = session.execute(
        select(*(func.count().filter(_seller_tab(organisation_id, tab, at)) for tab in SELLER_TABS))
        .select_from(Request)
        .where(visible_to(organisation_id))
    ).one()
    return dict(zip(SELLER_TABS, map(int, row), strict=True))


def _buyer_tab(tab: str, at: datetime) -> ColumnElement[bool]:
    is_open = Request.state == RequestState.OPEN
    return {
        "dang-mo": is_open & (Request.closes_at > at),
        "cho-mo": or_(is_open & (Request.closes_at <= at), Request.state == RequestState.OPENED),
        "nhap": Request.state == RequestState.DRAFT,
        "xong": Request.state.in_(
            (RequestState.AWARDED, RequestState.ENDED, RequestState.CANCELLED)
        ),
    }.get(tab, true() if tab == "" else false())


def _own_of(organisation_id: int) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """How a seller's invitation and its quote belong to a request."""
    return (
        (RequestInvitation.request_id == Request.id)
        & (RequestInvitation.organisation_id == organisation_id),
        (Quote.request_id == Request.id)
        & (Quote.organisation_id == organisation_id)
        & Quote.state.in_(QUOTED),
    )


def _seller_tab(organisation_id: int, tab: str, at: datetime) -> ColumnElement[bool]:
    invitation, quote = _own_of(organisation_id)
    is_open = (Request.state == RequestState.OPEN) & (Request.closes_at > at)
    has_quoted = select(Quote.id).where(quote).correlate(Request).exists()
    has_asked = (
        select(RequestQuestion.id)
        .where(
            RequestQuestion.request_id == Request.id,
            RequestQuestion.organisation_id == organisation_id,
        )
        .correlate(Request)
        .exists()
    )
    has_declined = (
        select(RequestInvitation.request_id)
        .where(invitation, RequestInvitation.declined_at.is_not(None))
        .correlate(Request)
        .exists()
    )
    has_answered = or_(has_quoted, has_asked)
    return {
        "cho": is_open & ~has_answered & ~has_declined,
        "da-tra-loi": is_open & has_answered & ~(has_declined & ~has_quoted),
        "da-dong": or_(~is_open, has_declined & ~has_quoted),
    }.get(tab, false())


def _months() -> Any:  # noqa: ANN401 - SQLAlchemy's own
    """What a request asks for, all its months together."""
    return (
        select(
            func.sum(RequestPeriod.quantity_g).cast(Request.id.type).label("total_g"),
            func.min(RequestPeriod.month).label("first_month"),
            func.max(RequestPeriod.month).label("last_month"),
        )
        .where(RequestPeriod.request_id == Request.id)
        .correlate(Request)
        .lateral()
    )


def _count(kind: Any, *conditions: ColumnElement[bool]) -> ColumnElement[int]:  # noqa: ANN401
    return (
        select(func.count())
        .select_from(kind)
        .where(kind.request_id == Request.id, *conditions)
        .correlate(Request)
        .scalar_subquery()
    )
