"""Parts that reached a seller and what became of them; replies beside missed promises."""

from datetime import datetime
from typing import Any

import factory

from marketplace.platform.database import session
from models.accounts import Organisation
from models.orders import SellerOrder, SellerOrderState
from models.platform import StateChange
from models.promises import DeliveryReply, PromiseReply
from tests.factories.base import Factory
from tests.factories.orders import OrderFactory, SellerOrderFactory
from tests.moments import MONDAY, TUESDAY


def cash_part(*, organisation: Organisation, at: datetime = MONDAY, **values: Any) -> SellerOrder:
    """A part, paid at the door, that reached the seller when it was ordered; nothing done yet."""
    order = OrderFactory(cash=True, parts=0, placed_at=at)
    part: SellerOrder = SellerOrderFactory(
        order=order, organisation=organisation, placed_at=at, **values
    )
    return part


def call_off(part: SellerOrder, *, at: datetime, **by: Any) -> SellerOrder:
    """Cancel a part; without `by` its own seller did."""
    part.state, part.cancelled_at = SellerOrderState.CANCELLED, at
    by = by or {"actor_organisation_id": part.organisation_id}
    session.add(
        StateChange(
            subject_kind="seller_order",
            subject_id=part.id,
            from_state="placed",
            to_state="cancelled",
            at=at,
            **by,
        )
    )
    session.flush()
    return part


def missed_part(*, organisation: Organisation, at: datetime = MONDAY) -> SellerOrder:
    """A part that its seller called off at once."""
    return call_off(cash_part(organisation=organisation, at=at), at=at)


class PromiseReplyFactory(Factory[PromiseReply]):
    """What a seller says beside a part; give `part` and `by_id`."""

    class Meta:
        model = PromiseReply

    class Params:
        part = None

    seller_order_id = factory.SelfAttribute("part.id")
    organisation_id = factory.SelfAttribute("part.organisation_id")
    text = "Đèo sạt lở, xe không qua được"
    at = TUESDAY


class DeliveryReplyFactory(Factory[DeliveryReply]):
    """What a seller says beside a delivery; give `delivery`, `organisation_id` and `by_id`."""

    class Meta:
        model = DeliveryReply

    class Params:
        delivery = None

    delivery_id = factory.SelfAttribute("delivery.id")
    text = "Lũ về, cầu Krông Ana cấm xe tải"
    at = TUESDAY
