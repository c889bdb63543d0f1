"""The lines of a delivery, as they are now."""

from collections.abc import Sequence

from sqlalchemy import select

from marketplace.platform.database import session
from models.deliveries import DeliveryLine


def lines_of(delivery_id: int) -> Sequence[DeliveryLine]:
    """The lines of a delivery in their order; what the session knew of them is read again."""
    return session.scalars(
        select(DeliveryLine)
        .where(DeliveryLine.delivery_id == delivery_id)
        .order_by(DeliveryLine.id)
        .execution_options(populate_existing=True)
    ).all()
