"""Reading carts and orders."""

from marketplace.orders.queries.carts import cart_rows, find_cart_id, find_known_pack
from marketplace.orders.queries.desk import (
    DeskFilter,
    SellerOrderRow,
    Step,
    Today,
    counts_of,
    get_seller_order,
    get_seller_orders,
    seller_orders_of,
    steps_of,
    today_of,
)
from marketplace.orders.queries.pages import (
    BuyerOrderRow,
    find_order_by_key,
    find_order_id,
    get_order_view,
    get_part_view,
    line_ids_of,
    orders_of_buyer,
    overdue_order_ids,
)
from marketplace.orders.queries.sales import (
    SoldPart,
    get_sold_part,
    parts_sold_by_certificate,
)
from marketplace.orders.queries.views import LineView, OrderView, PartView

__all__ = [
    "BuyerOrderRow",
    "DeskFilter",
    "LineView",
    "OrderView",
    "PartView",
    "SellerOrderRow",
    "SoldPart",
    "Step",
    "Today",
    "cart_rows",
    "counts_of",
    "find_cart_id",
    "find_known_pack",
    "find_order_by_key",
    "find_order_id",
    "get_order_view",
    "get_part_view",
    "get_seller_order",
    "get_seller_orders",
    "get_sold_part",
    "line_ids_of",
    "orders_of_buyer",
    "overdue_order_ids",
    "parts_sold_by_certificate",
    "seller_orders_of",
    "steps_of",
    "today_of",
]
