"""Spreading packs over lots."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.inventory.rules import Available, Short, Take, Want, plan

COFFEE, HONEY = 1, 2


def want(line_id, packs, *, pack_g=500, product_id=COFFEE):
    return Want(line_id, product_id, pack_g, packs)


def lot(lot_id, grams, *, product_id=COFFEE):
    return Available(lot_id, product_id, grams)


class TestPlan:
    def test_takes_from_the_first_lot_while_it_lasts(self):
        found = plan([want(1, 3)], [lot(8, 1_000), lot(7, 5_000)])

        assert found.takes == (Take(1, 8, 2, 1_000), Take(1, 7, 1, 500))
        assert found.short == ()

    def test_takes_a_pack_out_of_one_lot_only(self):
        found = plan([want(1, 1, pack_g=1_000)], [lot(7, 900), lot(8, 900)])

        assert found.takes == ()
        assert found.short == (Short(1, 1, 0),)

    def test_lets_two_lines_of_a_product_draw_on_the_same_grams(self):
        found = plan([want(1, 3), want(2, 2)], [lot(7, 2_000)])

        assert found.takes == (Take(1, 7, 3, 1_500), Take(2, 7, 1, 500))
        assert found.short == (Short(2, 2, 1),)
        assert found.grams_by_lot == [(7, 2_000)]

    def test_lets_heavy_packs_choose_before_light_ones(self):
        found = plan([want(1, 2), want(2, 1, pack_g=5_000)], [lot(7, 5_000), lot(8, 1_000)])

        assert found.takes == (Take(2, 7, 1, 5_000), Take(1, 8, 2, 1_000))
        assert found.short == ()

    def test_keeps_products_apart(self):
        found = plan([want(1, 1)], [lot(7, 5_000, product_id=HONEY)])

        assert found.short == (Short(1, 1, 0),)

    def test_sums_each_lot_once_in_order_of_its_id(self):
        found = plan([want(1, 1), want(2, 1)], [lot(9, 500), lot(3, 5_000)])

        assert found.grams_by_lot == [(3, 500), (9, 500)]


@given(
    wants=st.lists(
        st.tuples(st.sampled_from([250, 500, 1_000, 5_000]), st.integers(1, 9)), max_size=6
    ),
    lots=st.lists(st.integers(0, 12_000), max_size=5),
)
def test_never_takes_more_than_there_is_and_accounts_for_every_pack(wants, lots):
    asked = [want(n, packs, pack_g=grams) for n, (grams, packs) in enumerate(wants)]
    stock = [lot(n, grams) for n, grams in enumerate(lots)]

    found = plan(asked, stock)

    taken = dict(found.grams_by_lot)
    assert all(taken.get(n, 0) <= grams for n, grams in enumerate(lots))
    given_to = {each.line_id: 0 for each in asked}
    for take in found.takes:
        given_to[take.line_id] += take.packs
    missing = {each.line_id: each.wanted - each.available for each in found.short}
    for each in asked:
        assert given_to[each.line_id] + missing.get(each.line_id, 0) == each.packs
