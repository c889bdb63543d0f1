"""The invariants themselves: they run, and an empty market keeps them all."""

from tests.invariants import INVARIANTS, broken


def test_hold_in_a_market_where_nothing_has_happened(session):
    assert broken(session) == {}


def test_have_an_id_and_a_statement_of_their_own():
    assert len({each.id for each in INVARIANTS}) == len(INVARIANTS)
    assert all(each.statement for each in INVARIANTS)
