"""A consent is given while its ground falls away: the union is left, the helper is suspended."""

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from marketplace.accounts.operations import consents as operations
from marketplace.accounts.operations.consents import NewConsent
from marketplace.kernel.clock import business_day
from marketplace.membership.unions import operations as unions
from marketplace.membership.unions.queries import union_ids_of
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.workflows import consenting, standing
from models.consents import Consent
from tests.factories.accounts import OrganisationFactory, member_of, officer
from tests.factories.unions import UnionMembershipFactory
from tests.moments import MONDAY, TUESDAY

WAIT = 5


@pytest.fixture
def story(market):
    """A director about to let a union act, and the two ways in which the ground falls away."""
    htx, union = OrganisationFactory(), OrganisationFactory(kind="union")
    unit_id = UnionMembershipFactory(union=union, member=htx).id
    director, judge, code = member_of(htx), officer(), union.code
    wanted = NewConsent(
        htx.id, union.slug, ("products",), business_day(MONDAY) + timedelta(days=30)
    )
    session.commit()
    return {
        "grant": lambda: consenting.grant_consent(actor=director, consent=wanted, at=MONDAY),
        "leave": lambda: consenting.leave_union(
            actor=director, unit_id=unit_id, left_on=date(2026, 2, 1), at=TUESDAY
        ),
        "suspend": lambda: standing.suspend_organisation(
            actor=judge, code=code, reason="Lý do", at=TUESDAY
        ),
    }


def race(market, monkeypatch, story, event):
    """The director has been found entitled when the event comes; the consents that stand."""
    allowed, go_on = threading.Event(), threading.Event()
    last_check = operations.last_day

    def paused(today):
        allowed.set()
        assert go_on.wait(WAIT)
        return last_check(today)

    monkeypatch.setattr(operations, "last_day", paused)

    def run(name):
        with market.app.app_context(), transaction():
            story[name]()

    with ThreadPoolExecutor(2) as pool:
        granting = pool.submit(run, "grant")
        assert allowed.wait(WAIT)
        falling = pool.submit(run, event)
        with contextlib.suppress(TimeoutError):
            falling.result(0.4)
        go_on.set()
        granting.result(WAIT)
        falling.result(WAIT)
    return session.scalars(select(Consent.id).where(Consent.ended_at.is_(None))).all()


@pytest.mark.parametrize("event", ["leave", "suspend"])
def test_none_stands_in_the_end(market, monkeypatch, story, event):
    assert race(market, monkeypatch, story, event) == []
    assert len(session.scalars(select(Consent)).all()) == 1


@pytest.mark.parametrize("event", ["leave", "suspend"])
def test_one_would_stand_if_nobody_held_the_ground(market, monkeypatch, story, event):
    class Nothing:
        def ask(self, **_values):
            return []

    monkeypatch.setattr(unions, "hold_memberships", union_ids_of)
    monkeypatch.setattr(operations, "_HELD_HELPER", Nothing())

    assert len(race(market, monkeypatch, story, event)) == 1
