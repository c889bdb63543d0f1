"""Many buyers at once, on a database where commits are real.

`CON-00` comes first: it takes the condition out of the one statement that guards the stock and
demands that packs are sold twice. If it could not make that happen, the others would prove nothing.
"""

import random
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from sqlalchemy import func, select, update

from marketplace.accounts.permissions import Actor
from marketplace.inventory import operations as inventory
from marketplace.inventory.queries import imbalances
from marketplace.kernel.states import NotAllowedError
from marketplace.orders.errors import ShortLinesError
from marketplace.orders.operations import add_to_cart
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.workflows import cancellation, checkout, expiry, fulfilment
from models.inventory import Hold, HoldState, LotStock
from models.orders import CartLine, Order, PaymentMethod, SellerOrder
from models.payments import Payment
from tests.factories.accounts import member_of
from tests.factories.catalogue import PackFactory
from tests.factories.orders import (
    GUEST,
    CartFactory,
    CartLineFactory,
    cart_with,
    collecting_account,
    parts_of,
    place,
    product_in_stock,
    purchase,
)
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, TUESDAY

BUYERS = 16
"""How many act at once; more would wait for connections."""


@pytest.fixture
def market(committed_database):
    """A committed database with an account to pay to; the counters must agree at the end."""
    with committed_database.app.app_context():
        collecting_account()
        session.commit()
        yield committed_database
        session.rollback()


def all_at_once(market, act, things):
    """Do `act` with each thing, `BUYERS` at a time; the results, or the refusals, by name."""
    started = threading.Barrier(min(BUYERS, len(things)))

    def run(index, thing):
        with market.app.app_context():
            if index < started.parties:
                started.wait()
            try:
                with transaction():
                    return act(thing)
            except Exception as error:  # noqa: BLE001 - the test looks at all of them
                return error

    with ThreadPoolExecutor(BUYERS) as pool:
        return list(pool.map(run, range(len(things)), things))


def buy(cart_id):
    return checkout.place_order(actor=GUEST, cart_id=cart_id, purchase=purchase(), at=MONDAY).id


def carts_of(number, *wanted):
    """The ids of so many carts with the same goods, committed."""
    ids = [cart_with(*wanted).id for _ in range(number)]
    session.commit()
    return ids


def kinds(results):
    return Counter(
        type(result).__name__ if isinstance(result, Exception) else "sold" for result in results
    )


def held_packs():
    return session.scalar(select(func.sum(Hold.packs)).where(Hold.state == HoldState.LIVE)) or 0


def take_naively(lot_id, grams):
    """What `inventory.take` must never be: read first, write later."""
    stock = session.execute(
        select(LotStock.on_hand_g, LotStock.held_g).where(LotStock.lot_id == lot_id)
    ).one()
    if stock.on_hand_g - stock.held_g < grams:
        return False
    time.sleep(0.02)
    session.execute(
        update(LotStock).where(LotStock.lot_id == lot_id).values(held_g=stock.held_g + grams)
    )
    return True


class TestStock:
    def test_con_00_the_canary_sells_packs_twice_without_the_condition(self, market, monkeypatch):
        carts = carts_of(BUYERS, product_in_stock(2_000))
        monkeypatch.setattr(inventory, "take", take_naively)

        results = all_at_once(market, buy, carts)

        assert kinds(results)["sold"] > 4
        assert held_packs() > 4
        assert imbalances() != []

    def test_con_01_two_hundred_buyers_get_fifty_packs(self, market):
        carts = carts_of(200, product_in_stock(25_000))

        results = all_at_once(market, buy, carts)

        assert kinds(results) == {"sold": 50, "ShortLinesError": 150}
        assert held_packs() == 50
        assert session.scalar(select(func.count()).select_from(Order)) == 50
        assert imbalances() == []

    def test_con_02_the_loser_of_the_last_pack_keeps_the_cart_and_reads_why(self, market):
        product = product_in_stock(500)
        name = product.name_vi
        carts = carts_of(2, product)

        results = all_at_once(market, buy, carts)

        [loser] = [index for index, each in enumerate(results) if isinstance(each, Exception)]
        [short] = results[loser].lines
        kept = session.scalars(select(CartLine)).one()
        assert isinstance(results[loser], ShortLinesError)
        assert (short.cart_line_id, short.name_vi, short.available) == (kept.id, name, 0)
        assert kept.cart_id == carts[loser]
        assert session.scalar(select(func.count()).select_from(Payment)) == 1
        assert imbalances() == []

    def test_con_03_two_packs_of_one_product_draw_on_the_same_lot(self, market):
        product = product_in_stock(10_000)
        heavy = PackFactory(product=product, net_weight_g=1_000, name_vi="Túi 1 kg")
        carts = []
        for _ in range(BUYERS):
            cart = cart_with(product)
            CartLineFactory(cart_id=cart.id, pack=heavy)
            carts.append(cart.id)
        session.commit()

        results = all_at_once(market, buy, carts)

        held = session.scalar(select(func.sum(LotStock.held_g)))
        assert kinds(results) == {"sold": 6, "ShortLinesError": BUYERS - 6}
        assert held == 9_000
        assert imbalances() == []

    def test_con_04_a_line_that_needs_two_lots_gets_them_or_nothing(self, market):
        product = product_in_stock(1_500)
        LotFactory(product=product, quantity_g=1_500)
        carts = carts_of(BUYERS, (product, 4))

        results = all_at_once(market, buy, carts)

        assert kinds(results) == {"sold": 1, "ShortLinesError": BUYERS - 1}
        assert held_packs() == 4
        assert imbalances() == []

    def test_con_05_carts_in_any_order_never_block_each_other(self, market):
        dice = random.Random(5)  # noqa: S311 - a repeatable test
        products = [product_in_stock(dice.choice([2_000, 20_000])) for _ in range(12)]
        carts = []
        for _ in range(6 * BUYERS):
            wanted = dice.sample(products, dice.randint(1, 8))
            carts.append(cart_with(*[(each, dice.randint(1, 3)) for each in wanted]).id)
        session.commit()

        results = all_at_once(market, buy, carts)

        assert set(kinds(results)) <= {"sold", "ShortLinesError"}
        assert kinds(results)["sold"] > BUYERS
        assert deadlocks(market) == 0
        assert imbalances() == []


def deadlocks(market):
    with psycopg.connect(market.admin_url, autocommit=True) as connection:
        connection.execute("select pg_stat_clear_snapshot()")
        row = connection.execute(
            "select deadlocks from pg_stat_database where datname = current_database()"
        ).fetchone()
    return row[0]


class TestOneOrder:
    def test_a_cart_that_is_sent_many_times_at_once_is_ordered_once(self, market):
        [cart_id] = carts_of(1, product_in_stock())
        wish = purchase()

        def order(_):
            return checkout.place_order(actor=GUEST, cart_id=cart_id, purchase=wish, at=MONDAY).id

        results = all_at_once(market, order, list(range(BUYERS)))

        assert len(set(results)) == 1
        assert session.scalar(select(func.count()).select_from(Order)) == 1
        assert held_packs() == 1

    def test_one_key_from_different_carts_makes_one_order(self, market):
        carts = carts_of(BUYERS, product_in_stock())
        wish = purchase()

        def order(cart_id):
            return checkout.place_order(actor=GUEST, cart_id=cart_id, purchase=wish, at=MONDAY).id

        results = all_at_once(market, order, carts)

        assert len(set(results)) == 1
        assert held_packs() == 1
        assert imbalances() == []

    def test_packing_and_cancelling_at_once_ends_one_way(self, market):
        product = product_in_stock()
        order = place((product, 2), payment_method=PaymentMethod.CASH)
        [part] = parts_of(order)
        seller = member_of(product.organisation)
        fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=MONDAY)
        part_id = part.id
        session.commit()

        def act(index):
            if index % 2:
                return fulfilment.pack_order(actor=seller, seller_order_id=part_id, at=TUESDAY)
            return cancellation.cancel_part(
                actor=seller, seller_order_id=part_id, reason="Hết hàng", at=TUESDAY
            )

        results = all_at_once(market, act, list(range(8)))

        state = session.scalars(select(SellerOrder.state)).one()
        refused = [each for each in results if isinstance(each, Exception)]
        assert state in {"packed", "cancelled"}
        assert results.count(True) == 1
        assert all(isinstance(each, NotAllowedError) for each in refused)
        assert len(refused) == 4
        assert imbalances() == []

    def test_the_sweeper_and_a_cancelling_buyer_give_the_packs_back_once(self, market):
        orders = [place((product_in_stock(), 3)) for _ in range(4)]
        ids = [order.id for order in orders] * 2
        session.commit()
        buyers = {order_id: by_link(order_id) for order_id in ids}

        def act(pair):
            index, order_id = pair
            if index < 4:
                return expiry.expire_order(order_id=order_id, at=TUESDAY)
            return cancellation.cancel_order(actor=buyers[order_id], order_id=order_id, at=TUESDAY)

        results = all_at_once(market, act, list(enumerate(ids)))

        states = set(session.scalars(select(Order.state)))
        assert states <= {"expired", "cancelled"}
        assert results.count(True) == 4
        assert held_packs() == 0
        assert imbalances() == []


def by_link(order_id):
    return Actor(user_id=None, order_id=order_id)


def test_carts_that_are_filled_at_once_keep_every_line(market):
    products = [product_in_stock() for _ in range(8)]
    cart = CartFactory()
    token = cart.token_hash
    packs = [product.from_pack_id for product in products]
    session.commit()

    def add(pack_id):
        return add_to_cart(actor=GUEST, token_hash=token, pack_id=pack_id, quantity=1, at=MONDAY)

    all_at_once(market, add, packs + packs)

    lines = dict(session.execute(select(CartLine.pack_id, CartLine.quantity)).all())
    assert lines == dict.fromkeys(packs, 2)
