"""What a seller's desk reads."""

from datetime import timedelta

import pytest

from marketplace.inventory.queries import available_packs, held_lots, low_stock, stock_of_lots
from marketplace.orders import queries
from marketplace.orders.errors import OrderNotFoundError
from marketplace.orders.queries import DeskFilter
from marketplace.platform.pagination import PageRequest
from marketplace.workflows import expiry, fulfilment
from models.orders import PaymentMethod
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import PackFactory
from tests.factories.orders import pack_of, parts_of, place, product_in_stock
from tests.factories.traceability import LotFactory
from tests.moments import MONDAY, MONDAY_DAY, NEXT_MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

CASH = PaymentMethod.CASH


@pytest.fixture
def coffee():
    return product_in_stock()


@pytest.fixture
def seller(coffee):
    return member_of(coffee.organisation)


def deliver(part, seller, at):
    arguments = {"actor": seller, "seller_order_id": part.id, "at": at}
    fulfilment.confirm_order(**arguments)
    fulfilment.pack_order(**arguments)
    fulfilment.hand_over_order(carrier="Viettel Post", **arguments)
    fulfilment.deliver_order(**arguments)


class TestCounts:
    def test_count_each_view(self, coffee, seller):
        owner = coffee.organisation_id
        [confirmed] = parts_of(place(coffee, payment_method=CASH))
        fulfilment.confirm_order(actor=seller, seller_order_id=confirmed.id, at=MONDAY)
        place(coffee, payment_method=CASH)
        place(coffee)
        gone = place(coffee)
        expiry.expire_order(order_id=gone.id, at=TUESDAY)

        counts = queries.counts_of(owner, MONDAY)

        assert counts[DeskFilter.ALL] == 3
        assert counts[DeskFilter.TO_CONFIRM] == counts[DeskFilter.TO_PACK] == 1
        assert counts[DeskFilter.UNPAID] == 1
        assert counts[DeskFilter.LATE] == counts[DeskFilter.DONE] == 0
        assert queries.counts_of(owner, TUESDAY + timedelta(seconds=1))[DeskFilter.LATE] == 1


class TestToday:
    def test_compares_with_the_same_days_of_last_month(self, session, coffee, seller):
        october = MONDAY - timedelta(days=31)
        for at, packs in ((october, 1), (MONDAY, 2), (MONDAY - timedelta(days=5), 4)):
            [part] = parts_of(place((coffee, packs), payment_method=CASH, at=at))
            deliver(part, seller, at)
        session.flush()

        today = queries.today_of(coffee.organisation_id, MONDAY)

        # October's sale of the 28th came after the 2nd, so it is not compared with.
        assert (today.delivered_count, today.delivered_minor) == (1, 330_000)
        assert (today.delivered_count_before, today.delivered_minor_before) == (1, 185_000)

    def test_tells_what_waits(self, coffee):
        place(coffee, payment_method=CASH)

        today = queries.today_of(coffee.organisation_id, NEXT_MONDAY)

        assert (today.to_confirm, today.late_to_confirm) == (1, 1)
        assert today.oldest_to_confirm == MONDAY
        assert (today.held_count, today.held_minor) == (1, 185_000)


class TestSellerOrders:
    def test_come_page_by_page_oldest_first_where_they_wait(self, coffee):
        numbers = [
            parts_of(place(coffee, payment_method=CASH, at=MONDAY + timedelta(hours=hour)))[
                0
            ].number
            for hour in range(3)
        ]

        page = queries.seller_orders_of(
            coffee.organisation_id,
            TUESDAY,
            view=DeskFilter.TO_CONFIRM,
            page=PageRequest(number=1, size=2),
        )
        rest = queries.seller_orders_of(
            coffee.organisation_id, TUESDAY, page=PageRequest(number=2, size=2)
        )

        assert [row.number for row in page.rows] == numbers[:2]
        assert [row.number for row in rest.rows] == numbers[:1]
        assert (page.total, page.last) == (3, 2)

    def test_are_not_found_by_other_sellers(self, coffee):
        [part] = parts_of(place(coffee))
        stranger = member_of(OrganisationFactory())

        with pytest.raises(OrderNotFoundError):
            queries.get_seller_order(part.number, viewer=stranger)
        with pytest.raises(OrderNotFoundError):
            queries.get_seller_orders([part.number], viewer=stranger)


class TestStock:
    def test_counts_whole_packs_of_each_lot(self, coffee):
        LotFactory(product=coffee, quantity_g=900)
        heavy = PackFactory(product=coffee, net_weight_g=1_000)

        packs = available_packs([pack_of(coffee).id, heavy.id], MONDAY_DAY)

        assert packs == {pack_of(coffee).id: 41, heavy.id: 20}

    def test_says_which_lots_wait_for_a_line(self, coffee):
        order = place((coffee, 3))
        [line_id] = queries.line_ids_of(order_id=order.id)

        [lot] = held_lots([line_id])[line_id]

        assert (lot.packs, stock_of_lots([lot.lot_id])[lot.lot_id].available_g) == (3, 18_500)

    def test_names_what_will_be_sold_out_soon(self, session, coffee, seller):
        honey = product_in_stock(0, organisation=coffee.organisation)
        product_in_stock(organisation=coffee.organisation)
        [part] = parts_of(place((coffee, 36), payment_method=CASH))
        deliver(part, seller, MONDAY)
        session.flush()

        low = low_stock(coffee.organisation_id, TUESDAY)

        # 18 of 20 kg went within four weeks: the last 2 kg are good for three days.
        assert [(row.product_id, row.available_g, row.days_left) for row in low] == [
            (honey.id, 0, None),
            (coffee.id, 2_000, 3),
        ]
