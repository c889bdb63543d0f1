"""What the sellers do with an order: confirm, pack, hand over, deliver; sometimes call it off."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from marketplace.inventory.rules import Plan
from marketplace.workflows import cancellation, fulfilment
from marketplace.workflows.demo.world import Seller, World, next_working_moment
from models.accounts import Role

CARRIERS: Final = (
    "Viettel Post",
    "Vietnam Post",
    "Giao Hàng Nhanh",
    "Giao Hàng Tiết Kiệm",
    "J&T Express",
)
COLD: Final = "Xe lạnh của hợp tác xã"
REASONS: Final = (
    "Hàng dập khi sơ chế, không đủ chất lượng để giao.",
    "Mưa lớn, không hái kịp trong tuần.",
    "Khách gọi nhờ hủy vì đặt trùng đơn.",
)
_GIVES_UP: Final = 0.018
_SELDOM_DAYS: Final = 0.12


@dataclass(frozen=True, slots=True)
class Part:
    """One seller's part of an order, and the packs that were set aside for it."""

    seller_order_id: int
    seller: Seller
    taken: Plan
    is_pickup: bool
    days: int


def note_fulfilment(world: World, parts: Sequence[Part], at: datetime) -> None:
    """Let every part be worked on, from the moment when its seller may begin."""
    for part in parts:
        starts_at = next_working_moment(at + timedelta(minutes=world.chance.randint(15, 210)))
        if world.chance.random() < _GIVES_UP:
            world.diary.note(starts_at, partial(_give_up, world, part))
            continue
        world.diary.note(starts_at, partial(confirm, world, part))


def confirm(world: World, part: Part, at: datetime) -> None:
    """The seller says that the goods will come."""
    fulfilment.confirm_order(
        actor=part.seller.actor(Role.SALES), seller_order_id=part.seller_order_id, at=at
    )
    packs_at = next_working_moment(at + timedelta(minutes=world.chance.randint(60, 1100)))
    world.diary.note(packs_at, partial(pack, world, part))


def pack(world: World, part: Part, at: datetime) -> None:
    """The goods are packed, lot by lot."""
    fulfilment.pack_order(
        actor=part.seller.actor(Role.WAREHOUSE), seller_order_id=part.seller_order_id, at=at
    )
    leaves_at = next_working_moment(at + timedelta(minutes=world.chance.randint(40, 320)))
    world.diary.note(leaves_at, partial(hand_over, world, part))


def hand_over(world: World, part: Part, at: datetime) -> None:
    """A carrier takes the goods, or they wait for the buyer."""
    carrier, code = "", ""
    if not part.is_pickup:
        carrier = COLD if part.days == 1 else world.chance.choice(CARRIERS)
        code = f"{''.join(word[0] for word in carrier.split()).upper()[:3]}"
        code += f"{world.chance.randrange(10**9):09d}"
    fulfilment.hand_over_order(
        actor=part.seller.actor(Role.WAREHOUSE),
        seller_order_id=part.seller_order_id,
        carrier=carrier,
        tracking_code="" if carrier in {"", COLD} else code,
        at=at,
    )
    days = part.days + (world.chance.random() < _SELDOM_DAYS)
    minutes = world.chance.randint(540, 1180)
    day = at.replace(hour=0, minute=0, second=0) + timedelta(days=max(days - 1, 0))
    arrives_at = day + timedelta(days=0 if part.is_pickup else 1, minutes=minutes)
    arrives_at = max(arrives_at, at + timedelta(hours=2))
    world.diary.note(arrives_at, partial(deliver, part))


def deliver(part: Part, at: datetime) -> None:
    """The buyer has the goods."""
    fulfilment.deliver_order(
        actor=part.seller.actor(Role.SALES), seller_order_id=part.seller_order_id, at=at
    )


def _give_up(world: World, part: Part, at: datetime) -> None:
    cancellation.cancel_part(
        actor=part.seller.actor(Role.SALES),
        seller_order_id=part.seller_order_id,
        reason=world.chance.choice(REASONS),
        at=at,
    )
    world.shelf.give_back(part.taken)
