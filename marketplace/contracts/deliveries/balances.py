"""What the deliveries of a contract draw of it."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import BigInteger, bindparam, func, select

from marketplace.contracts.deliveries.rules import (
    NOT_BEGUN,
    Balance,
    Draw,
    balance_of,
    expected_milli,
    priced_milli,
)
from marketplace.contracts.terms import Terms
from marketplace.platform.statements import Question
from models.deliveries import Delivery, DeliveryLine, DeliveryState

_DRAWN: Final = Question(
    select(
        Delivery.id,
        Delivery.state,
        Delivery.due_on,
        Delivery.planned_g,
        func.coalesce(func.sum(DeliveryLine.shipped_g), 0),
        func.coalesce(func.sum(DeliveryLine.accepted_g), 0),
        func.coalesce(func.sum(DeliveryLine.amount_minor), 0),
        func.count(DeliveryLine.id),
    )
    .outerjoin(DeliveryLine, DeliveryLine.delivery_id == Delivery.id)
    .where(
        Delivery.contract_id == bindparam("contract_id", type_=BigInteger),
        Delivery.state != DeliveryState.CANCELLED,
    )
    .group_by(Delivery.id)
)


def balance_left(contract_id: int, terms: Terms, *, without: int | None = None) -> Balance:
    """What is drawn of a contract now; one statement.

    Goods that are not packed count as planned, goods that were packed with what was packed, and
    accepted ones with what was accepted, so that what was short or rejected can be called off
    again.

    Args:
        contract_id: which contract; hold it if something is to follow from the answer.
        terms: what it says.
        without: a delivery that does not count, since it is about to change.
    """
    return balance_of(
        terms,
        (
            _draw(terms, row)
            for delivery_id, *row in _DRAWN.ask(contract_id=contract_id)
            if delivery_id != without
        ),
    )


def _draw(terms: Terms, row: Sequence[Any]) -> Draw:
    state, due_on, planned_g, packed_g, accepted_g, amount_minor, lines = row
    if state == DeliveryState.ACCEPTED:
        return Draw(int(accepted_g), priced_milli(int(amount_minor), lines))
    grams = planned_g if state in NOT_BEGUN else int(packed_g)
    return Draw(grams, expected_milli(terms, due_on, grams))
