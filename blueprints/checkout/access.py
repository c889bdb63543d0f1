"""Who may see an order: the person who placed it while signed in, or whoever has its link."""

from flask import request

from blueprints.security import current_viewer
from marketplace.accounts.permissions import Actor
from marketplace.orders import queries
from marketplace.orders.links import opens
from marketplace.orders.queries import OrderView


def visitor_of(number: str) -> Actor:
    """Whoever is asking about an order, with its id if they came by its signed link."""
    viewer = current_viewer()
    user_id = viewer.user_id if viewer else None
    token = request.values.get("k", "")
    order_id = queries.find_order_id(number) if token and opens(number, token) else None
    return Actor(user_id=user_id, order_id=order_id)


def order_at_hand(number: str) -> tuple[OrderView, Actor]:
    """An order, and whoever is asking for it.

    Raises:
        OrderNotFoundError: there is none, or they may not see it.
    """
    actor = visitor_of(number)
    return queries.get_order_view(number=number, viewer=actor), actor
