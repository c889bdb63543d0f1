"""The mails that an order causes, each to one reader and once.

What money causes is told by `money_mails`: that a transfer came, that something goes back.
"""

from datetime import datetime

from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import SYSTEM
from marketplace.notifications.operations import notify
from marketplace.orders.links import order_path
from marketplace.orders.queries import OrderView, PartView, get_order_view, get_part_view
from models.orders import SellerOrderState

_TOLD = {
    SellerOrderState.HANDED_OVER: "order_handed_over",
    SellerOrderState.DELIVERED: "order_delivered",
    SellerOrderState.CANCELLED: "order_cancelled",
}
"""What the buyer is told, by the state that a part has reached."""


def tell_placed(*, order_id: int, at: datetime) -> None:
    """Tell the buyer that the order is in, and the sellers of one that is paid at the door.

    Sellers of an order by transfer hear of it when the money has come.
    """
    order = get_order_view(order_id=order_id, viewer=SYSTEM)
    if order.email:
        notify(
            key=order.number,
            recipient=order.email,
            locale=order.locale,
            template="order_placed",
            at=at,
            name=order.recipient_name,
            number=order.number,
            is_cash=order.is_cash,
            total=order.to_pay_minor,
            delivery=order.delivery_minor,
            expires_at=order.expires_at if order.awaits_payment else None,
            parts=[(part.seller.short_name, _goods(order, part)) for part in order.parts],
            url=order_path(order.number, "tra-tien" if order.awaits_payment else ""),
        )
    if order.is_cash:
        for part in order.parts:
            _tell_seller(order, part, "order_new_cash", at)


def tell_step(*, seller_order_id: int, at: datetime) -> None:
    """Tell the buyer what became of a part; the seller too, if the buyer called it off."""
    order = get_part_view(seller_order_id)
    [part] = order.parts
    template = _TOLD.get(SellerOrderState(part.state))
    if template is None:
        return
    if order.email:
        notify(
            key=part.number,
            recipient=order.email,
            locale=order.locale,
            template=template,
            at=at,
            name=order.recipient_name,
            number=part.number,
            seller=part.seller.short_name,
            seller_phone=part.seller.phone,
            goods=_goods(order, part),
            is_cash=order.is_cash,
            is_picked_up=part.is_picked_up,
            total=part.total_minor,
            carrier=part.carrier,
            tracking_code=part.tracking_code,
            pickup_note=part.seller.pickup_note,
            reason=part.cancel_reason,
            url=order_path(order.number),
        )
    if part.is_cancelled and (part.confirmed_at or not order.awaits_payment):
        _tell_seller(order, part, "order_called_off", at)


def tell_expired(*, order_id: int, at: datetime) -> None:
    """Tell the buyer that the goods are no longer kept, and how to order them again."""
    order = get_order_view(order_id=order_id, viewer=SYSTEM)
    if order.email:
        notify(
            key=order.number,
            recipient=order.email,
            locale=order.locale,
            template="order_expired",
            at=at,
            name=order.recipient_name,
            number=order.number,
            url=order_path(order.number),
        )


def _tell_seller(order: OrderView, part: PartView, template: str, at: datetime) -> None:
    """Write to a seller: to its own address, or to those who lead it."""
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


def _goods(order: OrderView, part: PartView) -> list[tuple[str, str, int, int]]:
    """Each line in the language of the buyer: name, pack, how many, what they cost together."""
    is_english = order.locale == "en"
    return [
        (
            line.name_en if is_english else line.name_vi,
            line.pack_name_en if is_english else line.pack_name_vi,
            line.quantity,
            line.goods_minor,
        )
        for line in part.lines
    ]
