"""Changing deliveries: planned, called off, moved, confirmed, cancelled, packed, shipped."""

from marketplace.contracts.deliveries.operations.calling import call_off
from marketplace.contracts.deliveries.operations.deciding import (
    cancel,
    cancel_open_deliveries,
    confirm,
)
from marketplace.contracts.deliveries.operations.moving import move_delivery
from marketplace.contracts.deliveries.operations.packing import (
    pack,
    require_packing,
    ship,
    take_back_packing,
    undo_packing,
)
from marketplace.contracts.deliveries.operations.planning import plan_deliveries

__all__ = [
    "call_off",
    "cancel",
    "cancel_open_deliveries",
    "confirm",
    "move_delivery",
    "pack",
    "plan_deliveries",
    "require_packing",
    "ship",
    "take_back_packing",
    "undo_packing",
]
