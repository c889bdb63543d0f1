"""Orders: what is placed, and what becomes of its money."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from marketplace.inventory.rules import Plan
from marketplace.kernel.clock import business_day
from marketplace.orders.operations import Purchase
from marketplace.platform.config import current_settings
from marketplace.platform.statements import NewRows, Question, adding
from marketplace.workflows import cancellation, checkout
from marketplace.workflows.demo.banking import Bank, memo
from marketplace.workflows.demo.customers import Customer, draw_note
from marketplace.workflows.demo.demand import Wish, plan_for
from marketplace.workflows.demo.fulfilling import Part, note_fulfilment
from marketplace.workflows.demo.world import World
from marketplace.workflows.expiry import expire_order
from models.orders import Cart, CartLine, Order, PaymentMethod, SellerOrder
from models.payments import Payment

CASH_MOST_MINOR: Final = 3_000_000
_CASH: Final = 0.33
_PICKUP: Final = 0.3
_FATES: Final = {"exact": 915, "never": 50, "under": 12, "over": 9, "twice": 5, "late": 9}
_CHANGES_MIND: Final = 0.04
_UNDER: Final = (10_000, 20_000, 50_000)


_CARTS: Final = NewRows(Cart)
_NEW_LINES: Final = adding(CartLine)
_PARTS: Final = Question(
    select(SellerOrder.id, SellerOrder.organisation_id, SellerOrder.promised_on, Payment.reference)
    .join(Payment, Payment.order_id == SellerOrder.order_id)
    .where(SellerOrder.order_id == bindparam("order_id", type_=BigInteger))
    .order_by(SellerOrder.id)
)


@dataclass(frozen=True, slots=True)
class Sale:
    """An order that was placed, by what happens to it later."""

    order_id: int
    number: str
    total_minor: int
    customer: Customer
    parts: tuple[Part, ...]
    taken: Plan
    is_cash: bool
    reference: str = ""


def place(
    world: World,
    customer: Customer,
    wishes: Sequence[Wish],
    *,
    at: datetime,
    method: PaymentMethod | None = None,
) -> Sale | None:
    """Order what somebody wishes, through the cart and the checkout; None if it is not there."""
    taken = plan_for(world, list(wishes), business_day(at))
    if not wishes or taken.short:
        return None
    world.orders += 1
    key = hashlib.sha256(f"demo:{world.orders}".encode()).hexdigest()
    token = None if customer.user_id else key
    method = method or _draw_method(world, wishes)
    order = checkout.place_order(
        actor=customer.actor,
        cart_id=_fill_cart(customer, token, wishes, at - timedelta(minutes=4)),
        purchase=Purchase(
            key=key[:32],
            recipient=customer.recipient(draw_note(world.chance)),
            payment_method=method,
            pickups=_pickups(world, customer, wishes),
        ),
        at=at,
    )
    world.shelf.take(taken)
    return _sale(world, order, customer, wishes, taken)


def _fill_cart(customer: Customer, token: str | None, wishes: Sequence[Wish], at: datetime) -> int:
    """A cart with the wishes in it, written in two statements: nothing of it stays."""
    cart = Cart(created_at=at, updated_at=at, token_hash=token)
    if token is None:
        cart.user_id = customer.user_id
    _CARTS.write(cart)
    _NEW_LINES.make_each(
        {
            "cart_id": cart.id,
            "pack_id": wish.pack.pack_id,
            "quantity": wish.quantity,
            "seen_price_minor": wish.pack.price_minor,
        }
        for wish in wishes
    )
    return cart.id


def see_through(world: World, bank: Bank, sale: Sale, at: datetime) -> None:
    """Let everything happen to an order that happens to orders."""
    if sale.is_cash:
        note_fulfilment(world, sale.parts, at)
        return
    fate = world.chance.choices(list(_FATES), list(_FATES.values()))[0]
    if sale.customer.user_id and world.chance.random() < _CHANGES_MIND:
        world.diary.note(at + timedelta(minutes=12), partial(_change_mind, world, sale))
        return
    if fate in {"never", "late"}:
        # A minute later nobody waits for a transfer any more.
        waited = timedelta(minutes=current_settings().hold_minutes + 1)
        world.diary.note(at + waited, partial(run_out, world, sale))
        if fate == "late":
            booked_at = at + timedelta(hours=world.chance.randint(2, 9))
            bank.credit(sale.total_minor, memo_of(world, sale), booked_at)
        return
    pay(world, bank, sale, fate=fate, at=at)


def pay(world: World, bank: Bank, sale: Sale, *, fate: str, at: datetime) -> None:
    """Let the buyer transfer the money: all of it, too little at first, too much, or twice."""
    booked_at = at + timedelta(minutes=world.chance.randint(2, 19), seconds=world.orders % 60)

    def go_on(moment: datetime) -> None:
        note_fulfilment(world, sale.parts, moment)

    if fate == "under":
        missing = min(world.chance.choice(_UNDER), sale.total_minor // 2)

        def top_up(moment: datetime) -> None:
            bank.credit(missing, memo_of(world, sale), moment + timedelta(hours=15), go_on)

        bank.credit(sale.total_minor - missing, memo_of(world, sale), booked_at, top_up)
        return
    more = 50_000 if fate == "over" else 0
    bank.credit(sale.total_minor + more, memo_of(world, sale), booked_at, go_on)
    if fate == "twice":
        again_at = booked_at + timedelta(minutes=3)
        bank.credit(sale.total_minor, memo_of(world, sale), again_at)


def run_out(world: World, sale: Sale, at: datetime) -> None:
    """Nobody paid in time: the order ends and the packs go back on sale."""
    if expire_order(order_id=sale.order_id, at=at):
        world.shelf.give_back(sale.taken)


def memo_of(world: World, sale: Sale) -> str:
    """What the bank writes for a transfer of this order."""
    number = world.chance.randrange(10**6)
    return memo(sale.reference, sale.customer.name, number=number, phone=sale.customer.phone)


def _draw_method(world: World, wishes: Sequence[Wish]) -> PaymentMethod:
    worth = sum(wish.pack.price_minor * wish.quantity for wish in wishes)
    is_cash = worth <= CASH_MOST_MINOR and world.chance.random() < _CASH
    return PaymentMethod.CASH if is_cash else PaymentMethod.BANK_TRANSFER


def _pickups(world: World, customer: Customer, wishes: Sequence[Wish]) -> frozenset[int]:
    """Neighbours fetch the goods themselves now and then."""
    sellers = {wish.crop.seller.organisation_id: wish.crop.seller for wish in wishes}
    near = frozenset(
        organisation_id
        for organisation_id, seller in sellers.items()
        if seller.content.province == customer.province
    )
    return near if near and world.chance.random() < _PICKUP else frozenset()


def _sale(
    world: World, order: Order, customer: Customer, wishes: Sequence[Wish], taken: Plan
) -> Sale:
    rows = _PARTS.ask(order_id=order.id)
    sellers = {each.organisation_id: each for each in world.sellers.values()}
    return Sale(
        order_id=order.id,
        number=order.number,
        total_minor=order.total_minor,
        customer=customer,
        parts=tuple(
            Part(
                seller_order_id=part_id,
                seller=sellers[organisation_id],
                taken=_share(taken, wishes, organisation_id),
                is_pickup=promised_on is None,
                days=1
                if promised_on is None
                else max((promised_on - business_day(order.placed_at)).days, 1),
            )
            for part_id, organisation_id, promised_on, _ in rows
        ),
        taken=taken,
        is_cash=order.payment_method == PaymentMethod.CASH,
        reference=rows[0][-1] or "",
    )


def _share(taken: Plan, wishes: Sequence[Wish], organisation_id: int) -> Plan:
    """What was set aside for one seller's part; a take's line is the number of its wish."""
    return Plan(
        tuple(
            take
            for take in taken.takes
            if wishes[take.line_id].crop.seller.organisation_id == organisation_id
        ),
        (),
    )


def _change_mind(world: World, sale: Sale, at: datetime) -> None:
    cancellation.cancel_order(actor=sale.customer.actor, order_id=sale.order_id, at=at)
    world.shelf.give_back(sale.taken)
