"""Two call-offs against the last tonne, and a contract against the shop, on real commits (CON-12).

Each begins with a canary: without the lock, or with a read before a write in the place of the one
conditional statement, the last goods are promised or sold twice.
"""

import threading

import pytest
from sqlalchemy import func, select, update

from marketplace.contracts.deliveries.operations import calling
from marketplace.contracts.deliveries.rules import Packing, Wanted
from marketplace.inventory import leaving
from marketplace.inventory import operations as inventory
from marketplace.inventory.queries import imbalances
from marketplace.platform.database import session
from marketplace.workflows import checkout, shipping
from models.accounts import Organisation, Role
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryState
from models.inventory import Hold, LotStock
from tests.factories.accounts import member_of
from tests.factories.contracts import (
    PLACE,
    TONNE,
    ContractFactory,
    DeliveryFactory,
    some_terms,
)
from tests.factories.orders import GUEST, cart_with, collecting_account, product_in_stock, purchase
from tests.moments import MONDAY, MONDAY_DAY
from tests.racing import both, kinds, meet_after

LAST = MONDAY_DAY.replace(day=20)


@pytest.fixture
def market(committed_database):
    """A committed database with an account to pay to."""
    with committed_database.app.app_context():
        collecting_account()
        session.commit()
        yield committed_database
        session.rollback()


def unlocked(contract_id):
    return session.scalar(select(Contract).where(Contract.id == contract_id))


class TestCallOffs:
    @pytest.fixture
    def last_tonne(self, market):
        """A contract of which 20 of 21 t are called off, and somebody who wants the last."""
        contract = ContractFactory(says=some_terms(schedule=(), place=PLACE))
        DeliveryFactory(contract=contract, planned_g=20 * TONNE)
        buyer = member_of(session.get_one(Organisation, contract.buyer_id), Role.BUYER)
        contract_id = contract.id
        session.commit()

        def call(index):
            return calling.call_off(
                actor=buyer,
                contract_id=contract_id,
                wanted=Wanted(LAST, LAST, TONNE),
                key=f"form-{index}",
                at=MONDAY,
            ).id

        return call

    def test_the_canary_calls_the_last_tonne_off_twice(self, market, last_tonne, monkeypatch):
        monkeypatch.setattr(calling, "lock_contract", unlocked)
        # So that no unique position saves what the lock does not.
        monkeypatch.setattr(calling, "next_position", lambda _id: threading.get_ident() % 10**6)
        meet_after(monkeypatch, calling, "balance_left")

        results = both(market, last_tonne)

        assert kinds(results) == ["int", "int"]
        assert called_off() == 22 * TONNE

    def test_the_last_tonne_is_called_off_once(self, market, last_tonne):
        results = both(market, last_tonne)

        assert kinds(results) == ["OverVolumeError", "int"]
        assert called_off() == 21 * TONNE

    def test_one_form_twice_is_one_call_off(self, market, last_tonne):
        results = both(market, lambda _index: last_tonne(0))

        assert len(set(results)) == 1
        assert called_off() == 21 * TONNE


def called_off():
    session.rollback()
    return session.scalar(select(func.sum(Delivery.planned_g)))


class TestShopAgainstContract:
    @pytest.fixture
    def one_pack(self, market):
        """Half a kilogram that both the shop and a contract want."""
        product = product_in_stock(500)
        contract = ContractFactory(product=product)
        delivery = DeliveryFactory(
            contract=contract, state=DeliveryState.CONFIRMED, confirmed_at=MONDAY
        )
        packer = member_of(session.get_one(Organisation, contract.seller_id), Role.WAREHOUSE)
        lot_id = session.scalar(select(LotStock.lot_id).where(LotStock.product_id == product.id))
        cart_id, delivery_id = cart_with(product).id, delivery.id
        session.commit()

        def buy(_index):
            checkout.place_order(actor=GUEST, cart_id=cart_id, purchase=purchase(), at=MONDAY)
            return "shop"

        def pack(_index):
            shipping.pack_delivery(
                actor=packer,
                delivery_id=delivery_id,
                packing=[Packing(lot_id, 500)],
                at=MONDAY,
            )
            return "contract"

        return buy, pack

    def test_the_canary_sells_it_twice(self, market, one_pack, monkeypatch):
        together = threading.Barrier(2, timeout=30)

        def read_first(lot_id, grams):
            stock = session.execute(
                select(LotStock.on_hand_g, LotStock.held_g).where(LotStock.lot_id == lot_id)
            ).one()
            together.wait()
            return stock, stock.on_hand_g - stock.held_g >= grams

        def take(lot_id, grams):
            stock, is_enough = read_first(lot_id, grams)
            write(lot_id, on_hand_g=stock.on_hand_g, held_g=stock.held_g + grams)
            return is_enough

        def take_out(lot_id, grams):
            stock, is_enough = read_first(lot_id, grams)
            write(lot_id, on_hand_g=stock.on_hand_g - grams, held_g=0)
            return is_enough

        def write(lot_id, **values):
            session.execute(update(LotStock).where(LotStock.lot_id == lot_id).values(**values))

        monkeypatch.setattr(inventory, "take", take)
        monkeypatch.setattr(leaving, "take_out", take_out)
        results = both(market, *one_pack)

        assert sorted(map(str, results)) == ["contract", "shop"]
        session.rollback()
        assert imbalances() != []

    def test_it_is_sold_once(self, market, one_pack):
        results = both(market, *one_pack)

        assert len({"shop", "contract"} & set(map(str, results))) == 1
        session.rollback()
        stock = session.scalars(select(LotStock)).one()
        assert (stock.on_hand_g, stock.held_g) in ((500, 500), (0, 0))
        assert imbalances() == []
        assert len(session.scalars(select(Hold)).all()) == (1 if "shop" in results else 0)


class TestOnePerson:
    def test_two_who_pack_at_once_pack_once(self, market):
        product = product_in_stock(1_000)
        contract = ContractFactory(product=product)
        delivery = DeliveryFactory(
            contract=contract, state=DeliveryState.CONFIRMED, confirmed_at=MONDAY
        )
        packer = member_of(session.get_one(Organisation, contract.seller_id), Role.WAREHOUSE)
        lot_id = session.scalar(select(LotStock.lot_id).where(LotStock.product_id == product.id))
        delivery_id = delivery.id
        session.commit()

        results = both(
            market,
            lambda _index: shipping.pack_delivery(
                actor=packer,
                delivery_id=delivery_id,
                packing=[Packing(lot_id, 400)],
                at=MONDAY,
            ),
        )

        assert sorted(results) == [False, True]
        session.rollback()
        assert session.scalars(select(LotStock.on_hand_g)).one() == 600
