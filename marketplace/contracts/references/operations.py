"""Publishing reference prices."""

from datetime import date, datetime, timedelta
from typing import Final

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.references import queries
from marketplace.contracts.references.errors import (
    ReferenceAmountError,
    ReferenceDayError,
    ReferenceSourceError,
    UnknownReferenceError,
)
from marketplace.contracts.references.goods import find_good
from marketplace.kernel.clock import business_day
from marketplace.platform import audit
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from models.contracts import ReferencePrice

CURRENCY: Final = "VND"
HIGHEST_MINOR: Final = 10_000_000
DAYS_BACK: Final = 60
SOURCE_MAX: Final = 200


def publish_price(  # noqa: PLR0913 - the columns of one row
    *, actor: Actor, code: str, day: date, price_minor: int, source: str, at: datetime
) -> ReferencePrice:
    """Say what a kilogram cost on a day; later for the same day is a correction.

    What stands already is not added again. Whatever was priced before keeps its price.

    Raises:
        NotAllowedError: the actor is no officer.
        UnknownReferenceError: nothing of that code is published.
        ReferenceDayError: the day has not come, or is long past.
        ReferenceAmountError: the price makes no sense.
        ReferenceSourceError: no source, or too long a one.
    """
    lock_key("reference-price", code)
    authorize(actor, Permission.REFERENCE_PRICE_EDIT, None)
    source = " ".join(source.split())
    _check(code, day, price_minor, source, at)
    latest = queries.price_of_day(code, day)
    if latest is not None and (latest.price_minor, latest.source) == (price_minor, source):
        return latest
    row = ReferencePrice(
        code=code,
        day=day,
        currency=CURRENCY,
        price_minor=price_minor,
        source=source,
        at=at,
        by_id=actor.user_id,
    )
    session.add(row)
    session.flush()
    audit.record(
        actor=actor,
        action="contracts.publish_price",
        subject_kind="reference_price",
        subject_id=row.id,
        at=at,
        before=None if latest is None else {"price_minor": latest.price_minor},
        after={"code": code, "day": day.isoformat(), "price_minor": price_minor, "source": source},
    )
    return row


def _check(code: str, day: date, price_minor: int, source: str, at: datetime) -> None:
    today = business_day(at)
    if find_good(code) is None:
        raise UnknownReferenceError(field="code", code=code)
    if not today - timedelta(days=DAYS_BACK) <= day <= today:
        raise ReferenceDayError(field="day", days=DAYS_BACK)
    if not 1 <= price_minor <= HIGHEST_MINOR:
        raise ReferenceAmountError(field="price")
    if not source or len(source) > SOURCE_MAX:
        raise ReferenceSourceError(field="source", most=SOURCE_MAX)
