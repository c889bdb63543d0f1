"""Carts of guests and of people."""

import pytest
from sqlalchemy import func, select

from marketplace.orders import operations, rules
from marketplace.orders.errors import CartFullError, PackNotOnSaleError, QuantityError
from marketplace.orders.queries import cart_rows, find_cart_id
from models.catalogue import ProductState
from models.orders import Cart, CartLine
from tests.factories.accounts import UserFactory, acting
from tests.factories.orders import (
    GUEST,
    CartLineFactory,
    cart_with,
    pack_of,
    product_in_stock,
)
from tests.moments import MONDAY, TUESDAY

pytestmark = pytest.mark.usefixtures("session")

TOKEN = "a" * 64


def add(product, quantity=1, *, actor=GUEST, token_hash=TOKEN):
    return operations.add_to_cart(
        actor=actor,
        token_hash=token_hash,
        pack_id=pack_of(product).id,
        quantity=quantity,
        at=MONDAY,
    )


def contents(cart_id):
    return [(row.pack_id, row.quantity) for row in cart_rows(cart_id)]


class TestAddToCart:
    def test_makes_a_cart_for_a_token_and_counts_its_lines(self, session):
        coffee, honey = product_in_stock(), product_in_stock()

        counts = [add(coffee, 2), add(honey), add(coffee)]

        cart_id = find_cart_id(user_id=None, token_hash=TOKEN)
        assert counts == [1, 2, 2]
        assert contents(cart_id) == [(pack_of(coffee).id, 3), (pack_of(honey).id, 1)]

    def test_keeps_the_cart_of_a_person_apart_from_a_token(self, session):
        coffee, user = product_in_stock(), UserFactory()

        add(coffee, actor=acting(user))

        assert find_cart_id(user_id=None, token_hash=TOKEN) is None
        assert find_cart_id(user_id=user.id, token_hash=None) is not None

    def test_never_holds_more_packs_than_a_line_may(self, session):
        coffee = product_in_stock()

        add(coffee, 900)
        add(coffee, 900)

        assert contents(find_cart_id(user_id=None, token_hash=TOKEN))[0][1] == 999

    @pytest.mark.parametrize("quantity", [0, -1, 1000])
    def test_refuses_a_number_that_cannot_be_ordered(self, session, quantity):
        coffee = product_in_stock()

        with pytest.raises(QuantityError):
            add(coffee, quantity)

        assert session.scalar(select(func.count()).select_from(Cart)) == 0

    def test_refuses_what_nobody_sells(self, session):
        coffee = product_in_stock()
        coffee.state = ProductState.ARCHIVED

        with pytest.raises(PackNotOnSaleError):
            add(coffee)
        with pytest.raises(PackNotOnSaleError):
            operations.add_to_cart(
                actor=GUEST, token_hash=TOKEN, pack_id=999_999, quantity=1, at=MONDAY
            )

        assert session.scalar(select(func.count()).select_from(Cart)) == 0

    def test_stops_when_the_cart_is_full(self, session, monkeypatch):
        monkeypatch.setattr(operations.carts, "MAX_LINES", 1)
        add(product_in_stock())

        with pytest.raises(CartFullError), session.begin_nested():
            add(product_in_stock())

        assert len(contents(find_cart_id(user_id=None, token_hash=TOKEN))) == 1


class TestSetQuantities:
    def test_changes_some_takes_out_others_and_sees_todays_price(self, session):
        coffee, honey = product_in_stock(), product_in_stock()
        cart = cart_with(coffee, honey)
        first, second = session.scalars(select(CartLine).order_by(CartLine.id))
        pack_of(coffee).price_minor = 150_000

        count = operations.set_quantities(
            cart_id=cart.id, quantities={first.id: 4, second.id: 0}, at=TUESDAY
        )

        [row] = cart_rows(cart.id)
        session.refresh(cart)
        assert count == 1
        assert (row.quantity, row.seen_price_minor) == (4, 150_000)
        assert cart.updated_at == TUESDAY

    def test_leaves_the_seen_price_of_lines_that_do_not_change(self, session):
        coffee = product_in_stock()
        cart = cart_with(coffee)
        line = session.scalars(select(CartLine)).one()
        pack_of(coffee).price_minor = 150_000

        operations.set_quantities(cart_id=cart.id, quantities={line.id: 1}, at=TUESDAY)

        assert cart_rows(cart.id)[0].seen_price_minor == 145_000

    def test_passes_over_lines_of_other_carts(self, session):
        coffee = product_in_stock()
        mine, other = cart_with(coffee), cart_with(coffee)
        foreign = session.scalars(select(CartLine).where(CartLine.cart_id == other.id)).one()

        count = operations.set_quantities(cart_id=mine.id, quantities={foreign.id: 9}, at=TUESDAY)

        assert count == 1
        assert contents(other.id)[0][1] == 1

    def test_refuses_nonsense_as_a_whole(self, session):
        cart = cart_with(product_in_stock(), product_in_stock())
        first, second = session.scalars(select(CartLine).order_by(CartLine.id))

        with pytest.raises(QuantityError):
            operations.set_quantities(
                cart_id=cart.id, quantities={first.id: 2, second.id: -1}, at=TUESDAY
            )

        assert [quantity for _, quantity in contents(cart.id)] == [1, 1]

    def test_does_nothing_to_a_cart_that_was_ordered(self, session):
        cart = cart_with(product_in_stock())
        operations.discard_cart(cart.id)

        assert operations.set_quantities(cart_id=cart.id, quantities={1: 1}, at=TUESDAY) == 0


class TestAdoptCart:
    def test_moves_a_guests_goods_and_keeps_the_larger_number(self, session):
        coffee, honey, user = product_in_stock(), product_in_stock(), UserFactory()
        own = cart_with((coffee, 5), user_id=user.id)
        guest = cart_with((coffee, 2), (honey, 3))

        count = operations.adopt_cart(actor=acting(user), token_hash=guest.token_hash, at=TUESDAY)

        assert count == 2
        assert contents(own.id) == [(pack_of(coffee).id, 5), (pack_of(honey).id, 3)]
        assert session.scalar(select(func.count()).select_from(Cart)) == 1

    def test_is_harmless_when_there_is_nothing_to_move(self, session):
        assert operations.adopt_cart(actor=acting(UserFactory()), token_hash=TOKEN, at=MONDAY) == 0

    def test_leaves_behind_what_does_not_fit(self, session, monkeypatch):
        monkeypatch.setattr(operations.carts, "MAX_LINES", 2)
        user = UserFactory()
        own = cart_with(product_in_stock(), user_id=user.id)
        guest = cart_with(product_in_stock(), product_in_stock())

        operations.adopt_cart(actor=acting(user), token_hash=guest.token_hash, at=TUESDAY)

        assert len(contents(own.id)) == 2


def test_a_cart_takes_at_most_fifty_lines():
    assert rules.MAX_LINES == 50


def test_rows_of_a_cart_share_their_seller(session):
    coffee = product_in_stock()
    honey = product_in_stock(organisation=coffee.organisation)
    cart = cart_with(coffee)
    CartLineFactory(cart_id=cart.id, pack=pack_of(honey))

    first, second = cart_rows(cart.id)

    assert first.seller is second.seller
    assert (first.seller.own_region_fee_minor, first.seller.accepts_cash) == (25_000, True)


def test_a_seller_without_settings_asks_the_standard_fees(session):
    coffee = product_in_stock(organisation__delivers=False)

    [row] = cart_rows(cart_with(coffee).id)

    assert row.seller.own_region_fee_minor == 25_000
    assert row.seller.other_region_fee_minor == 40_000
    assert (row.seller.own_region_days, row.seller.other_region_days) == (2, 4)
    assert (row.seller.offers_pickup, row.seller.accepts_cash) == (True, True)
