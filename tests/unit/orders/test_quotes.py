"""What a cart would cost."""

from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from marketplace.orders.quotes import CartRow, Seller, make_quote

SUNDAY = date(2026, 11, 22)
DAK_LAK, HA_NOI = "66", "01"

COFFEE_HOUSE = Seller(
    organisation_id=1,
    code="CUMGAR",
    slug="cu-mgar",
    name="HTX Cà phê Cư M’gar",
    province_code=DAK_LAK,
    commission_bps=500,
    own_region_fee_minor=25_000,
    other_region_fee_minor=40_000,
    free_from_minor=None,
    own_region_days=2,
    other_region_days=4,
    offers_pickup=True,
    pickup_note="",
    accepts_cash=True,
)
FRUIT_GARDEN = replace(COFFEE_HOUSE, organisation_id=2, offers_pickup=False, accepts_cash=False)


def row(line_id=1, seller=COFFEE_HOUSE, **values):
    return CartRow(
        **{
            "line_id": line_id,
            "pack_id": line_id,
            "product_id": line_id,
            "category_id": 1,
            "slug": "ca-phe",
            "name_vi": "Cà phê",
            "name_en": "Coffee",
            "pack_name_vi": "Gói 500 g",
            "pack_name_en": "500 g pack",
            "net_weight_g": 500,
            "cover_sha256": None,
            "quantity": 2,
            "price_minor": 145_000,
            "seen_price_minor": 145_000,
            "is_on_sale": True,
            "seller": seller,
            **values,
        }
    )


def quote(*rows, province_code=HA_NOI, **values):
    return make_quote(rows, province_code=province_code, on=SUNDAY, **values)


class TestMakeQuote:
    def test_groups_by_seller_in_the_order_of_the_cart(self):
        found = quote(row(1), row(2, FRUIT_GARDEN), row(3))

        assert [[each.line_id for each in part.rows] for part in found.parts] == [[1, 3], [2]]
        assert (found.goods_minor, found.delivery_minor, found.total_minor) == (
            870_000,
            80_000,
            950_000,
        )

    def test_counts_no_delivery_before_it_knows_where_to(self):
        found = quote(row(), province_code=None)

        assert found.parts[0].delivery_minor is None
        assert found.total_minor == 290_000

    def test_knows_the_region_of_the_buyer(self):
        assert quote(row(), province_code=DAK_LAK).delivery_minor == 25_000

    def test_leaves_delivery_out_for_goods_that_are_collected(self):
        found = quote(row(), pickups={1})

        assert (found.delivery_minor, found.is_all_picked_up) == (0, True)

    def test_delivers_where_nothing_can_be_collected(self):
        found = quote(row(seller=FRUIT_GARDEN), pickups={2})

        assert (found.delivery_minor, found.is_all_picked_up) == (40_000, False)

    def test_leaves_out_of_the_sum_what_is_not_on_sale(self):
        found = quote(row(1), row(2, is_on_sale=False))

        assert found.goods_minor == 290_000
        assert [each.line_id for each in found.not_on_sale] == [2]
        assert not found.is_orderable

    def test_takes_cash_only_if_everybody_does(self):
        assert quote(row(1)).accepts_cash
        assert not quote(row(1), row(2, FRUIT_GARDEN)).accepts_cash


class TestDigest:
    def test_stays_the_same_for_the_same_costs(self):
        assert quote(row(1), row(2)).digest == quote(row(2), row(1)).digest

    def test_changes_with_everything_that_costs(self):
        first = quote(row())
        others = [
            quote(row(price_minor=145_001)),
            quote(row(quantity=3)),
            quote(row(pack_id=9)),
            quote(row(), province_code=DAK_LAK),
            quote(row(), pickups={1}),
        ]

        assert first.digest not in {other.digest for other in others}
        assert len({other.digest for other in others}) == len(others)


@given(
    st.lists(
        st.tuples(st.integers(1, 10**9), st.integers(1, 999), st.integers(0, 10_000)), min_size=1
    )
)
def test_commission_is_a_share_of_the_goods_and_never_more(lines):
    rows = [
        row(n, replace(COFFEE_HOUSE, commission_bps=bps), price_minor=price, quantity=quantity)
        for n, (price, quantity, bps) in enumerate(lines)
    ]

    for each in rows:
        share = each.commission_minor("VND")
        exact = each.goods_minor * each.seller.commission_bps / 10_000
        assert 0 <= share <= each.goods_minor
        assert abs(share - exact) <= 1
