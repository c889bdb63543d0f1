"""Spreading packs over lots."""

from hypothesis import given
from hypothesis import strategies as st

from marketplace.inventory.rules import Available, Claim, Short, Take, Want, plan

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


GAP, ORGANIC = Claim(1, "VIETGAP_CROP", None), Claim(2, "ORGANIC_VN", None)


def claiming(lot_id, grams, *claims):
    return Available(lot_id, COFFEE, grams, frozenset(claims))


def takes(found):
    return [(take.line_id, take.lot_id, take.packs) for take in found.takes]


class TestClaims:
    def test_a_line_comes_from_the_lots_that_keep_its_claim_though_others_expire_first(self):
        lots = [lot(7, 5_000), claiming(8, 1_000, GAP), claiming(9, 1_000, GAP)]

        found = plan([want(1, 3)], lots)

        assert takes(found) == [(1, 8, 2), (1, 9, 1)]
        assert (found.kept, found.missed) == ({1: {GAP}}, {})

    def test_a_line_that_they_cannot_fill_comes_in_the_usual_order_and_keeps_none(self):
        found = plan([want(1, 3)], [lot(7, 500), claiming(8, 1_000, GAP), lot(9, 5_000)])

        assert takes(found) == [(1, 7, 1), (1, 8, 2)]
        assert (found.kept, found.missed) == ({}, {1: {GAP}})

    def test_what_one_line_has_taken_is_not_there_for_the_next(self):
        lots = [lot(7, 5_000), claiming(8, 1_000, GAP)]

        found = plan([want(1, 1), want(2, 1), want(3, 1)], lots)

        assert takes(found) == [(1, 8, 1), (2, 8, 1), (3, 7, 1)]
        assert (found.kept, found.missed) == ({1: {GAP}, 2: {GAP}}, {3: {GAP}})

    def test_the_lots_with_most_claims_come_first_then_those_of_the_older_paper(self):
        lots = [claiming(7, 500, ORGANIC), claiming(8, 500, GAP), claiming(9, 500, GAP, ORGANIC)]

        both = plan([want(1, 1)], lots)
        one = plan([want(1, 2)], lots)
        none = plan([want(1, 3)], lots)

        assert (takes(both), both.kept, both.missed) == ([(1, 9, 1)], {1: {GAP, ORGANIC}}, {})
        assert (takes(one), one.kept, one.missed) == (
            [(1, 8, 1), (1, 9, 1)],
            {1: {GAP}},
            {1: {ORGANIC}},
        )
        assert (none.kept, none.missed) == ({}, {1: {GAP, ORGANIC}})

    def test_nobody_goes_short_for_a_claim(self):
        # A kilogram out of lot 7 would leave 400 g there, and lot 8 holds one pack of 700 g.
        lots = [lot(8, 1_000), claiming(7, 1_400, GAP)]

        found = plan([want(1, 1, pack_g=1_000), want(2, 2, pack_g=700)], lots)

        assert takes(found) == [(1, 8, 1), (2, 7, 2)]
        assert (found.short, found.kept, found.missed) == ((), {2: {GAP}}, {1: {GAP}})

    def test_a_claim_of_another_product_is_none_of_its_business(self):
        other = Available(8, HONEY, 5_000, frozenset({GAP}))

        found = plan([want(1, 1)], [lot(7, 500), other])

        assert (found.kept, found.missed) == ({}, {})


@given(
    wants=st.lists(st.tuples(st.sampled_from([250, 700, 1_000]), st.integers(1, 5)), max_size=5),
    lots=st.lists(
        st.tuples(st.integers(0, 5_000), st.frozensets(st.sampled_from([GAP, ORGANIC]))),
        max_size=5,
    ),
)
def test_claims_cost_no_sale_and_are_kept_by_every_lot(wants, lots):
    asked = [want(n, packs, pack_g=grams) for n, (grams, packs) in enumerate(wants)]
    stock = [claiming(n, grams, *claims) for n, (grams, claims) in enumerate(lots)]

    found = plan(asked, stock)

    plain = plan(asked, [lot(each.lot_id, each.grams) for each in stock])
    assert not found.short or found.short == plain.short
    taken = dict(found.grams_by_lot)
    assert all(taken.get(each.lot_id, 0) <= each.grams for each in stock)
    offered = frozenset().union(*(each.claims for each in stock))
    for each in asked:
        of_lots = [
            stock[take.lot_id].claims for take in found.takes if take.line_id == each.line_id
        ]
        common = offered.intersection(*of_lots)
        assert found.kept.get(each.line_id, frozenset()) == common
        assert found.missed.get(each.line_id, frozenset()) == offered - common
