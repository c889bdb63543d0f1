"""Receiving, adjusting, holding, releasing and committing stock."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.inventory import operations, queries
from marketplace.inventory.errors import (
    HeldForBuyersError,
    InsufficientStockError,
    NothingMovedError,
    ReasonMissingError,
    StockNotFoundError,
)
from marketplace.inventory.rules import Short, Want
from models.accounts import Role
from models.inventory import Hold, HoldState, LotStock, MovementKind, StockMovement
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.orders import GUEST, OrderLineFactory
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, TUESDAY


@pytest.fixture(autouse=True)
def _balanced(session):
    """After each test the counters must agree with the history."""
    yield
    session.flush()
    assert queries.imbalances() == []


def stock_of(lot):
    stock = operations.session.get(LotStock, lot.id, populate_existing=True)
    return (stock.on_hand_g, stock.held_g)


def want(line, packs, *, pack_g=500):
    return Want(line.id, line.product_id, pack_g, packs)


def hold(*wants, at=MONDAY):
    return operations.hold_stock(wants=wants, expires_at=None, at=at).holds


def receive(lot, *, actor, grams=20_000, organisation_id=None):
    operations.receive_stock(
        actor=actor,
        organisation_id=organisation_id or lot.organisation_id,
        lot_id=lot.id,
        product_id=lot.product_id,
        grams=grams,
        at=MONDAY,
    )


def adjust(lot, grams, *, actor, **values):
    operations.adjust_stock(
        actor=actor,
        organisation_id=lot.organisation_id,
        lot_id=lot.id,
        grams=grams,
        at=TUESDAY,
        **{"kind": MovementKind.CORRECTED, "reason": "Cân lại", "key": "a", **values},
    )


class TestReceiveStock:
    def test_puts_a_lot_into_the_store(self, session):
        lot = LotFactory(stock=False)
        keeper = member_of(lot.organisation, Role.WAREHOUSE)

        receive(lot, actor=keeper)

        [movement] = session.scalars(select(StockMovement))
        assert stock_of(lot) == (20_000, 0)
        assert (movement.kind, movement.grams, movement.by_user_id) == (
            MovementKind.RECEIVED,
            20_000,
            keeper.user_id,
        )

    def test_receives_a_lot_once(self, session):
        lot = LotFactory(stock=False)
        keeper = member_of(lot.organisation)

        receive(lot, actor=keeper)
        receive(lot, actor=keeper)

        assert stock_of(lot) == (20_000, 0)
        assert len(session.scalars(select(StockMovement)).all()) == 1

    def test_is_refused_to_another_cooperative(self, session):
        lot = LotFactory(stock=False)

        with pytest.raises(NotAllowedError):
            receive(lot, actor=member_of(ProductFactory().organisation))

        assert session.get(LotStock, lot.id) is None

    def test_refuses_the_lot_of_somebody_else(self, session):
        lot = LotFactory(stock=False)
        other = ProductFactory().organisation

        with pytest.raises(StockNotFoundError):
            receive(lot, actor=member_of(other), organisation_id=other.id)

        assert session.get(LotStock, lot.id) is None

    def test_refuses_nothing(self, session):
        lot = LotFactory(stock=False)

        with pytest.raises(NothingMovedError):
            receive(lot, actor=member_of(lot.organisation), grams=0)

        assert session.get(LotStock, lot.id) is None


class TestAdjustStock:
    def test_takes_a_loss_away_with_its_reason(self, session):
        lot = LotFactory()

        adjust(
            lot, -1_500, actor=member_of(lot.organisation), kind=MovementKind.LOST, reason="Ẩm mốc"
        )

        movement = session.scalars(select(StockMovement).order_by(StockMovement.id.desc())).first()
        assert stock_of(lot) == (18_500, 0)
        assert (movement.kind, movement.grams, movement.reason) == ("lost", -1_500, "Ẩm mốc")

    def test_happens_once_for_one_key(self, session):
        lot = LotFactory()
        keeper = member_of(lot.organisation)

        adjust(lot, -1_500, actor=keeper)
        adjust(lot, -1_500, actor=keeper)

        assert stock_of(lot) == (18_500, 0)

    def test_leaves_what_buyers_have_ordered(self, session):
        lot = LotFactory(quantity_g=2_000)
        hold(want(OrderLineFactory(product=lot.product), 3))

        with pytest.raises(HeldForBuyersError) as refusal, session.begin_nested():
            adjust(lot, -501, actor=member_of(lot.organisation))

        assert refusal.value.details["available_g"] == 500
        assert stock_of(lot) == (2_000, 1_500)

    @pytest.mark.parametrize(
        ("grams", "kind"),
        [(0, MovementKind.CORRECTED), (5, MovementKind.LOST), (5, MovementKind.RECEIVED)],
    )
    def test_refuses_what_makes_no_sense(self, session, grams, kind):
        lot = LotFactory()

        with pytest.raises(NothingMovedError):
            adjust(lot, grams, actor=member_of(lot.organisation), kind=kind)

        assert stock_of(lot) == (20_000, 0)

    def test_asks_for_a_reason(self, session):
        lot = LotFactory()

        with pytest.raises(ReasonMissingError):
            adjust(lot, -1, actor=member_of(lot.organisation), reason="  ")

        assert stock_of(lot) == (20_000, 0)

    def test_is_refused_to_an_accountant(self, session):
        lot = LotFactory()

        with pytest.raises(NotAllowedError):
            adjust(lot, -1, actor=member_of(lot.organisation, Role.ACCOUNTANT))

        assert stock_of(lot) == (20_000, 0)

    def test_does_not_find_the_lot_of_somebody_else(self, session):
        lot = LotFactory()
        other = ProductFactory().organisation

        with pytest.raises(StockNotFoundError):
            operations.adjust_stock(
                actor=member_of(other),
                organisation_id=other.id,
                lot_id=lot.id,
                grams=-1,
                kind=MovementKind.LOST,
                reason="x",
                key="k",
                at=MONDAY,
            )

        assert stock_of(lot) == (20_000, 0)


class TestHoldStock:
    def test_takes_what_expires_first(self, session):
        product = ProductFactory()
        lasting = LotFactory(product=product, best_before_on=None)
        late = LotFactory(product=product, best_before_on=date(2027, 5, 1))
        early = LotFactory(product=product, quantity_g=1_000, best_before_on=date(2027, 1, 1))

        holds = hold(want(OrderLineFactory(product=product), 4))

        assert [(h.lot_id, h.packs, h.grams) for h in holds] == [
            (early.id, 2, 1_000),
            (late.id, 2, 1_000),
        ]
        assert [stock_of(lot) for lot in (early, late, lasting)] == [
            (1_000, 1_000),
            (20_000, 1_000),
            (20_000, 0),
        ]

    def test_takes_the_older_harvest_of_two_that_keep_equally_long(self, session):
        product = ProductFactory()
        LotFactory(product=product, harvested_on=date(2026, 10, 5))
        older = LotFactory(product=product, harvested_on=date(2026, 10, 1))

        [held] = hold(want(OrderLineFactory(product=product), 1))

        assert held.lot_id == older.id

    def test_leaves_lots_alone_whose_day_has_passed(self, session):
        lot = LotFactory(
            harvested_on=date(2026, 1, 1), packed_on=None, best_before_on=date(2026, 11, 1)
        )

        with pytest.raises(InsufficientStockError):
            hold(want(OrderLineFactory(product=lot.product), 1))

        assert stock_of(lot) == (20_000, 0)

    def test_sells_a_lot_on_its_last_day(self, session):
        lot = LotFactory(best_before_on=date(2026, 11, 2))

        hold(want(OrderLineFactory(product=lot.product), 1))

        assert stock_of(lot) == (20_000, 500)

    def test_checks_the_sum_of_lines_that_draw_on_one_lot(self, session):
        lot = LotFactory(quantity_g=2_000)
        first, second = OrderLineFactory.create_batch(2, product=lot.product)

        with pytest.raises(InsufficientStockError) as refusal:
            hold(want(first, 3), want(second, 1, pack_g=1_000))

        assert refusal.value.short == (Short(first.id, 3, 2),)
        assert stock_of(lot) == (2_000, 0)
        assert session.scalars(select(Hold)).all() == []

    def test_names_every_line_that_is_short(self, session):
        coffee, honey = LotFactory(quantity_g=500), LotFactory(stock=0)
        first, second = (OrderLineFactory(product=lot.product) for lot in (coffee, honey))

        with pytest.raises(InsufficientStockError) as refusal:
            hold(want(first, 2), want(second, 1))

        assert refusal.value.short == (Short(first.id, 2, 1), Short(second.id, 1, 0))
        assert stock_of(coffee) == (500, 0)

    def test_looks_for_another_lot_when_it_loses_a_race(self, session, monkeypatch):
        product = ProductFactory()
        first, second = LotFactory.create_batch(2, product=product, quantity_g=500)
        really_take = operations.take

        def take_late(lot_id, grams):
            if lot_id == first.id:
                # Somebody else was quicker.
                stock = session.get(LotStock, first.id)
                adjust(first, -500, actor=member_of(product.organisation), key="rival")
                session.expire(stock)
            return really_take(lot_id, grams)

        monkeypatch.setattr(operations, "take", take_late)
        monkeypatch.setattr(operations.session, "begin_nested", _Nothing)

        [held] = hold(want(OrderLineFactory(product=product), 1))

        assert held.lot_id == second.id
        assert stock_of(second) == (500, 500)


class _Nothing:
    """A savepoint that keeps what the rival did."""

    def commit(self):
        pass

    def rollback(self):
        pass


class TestReleaseHolds:
    def test_gives_back_once(self, session):
        lot = LotFactory()
        line = OrderLineFactory(product=lot.product)
        hold(want(line, 4))

        operations.release_holds([line.id], at=TUESDAY)
        operations.release_holds([line.id], at=TUESDAY)

        [held] = session.scalars(select(Hold).execution_options(populate_existing=True))
        assert (held.state, held.ended_at) == (HoldState.RELEASED, TUESDAY)
        assert stock_of(lot) == (20_000, 0)

    def test_leaves_other_lines_alone(self, session):
        lot = LotFactory()
        mine, theirs = OrderLineFactory.create_batch(2, product=lot.product)
        hold(want(mine, 4), want(theirs, 1))

        operations.release_holds([mine.id], at=TUESDAY)

        assert stock_of(lot) == (20_000, 500)


class TestKeepHolds:
    def test_takes_the_end_away(self, session):
        lot = LotFactory()
        line = OrderLineFactory(product=lot.product)
        operations.hold_stock(wants=[want(line, 1)], expires_at=TUESDAY, at=MONDAY)

        operations.keep_holds([line.id])

        [held] = session.scalars(select(Hold).execution_options(populate_existing=True))
        assert (held.state, held.expires_at) == (HoldState.LIVE, None)


class TestCommitHolds:
    def test_takes_the_goods_out_of_the_store_with_a_movement(self, session):
        product = ProductFactory()
        lots = LotFactory.create_batch(2, product=product, quantity_g=1_000)
        line = OrderLineFactory(product=product)
        hold(want(line, 3))

        taken = operations.commit_holds(actor=GUEST, line_ids=[line.id], at=TUESDAY)

        sold = session.scalars(select(StockMovement).where(StockMovement.kind == "sold"))
        assert [(each.lot_id, each.packs) for each in taken] == [(lots[0].id, 2), (lots[1].id, 1)]
        assert [stock_of(lot) for lot in lots] == [(0, 0), (500, 0)]
        assert [(move.lot_id, move.grams, move.at) for move in sold] == [
            (lots[0].id, -1_000, TUESDAY),
            (lots[1].id, -500, TUESDAY),
        ]

    def test_takes_nothing_the_second_time(self, session):
        lot = LotFactory()
        line = OrderLineFactory(product=lot.product)
        hold(want(line, 2))
        operations.commit_holds(actor=GUEST, line_ids=[line.id], at=TUESDAY)

        assert operations.commit_holds(actor=GUEST, line_ids=[line.id], at=TUESDAY) == []

        assert stock_of(lot) == (19_000, 0)

    def test_leaves_a_packed_line_as_it_is_when_released(self, session):
        lot = LotFactory()
        line = OrderLineFactory(product=lot.product)
        hold(want(line, 2))
        operations.commit_holds(actor=GUEST, line_ids=[line.id], at=TUESDAY)

        operations.release_holds([line.id], at=TUESDAY)

        assert stock_of(lot) == (19_000, 0)
