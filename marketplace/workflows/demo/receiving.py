"""Lots come in, things happen to them, and what spoils is thrown away."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from marketplace.inventory import operations as inventory
from marketplace.traceability import operations as traceability
from marketplace.traceability.operations import NewEvent, NewLot
from marketplace.workflows.demo.content import commune_code
from marketplace.workflows.demo.harvest import PlannedLot, plan_lots
from marketplace.workflows.demo.world import Crop, World
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.inventory import MovementKind
from models.traceability import EventKind

SPOILED_LEAST_G: Final = 500
STEPS_TOLD: Final = 3
SPOILS_WITHIN: Final = 60
"""Goods that keep for so many days are cleared out of the store when their time is over."""


def note_lots(world: World, crop: Crop, at: datetime) -> None:
    """Let the lots of a product come in, from `at` on."""
    first = world.moment(at.date(), 8).date()
    planned = plan_lots(crop.content, first=first, last=world.today, chance=world.chance)
    for number, lot in enumerate(planned):
        comes_at = max(world.moment(lot.packed_on, 6 + number % 4), at)
        world.diary.note(comes_at, partial(_receive, world, crop, lot, number))


def _receive(world: World, crop: Crop, lot: PlannedLot, number: int, at: datetime) -> None:
    home = crop.seller.content
    keeper = crop.seller.actor(Role.WAREHOUSE)
    from_store = crop.content.making.mode == "store"
    plot = home.plots[number % len(home.plots)] if home.plots else ""
    row = receive_lot(
        actor=keeper,
        lot=NewLot(
            organisation_id=crop.seller.organisation_id,
            product_id=crop.product_id,
            harvested_on=lot.harvested_on,
            # What is packed where it is picked has no day of packing of its own.
            packed_on=lot.packed_on if crop.content.making.lag_days or from_store else None,
            best_before_on=lot.best_before_on,
            province_code=home.province,
            commune_code=commune_code(home.province, crop.content.commune or home.commune),
            plot_name=plot,
            quantity_g=lot.grams,
        ),
        at=at,
    )
    for step in crop.content.making.steps[:STEPS_TOLD]:
        anchor = lot.harvested_on if step.after == "harvest" else lot.packed_on
        happened_on = _within(anchor + timedelta(days=step.days), lot)
        traceability.add_event(
            actor=keeper,
            event=NewEvent(
                lot_id=row.id,
                kind=EventKind(step.kind),
                happened_on=happened_on,
                title_vi=step.title.vi,
                title_en=step.title.en,
                detail_vi=step.detail.vi,
                detail_en=step.detail.en,
            ),
            at=at,
        )
    world.shelf.put(
        lot_id=row.id,
        product_id=crop.product_id,
        grams=lot.grams,
        harvested_on=lot.harvested_on,
        best_before_on=lot.best_before_on,
    )
    keep = crop.content.making.keep_days
    if keep is not None and keep <= SPOILS_WITHIN and lot.best_before_on is not None:
        over_at = world.moment(lot.best_before_on + timedelta(days=1), 16)
        world.diary.note(over_at, partial(_clear_out, world, crop, row.id))


def _within(day: date, lot: PlannedLot) -> date:
    """The day of a step, which lies before packing."""
    return min(day, lot.packed_on)


def _clear_out(world: World, crop: Crop, lot_id: int, at: datetime) -> None:
    left = world.shelf.clear(lot_id)
    if left < SPOILED_LEAST_G:
        return
    inventory.adjust_stock(
        actor=crop.seller.actor(Role.WAREHOUSE),
        organisation_id=crop.seller.organisation_id,
        lot_id=lot_id,
        grams=-left,
        kind=MovementKind.LOST,
        reason="Quá hạn dùng, chuyển bếp ăn tập thể hoặc ủ phân",
        key=f"over-{lot_id}",
        at=at,
    )
