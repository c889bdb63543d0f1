from datetime import date, timedelta
from random import Random

from marketplace.inventory.rules import Want
from marketplace.kernel.clock import VIETNAM
from marketplace.kernel.references import find_references, make_reference
from marketplace.payments.statements.parsing import parse_statement
from marketplace.workflows.demo.banking import memo
from marketplace.workflows.demo.demand import days_to_tet, order_moments
from marketplace.workflows.demo.diary import Diary
from marketplace.workflows.demo.shelf import Shelf
from marketplace.workflows.demo.statement import BankMove, write_statement
from marketplace.workflows.demo.world import next_working_moment
from tests.moments import MONDAY, TUESDAY, WEDNESDAY


def test_a_diary_keeps_the_order_of_time_and_leaves_the_future_out():
    told = []
    diary = Diary(until=TUESDAY)

    assert diary.note(TUESDAY, lambda at: told.append(("second", at)))
    assert diary.note(
        MONDAY, lambda at: diary.note(at, lambda again: told.append(("first", again)))
    )
    assert not diary.note(WEDNESDAY, lambda at: told.append(("never", at)))

    assert list(diary.live()) == [MONDAY, MONDAY, TUESDAY]
    assert told == [("first", MONDAY), ("second", TUESDAY)]


def test_a_shelf_gives_what_spoils_first_and_nothing_that_is_spoiled():
    shelf = Shelf()
    day = date(2026, 11, 2)
    for lot_id, best_before_on in ((1, date(2026, 12, 1)), (2, date(2026, 11, 10))):
        shelf.put(
            lot_id=lot_id,
            product_id=5,
            grams=1000,
            harvested_on=day,
            best_before_on=best_before_on,
        )

    chosen = shelf.plan([Want(0, 5, 500, 3)], day)
    shelf.take(chosen)

    assert chosen.grams_by_lot == [(1, 500), (2, 1000)]
    assert shelf.has(5, 500, day)
    assert not shelf.has(5, 501, day)
    shelf.give_back(chosen)
    assert shelf.plan([Want(0, 5, 500, 3)], date(2026, 11, 11)).short
    assert shelf.clear(2) == 1000


def test_a_statement_is_read_back_as_it_was_written():
    moves = [
        BankMove(MONDAY, 268_000, "NGUYEN THI LAN; chuyen tien", "FT1"),
        BankMove(MONDAY + timedelta(seconds=7), -11_000, "THU PHI", "FT2"),
    ]

    read = parse_statement(write_statement(moves, account="0001", holder="CHO MUA")).lines

    assert [
        (line.booked_at, line.minor, line.description, line.bank_reference) for line in read
    ] == [(move.booked_at, move.minor, move.text, move.reference) for move in moves]


def test_the_reference_is_found_in_every_shape_of_memo():
    reference = make_reference(123_456_789_012)

    for number in range(20):
        text = memo(reference, "Nguyễn Thị Ánh Tuyết", number=number, phone="+84900000321")
        assert find_references(text) == [reference]


def test_people_order_more_as_time_goes_on_and_before_tet():
    moments = order_moments(date(2025, 10, 1), date(2026, 11, 20), 1500, Random(3))  # noqa: S311 - the same every time
    days = [moment.astimezone(VIETNAM).date() for moment in moments]

    def between(first: date, last: date) -> float:
        return sum(first <= day <= last for day in days) / ((last - first).days + 1)

    assert len(moments) in range(1490, 1501)
    assert moments == sorted(moments)
    assert between(date(2026, 10, 1), date(2026, 10, 31)) > 1.5 * between(
        date(2025, 10, 1), date(2025, 10, 31)
    )
    assert between(date(2026, 1, 20), date(2026, 2, 12)) > 1.4 * between(
        date(2026, 3, 1), date(2026, 3, 24)
    )
    assert between(date(2026, 2, 15), date(2026, 2, 20)) < 1


def test_tet_is_known_and_far_years_are_not_guessed():
    assert days_to_tet(date(2026, 2, 10)) == 7
    assert days_to_tet(date(2026, 2, 20)) == -3
    assert days_to_tet(date(2050, 1, 1)) is None


def test_nobody_packs_at_night():
    night = MONDAY.astimezone(VIETNAM).replace(hour=22, minute=20)

    assert next_working_moment(night).date() == date(2026, 11, 3)
    assert next_working_moment(night).hour == 7
    assert next_working_moment(MONDAY) == MONDAY
