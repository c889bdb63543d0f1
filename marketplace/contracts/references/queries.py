"""Reading reference prices. They are no secret to anybody who has a contract or a desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.references.errors import UnknownReferenceError
from marketplace.contracts.references.goods import Good, find_good, goods
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest, paginate
from models.contracts import ReferencePrice


@dataclass(frozen=True, slots=True)
class Quoted:
    """A good and the last price of it, if there ever was one."""

    good: Good
    price: ReferencePrice | None


def price_on(code: str, day: date) -> ReferencePrice | None:
    """The price that counts on a day: the latest of the last published day until then."""
    return session.scalar(
        select(ReferencePrice)
        .where(ReferencePrice.code == code, ReferencePrice.day <= day)
        .order_by(ReferencePrice.day.desc(), ReferencePrice.id.desc())
        .limit(1)
    )


def price_of_day(code: str, day: date) -> ReferencePrice | None:
    """The price that was published for exactly this day, the latest of them."""
    return session.scalar(
        select(ReferencePrice)
        .where(ReferencePrice.code == code, ReferencePrice.day == day)
        .order_by(ReferencePrice.id.desc())
        .limit(1)
    )


def last_prices(*, viewer: Actor) -> Sequence[Quoted]:
    """Every good that has reference prices, with the last of each.

    Raises:
        NotAllowedError: the viewer is no officer.
    """
    authorize(viewer, Permission.REFERENCE_PRICE_EDIT, None)
    rows = session.scalars(
        select(ReferencePrice)
        .ext(distinct_on(ReferencePrice.code))
        .order_by(ReferencePrice.code, ReferencePrice.day.desc(), ReferencePrice.id.desc())
    )
    last = {row.code: row for row in rows}
    return [Quoted(good, last.get(good.code)) for good in goods()]


def published(code: str, *, viewer: Actor, page: PageRequest) -> tuple[Good, Page[ReferencePrice]]:
    """Everything that was published of a good, corrections too, the last days first.

    Raises:
        NotAllowedError: the viewer is no officer.
        UnknownReferenceError: nothing of that code is published.
    """
    authorize(viewer, Permission.REFERENCE_PRICE_EDIT, None)
    good = find_good(code)
    if good is None:
        raise UnknownReferenceError(code=code)
    rows = (
        select(ReferencePrice)
        .where(ReferencePrice.code == code)
        .order_by(ReferencePrice.day.desc(), ReferencePrice.id.desc())
    )
    return good, paginate(rows, page)
