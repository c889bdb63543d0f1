"""A seller's part from confirming to the buyer's door, with its stock and its money."""

from collections.abc import Collection
from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.certification import queries as certification
from marketplace.inventory import operations as inventory
from marketplace.kernel.errors import ConflictError
from marketplace.ledger import operations as ledger
from marketplace.ledger.rules import DeliveredLine, DeliveredSale
from marketplace.orders import operations as orders
from marketplace.orders import queries
from marketplace.orders.queries import SoldPart
from marketplace.payments import operations as payments
from marketplace.platform.failpoints import failpoint
from marketplace.platform.queue import defer

ANNOUNCE_STEP = "orders.announce_step"
"""The job that tells the buyer of a part that was handed over, delivered or called off."""


def confirm_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Say that the goods will come.

    Returns:
        Whether anything changed; False if it was confirmed before.

    Raises:
        OrderNotFoundError, NotAllowedError, NotPaidYetError: see `confirm_seller_order`.
    """
    return orders.confirm_seller_order(actor=actor, seller_order_id=seller_order_id, at=at)


def confirm_orders(*, actor: Actor, seller_order_ids: Collection[int], at: datetime) -> int:
    """Confirm several parts at once; those that cannot be confirmed any more are left out.

    Returns:
        How many are newly confirmed.

    Raises:
        ForbiddenError: one of them is none of the actor's; nothing is confirmed.
    """
    done = 0
    for seller_order_id in sorted(set(seller_order_ids)):
        try:
            done += confirm_order(actor=actor, seller_order_id=seller_order_id, at=at)
        except ConflictError:
            continue
    return done


def pack_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Fix the lots of every line and take them out of the store.

    Each lot is written on its line with the certificates that held at harvest.

    Raises:
        OrderNotFoundError, NotAllowedError: see `pack_seller_order`.
    """
    if not orders.pack_seller_order(actor=actor, seller_order_id=seller_order_id, at=at):
        return False
    failpoint("fulfilment.after_packed")
    line_ids = queries.line_ids_of(seller_order_id=seller_order_id)
    taken = inventory.commit_holds(actor=actor, line_ids=line_ids, at=at)
    failpoint("fulfilment.after_stock_left")
    facts = certification.in_force_for_lots({each.lot_id for each in taken})
    orders.fix_lots(
        taken=[(each.line_id, each.lot_id, each.packs) for each in taken],
        certificates={lot_id: [f.as_json() for f in found] for lot_id, found in facts.items()},
    )
    return True


def hand_over_order(
    *, actor: Actor, seller_order_id: int, carrier: str = "", tracking_code: str = "", at: datetime
) -> bool:
    """Give the goods to a carrier, or have them ready for a buyer who collects; tell the buyer.

    Raises:
        OrderNotFoundError, NotAllowedError, CarrierMissingError: see `hand_over_seller_order`.
    """
    changed = orders.hand_over_seller_order(
        actor=actor,
        seller_order_id=seller_order_id,
        carrier=carrier,
        tracking_code=tracking_code,
        at=at,
    )
    if changed:
        defer(ANNOUNCE_STEP, seller_order_id=seller_order_id)
    return changed


def deliver_order(*, actor: Actor, seller_order_id: int, at: datetime) -> bool:
    """Say that the buyer has the goods: collect cash, book the revenue, close the order.

    All of it happens in one transaction, so no delivered part is without its ledger entry.

    Raises:
        OrderNotFoundError, NotAllowedError: see `deliver_seller_order`.
    """
    if not orders.deliver_seller_order(actor=actor, seller_order_id=seller_order_id, at=at):
        return False
    failpoint("fulfilment.after_delivered")
    part = queries.get_sold_part(seller_order_id)
    if part.is_cash:
        payments.collect_cash(
            actor=actor, seller_order_id=seller_order_id, minor=part.total_minor, at=at
        )
        failpoint("fulfilment.after_cash")
    ledger.book_delivery(sale=_sale_of(part), at=at)
    failpoint("fulfilment.after_booked")
    orders.complete_order_if_done(order_id=part.order_id, at=at)
    defer(ANNOUNCE_STEP, seller_order_id=seller_order_id)
    return True


def _sale_of(part: SoldPart) -> DeliveredSale:
    """What the ledger books: the part as it was frozen at checkout."""
    return DeliveredSale(
        seller_order_id=part.id,
        number=part.number,
        organisation_id=part.organisation_id,
        payment_method=part.payment_method,
        buyer_province_code=part.province_code,
        channel=part.channel,
        currency=part.currency,
        delivery_minor=part.delivery_minor,
        lines=tuple(
            DeliveredLine(
                line_id=line.id,
                product_id=line.product_id,
                category_id=line.category_id,
                quantity=line.quantity,
                grams=line.grams,
                gross_minor=line.goods_minor,
                discount_minor=line.discount_minor,
                commission_minor=line.commission_minor,
            )
            for line in part.lines
        ),
    )
