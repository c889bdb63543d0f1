"""Two directors appeal at once; two officers answer at once."""

import threading

import pytest
from sqlalchemy import select

from marketplace.accounts import locks
from marketplace.accounts.errors import AlreadyAppealedError
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations import standing as operations
from marketplace.kernel import states
from marketplace.platform.database import session
from models.accounts import Organisation
from models.platform import StateChange
from models.standing import Appeal, AppealState
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.moments import MONDAY, TUESDAY, WEDNESDAY
from tests.racing import both


@pytest.fixture
def suspended(market):
    """A suspended cooperative, and two of its directors."""
    cooperative = OrganisationFactory()
    organisations.suspend_organisation(
        actor=officer(), organisation_id=cooperative.id, reason="Lý do", at=MONDAY
    )
    found = cooperative.id, [member_of(cooperative) for _ in range(2)]
    session.commit()
    return found


def appeal_at_once(market, suspended):
    organisation_id, directors = suspended
    return both(
        market,
        lambda index: (
            operations.appeal_decision(
                actor=directors[index],
                organisation_id=organisation_id,
                text=f"Lời thứ {index}",
                file_id=None,
                at=TUESDAY,
            ).id
        ),
    )


def test_two_appeals_at_once_are_one(market, suspended):
    results = appeal_at_once(market, suspended)

    assert sorted(type(each).__name__ for each in results) == ["AlreadyAppealedError", "int"]
    assert len(session.scalars(select(Appeal)).all()) == 1


def test_without_the_lock_both_would_come_as_far_as_the_database(market, suspended, monkeypatch):
    together = threading.Barrier(2, timeout=30)
    check = operations._require_own_paper

    def met(*values):
        together.wait()
        return check(*values)

    monkeypatch.setattr(locks, "lock_one", session.scalar)
    monkeypatch.setattr(operations, "_require_own_paper", met)

    results = appeal_at_once(market, suspended)

    assert sorted(type(each).__name__ for each in results) == ["IntegrityError", "int"]
    assert not any(isinstance(each, AlreadyAppealedError) for each in results)


@pytest.fixture
def appealed(market, suspended):
    organisation_id, directors = suspended
    made = operations.appeal_decision(
        actor=directors[0], organisation_id=organisation_id, text="Lời", file_id=None, at=TUESDAY
    )
    found = organisation_id, made.id, [officer() for _ in range(2)]
    session.commit()
    return found


VERDICTS = (AppealState.UPHELD, AppealState.DENIED)


def answer_at_once(market, appealed):
    _organisation_id, appeal_id, judges = appealed
    return both(
        market,
        lambda index: operations.answer_appeal(
            actor=judges[index],
            appeal_id=appeal_id,
            verdict=VERDICTS[index],
            reply="Vì sao",
            at=WEDNESDAY,
        ),
    )


def verdicts_of(appeal_id):
    return list(
        session.scalars(
            select(StateChange.to_state).where(
                StateChange.subject_kind == "appeal", StateChange.subject_id == appeal_id
            )
        )
    )


def test_two_answers_at_once_are_one(market, appealed):
    organisation_id, appeal_id, _judges = appealed

    results = answer_at_once(market, appealed)

    made = session.get_one(Appeal, appeal_id)
    standing = session.get_one(Organisation, organisation_id).verification
    assert sorted(type(each).__name__ for each in results) == ["NotAllowedError", "bool"]
    assert any(isinstance(each, states.NotAllowedError) for each in results)
    assert verdicts_of(appeal_id) == [made.state]
    assert standing == ("verified" if made.state == AppealState.UPHELD else "suspended")


def test_without_the_locks_both_would_answer(market, appealed, monkeypatch):
    _organisation_id, appeal_id, _judges = appealed
    together = threading.Barrier(2, timeout=30)
    change = operations.change_state

    def met(*values, **more):
        if not together.broken and values[0].id == appeal_id and isinstance(values[0], Appeal):
            together.wait()
        return change(*values, **more)

    monkeypatch.setattr(locks, "lock_one", session.scalar)
    monkeypatch.setattr(operations, "lock_one", session.scalar)
    monkeypatch.setattr(operations, "change_state", met)

    results = answer_at_once(market, appealed)

    assert results == [True, True]
    assert sorted(verdicts_of(appeal_id)) == ["denied", "upheld"]
