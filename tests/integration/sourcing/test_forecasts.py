"""Forecasts are written, changed with a reason, and taken back."""

from datetime import date

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.platform.database import session as database
from marketplace.sourcing.supply import errors, queries
from marketplace.sourcing.supply.holding import hold_supply
from marketplace.sourcing.supply.operations import UNDONE, undo_forecast, write_forecast
from marketplace.sourcing.supply.queries import last_change
from marketplace.sourcing.supply.rules import Forecast, Wanted
from models.accounts import Role
from models.platform import AuditEvent
from models.supply import HoldPurpose, Supply, SupplyChange
from tests.factories.accounts import member_of
from tests.factories.catalogue import ProductFactory
from tests.factories.supply import APRIL, MARCH
from tests.invariants import broken
from tests.moments import MONDAY, TUESDAY, WEDNESDAY

TONNE = 1_000_000
NOVEMBER = date(2026, 11, 1)
OCTOBER_NEXT = date(2027, 10, 1)


@pytest.fixture
def product(session):
    return ProductFactory(name_vi="Gạo ST25")


@pytest.fixture
def seller(product):
    return member_of(product.organisation, Role.SALES)


@pytest.fixture
def write(product, seller):
    """Write months in tonnes, upon what is there."""

    def save(months, *, actor=seller, at=MONDAY, **told):
        grams = {month: round(tonnes * TONNE) for month, tonnes in months.items()}
        seen = last_change(product.id, told.get("grade", ""))
        forecast = Forecast(**{"grade": "", "grams": grams, "seen": seen} | told)
        return write_forecast(actor=actor, product=product, forecast=forecast, at=at)

    return save


def book():
    """Every month of the book, in tonnes."""
    database.expire_all()
    assert broken(database) == {}
    rows = database.scalars(select(Supply).order_by(Supply.grade, Supply.month))
    return {(row.grade, row.month): row.forecast_g / TONNE for row in rows}


def changes():
    rows = database.scalars(select(SupplyChange).order_by(SupplyChange.id))
    return [(row.before_g // TONNE, row.after_g // TONNE, row.reason) for row in rows]


class TestWriting:
    def test_the_months_stand_in_the_book_with_their_history_and_the_trail(
        self, product, seller, write
    ):
        assert write({MARCH: 12, APRIL: 3}) == [MARCH, APRIL]

        assert book() == {("", MARCH): 12, ("", APRIL): 3}
        assert changes() == [(0, 12, ""), (0, 3, "")]
        [row] = database.scalars(select(Supply).where(Supply.month == MARCH))
        assert (row.organisation_id, row.updated_at) == (product.organisation_id, MONDAY)
        [event] = database.scalars(select(AuditEvent))
        assert (event.action, event.subject_id, event.actor_user_id) == (
            "sourcing.write_forecast",
            product.id,
            seller.user_id,
        )
        assert event.after == {"grade": "", "2027-03": 12 * TONNE, "2027-04": 3 * TONNE}

    def test_the_same_again_changes_nothing(self, write):
        write({MARCH: 12})

        assert write({MARCH: 12}, seen=0, at=TUESDAY) == []
        assert len(changes()) == 1

    def test_nothing_in_a_month_that_nobody_forecast_leaves_no_row(self, write):
        assert write({MARCH: 0, APRIL: 1}) == [APRIL]
        assert book() == {("", APRIL): 1}

    def test_a_month_that_is_left_out_stays(self, write):
        write({MARCH: 12})
        write({APRIL: 5}, at=TUESDAY)

        assert book() == {("", MARCH): 12, ("", APRIL): 5}

    def test_the_present_month_and_eleven_more_can_be_written(self, write):
        write({NOVEMBER: 1, OCTOBER_NEXT: 2})

        assert book() == {("", NOVEMBER): 1, ("", OCTOBER_NEXT): 2}

    @pytest.mark.parametrize("month", [date(2026, 10, 1), date(2027, 11, 1), date(2027, 3, 2)])
    def test_another_month_cannot(self, write, month):
        with pytest.raises(errors.MonthOutOfBoundsError):
            write({month: 1})
        assert book() == {}

    @pytest.mark.parametrize("tonnes", [-1, 1_000_001])
    def test_a_slip_of_the_keyboard_is_refused(self, write, tonnes):
        with pytest.raises(errors.VolumeOutOfBoundsError) as refused:
            write({MARCH: tonnes})
        assert refused.value.details == {"field": "month_3"}
        assert book() == {}

    def test_a_grade_is_a_line_of_its_own_and_written_in_one_way(self, write):
        write({MARCH: 12})
        write({MARCH: 2}, grade=" Loại   1 ")

        assert book() == {("", MARCH): 12, ("Loại 1", MARCH): 2}

    @pytest.mark.parametrize(
        ("values", "error"),
        [
            ({"grade": "x" * 41}, errors.GradeTooLongError),
            ({"reason": "x" * 201}, errors.ReasonTooLongError),
        ],
    )
    def test_words_that_are_too_long_are_refused(self, write, values, error):
        with pytest.raises(error):
            write({MARCH: 1}, **values)
        assert book() == {}

    @pytest.mark.parametrize("role", [Role.WAREHOUSE, Role.ACCOUNTANT])
    def test_who_only_looks_cannot_write(self, product, write, role):
        with pytest.raises(NotAllowedError):
            write({MARCH: 1}, actor=member_of(product.organisation, role))
        assert book() == {}

    def test_another_seller_cannot(self, write):
        with pytest.raises(NotAllowedError):
            write({MARCH: 1}, actor=member_of(ProductFactory().organisation, Role.DIRECTOR))
        assert book() == {}

    def test_who_has_not_seen_the_last_change_is_told(self, product, write):
        write({MARCH: 12})
        newest = last_change(product.id, "")

        with pytest.raises(errors.ForecastChangedMeanwhileError) as refused:
            write({MARCH: 13}, seen=0, at=TUESDAY)

        assert refused.value.details == {"seen": newest}
        assert book() == {("", MARCH): 12}


class TestLowering:
    def test_it_needs_a_reason(self, write):
        write({MARCH: 12, APRIL: 3})

        with pytest.raises(errors.LoweringReasonMissingError) as refused:
            write({MARCH: 11, APRIL: 4}, reason="  ", at=TUESDAY)
        assert refused.value.details == {"field": "reason"}
        assert book() == {("", MARCH): 12, ("", APRIL): 3}

        write({MARCH: 11, APRIL: 4}, reason=" Bão số 9 ", at=TUESDAY)
        assert book() == {("", MARCH): 11, ("", APRIL): 4}
        assert changes()[-2:] == [(12, 11, "Bão số 9"), (3, 4, "Bão số 9")]

    def test_raising_needs_none(self, write):
        write({MARCH: 12})
        write({MARCH: 13}, at=TUESDAY)

        assert book() == {("", MARCH): 13}

    def test_it_stops_at_what_is_promised_and_names_the_number(self, product, write):
        write({MARCH: 12, APRIL: 3})
        hold_supply(
            purpose=HoldPurpose.QUOTE,
            reference="BG-1",
            wanted=[Wanted(product.id, "", MARCH, 5 * TONNE), Wanted(product.id, "", APRIL, TONNE)],
            at=MONDAY,
        )

        with pytest.raises(errors.BelowPromisedError) as refused:
            write({MARCH: 4, APRIL: 0}, reason="Bão", at=TUESDAY)

        assert refused.value.parts() == [
            {"field": "month_3", "month": "3/2027", "least": "5\u00a0tấn"},
            {"field": "month_4", "month": "4/2027", "least": "1\u00a0tấn"},
        ]
        assert book() == {("", MARCH): 12, ("", APRIL): 3}
        write({MARCH: 5}, reason="Bão", at=TUESDAY)
        assert book() == {("", MARCH): 5, ("", APRIL): 3}


class TestUndoing:
    @pytest.fixture
    def undo(self, product, seller):
        def take_back(*, actor=seller, seen=None, at=WEDNESDAY):
            looked_at = last_change(product.id, "") if seen is None else seen
            return undo_forecast(actor=actor, product=product, grade="", seen=looked_at, at=at)

        return take_back

    def test_what_was_there_before_comes_back_whole_and_says_so(self, write, undo):
        write({MARCH: 12, APRIL: 3})
        write({MARCH: 10, APRIL: 4}, reason="Bão", at=TUESDAY)

        assert undo() == [MARCH, APRIL]

        assert book() == {("", MARCH): 12, ("", APRIL): 3}
        assert changes()[-2:] == [(10, 12, UNDONE), (4, 3, UNDONE)]
        assert database.scalars(select(AuditEvent.action).order_by(AuditEvent.id)).all()[-1] == (
            "sourcing.undo_forecast"
        )

    def test_an_undo_can_be_undone(self, write, undo):
        write({MARCH: 12})
        undo()
        assert book() == {("", MARCH): 0}

        undo(at=MONDAY)
        assert book() == {("", MARCH): 12}

    def test_the_same_press_twice_undoes_once(self, product, write, undo):
        write({MARCH: 12})
        write({MARCH: 13}, at=TUESDAY)
        seen = last_change(product.id, "")
        undo(seen=seen)

        with pytest.raises(errors.ForecastChangedMeanwhileError):
            undo(seen=seen)
        assert book() == {("", MARCH): 12}

    def test_there_must_be_something_to_undo(self, undo):
        with pytest.raises(errors.NothingToUndoError):
            undo()

    def test_months_that_are_over_stay(self, write, undo):
        write({NOVEMBER: 2})

        with pytest.raises(errors.NothingToUndoError):
            undo(at=MONDAY.replace(month=12))
        assert book() == {("", NOVEMBER): 2}

    def test_it_stops_at_what_is_promised(self, product, write, undo):
        write({MARCH: 12})
        hold_supply(
            purpose=HoldPurpose.QUOTE,
            reference="BG-1",
            wanted=[Wanted(product.id, "", MARCH, TONNE)],
            at=TUESDAY,
        )

        with pytest.raises(errors.BelowPromisedError):
            undo()
        assert book() == {("", MARCH): 12}

    def test_who_only_looks_cannot(self, product, write, undo):
        write({MARCH: 12})

        with pytest.raises(NotAllowedError):
            undo(actor=member_of(product.organisation, Role.ACCOUNTANT))
        assert book() == {("", MARCH): 12}


class TestReading:
    def test_what_was_saved_is_told_the_latest_first(self, product, seller, write):
        write({MARCH: 12, APRIL: 3})
        write({MARCH: 11}, reason="Bão", at=TUESDAY)

        saved = queries.history_of(product, "", viewer=seller)

        assert [(each.at, each.reason, list(each.changes)) for each in saved] == [
            (TUESDAY, "Bão", [(MARCH, 12 * TONNE, 11 * TONNE)]),
            (MONDAY, "", [(MARCH, 0, 12 * TONNE), (APRIL, 0, 3 * TONNE)]),
        ]

    def test_grades_are_listed(self, product, seller, write):
        write({MARCH: 1}, grade="Loại 2")
        write({MARCH: 1})

        assert queries.grades_of(product, viewer=seller) == ["", "Loại 2"]

    @pytest.mark.parametrize("read", [queries.months_of, queries.history_of])
    def test_another_seller_reads_nothing(self, product, read):
        stranger = member_of(ProductFactory().organisation, Role.DIRECTOR)

        with pytest.raises(NotAllowedError):
            read(product, "", viewer=stranger)
