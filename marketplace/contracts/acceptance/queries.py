"""Reading what arrived."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import aliased

from marketplace.platform.database import session
from models.accounts import User
from models.deliveries import (
    Delivery,
    DeliveryDispute,
    DeliveryLine,
    DeliveryReturn,
    DeliveryState,
)
from models.media import MediaFile


@dataclass(frozen=True, slots=True)
class LineSeen:
    """A line with its photo and what became of the rejected goods."""

    line: DeliveryLine
    photo: MediaFile | None
    returned: DeliveryReturn | None


@dataclass(frozen=True, slots=True)
class DisputeSeen:
    """A dispute with who opened and who ended it."""

    dispute: DeliveryDispute
    opened_by: str
    resolved_by: str


def overdue_delivery_ids(at: datetime) -> Sequence[int]:
    """Deliveries whose buyers have said nothing until the deadline; none that is disputed."""
    return session.scalars(
        select(Delivery.id)
        .where(
            Delivery.state == DeliveryState.SHIPPED,
            Delivery.dispute_open.is_(False),
            Delivery.accept_by_at <= at,
        )
        .order_by(Delivery.accept_by_at, Delivery.id)
    ).all()


def lines_seen(delivery_id: int) -> list[LineSeen]:
    """The lines of a delivery in their order, whatever was said of them. One statement."""
    rows = session.execute(
        select(DeliveryLine, MediaFile, DeliveryReturn)
        .outerjoin(MediaFile, MediaFile.id == DeliveryLine.photo_id)
        .outerjoin(DeliveryReturn, DeliveryReturn.line_id == DeliveryLine.id)
        .where(DeliveryLine.delivery_id == delivery_id)
        .order_by(DeliveryLine.id)
    )
    return [LineSeen(*row) for row in rows]


def disputes_of(delivery_id: int) -> list[DisputeSeen]:
    """The disputes of a delivery, the latest first. Both sides read them. One statement."""
    opener, resolver = aliased(User), aliased(User)
    rows = session.execute(
        select(DeliveryDispute, opener.full_name, resolver.full_name)
        .join(opener, opener.id == DeliveryDispute.opened_by_id)
        .outerjoin(resolver, resolver.id == DeliveryDispute.resolved_by_id)
        .where(DeliveryDispute.delivery_id == delivery_id)
        .order_by(DeliveryDispute.id.desc())
    )
    return [DisputeSeen(each, opened, resolved or "") for each, opened, resolved in rows]


def find_photo(delivery_id: int, photo_id: int) -> MediaFile | None:
    """A photo that was taken of a line of a delivery."""
    return session.scalar(
        select(MediaFile)
        .join(DeliveryLine, DeliveryLine.photo_id == MediaFile.id)
        .where(DeliveryLine.delivery_id == delivery_id, MediaFile.id == photo_id)
        .limit(1)
    )
