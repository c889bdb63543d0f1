"""Who is written to about an order: its buyer, and the sellers of its parts."""

from datetime import datetime

from marketplace.accounts import queries as accounts
from marketplace.notifications.operations import notify
from marketplace.orders.links import order_path
from marketplace.orders.queries import OrderView, PartView


def write_to_buyer(
    order: OrderView, *, key: str, template: str, at: datetime, page: str = "", **values: object
) -> None:
    """Write to the buyer in their language, if they have left an address.

    Args:
        order: what it is about.
        key: names the fact, see `notify`.
        template: of the mail.
        at: when the fact happened.
        page: of the order, "tra-tien"; by default the order itself.
        **values: what the template asks for besides the name, the number of the order and the
            link; a `number` of its own comes before the order's.
    """
    if order.email:
        known = {"number": order.number, "url": order_path(order.number, page)}
        notify(
            key=key,
            recipient=order.email,
            locale=order.locale,
            template=template,
            at=at,
            name=order.recipient_name,
            **(known | values),
        )


def write_to_seller(order: OrderView, part: PartView, template: str, at: datetime) -> None:
    """Write to the seller of a part: to its own address, or to those who lead it."""
    if part.seller.email:
        readers = [(part.seller.email, "vi")]
    else:
        people = accounts.directors_of(part.organisation_id)
        readers = [(person.email, person.locale) for person in people]
    for recipient, locale in readers:
        notify(
            key=f"{part.number}:{recipient}"[:120],
            recipient=recipient,
            locale=locale,
            template=template,
            at=at,
            seller=part.seller.short_name,
            number=part.number,
            total=part.total_minor,
            recipient_name=order.recipient_name,
            reason=part.cancel_reason,
            lines=[(line.quantity, line.pack_name_vi, line.name_vi) for line in part.lines],
            url=f"/quay/{part.seller.code}/don/{part.number}",
        )
