"""Planning, calling off, moving, confirming, cancelling."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError as TableSaysNoError
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries import operations
from marketplace.contracts.deliveries.balances import balance_left
from marketplace.contracts.deliveries.errors import (
    ContractNotRunningError,
    DayOutsideContractError,
    DaysReversedError,
    DayTooSoonError,
    DeliveryNotFoundError,
    DeliveryReasonMissingError,
    NoGramsError,
    OverValueError,
    OverVolumeError,
    PlaceMissingError,
)
from marketplace.contracts.deliveries.operations.moving import Days
from marketplace.contracts.deliveries.rules import Wanted
from marketplace.contracts.errors import ContractNotFoundError
from marketplace.contracts.terms import Calling, Place, Price
from marketplace.kernel.states import NotAllowedError
from marketplace.platform.database import session
from models.accounts import Organisation, OrganisationKind, Role
from models.contracts import ContractState
from models.deliveries import Delivery, DeliveryChange, DeliveryOrigin, DeliveryState
from models.platform import AuditEvent, StateChange
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.contracts import (
    TONNE,
    ContractFactory,
    DeliveryFactory,
    DeliveryLineFactory,
    planned,
    some_terms,
)
from tests.moments import MONDAY

pytestmark = pytest.mark.usefixtures("session")


def running(**terms):
    return ContractFactory(says=some_terms(**terms))


def on_call(**terms):
    return running(calling=Calling.CALL_OFF, schedule=(), place=Place("79", None, "Kho 4"), **terms)


def buyer_of(contract, role=Role.BUYER):
    return member_of(session.get_one(Organisation, contract.buyer_id), role)


def seller_of(contract, role=Role.SALES):
    return member_of(session.get_one(Organisation, contract.seller_id), role)


def plan(contract, terms=None):
    return operations.plan_deliveries(
        actor=seller_of(contract, Role.DIRECTOR),
        contract=contract,
        terms=terms or terms_in(contract),
        at=MONDAY,
    )


def deliveries_of(contract):
    return list(
        session.scalars(
            select(Delivery)
            .where(Delivery.contract_id == contract.id)
            .order_by(Delivery.position)
            .execution_options(populate_existing=True)
        )
    )


def wanted(grams=TONNE, due_on=date(2026, 11, 20), **changes):
    return replace(Wanted(due_on - timedelta(days=3), due_on, grams), **changes)


def call_off(contract, want=None, *, key="form-1", actor=None):
    return operations.call_off(
        actor=actor or buyer_of(contract),
        contract_id=contract.id,
        wanted=want or wanted(),
        key=key,
        at=MONDAY,
    )


def outsiders(contract):
    enterprise = OrganisationFactory(kind=OrganisationKind.ENTERPRISE)
    return [member_of(enterprise), seller_of(contract), buyer_of(contract, Role.ACCOUNTANT)]


class TestPlan:
    def test_the_schedule_becomes_deliveries(self):
        contract = running()
        contract.po_number, contract.cost_centre = "PO-77", "KHO-4"

        assert plan(contract) == 4

        found = deliveries_of(contract)
        assert [(each.due_from, each.due_on, each.planned_g) for each in found] == [
            (each.due_from, each.due_on, each.grams) for each in some_terms().schedule
        ]
        assert {each.origin for each in found} == {DeliveryOrigin.SCHEDULE}
        assert {each.state for each in found} == {DeliveryState.PLANNED}
        assert {(each.po_number, each.cost_centre) for each in found} == {("PO-77", "KHO-4")}
        assert [each.position for each in found] == [1, 2, 3, 4]
        assert found[0].number.startswith("GH261102-")
        assert found[0].address == some_terms().schedule[0].place.address

    def test_twice_is_once(self):
        contract = running()
        plan(contract)
        before = [each.id for each in deliveries_of(contract)]

        assert plan(contract) == 0
        assert [each.id for each in deliveries_of(contract)] == before

    def test_moved_deliveries_stay_where_they_were_moved(self):
        contract = running()
        plan(contract)
        [first, *_rest] = deliveries_of(contract)
        move(contract, first, date(2026, 11, 25))

        assert plan(contract) == 0
        assert deliveries_of(contract)[0].due_on == date(2026, 11, 25)

    def test_an_amendment_changes_what_is_not_begun(self):
        contract = running()
        plan(contract)
        first, second, third, fourth = deliveries_of(contract)
        first.state, first.accepted_at = DeliveryState.ACCEPTED, MONDAY
        second.state, second.packed_at = DeliveryState.PACKED, MONDAY
        third.state, third.confirmed_at = DeliveryState.CONFIRMED, MONDAY
        session.flush()
        amended = some_terms(
            schedule=(
                planned(date(2026, 12, 20)),
                planned(date(2027, 1, 28)),
                planned(date(2027, 2, 20)),
                planned(date(2027, 3, 20)),
            )
        )

        assert plan(contract, amended) == 2

        found = deliveries_of(contract)
        assert [each.due_on for each in found] == [
            date(2026, 11, 20),
            date(2026, 12, 20),
            date(2027, 1, 28),
            date(2027, 2, 20),
            date(2027, 3, 20),
        ]
        assert [each.state for each in found] == [
            "accepted",
            "packed",
            "planned",
            "planned",
            "planned",
        ]
        assert found[2].confirmed_at is None
        assert found[3].id == fourth.id
        [change] = session.scalars(select(DeliveryChange))
        assert change.delivery_id == third.id
        assert plan(contract, amended) == 0

    def test_what_an_amendment_drops_is_cancelled_and_may_come_back(self):
        contract = running()
        plan(contract)

        plan(contract, some_terms(schedule=some_terms().schedule[:3]))
        assert [each.state for each in deliveries_of(contract)] == ["planned"] * 3 + ["cancelled"]

        plan(contract)
        assert [each.state for each in deliveries_of(contract)] == [
            *["planned"] * 3,
            "cancelled",
            "planned",
        ]

    def test_what_the_buyer_called_off_does_not_come_back(self):
        contract = running()
        plan(contract)
        cancel(contract, deliveries_of(contract)[0])

        assert plan(contract) == 0

    def test_expected_deliveries_are_not_planned(self):
        contract = running(calling=Calling.CALL_OFF)

        assert plan(contract) == 0
        assert deliveries_of(contract) == []


class TestCallOff:
    def test_a_delivery_where_the_contract_says(self):
        contract = on_call()

        made = call_off(contract, wanted(2 * TONNE, note="Cân  tại kho"))

        assert (made.origin, made.state, made.planned_g) == ("call_off", "planned", 2 * TONNE)
        assert (made.province_code, made.address, made.note) == ("79", "Kho 4", "Cân tại kho")
        assert session.scalar(select(AuditEvent.after).order_by(AuditEvent.id.desc())) == {
            "number": made.number,
            "grams": 2 * TONNE,
        }

    def test_another_place(self):
        made = call_off(on_call(), wanted(place=Place("66", "24133", "Kho Cư M'gar")))

        assert (made.province_code, made.commune_code, made.address) == (
            "66",
            "24133",
            "Kho Cư M'gar",
        )

    def test_twice_is_once(self):
        contract = on_call()

        assert call_off(contract).id == call_off(contract).id
        assert len(deliveries_of(contract)) == 1
        assert call_off(contract, key="form-2").id != call_off(contract).id

    def test_the_border_of_volume_is_within(self):
        contract = on_call()
        terms = terms_in(contract)
        call_off(contract, wanted(20 * TONNE), key="a")

        with pytest.raises(OverVolumeError) as refused:
            call_off(contract, wanted(TONNE + 1), key="b")
        assert refused.value.details["field"] == "grams"
        call_off(contract, wanted(TONNE), key="c")

        assert balance_left(contract.id, terms).room_g == 0
        with pytest.raises(OverVolumeError):
            call_off(contract, wanted(1), key="d")

    def test_the_border_of_value_is_within(self):
        contract = on_call(
            price=Price(100_000, monthly={date(2026, 12, 1): 200_000}), tolerance_bps=0
        )
        december = date(2026, 12, 20)

        with pytest.raises(OverValueError) as refused:
            call_off(contract, wanted(10 * TONNE + 1, december))
        assert refused.value.details["field"] == "grams"
        call_off(contract, wanted(10 * TONNE, december))

        assert balance_left(contract.id, terms_in(contract)).room_minor == 0
        with pytest.raises(OverValueError):
            call_off(contract, wanted(1), key="one more")

    def test_the_last_gram_is_not_lost_to_rounding(self):
        contract = on_call(price=Price(333), total_g=3_003, tolerance_bps=0)

        for key in "abc":
            call_off(contract, wanted(1_001), key=key)

        assert balance_left(contract.id, terms_in(contract)).room_g == 0

    def test_what_was_short_or_rejected_is_there_again(self):
        contract = on_call(tolerance_bps=0)
        delivery = DeliveryFactory(contract=contract, accepted=True, planned_g=20 * TONNE)
        DeliveryLineFactory(
            delivery=delivery,
            shipped_g=20 * TONNE,
            accepted_g=17 * TONNE,
            short_g=TONNE,
            rejected_g=2 * TONNE,
            reason="Ẩm",
            amount_minor=17 * 120_000_000,
        )
        left = balance_left(contract.id, terms_in(contract))

        assert (left.room_g, left.left_minor) == (3 * TONNE, 360_000_000)
        call_off(contract, wanted(3 * TONNE))

    def test_packed_goods_draw_what_was_packed(self):
        contract = on_call(tolerance_bps=0)
        delivery = DeliveryFactory(contract=contract, shipped=True, planned_g=5 * TONNE)
        DeliveryLineFactory(delivery=delivery, shipped_g=4 * TONNE)

        assert balance_left(contract.id, terms_in(contract)).left_g == 16 * TONNE

    def test_a_replacement_under_a_schedule(self):
        contract = running(tolerance_bps=0)
        plan(contract)
        with pytest.raises(OverVolumeError):
            call_off(contract)
        cancel(contract, deliveries_of(contract)[0])

        call_off(contract, wanted(5 * TONNE))

    @pytest.mark.parametrize(
        ("want", "error", "field"),
        [
            (wanted(0), NoGramsError, "grams"),
            (wanted(-1), NoGramsError, "grams"),
            (wanted(due_from=date(2026, 11, 21)), DaysReversedError, "due_from"),
            (wanted(due_on=date(2026, 11, 3)), DayTooSoonError, "due_on"),
            (wanted(due_on=date(2027, 5, 1)), DayOutsideContractError, "due_on"),
            (wanted(due_from=date(2026, 10, 31)), DayOutsideContractError, "due_from"),
        ],
    )
    def test_what_makes_no_sense_is_refused(self, want, error, field):
        contract = on_call()

        with pytest.raises(error) as refused:
            call_off(contract, want)

        assert refused.value.details["field"] == field
        assert deliveries_of(contract) == []

    def test_two_days_of_notice_are_enough(self):
        assert call_off(on_call(), wanted(due_on=date(2026, 11, 4))).due_on == date(2026, 11, 4)

    def test_somewhere_it_must_go(self):
        contract = running(calling=Calling.CALL_OFF, schedule=(), place=None)

        with pytest.raises(PlaceMissingError):
            call_off(contract)

    @pytest.mark.parametrize(
        "state", [ContractState.AGREED, ContractState.TERMINATED, ContractState.COMPLETED]
    )
    def test_only_under_a_running_contract(self, state):
        contract = on_call()
        contract.state = state
        contract.ended_at = None if state == ContractState.AGREED else MONDAY
        session.flush()

        with pytest.raises(ContractNotRunningError):
            call_off(contract)

    def test_by_nobody_else(self):
        contract = on_call()

        for outsider in outsiders(contract):
            with pytest.raises(TableSaysNoError):
                call_off(contract, actor=outsider)

        assert deliveries_of(contract) == []

    def test_no_such_contract(self):
        contract = on_call()
        with pytest.raises(ContractNotFoundError):
            operations.call_off(
                actor=buyer_of(contract), contract_id=0, wanted=wanted(), key="x", at=MONDAY
            )


def move(contract, delivery, due_on, *, following=False, due_from=None, **changes):
    length = delivery.due_on - delivery.due_from
    arguments = {
        "actor": buyer_of(contract),
        "delivery_id": delivery.id,
        "days": Days(due_from or due_on - length, due_on),
        "and_following": following,
        "reason": "Kho đầy",
        "at": MONDAY,
    }
    return operations.move_delivery(**arguments | changes)


class TestMove:
    @pytest.fixture
    def contract(self):
        contract = running()
        plan(contract)
        return contract

    def test_this_one(self, contract):
        first, *rest = deliveries_of(contract)
        before = [each.due_on for each in rest]

        assert move(contract, first, date(2026, 11, 27)) == [first]

        found = deliveries_of(contract)
        assert (found[0].due_from, found[0].due_on) == (date(2026, 11, 21), date(2026, 11, 27))
        assert [each.due_on for each in found[1:]] == before
        [change] = session.scalars(select(DeliveryChange))
        assert change.differences == [
            {"field": "due_from", "before": "2026-11-14", "after": "2026-11-21"},
            {"field": "due_on", "before": "2026-11-20", "after": "2026-11-27"},
        ]
        assert change.reason == "Kho đầy"

    def test_this_and_following_keep_their_windows(self, contract):
        _first, second, *_rest = deliveries_of(contract)

        moved = move(contract, second, date(2026, 12, 27), following=True)

        assert [each.due_on for each in deliveries_of(contract)] == [
            date(2026, 11, 20),
            date(2026, 12, 27),
            date(2027, 1, 27),
            date(2027, 2, 27),
        ]
        assert {each.due_on - each.due_from for each in moved} == {timedelta(days=6)}
        assert len(moved) == 3

    def test_month_ends_stay_month_ends(self):
        contract = running(
            schedule=tuple(
                planned(day) for day in (date(2026, 12, 31), date(2027, 1, 31), date(2027, 2, 28))
            )
        )
        plan(contract)

        move(contract, deliveries_of(contract)[0], date(2027, 1, 31), following=True)

        assert [each.due_on for each in deliveries_of(contract)] == [
            date(2027, 1, 31),
            date(2027, 2, 28),
            date(2027, 3, 31),
        ]

    def test_what_has_begun_stays(self, contract):
        first, second, third, _fourth = deliveries_of(contract)
        third.state, third.packed_at = DeliveryState.PACKED, MONDAY
        session.flush()

        move(contract, first, date(2026, 11, 27), following=True)

        assert [each.due_on for each in deliveries_of(contract)] == [
            date(2026, 11, 27),
            date(2026, 12, 27),
            date(2027, 1, 20),
            date(2027, 2, 27),
        ]
        with pytest.raises(NotAllowedError):
            move(contract, third, date(2027, 1, 27))
        assert second.state == DeliveryState.PLANNED

    def test_the_seller_confirms_anew(self, contract):
        [first, *_rest] = deliveries_of(contract)
        operations.confirm(actor=seller_of(contract), delivery_id=first.id, at=MONDAY)

        move(contract, first, date(2026, 11, 27))

        assert (first.state, first.confirmed_at) == (DeliveryState.PLANNED, None)

    def test_twice_is_once(self, contract):
        [first, *_rest] = deliveries_of(contract)
        move(contract, first, date(2026, 11, 27), following=True)

        assert move(contract, first, date(2026, 11, 27), following=True) == []
        assert deliveries_of(contract)[1].due_on == date(2026, 12, 27)
        assert len(session.scalars(select(DeliveryChange)).all()) == 4

    def test_all_or_none(self, contract):
        [first, *_rest] = deliveries_of(contract)

        with pytest.raises(DayOutsideContractError):
            move(contract, first, date(2027, 2, 20), following=True)

        assert [each.due_on for each in deliveries_of(contract)] == [
            each.due_on for each in some_terms().schedule
        ]

    @pytest.mark.parametrize(
        ("changes", "error"),
        [
            ({"reason": "  "}, DeliveryReasonMissingError),
            ({"days": Days(date(2026, 11, 21), date(2026, 11, 20))}, DaysReversedError),
            ({"days": Days(date(2026, 11, 2), date(2026, 11, 3))}, DayTooSoonError),
            ({"delivery_id": 0}, DeliveryNotFoundError),
        ],
    )
    def test_errors(self, contract, changes, error):
        [first, *_rest] = deliveries_of(contract)

        with pytest.raises(error):
            move(contract, first, date(2026, 11, 27), **changes)
        assert session.scalars(select(DeliveryChange)).all() == []

    def test_by_nobody_else(self, contract):
        [first, *_rest] = deliveries_of(contract)

        for outsider in outsiders(contract):
            with pytest.raises(TableSaysNoError):
                move(contract, first, date(2026, 11, 27), actor=outsider)

    def test_not_when_the_contract_is_over(self, contract):
        contract.state, contract.ended_at = ContractState.TERMINATED, MONDAY
        session.flush()

        with pytest.raises(ContractNotRunningError):
            move(contract, deliveries_of(contract)[0], date(2026, 11, 27))


def cancel(contract, delivery, *, actor=None, reason="Không cần nữa"):
    return operations.cancel(
        actor=actor or buyer_of(contract), delivery_id=delivery.id, reason=reason, at=MONDAY
    )


class TestDecide:
    def test_confirm_once(self):
        contract = on_call()
        delivery = call_off(contract)
        arguments = {"actor": seller_of(contract, Role.WAREHOUSE), "delivery_id": delivery.id}

        assert operations.confirm(**arguments, at=MONDAY)
        assert not operations.confirm(**arguments, at=MONDAY)
        assert (delivery.state, delivery.confirmed_at) == (DeliveryState.CONFIRMED, MONDAY)
        assert len(session.scalars(select(StateChange)).all()) == 1

    def test_the_buyer_does_not_confirm(self):
        contract = on_call()
        delivery = call_off(contract)

        with pytest.raises(TableSaysNoError):
            operations.confirm(actor=buyer_of(contract), delivery_id=delivery.id, at=MONDAY)

    def test_the_buyer_cancels_and_has_the_balance_again(self):
        contract = on_call(tolerance_bps=0)
        delivery = call_off(contract, wanted(20 * TONNE))
        operations.confirm(actor=seller_of(contract), delivery_id=delivery.id, at=MONDAY)

        assert cancel(contract, delivery)
        assert not cancel(contract, delivery)

        assert (delivery.state, delivery.cancel_reason) == ("cancelled", "Không cần nữa")
        assert balance_left(contract.id, terms_in(contract)).left_g == 20 * TONNE

    def test_the_seller_declines_what_was_called_off(self):
        contract = on_call()
        delivery = call_off(contract)

        assert cancel(contract, delivery, actor=seller_of(contract))

    def test_the_seller_does_not_cancel_what_it_promised(self):
        contract = running()
        plan(contract)
        called = call_off(on_call())
        other = session.get_one(type(contract), called.contract_id)
        operations.confirm(actor=seller_of(other), delivery_id=called.id, at=MONDAY)

        with pytest.raises(TableSaysNoError):
            cancel(contract, deliveries_of(contract)[0], actor=seller_of(contract))
        with pytest.raises(TableSaysNoError):
            cancel(other, called, actor=seller_of(other))

    def test_packed_goods_are_not_cancelled(self):
        contract = on_call()
        delivery = DeliveryFactory(contract=contract, state=DeliveryState.PACKED)

        with pytest.raises(NotAllowedError):
            cancel(contract, delivery)

    def test_a_reason_is_needed(self):
        contract = on_call()

        with pytest.raises(DeliveryReasonMissingError):
            cancel(contract, call_off(contract), reason=" ")

    def test_the_end_of_a_contract_cancels_what_is_open(self):
        contract = running()
        plan(contract)
        packed = deliveries_of(contract)[0]
        packed.state = DeliveryState.PACKED
        session.flush()

        ended = operations.cancel_open_deliveries(
            actor=buyer_of(contract), contract=contract, reason="Chấm dứt", at=MONDAY
        )

        assert len(ended) == 3
        assert [each.state for each in deliveries_of(contract)] == ["packed"] + ["cancelled"] * 3
