"""How sellers keep their promises, counted from real orders.

Only whom the alliance is to remind is written down between two counts: to find them means to look
at every order of the nation.

What is promised and when it counts stands in `marketplace.orders.queries.promises`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Select,
    and_,
    any_,
    bindparam,
    func,
    or_,
    select,
)

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import require_reach
from marketplace.kernel.clock import business_day
from marketplace.orders.errors import OrderNotFoundError
from marketplace.orders.operations.reminding import Tally
from marketplace.orders.queries.promises import Judgement, Promise, judge, of_parts
from marketplace.orders.rules import CONFIRM_WITHIN
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.reading import read
from marketplace.reporting.promise_rules import PromiseRule, promise_rule_on
from models.accounts import Organisation, VerificationState
from models.orders import SellerOrder
from models.promises import PromiseReply

ALL_BPS: Final = 10_000
TENTH: Final = 10
"""Of a percent, in hundredths of a percent: shares are shown to a tenth."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One promise: how many parts kept it and how many did not."""

    kept: int
    missed: int

    @property
    def total(self) -> int:
        """How many parts count."""
        return self.kept + self.missed

    @property
    def kept_bps(self) -> int:
        """The share that kept it, in hundredths of a percent, to a tenth of a percent."""
        return _share(self.kept, self.total)

    @property
    def missed_bps(self) -> int:
        """The share that did not; both add up to the whole."""
        return ALL_BPS - self.kept_bps if self.total else 0

    def is_above(self, bps: int) -> bool:
        """Whether the share that did not keep it is more than so much, exactly."""
        return self.missed * ALL_BPS > bps * self.total


@dataclass(frozen=True, slots=True)
class PromiseRecord:
    """A seller's promises of the last `PROMISES_FOR`.

    Attributes:
        parts: how many parts reached it.
        against: how many of them count against it in anything.
        figures: by promise.
    """

    parts: int
    against: int
    figures: Mapping[Promise, Figure]


@dataclass(frozen=True, slots=True)
class PromisePart:
    """A part with what was promised and what was done; nothing of its buyer.

    Attributes:
        reached_at: when it could be confirmed.
        promised_on: the last day for handing it over; None where the buyer collects it.
        by_seller: its seller called it off.
        confirmed, handed_over, not_called_off, delivered: True: kept; False: missed; None: neither.
        reply: what the seller says beside it; None if nothing.
    """

    id: int
    number: str
    reached_at: datetime
    confirmed_at: datetime | None
    promised_on: date | None
    handed_over_at: datetime | None
    delivered_at: datetime | None
    cancelled_at: datetime | None
    by_seller: bool
    confirmed: bool | None
    handed_over: bool | None
    not_called_off: bool | None
    delivered: bool | None
    reply: str | None
    replied_at: datetime | None

    @property
    def confirm_by(self) -> datetime:
        """Until when it was to be confirmed."""
        return self.reached_at + CONFIRM_WITHIN

    @property
    def is_against(self) -> bool:
        """Whether anything about it counts against the seller."""
        return False in {self.confirmed, self.handed_over, self.not_called_off, self.delivered}


IS_THERE: Final = Organisation.verification != VerificationState.CLOSED
"""A seller that is closed is left in peace."""


def record_of(organisation: Organisation, *, viewer: Actor, at: datetime) -> PromiseRecord:
    """How a seller keeps its promises; one statement.

    Raises:
        NotAllowedError: the viewer neither works for it nor for an alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
    """
    _require_view(organisation, viewer)
    return _record(organisation.id, at)


def parts_behind(
    organisation: Organisation,
    *,
    promise: Promise | None,
    viewer: Actor,
    page: PageRequest,
    at: datetime,
) -> Page[PromisePart]:
    """The parts behind a figure, missed ones first, the latest first; two statements.

    Args:
        organisation: the seller.
        promise: of which figure; None for all parts that count against it in anything.
        viewer: who asks.
        page: which page.
        at: now.

    Raises:
        NotAllowedError: the viewer neither works for it nor for an alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
    """
    _require_view(organisation, viewer)
    rules = judge(at)
    wanted = (
        SellerOrder.organisation_id == organisation.id,
        rules.counts,
        rules.against if promise is None else rules.settled(promise),
    )
    total = session.scalar(of_parts(select(func.count())).where(*wanted)) or 0
    first = (rules.against if promise is None else rules.missed[promise]).desc()
    rows = session.execute(
        _with_replies(rules)
        .where(*wanted)
        .order_by(first, SellerOrder.placed_at.desc(), SellerOrder.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page([PromisePart(*row) for row in rows], page, total)


def get_part(
    number: str, *, organisation: Organisation, viewer: Actor, at: datetime
) -> PromisePart:
    """One part of a seller's record; one statement.

    Raises:
        NotAllowedError: the viewer neither works for the seller nor for an alliance.
        OrganisationNotFoundError: the viewer's alliance decides about another province.
        OrderNotFoundError: no part of its record has this number.
    """
    _require_view(organisation, viewer)
    rules = judge(at)
    row = session.execute(
        _with_replies(rules).where(
            SellerOrder.organisation_id == organisation.id,
            SellerOrder.number == number,
            rules.counts,
        )
    ).one_or_none()
    if row is None:
        raise OrderNotFoundError(number=number)
    return PromisePart(*row)


def public_record(
    organisation_id: int, *, at: datetime
) -> tuple[PromiseRecord, PromiseRule] | None:
    """What everybody may know of a seller's promises, with the rule; one statement.

    None while no rule holds. Of a figure with fewer parts than the rule asks for nothing is to be
    said.
    """
    rule = promise_rule_on(business_day(at))
    return None if rule is None else (_record(organisation_id, at), rule)


def public_records(
    organisation_ids: Sequence[int], *, at: datetime
) -> tuple[Mapping[int, PromiseRecord], PromiseRule] | None:
    """The same of several sellers, by their ids; one statement. Who has no parts is left out."""
    rule = promise_rule_on(business_day(at))
    if rule is None:
        return None
    rules = judge(at)
    rows = read(
        of_parts(select(SellerOrder.organisation_id, *_figures(rules)))
        .where(
            SellerOrder.organisation_id
            == any_(bindparam("organisations", list(organisation_ids), ARRAY(BigInteger))),
            rules.counts,
        )
        .group_by(SellerOrder.organisation_id)
    )
    return {one: _as_record(figures) for one, *figures in rows}, rule


def sellers_beyond_limits(at: datetime) -> list[Tally]:
    """The sellers beyond a limit of the day, counted from the orders themselves. For jobs.

    One grouped statement over everything of `PROMISES_FOR`: seconds, where a nation sells.
    """
    rule = promise_rule_on(business_day(at))
    if rule is None:
        return []
    rules = judge(at)
    called_off = _counts(rules, Promise.NOT_CALLED_OFF)
    late = _counts(rules, Promise.HANDED_OVER)
    rows = session.execute(
        of_parts(
            select(SellerOrder.organisation_id, *called_off, *late, func.count(PromiseReply.id))
        )
        .join(Organisation, Organisation.id == SellerOrder.organisation_id)
        .outerjoin(PromiseReply, PromiseReply.seller_order_id == SellerOrder.id)
        .where(rules.counts, IS_THERE)
        .group_by(SellerOrder.organisation_id)
        .having(
            or_(
                _is_beyond(*called_off, rule.called_off_above_bps, rule.at_least_parts),
                _is_beyond(*late, rule.late_above_bps, rule.at_least_parts),
            )
        )
    )
    return [Tally(*row) for row in rows]


def _require_view(organisation: Organisation, viewer: Actor) -> None:
    authorize(viewer, Permission.PROMISE_VIEW, organisation)
    require_reach(viewer, organisation)


def _record(organisation_id: int, at: datetime) -> PromiseRecord:
    rules = judge(at)
    [row] = read(
        of_parts(select(*_figures(rules))).where(
            SellerOrder.organisation_id == organisation_id, rules.counts
        )
    )
    return _as_record(row)


def _figures(rules: Judgement) -> list[ColumnElement[int]]:
    return [
        func.count(),
        func.count().filter(rules.against),
        *(count for promise in Promise for count in _counts(rules, promise)),
    ]


def _as_record(figures: Sequence[int]) -> PromiseRecord:
    parts, against, *counts = figures
    return PromiseRecord(
        parts=parts,
        against=against,
        figures={
            promise: Figure(counts[2 * place], counts[2 * place + 1])
            for place, promise in enumerate(Promise)
        },
    )


def _counts(rules: Judgement, promise: Promise) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """How many parts kept it, and how many missed it."""
    return (
        func.count().filter(rules.kept[promise]),
        func.count().filter(rules.missed[promise]),
    )


def _is_beyond(
    kept: ColumnElement[int], missed: ColumnElement[int], bps: int, least: int
) -> ColumnElement[bool]:
    return and_(kept + missed >= least, missed * ALL_BPS > (kept + missed) * bps)


def _with_replies(rules: Judgement) -> Select[*tuple[Any, ...]]:
    return of_parts(
        select(
            SellerOrder.id,
            SellerOrder.number,
            rules.reached_at,
            SellerOrder.confirmed_at,
            SellerOrder.promised_on,
            SellerOrder.handed_over_at,
            SellerOrder.delivered_at,
            SellerOrder.cancelled_at,
            rules.by_seller,
            *(rules.verdict(promise) for promise in Promise),
            PromiseReply.text,
            PromiseReply.at,
        )
    ).outerjoin(PromiseReply, PromiseReply.seller_order_id == SellerOrder.id)


def _share(part: int, whole: int) -> int:
    """A share in hundredths of a percent, rounded to a tenth of a percent; 0 of nothing."""
    if not whole:
        return 0
    return (2 * part * ALL_BPS // TENTH + whole) // (2 * whole) * TENTH
