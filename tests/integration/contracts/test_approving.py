"""Approvals inside the enterprise: by amount, by different directors, frozen on the day."""

from typing import Any

import pytest
from sqlalchemy import select

from marketplace.accounts.permissions import NotAllowedError
from marketplace.contracts.errors import TextTooLongError
from marketplace.contracts.operations.approving import name_order, set_spending_limits
from marketplace.contracts.queries.signing import find_signing
from marketplace.contracts.signing_errors import (
    ApprovalMissingError,
    LimitError,
    LimitOrderError,
    NothingToSignError,
    TooFewDirectorsError,
)
from marketplace.contracts.spending import LIMIT_MAX_MINOR, approvals_for, limits_of
from marketplace.workflows.signing import approve_contract, sign_contract
from models.accounts import Organisation, Role
from models.contracts import ContractApproval, ContractSignature, SpendingLimit
from models.notifications import Message
from models.platform import AuditEvent
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.contracts import ContractFactory
from tests.factories.signing import Sides, director_of, sides
from tests.moments import MONDAY, TUESDAY

VALUE = 2_400_000_000
"""What the contracts of the factory are worth."""


@pytest.fixture
def enterprise(session: Any) -> Organisation:
    return OrganisationFactory(enterprise=True)


def limit(organisation: Organisation, **least: int) -> None:
    """`one=…`, `two=…`: from which amount on so many approve."""
    from marketplace.platform.database import session  # noqa: PLC0415

    for name, from_minor in least.items():
        session.add(
            SpendingLimit(
                organisation_id=organisation.id,
                approvals={"one": 1, "two": 2}[name],
                from_minor=from_minor,
                updated_at=MONDAY,
                updated_by_id=member_of(organisation).user_id,
            )
        )
    session.flush()


def approve(both: Sides, actor: Any, version: int = 1, note: str = "") -> ContractApproval:
    return approve_contract(
        actor=actor, contract_id=both.contract.id, version=version, note=note, at=TUESDAY
    )


def sign(both: Sides, actor: Any) -> Any:
    return sign_contract(
        actor=actor, contract_id=both.contract.id, signing=both.signing(actor), at=both.at
    )


def asked(session: Any, template: str, part: str = "") -> int:
    rows = session.scalars(select(Message.key).where(Message.key.startswith(f"{template}:")))
    return len([key for key in rows if part in key])


@pytest.mark.parametrize(
    ("limits", "value", "needed"),
    [
        ({}, VALUE, 0),
        ({1: VALUE}, VALUE - 1, 0),
        ({1: VALUE}, VALUE, 1),
        ({1: 0}, 1, 1),
        ({1: 10, 2: 20}, 19, 1),
        ({1: 10, 2: 20}, 20, 2),
        ({2: 20}, 19, 0),
        ({2: 20}, 21, 2),
    ],
)
def test_the_amount_says_how_many(limits: dict[int, int], value: int, needed: int) -> None:
    assert approvals_for(value, limits) == needed


def test_buyer_signs_after_two_directors_and_the_seller_any_time(
    session: Any, enterprise: Organisation
) -> None:
    limit(enterprise, one=1_000_000_000, two=2_000_000_000)
    both = sides(buyer=enterprise)
    second = director_of(enterprise)
    assert both.document.approvals_needed == 2
    assert asked(session, "contract_to_approve") == 3
    assert asked(session, "contract_to_sign") == 1  # the seller
    for _ in range(2):  # the same person counts once
        approve(both, both.buyer, note="đã xem giá")
        with pytest.raises(ApprovalMissingError) as refused:
            sign(both, both.buyer)
        assert refused.value.details["missing"] == 1
    assert asked(session, "contract_to_sign", ":approved:") == 0
    approve(both, second)
    assert asked(session, "contract_to_sign", ":approved:") == 4
    approve(both, director_of(enterprise))
    assert asked(session, "contract_to_sign", ":approved:") == 4
    assert sign(both, both.seller).is_new
    assert sign(both, both.buyer).is_in_force
    notes = session.scalars(select(ContractApproval.note).order_by(ContractApproval.at)).all()
    assert sorted(notes) == ["", "", "đã xem giá"]


def test_a_later_limit_changes_nothing(session: Any, enterprise: Organisation) -> None:
    both = sides(buyer=enterprise)
    set_spending_limits(actor=both.buyer, organisation_id=enterprise.id, limits={1: 0}, at=TUESDAY)
    assert both.document.approvals_needed == 0
    assert sign(both, both.buyer).is_new


@pytest.mark.parametrize("role", [Role.BUYER, Role.ACCOUNTANT])
def test_only_directors_of_the_enterprise_approve(
    session: Any, enterprise: Organisation, role: Role
) -> None:
    limit(enterprise, one=0)
    both = sides(buyer=enterprise)
    strangers = (member_of(enterprise, role), both.seller, member_of(OrganisationFactory()))
    for actor in strangers:
        with pytest.raises(NotAllowedError):
            approve(both, actor)
    assert session.scalars(select(ContractApproval)).all() == []


def test_only_the_version_that_waits_is_approved(session: Any, enterprise: Organisation) -> None:
    limit(enterprise, one=0)
    both = sides(buyer=enterprise)
    with pytest.raises(NothingToSignError):
        approve(both, both.buyer, version=2)
    running = ContractFactory(buyer=enterprise)
    with pytest.raises(NothingToSignError):
        approve_contract(actor=both.buyer, contract_id=running.id, version=1, note="", at=TUESDAY)
    with pytest.raises(TextTooLongError):
        approve(both, both.buyer, note="x" * 501)
    assert session.scalars(select(ContractApproval)).all() == []


def test_approvals_are_for_the_buyers_own_people(session: Any, enterprise: Organisation) -> None:
    limit(enterprise, one=0)
    both = sides(buyer=enterprise)
    approve(both, both.buyer, note="nội bộ")
    own = find_signing(both.contract, viewer=member_of(enterprise, Role.BUYER))
    assert own is not None
    assert [each.note for each in own.approvals] == ["nội bộ"]
    assert (own.approvals_needed, own.approvals_missing) == (1, 0)
    assert own.is_approved_by(both.buyer.user_id or 0)
    across = find_signing(both.contract, viewer=both.seller)
    assert across is not None
    assert (list(across.approvals), across.approvals_needed) == ([], 0)


def test_limits_are_set_once_and_told_in_the_trail(session: Any, enterprise: Organisation) -> None:
    first, _second = member_of(enterprise), member_of(enterprise)
    limits = {1: 500_000_000, 2: 5_000_000_000}
    for changed in (True, False):
        assert changed is set_spending_limits(
            actor=first, organisation_id=enterprise.id, limits=limits, at=TUESDAY
        )
    assert limits_of(enterprise.id) == limits
    assert set_spending_limits(
        actor=first, organisation_id=enterprise.id, limits={1: 0}, at=TUESDAY
    )
    assert limits_of(enterprise.id) == {1: 0}
    trail = session.scalars(
        select(AuditEvent)
        .where(AuditEvent.action == "contracts.set_spending_limits")
        .order_by(AuditEvent.id)
    ).all()
    assert [(each.before, each.after) for each in trail] == [
        ({}, {"1": 500_000_000, "2": 5_000_000_000}),
        ({"1": 500_000_000, "2": 5_000_000_000}, {"1": 0}),
    ]


@pytest.mark.parametrize(
    ("limits", "error", "field"),
    [
        ({1: -1}, LimitError, "one_from"),
        ({2: LIMIT_MAX_MINOR + 1}, LimitError, "two_from"),
        ({1: 10, 2: 10}, LimitOrderError, "two_from"),
        ({2: 10}, TooFewDirectorsError, "two_from"),
    ],
)
def test_limits_without_sense_are_refused(
    enterprise: Organisation, limits: dict[int, int], error: type[Exception], field: str
) -> None:
    with pytest.raises(error) as refused:
        set_spending_limits(
            actor=member_of(enterprise), organisation_id=enterprise.id, limits=limits, at=TUESDAY
        )
    assert refused.value.details["field"] == field  # type: ignore[attr-defined]
    assert limits_of(enterprise.id) == {}


def test_only_directors_of_an_enterprise_set_limits(session: Any, enterprise: Organisation) -> None:
    seller = OrganisationFactory()
    for actor, organisation in (
        (member_of(enterprise, Role.BUYER), enterprise),
        (member_of(seller), enterprise),
        (member_of(seller), seller),
    ):
        with pytest.raises(NotAllowedError):
            set_spending_limits(
                actor=actor, organisation_id=organisation.id, limits={1: 0}, at=TUESDAY
            )
    assert session.scalars(select(SpendingLimit)).all() == []


def test_buyer_names_its_order(session: Any, enterprise: Organisation) -> None:
    contract = ContractFactory(buyer=enterprise)
    actor = member_of(enterprise, Role.BUYER)
    names = {"po_number": " PO-2026-118 ", "cost_centre": "CF-02"}
    for changed in (True, False):
        assert changed is name_order(actor=actor, contract_id=contract.id, at=TUESDAY, **names)
    assert (contract.po_number, contract.cost_centre) == ("PO-2026-118", "CF-02")
    trail = session.scalars(
        select(AuditEvent).where(AuditEvent.action == "contracts.name_order")
    ).one()
    assert trail.after == {"po_number": "PO-2026-118", "cost_centre": "CF-02"}
    seller = session.get_one(Organisation, contract.seller_id)
    for other in (member_of(seller), member_of(enterprise, Role.ACCOUNTANT)):
        with pytest.raises(NotAllowedError):
            name_order(
                actor=other, contract_id=contract.id, at=TUESDAY, po_number="", cost_centre=""
            )
    with pytest.raises(TextTooLongError):
        name_order(
            actor=actor, contract_id=contract.id, po_number="x" * 41, cost_centre="", at=TUESDAY
        )
    assert contract.po_number == "PO-2026-118"


def test_nobody_signs_twice_for_one_side(session: Any, enterprise: Organisation) -> None:
    both = sides(buyer=enterprise)
    sign(both, both.buyer)
    sign(both, director_of(enterprise))
    assert len(session.scalars(select(ContractSignature)).all()) == 1
