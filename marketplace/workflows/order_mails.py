"""The mails that an order causes, each to one reader and once.

What money causes is told by `money_mails`: that a transfer came, that something goes back.
"""

from datetime import datetime

from marketplace.accounts.permissions import SYSTEM
from marketplace.orders.queries import OrderView, PartView, get_order_view, get_part_view
from marketplace.workflows.order_readers import write_to_buyer, write_to_seller
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
    write_to_buyer(
        order,
        key=order.number,
        template="order_placed",
        at=at,
        page="tra-tien" if order.awaits_payment else "",
        is_cash=order.is_cash,
        total=order.to_pay_minor,
        delivery=order.delivery_minor,
        expires_at=order.expires_at if order.awaits_payment else None,
        parts=[(part.seller.short_name, _goods(order, part)) for part in order.parts],
    )
    if order.is_cash:
        for part in order.parts:
            write_to_seller(order, part, "order_new_cash", at)


def tell_step(*, seller_order_id: int, at: datetime) -> None:
    """Tell the buyer what became of a part; the seller too, if the buyer called it off."""
    order = get_part_view(seller_order_id)
    [part] = order.parts
    template = _TOLD.get(SellerOrderState(part.state))
    if template is None:
        return
    write_to_buyer(
        order,
        key=part.number,
        template=template,
        at=at,
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
    )
    if part.is_cancelled and (part.confirmed_at or not order.awaits_payment):
        write_to_seller(order, part, "order_called_off", at)


def tell_expired(*, order_id: int, at: datetime) -> None:
    """Tell the buyer that the goods are no longer kept, and how to order them again."""
    order = get_order_view(order_id=order_id, viewer=SYSTEM)
    write_to_buyer(order, key=order.number, template="order_expired", at=at)


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
