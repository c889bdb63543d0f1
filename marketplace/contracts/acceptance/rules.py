"""What a result of a line may say, and how the clock runs: no database."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from marketplace.contracts.acceptance.errors import (
    ArrivalImpossibleError,
    GradeNotInContractError,
    MoistureMissingError,
    NamesMissingError,
    ReasonForLessMissingError,
    ResultsIncompleteError,
    WeightsDoNotAddUpError,
)
from marketplace.contracts.terms import Terms
from marketplace.kernel.clock import business_day
from models.deliveries import DeliveryState

DISPUTE_DAYS: Final = 30
"""So long after acceptance a side may still say that it does not agree."""
NAME_LENGTH: Final = 80
REASON_LENGTH: Final = 500
DISPUTE_LENGTH: Final = 1000
HUNDRED: Final = Decimal(100)


class Outcome(StrEnum):
    """What became of a line; a line can be more than one thing, apart from full."""

    FULL = "full"
    SHORT = "short"
    REGRADED = "regraded"
    REJECTED = "rejected"


class Shipped(Protocol):
    """What of a line is known when it arrives."""

    id: int
    lot_code: str
    grade: str
    shipped_g: int


class Sent(Protocol):
    """What of a delivery says whether the clock runs."""

    state: str
    dispute_open: bool
    accept_by_at: datetime | None
    accepted_at: datetime | None


class Accepted(Shipped, Protocol):
    """What of a line is known when it has been looked at."""

    accepted_g: int | None
    short_g: int
    rejected_g: int
    accepted_grade: str


@dataclass(frozen=True, slots=True)
class LineResult:
    """What the buyer says of one line.

    Attributes:
        line_id: Of which line.
        accepted_g: What is taken; with `short_g` and `rejected_g` it is what was shipped.
        grade: The grade it is taken as; empty: as it was shipped.
        moisture: Per cent, measured at unloading.
        reason: Why not everything was taken as it was shipped.
        photo_id: A paper of the buyer that shows it.
    """

    line_id: int
    accepted_g: int
    short_g: int = 0
    rejected_g: int = 0
    grade: str = ""
    moisture: Decimal | None = None
    reason: str = ""
    photo_id: int | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """When goods arrived, and between whom they changed hands."""

    arrived_on: date
    received_by: str
    handed_by: str


def outcomes(result: LineResult, *, shipped_as: str) -> tuple[Outcome, ...]:
    """What became of a line that was shipped as a grade, in words."""
    found = []
    if result.short_g:
        found.append(Outcome.SHORT)
    if result.accepted_g and result.grade != shipped_as:
        found.append(Outcome.REGRADED)
    if result.rejected_g:
        found.append(Outcome.REJECTED)
    return tuple(found) or (Outcome.FULL,)


def outcomes_of(line: Accepted, terms: Terms) -> tuple[Outcome, ...]:
    """What became of a line that was accepted; nothing while it has not been."""
    if line.accepted_g is None:
        return ()
    result = LineResult(
        line.id, line.accepted_g, line.short_g, line.rejected_g, grade=line.accepted_grade
    )
    return outcomes(result, shipped_as=grade_shipped(line, terms))


def grade_shipped(line: Shipped, terms: Terms) -> str:
    """The grade that counts where the buyer says none: the one shipped, else the base grade."""
    known = [each.code for each in terms.grades]
    if not known or line.grade in known:
        return line.grade if known else ""
    return next((each.code for each in terms.grades if not each.difference_minor), known[0])


def as_shipped(line: Shipped, terms: Terms) -> LineResult:
    """A line of which nothing is said: all of it, as it was sent."""
    return LineResult(line.id, line.shipped_g, grade=grade_shipped(line, terms))


def checked(
    lines: Sequence[Shipped], results: Sequence[LineResult], terms: Terms
) -> list[tuple[Shipped, LineResult]]:
    """Each line with its result, complete, in the order of the lines.

    Raises:
        ResultsIncompleteError: a line has no result or several, or a result no line.
        WeightsDoNotAddUpError, GradeNotInContractError, MoistureMissingError,
        ReasonForLessMissingError: see there; each names its lot.
    """
    of_line = {each.line_id: each for each in results}
    if len(of_line) != len(results) or of_line.keys() != {each.id for each in lines}:
        raise ResultsIncompleteError
    return [(each, _checked(each, of_line[each.id], terms)) for each in lines]


def _checked(line: Shipped, result: LineResult, terms: Terms) -> LineResult:
    if (
        min(result.accepted_g, result.short_g, result.rejected_g) < 0
        or result.accepted_g + result.short_g + result.rejected_g != line.shipped_g
    ):
        raise WeightsDoNotAddUpError(lot=line.lot_code, field=f"accepted_{line.id}")
    shipped_as = grade_shipped(line, terms)
    grade = result.grade.strip() or shipped_as
    if grade != shipped_as and grade not in {each.code for each in terms.grades}:
        raise GradeNotInContractError(lot=line.lot_code, field=f"grade_{line.id}")
    _require_moisture(line, result, terms)
    reason = " ".join(result.reason.split())[:REASON_LENGTH]
    complete = replace(result, grade=grade, reason=reason)
    if not reason and outcomes(complete, shipped_as=shipped_as) != (Outcome.FULL,):
        raise ReasonForLessMissingError(lot=line.lot_code, field=f"reason_{line.id}")
    return complete


def _require_moisture(line: Shipped, result: LineResult, terms: Terms) -> None:
    """Refuse what cannot be priced: nothing measured where the price follows it, or nonsense."""
    moisture = result.moisture
    is_needed = terms.price.standard_moisture is not None and result.accepted_g > 0
    if (moisture is None and is_needed) or (moisture is not None and not 0 <= moisture < HUNDRED):
        raise MoistureMissingError(lot=line.lot_code, field=f"moisture_{line.id}")


def checked_arrival(arrival: Arrival, *, shipped_at: datetime, at: datetime) -> Arrival:
    """An arrival with its names tidied.

    Raises:
        NamesMissingError: one of the two is not named.
        ArrivalImpossibleError: before the goods were sent, or after today.
    """
    received_by, handed_by = (
        " ".join(name.split())[:NAME_LENGTH] for name in (arrival.received_by, arrival.handed_by)
    )
    if not received_by or not handed_by:
        raise NamesMissingError(field="handed_by" if received_by else "received_by")
    if not business_day(shipped_at) <= arrival.arrived_on <= business_day(at):
        raise ArrivalImpossibleError(field="arrived_on")
    return Arrival(arrival.arrived_on, received_by, handed_by)


def clock_after(accept_by_at: datetime, *, opened_at: datetime, resolved_at: datetime) -> datetime:
    """The deadline when a dispute is over: what was left of the time when it began is left now."""
    return resolved_at + max(accept_by_at - opened_at, timedelta(0))


def is_overdue(delivery: Sent, at: datetime) -> bool:
    """Whether the clock has run out on goods that are underway; a dispute holds it."""
    return (
        delivery.state == DeliveryState.SHIPPED
        and not delivery.dispute_open
        and delivery.accept_by_at is not None
        and delivery.accept_by_at <= at
    )


def can_dispute(delivery: Sent, at: datetime) -> bool:
    """Whether somebody may disagree now: until the deadline, then for a while after acceptance."""
    if delivery.state == DeliveryState.SHIPPED:
        return not is_overdue(delivery, at)
    return delivery.accepted_at is not None and at <= delivery.accepted_at + timedelta(
        days=DISPUTE_DAYS
    )
