"""Two people of a buyer at one request at the same moment. Commits are real here."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
from sqlalchemy import func, select

from marketplace.kernel.errors import DomainError
from marketplace.platform.database import session
from marketplace.platform.transaction import transaction
from marketplace.sourcing.requests import locks
from marketplace.sourcing.requests.operations import ending, publishing
from marketplace.sourcing.requests.queries import terms_of
from marketplace.workflows import requesting
from models.accounts import Role
from models.notifications import Message
from models.platform import StateChange
from models.requests import Request, RequestChange, RequestState
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.requests import CLOSING, RequestFactory
from tests.moments import TUESDAY


@pytest.fixture
def market(committed_database):
    """A committed database."""
    with committed_database.app.app_context():
        yield committed_database
        session.rollback()


@pytest.fixture
def people(market):
    """A director and a buyer of one enterprise."""
    enterprise = OrganisationFactory(enterprise=True)
    made = [member_of(enterprise, role) for role in (Role.DIRECTOR, Role.BUYER)]
    return enterprise, made


def both(market, *acts):
    """Do all at the same time; the results, or the refusals, in order."""
    started = threading.Barrier(len(acts), timeout=5)

    def run(act):
        with market.app.app_context():
            started.wait()
            try:
                with transaction():
                    act()
                    return "done"
            except DomainError as refused:
                return type(refused).__name__

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def meeting(monkeypatch, *places, patience=1):
    """Let whoever comes to one of the functions wait there for the other."""
    together = threading.Barrier(2, timeout=patience)
    for module, name in places:
        go_on = getattr(module, name)

        def met(*args, go_on=go_on, **values):
            with suppress(threading.BrokenBarrierError):  # the other waits for our lock
                together.wait()
            return go_on(*args, **values)

        monkeypatch.setattr(module, name, met)


def unlocked(monkeypatch):
    """What would be done without the lock on the request: read, and go on."""
    monkeypatch.setattr(locks, "lock_one", session.scalar)


class TestPublishingTwice:
    @pytest.fixture
    def draft(self, people):
        enterprise, _people = people
        request = RequestFactory(organisation=enterprise, draft=True)
        session.commit()
        return request.id

    def publish(self, people, draft):
        return [
            partial(
                requesting.publish_request,
                actor=actor,
                request_id=draft,
                invited=[],
                at=TUESDAY + timedelta(seconds=number),
            )
            for number, actor in enumerate(people[1])
        ]

    def times(self):
        return session.scalar(
            select(func.count()).where(
                StateChange.subject_kind == "request", StateChange.to_state == "open"
            )
        )

    def test_it_can_happen_without_the_lock(self, market, people, draft, monkeypatch):
        unlocked(monkeypatch)
        meeting(monkeypatch, (publishing, "change_state"), patience=30)
        both(market, *self.publish(people, draft))

        assert self.times() == 2

    def test_it_is_published_once(self, market, people, draft, monkeypatch):
        meeting(monkeypatch, (publishing, "change_state"))
        assert both(market, *self.publish(people, draft)) == ["done", "done"]

        assert self.times() == 1
        assert session.scalar(select(func.count()).select_from(Message)) == 0


class TestCancellingWhileChanging:
    @pytest.fixture
    def request_id(self, people):
        enterprise, _people = people
        request = RequestFactory(organisation=enterprise)
        session.commit()
        return request.id

    def acts(self, people, request_id):
        director, buyer = people[1]

        def cancel():
            requesting.cancel_request(
                actor=director, request_id=request_id, reason="Đổi kế hoạch", at=TUESDAY
            )

        def change():
            said = terms_of(session.get_one(Request, request_id))
            requesting.change_request(
                actor=buyer,
                request_id=request_id,
                terms=replace(said, closes_at=CLOSING + timedelta(days=1)),
                at=TUESDAY,
            )

        return cancel, change

    def outcome(self, request_id):
        session.expire_all()
        request = session.get_one(Request, request_id)
        changes = session.scalar(select(func.count()).select_from(RequestChange))
        return request.state, request.revision, changes

    def test_it_can_happen_without_the_lock(self, market, people, request_id, monkeypatch):
        unlocked(monkeypatch)
        meeting(monkeypatch, (publishing, "write_terms"), (ending, "change_state"), patience=30)
        done = both(market, *self.acts(people, request_id))

        assert done == ["done", "done"]
        assert self.outcome(request_id) == (RequestState.CANCELLED, 2, 1)

    def test_one_comes_after_the_other(self, market, people, request_id, monkeypatch):
        meeting(monkeypatch, (publishing, "write_terms"), (ending, "change_state"))
        done = both(market, *self.acts(people, request_id))

        assert done[0] == "done"
        # Changed first and then cancelled, or cancelled first and then not changed any more.
        outcomes = {
            "done": (RequestState.CANCELLED, 2, 1),
            "RequestClosedError": (RequestState.CANCELLED, 1, 0),
        }
        assert self.outcome(request_id) == outcomes[done[1]]
