"""Contracts end by somebody's word or by time, and begin again a year later."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts import access, operations
from marketplace.contracts.operations import errors
from marketplace.contracts.renewing import a_year_later
from marketplace.contracts.terms import Advance, Price
from marketplace.kernel.states import NotAllowedError as StateError
from models.accounts import Role
from models.contracts import ContractOrigin, ContractSide, ContractState
from models.deliveries import DeliveryState
from models.platform import StateChange
from tests.factories.accounts import member_of
from tests.factories.contracts import ContractFactory, DeliveryFactory, some_terms
from tests.moments import TUESDAY, WEDNESDAY

pytestmark = pytest.mark.usefixtures("session")
AFTER_THE_END = datetime(2027, 5, 1, 1, tzinfo=UTC)


@pytest.fixture
def active(enterprise, product):
    return ContractFactory(buyer=enterprise, product=product)


@pytest.fixture
def director(seller):
    return member_of(seller, Role.DIRECTOR)


def test_either_side_calls_off_what_is_not_signed(buyer, salesman, enterprise, product):
    for actor, kind in ((buyer, "negotiating"), (salesman, "agreed")):
        contract = ContractFactory(buyer=enterprise, product=product, **{kind: True})
        for _twice in range(2):
            operations.cancel_contract(
                actor=actor, contract_id=contract.id, reason=" Mất mùa ", at=TUESDAY
            )
        assert (contract.state, contract.end_reason, contract.ended_at, contract.turn) == (
            ContractState.CANCELLED,
            "Mất mùa",
            TUESDAY,
            None,
        )


def test_calling_off_needs_a_reason_unless_nobody_knew(buyer, salesman, enterprise, product):
    known = ContractFactory(buyer=enterprise, product=product, negotiating=True)
    with pytest.raises(errors.ReasonMissingError):
        operations.cancel_contract(actor=buyer, contract_id=known.id, reason="", at=TUESDAY)
    draft = ContractFactory(buyer=enterprise, product=product, draft=True)
    with pytest.raises(errors.NotYourTurnError):
        operations.cancel_contract(actor=salesman, contract_id=draft.id, reason="x", at=TUESDAY)
    operations.cancel_contract(actor=buyer, contract_id=draft.id, reason="", at=TUESDAY)
    assert (known.state, draft.state) == (ContractState.NEGOTIATING, ContractState.CANCELLED)


def test_what_is_signed_is_not_called_off(active, buyer):
    with pytest.raises(StateError):
        operations.cancel_contract(actor=buyer, contract_id=active.id, reason="x", at=TUESDAY)
    assert active.state == ContractState.ACTIVE


def test_a_director_terminates_with_a_reason_once(active, director, session):
    with pytest.raises(errors.ReasonMissingError):
        operations.terminate_contract(actor=director, contract_id=active.id, reason="", at=TUESDAY)
    for at in (TUESDAY, WEDNESDAY):
        operations.terminate_contract(
            actor=director, contract_id=active.id, reason="Không trả tiền", at=at
        )
    assert (active.state, active.ended_at) == (ContractState.TERMINATED, TUESDAY)
    [change] = session.scalars(select(StateChange).where(StateChange.subject_kind == "contract"))
    assert (change.from_state, change.to_state, change.reason) == (
        "active",
        "terminated",
        "Không trả tiền",
    )


def test_only_directors_terminate(active, buyer, salesman):
    for actor in (buyer, salesman):
        with pytest.raises(NotAllowedError):
            operations.terminate_contract(
                actor=actor, contract_id=active.id, reason="x", at=TUESDAY
            )
    assert active.state == ContractState.ACTIVE


def test_what_is_not_in_force_is_not_terminated(director, enterprise, product):
    contract = ContractFactory(buyer=enterprise, product=product, agreed=True)
    with pytest.raises(StateError):
        operations.terminate_contract(
            actor=director, contract_id=contract.id, reason="x", at=TUESDAY
        )


def test_goods_on_their_way_arrive_first(active, director):
    delivery = DeliveryFactory(contract=active, shipped=True)
    with pytest.raises(errors.GoodsOnTheirWayError) as refused:
        operations.terminate_contract(actor=director, contract_id=active.id, reason="x", at=TUESDAY)
    assert refused.value.details["numbers"] == delivery.number
    assert active.state == ContractState.ACTIVE


@pytest.mark.parametrize(
    ("state", "at", "completes"),
    [
        (None, AFTER_THE_END, True),
        (None, datetime(2027, 4, 30, 9, tzinfo=UTC), False),
        (DeliveryState.PLANNED, AFTER_THE_END, False),
        (DeliveryState.ACCEPTED, AFTER_THE_END, True),
        (DeliveryState.SHIPPED, AFTER_THE_END, False),
    ],
)
def test_completed_when_time_and_deliveries_are_over(active, state, at, completes):
    if state:
        traits = {str(state): True} if state != DeliveryState.PLANNED else {}
        DeliveryFactory(contract=active, **traits)
    assert operations.complete_contract(contract_id=active.id, at=at) is completes
    assert operations.complete_contract(contract_id=active.id, at=at) is False
    assert (active.state == ContractState.COMPLETED) is completes


def test_renewed_a_year_later_once(active, buyer):
    new = operations.renew_contract(actor=buyer, contract_id=active.id, at=TUESDAY)
    assert operations.renew_contract(actor=buyer, contract_id=active.id, at=WEDNESDAY) is new
    assert (new.origin, new.renews_id, new.state, new.made_by_side) == (
        ContractOrigin.RENEWAL,
        active.id,
        ContractState.DRAFT,
        ContractSide.BUYER,
    )
    assert (new.starts_on, new.ends_on) == (date(2027, 11, 1), date(2028, 4, 30))
    assert access.terms_in(new) == a_year_later(access.terms_in(active))


def test_what_was_never_signed_is_not_renewed(buyer, enterprise, product):
    contract = ContractFactory(buyer=enterprise, product=product, negotiating=True)
    with pytest.raises(StateError):
        operations.renew_contract(actor=buyer, contract_id=contract.id, at=TUESDAY)


def test_every_day_of_the_terms_moves():
    terms = some_terms(
        starts_on=date(2028, 2, 29),
        ends_on=date(2028, 12, 31),
        price=Price(1_000, monthly={date(2028, 2, 1): 900}),
        advances=(Advance("Giống", 5_000_000, date(2028, 3, 1)),),
    )
    later = a_year_later(terms)
    assert (later.starts_on, later.ends_on) == (date(2029, 2, 28), date(2029, 12, 31))
    assert later.price.monthly == {date(2029, 2, 1): 900}
    assert later.advances == (Advance("Giống", 5_000_000, date(2029, 3, 1)),)
    assert [each.due_on for each in later.schedule] == [
        each.due_on.replace(year=each.due_on.year + 1) for each in terms.schedule
    ]
    assert later.total_g == terms.total_g
    assert replace(later, starts_on=terms.starts_on).title == terms.title
