"""A part of an order on its way: confirmed, packed, handed over, delivered."""

import pytest
from sqlalchemy import func, select

from marketplace.accounts.permissions import SYSTEM, NotAllowedError
from marketplace.inventory.queries import imbalances
from marketplace.kernel.states import NotAllowedError as StateNotAllowedError
from marketplace.ledger.queries import balance
from marketplace.orders import operations as orders
from marketplace.orders.errors import CarrierMissingError, NotPaidYetError, OrderNotFoundError
from marketplace.platform.queue import JOBS
from marketplace.workflows import fulfilment
from models.accounts import Role
from models.inventory import LotStock, StockMovement
from models.orders import LineLot, OrderState, PaymentMethod, SellerOrderState
from models.payments import CashCollection
from models.platform import StateChange
from tests.factories.accounts import OrganisationFactory, UserFactory, acting, member_of
from tests.factories.certification import CertificateFactory
from tests.factories.orders import parts_of, place, product_in_stock
from tests.factories.traceability import LotCertificateFactory
from tests.moments import FRIDAY, MONDAY, THURSDAY, TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")


@pytest.fixture(autouse=True)
def _balanced(session):
    yield
    session.flush()
    assert imbalances() == []


@pytest.fixture
def coffee():
    return product_in_stock()


@pytest.fixture
def part(coffee):
    """A part that is paid in cash and waits for its seller."""
    [part] = parts_of(place((coffee, 2), payment_method=PaymentMethod.CASH))
    return part


@pytest.fixture
def seller(coffee):
    return acting(UserFactory(), coffee.organisation)


def history(session, part):
    return list(
        session.scalars(
            select(StateChange.to_state)
            .where(StateChange.subject_kind == "seller_order", StateChange.subject_id == part.id)
            .order_by(StateChange.id)
        )
    )


def bring_to(state, part, seller):
    """Do whatever is still to be done until `state`, and the last step in any case."""
    steps = {
        SellerOrderState.CONFIRMED: lambda: fulfilment.confirm_order(
            actor=seller, seller_order_id=part.id, at=TUESDAY
        ),
        SellerOrderState.PACKED: lambda: fulfilment.pack_order(
            actor=seller, seller_order_id=part.id, at=WEDNESDAY
        ),
        SellerOrderState.HANDED_OVER: lambda: fulfilment.hand_over_order(
            actor=seller,
            seller_order_id=part.id,
            carrier="Viettel Post",
            tracking_code="VT123",
            at=THURSDAY,
        ),
        SellerOrderState.DELIVERED: lambda: fulfilment.deliver_order(
            actor=seller, seller_order_id=part.id, at=FRIDAY
        ),
    }
    order = [SellerOrderState.PLACED, *steps]
    to_do = order[order.index(part.state) + 1 : order.index(state) + 1]
    for step in to_do or [state]:
        steps[step]()


class TestConfirmOrder:
    def test_confirms_once(self, session, part, seller):
        first = fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=TUESDAY)
        second = fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=WEDNESDAY)

        assert (first, second) == (True, False)
        assert (part.state, part.confirmed_at) == (SellerOrderState.CONFIRMED, TUESDAY)
        assert history(session, part) == ["confirmed"]

    def test_waits_for_the_transfer(self, coffee, seller):
        [part] = parts_of(place(coffee))

        with pytest.raises(NotPaidYetError):
            fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=TUESDAY)

        assert part.state == SellerOrderState.PLACED

    def test_is_possible_once_the_transfer_has_come(self, coffee, seller):
        order = place(coffee)
        [part] = parts_of(order)
        assert orders.open_paid_order(actor=SYSTEM, order_id=order.id, at=TUESDAY)

        assert fulfilment.confirm_order(actor=seller, seller_order_id=part.id, at=TUESDAY)

        assert (order.state, order.expires_at) == (OrderState.OPEN, None)

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_is_refused_to_those_who_do_not_sell(self, coffee, part, role):
        with pytest.raises(NotAllowedError):
            fulfilment.confirm_order(
                actor=member_of(coffee.organisation, role), seller_order_id=part.id, at=TUESDAY
            )

        assert part.state == SellerOrderState.PLACED

    def test_is_refused_to_another_cooperative(self, part):
        with pytest.raises(NotAllowedError):
            fulfilment.confirm_order(
                actor=member_of(OrganisationFactory()), seller_order_id=part.id, at=TUESDAY
            )

        assert part.state == SellerOrderState.PLACED

    def test_needs_an_order(self, seller):
        with pytest.raises(OrderNotFoundError):
            fulfilment.confirm_order(actor=seller, seller_order_id=999_999, at=TUESDAY)


class TestConfirmOrders:
    def test_confirms_those_that_can_be_confirmed(self, coffee, seller):
        cash = [parts_of(place(coffee, payment_method=PaymentMethod.CASH))[0] for _ in range(2)]
        [unpaid] = parts_of(place(coffee))

        done = fulfilment.confirm_orders(
            actor=seller, seller_order_ids=[*[p.id for p in cash], unpaid.id], at=TUESDAY
        )

        assert done == 2
        assert [p.state for p in [*cash, unpaid]] == ["confirmed", "confirmed", "placed"]


class TestPackOrder:
    def test_fixes_the_lots_and_takes_them_out_of_the_store(self, session, coffee, part, seller):
        lot_id = session.scalar(select(LotStock.lot_id).where(LotStock.product_id == coffee.id))
        certificate = CertificateFactory(organisation=coffee.organisation)
        LotCertificateFactory(lot_id=lot_id, certificate_id=certificate.id)
        bring_to(SellerOrderState.CONFIRMED, part, seller)

        assert fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=WEDNESDAY)

        fixed = session.scalars(select(LineLot)).one()
        stock = session.get(LotStock, lot_id, populate_existing=True)
        assert (fixed.lot_id, fixed.packs) == (lot_id, 2)
        assert [each["number"] for each in fixed.certificates] == [certificate.number]
        assert (stock.on_hand_g, stock.held_g) == (19_000, 0)
        assert part.packed_at == WEDNESDAY

    def test_packs_once(self, session, part, seller):
        bring_to(SellerOrderState.PACKED, part, seller)

        assert not fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=FRIDAY)

        assert session.scalar(select(func.count()).select_from(LineLot)) == 1
        sold = select(func.sum(StockMovement.grams)).where(StockMovement.kind == "sold")
        assert session.scalar(sold) == -1_000

    def test_comes_after_confirming(self, session, part, seller):
        with pytest.raises(StateNotAllowedError):
            fulfilment.pack_order(actor=seller, seller_order_id=part.id, at=WEDNESDAY)

        assert part.state == SellerOrderState.PLACED
        assert session.scalar(select(func.count()).select_from(LineLot)) == 0

    def test_is_refused_to_an_accountant(self, coffee, part, seller):
        bring_to(SellerOrderState.CONFIRMED, part, seller)

        with pytest.raises(NotAllowedError):
            fulfilment.pack_order(
                actor=member_of(coffee.organisation, Role.ACCOUNTANT),
                seller_order_id=part.id,
                at=WEDNESDAY,
            )

        assert part.state == SellerOrderState.CONFIRMED


class TestHandOverOrder:
    def test_writes_down_the_carrier_and_tells_the_buyer_once(self, session, part, seller):
        bring_to(SellerOrderState.PACKED, part, seller)
        before = session.scalar(select(func.count()).select_from(JOBS))

        bring_to(SellerOrderState.HANDED_OVER, part, seller)
        bring_to(SellerOrderState.HANDED_OVER, part, seller)

        assert (part.carrier, part.tracking_code) == ("Viettel Post", "VT123")
        assert part.handed_over_at == THURSDAY
        assert session.scalar(select(func.count()).select_from(JOBS)) == before + 1

    def test_needs_a_carrier(self, part, seller):
        bring_to(SellerOrderState.PACKED, part, seller)

        with pytest.raises(CarrierMissingError):
            fulfilment.hand_over_order(
                actor=seller, seller_order_id=part.id, carrier=" ", at=THURSDAY
            )

        assert part.state == SellerOrderState.PACKED

    def test_needs_none_for_goods_that_are_collected(self, coffee, seller):
        [part] = parts_of(
            place(
                coffee,
                payment_method=PaymentMethod.CASH,
                pickups=frozenset({coffee.organisation_id}),
            )
        )
        bring_to(SellerOrderState.PACKED, part, seller)

        assert fulfilment.hand_over_order(actor=seller, seller_order_id=part.id, at=THURSDAY)

        assert part.state == SellerOrderState.HANDED_OVER


class TestDeliverOrder:
    def test_collects_the_cash_and_books_the_revenue_once(self, session, coffee, part, seller):
        bring_to(SellerOrderState.DELIVERED, part, seller)

        assert not fulfilment.deliver_order(actor=seller, seller_order_id=part.id, at=FRIDAY)

        cash = session.scalars(select(CashCollection)).one()
        organisation = coffee.organisation_id
        assert (part.state, part.delivered_at) == (SellerOrderState.DELIVERED, FRIDAY)
        assert (cash.state, cash.collected_minor) == ("collected", 330_000)
        assert balance(f"org:{organisation}:cash_in_transit").minor == 330_000
        assert abs(balance(f"org:{organisation}:payable").minor) == 330_000 - 14_500

    def test_completes_the_order_with_its_last_part(self, coffee, seller):
        honey = product_in_stock()
        other = acting(UserFactory(), honey.organisation)
        order = place(coffee, honey, payment_method=PaymentMethod.CASH)
        first, second = parts_of(order)

        bring_to(SellerOrderState.DELIVERED, first, seller)
        halfway = order.state
        bring_to(SellerOrderState.DELIVERED, second, other)

        assert (halfway, order.state) == (OrderState.OPEN, OrderState.COMPLETED)

    def test_comes_after_handing_over(self, session, part, seller):
        bring_to(SellerOrderState.PACKED, part, seller)

        with pytest.raises(StateNotAllowedError):
            fulfilment.deliver_order(actor=seller, seller_order_id=part.id, at=FRIDAY)

        session.flush()
        assert (part.state, part.delivered_at) == (SellerOrderState.PACKED, None)

    def test_is_refused_to_another_cooperative(self, part, seller):
        bring_to(SellerOrderState.HANDED_OVER, part, seller)

        with pytest.raises(NotAllowedError):
            fulfilment.deliver_order(
                actor=member_of(OrganisationFactory()), seller_order_id=part.id, at=FRIDAY
            )

        assert part.state == SellerOrderState.HANDED_OVER


def test_keeps_the_moments_of_every_step(session, part, seller):
    bring_to(SellerOrderState.DELIVERED, part, seller)

    assert part.placed_at == MONDAY
    assert history(session, part) == ["confirmed", "packed", "handed_over", "delivered"]
