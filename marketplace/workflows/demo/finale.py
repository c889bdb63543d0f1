"""The last hours: on every desk something waits for a person, and the bank has written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from marketplace.inventory import operations as inventory
from marketplace.orders import operations as orders
from marketplace.orders.queries.pages import line_ids_of
from marketplace.platform.config import current_settings
from marketplace.workflows import fulfilment
from marketplace.workflows.demo.banking import Bank
from marketplace.workflows.demo.buying import Sale, memo_of, place, run_out
from marketplace.workflows.demo.customers import Customer
from marketplace.workflows.demo.demand import Wish
from marketplace.workflows.demo.statement import BankMove
from marketplace.workflows.demo.world import World
from models.accounts import Role
from models.orders import PaymentMethod

STATEMENT: Final = "demo/sao-ke-mau.csv"
"""The statement to import, below `VAR_DIR`."""
SHORT: Final = 30_000
TOO_MUCH: Final = 100_000
STEPS: Final = (0, 0, 0, 1, 1, 2, 2, 3)
"""Parts of the flagship on its desk today, by how far they are: placed, confirmed, packed, gone."""


@dataclass(frozen=True, slots=True)
class _Awaited:
    sale: Sale
    moves: tuple[BankMove, ...]


def last_hours(world: World, bank: Bank, flagship: str, customers: Sequence[Customer]) -> Path:
    """Give every desk its work of today, and say where the statement to import lies."""
    _fill_desk(world, flagship, customers[1:])
    moves = _await_transfers(world, bank, customers)
    return _write(bank, moves)


def order_now(
    world: World,
    customer: Customer,
    keys: Sequence[str],
    *,
    method: PaymentMethod,
    at: datetime,
) -> Sale | None:
    """Order the smallest packs of what is there of some products."""
    wishes = [
        Wish(crop, crop.packs[0], 1)
        for key in keys
        if (crop := world.crops.get(key)) is not None
        and world.shelf.has(crop.product_id, crop.packs[0].grams, world.today)
    ]
    return place(world, customer, wishes, at=at, method=method)


def _fill_desk(world: World, flagship: str, customers: Sequence[Customer]) -> None:
    own = [key for key, crop in world.crops.items() if crop.seller.content.code == flagship]
    for number, step in enumerate(STEPS):
        placed_at = world.at - timedelta(hours=2 + 5 * step, minutes=11 * number)
        sale = order_now(
            world,
            customers[number],
            own[number % 5 : number % 5 + 2],
            method=PaymentMethod.CASH,
            at=placed_at,
        )
        if sale is not None:
            _advance(sale, step, placed_at)


def _advance(sale: Sale, step: int, placed_at: datetime) -> None:
    """Take every part of an order as far as `step` says, an hour and a half for each step."""
    for part in sale.parts:
        if step > 0:
            fulfilment.confirm_order(
                actor=part.seller.actor(Role.SALES),
                seller_order_id=part.seller_order_id,
                at=placed_at + timedelta(minutes=90),
            )
        if step > 1:
            fulfilment.pack_order(
                actor=part.seller.actor(Role.WAREHOUSE),
                seller_order_id=part.seller_order_id,
                at=placed_at + timedelta(minutes=180),
            )
        if step > 2:  # noqa: PLR2004 - placed, confirmed, packed, gone
            fulfilment.hand_over_order(
                actor=part.seller.actor(Role.WAREHOUSE),
                seller_order_id=part.seller_order_id,
                carrier="Viettel Post",
                tracking_code=f"VTP{part.seller_order_id:09d}",
                at=placed_at + timedelta(minutes=270),
            )


def _await_transfers(world: World, bank: Bank, customers: Sequence[Customer]) -> list[BankMove]:
    """Orders that wait for their money, and what the bank has booked meanwhile.

    They wait without end, so that the statement still fits when somebody imports it tomorrow.
    """
    moves: list[BankMove] = []
    shopping = (
        ("ca-phe-robusta-rang-moc", "mac-ca-nut-vo-say"),
        ("gao-st25-lua-tom", "gao-lut-do-st"),
        ("nuoc-mam-nhi-40-do-dam", "tieu-den-chu-se"),
        ("mien-dong-binh-lieu", "hat-dieu-rang-muoi-vo-lua"),
        ("buoi-da-xanh-ben-tre", "keo-dua-la-dua"),
        ("che-moc-cau-tan-cuong", "hat-sen-say-thap-muoi"),
    )
    differences = (0, 0, -SHORT, TOO_MUCH, 0, None)
    for number, (keys, difference) in enumerate(zip(shopping, differences, strict=True)):
        placed_at = world.at - timedelta(minutes=28 - 3 * number)
        # The first one is that of the consumer of the demonstration.
        customer = customers[0] if number == 0 else customers[20 + number]
        sale = order_now(world, customer, keys, method=PaymentMethod.BANK_TRANSFER, at=placed_at)
        if sale is None or difference is None:
            continue
        orders.stop_expiry(order_id=sale.order_id)
        inventory.keep_holds(line_ids_of(order_id=sale.order_id))
        booked_at = placed_at + timedelta(minutes=5, seconds=7 * number)
        minor = max(sale.total_minor + difference, 1000)
        moves.append(_move(bank, minor, memo_of(world, sale), booked_at))
        if number == 1:
            again = memo_of(world, sale)
            moves.append(_move(bank, minor, again, booked_at + timedelta(minutes=2)))
    return moves + _odd_moves(world, bank, customers)


def _odd_moves(world: World, bank: Bank, customers: Sequence[Customer]) -> list[BankMove]:
    """Money for an order that has run out, money without a word, and the bank's own fee."""
    moves = []
    ended = order_now(
        world,
        customers[30],
        ("banh-trang-phoi-suong-trang-bang", "lap-xuong-tuoi-soc-trang"),
        method=PaymentMethod.BANK_TRANSFER,
        at=world.at - timedelta(hours=6),
    )
    if ended is not None:
        run_out(world, ended, world.at - timedelta(hours=5, minutes=25))
        booked_at = world.at - timedelta(hours=1, minutes=9)
        moves.append(_move(bank, ended.total_minor, memo_of(world, ended), booked_at))
    unknown_at = world.at - timedelta(minutes=48)
    moves.append(_move(bank, 268_000, "NGUYEN THI LAN chuyen tien mua hang", unknown_at))
    moves.append(_move(bank, -11_000, "THU PHI QUAN LY TAI KHOAN", world.at - timedelta(hours=3)))
    return moves


def _move(bank: Bank, minor: int, text: str, booked_at: datetime) -> BankMove:
    return BankMove(booked_at, minor, text, bank.reference(booked_at))


def _write(bank: Bank, moves: Sequence[BankMove]) -> Path:
    path = current_settings().var_dir / STATEMENT
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(bank.write(sorted(moves, key=lambda move: move.booked_at)))
    return path
