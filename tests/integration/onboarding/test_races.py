"""Two officers who decide about the same application at the same moment."""

import threading

import pytest
from sqlalchemy import func, select

from marketplace.onboarding import locks, operations
from marketplace.onboarding.operations import Judgement, deciding, reviewing
from marketplace.onboarding.rules import Verdict
from marketplace.platform.database import session
from models.accounts import Membership, Organisation
from models.onboarding import ApplicationItem
from tests.factories.onboarding import (
    accept_all,
    items_of,
    member_officers,
    plain_checklist,
    sent,
)
from tests.moments import TUESDAY
from tests.racing import both, kinds


@pytest.fixture
def together():
    """Where two meet: each goes on when the other has come as far."""
    return threading.Barrier(2, timeout=30)


def unlocked(monkeypatch):
    """What would be done without the lock on the application: read, and go on."""
    monkeypatch.setattr(locks, "lock_one", session.scalar)


def meeting(monkeypatch, module, name, together):
    """Let the two wait for each other right before `name`, which decides."""
    decide = getattr(module, name)

    def met(*args, **values):
        together.wait()
        return decide(*args, **values)

    monkeypatch.setattr(module, name, met)


class TestApprovingTwiceAtOnce:
    @pytest.fixture
    def ready(self, market):
        officers = member_officers()
        plain_checklist({"title_vi": "Giấy đăng ký"})
        application = sent(kind="group", facts={"tax_code": ""})
        accept_all(application, officers[0])
        session.commit()
        return officers, application.id

    def approve(self, market, ready):
        officers, application_id = ready
        return kinds(
            both(
                market,
                lambda index: operations.approve_application(
                    actor=officers[index], application_id=application_id, at=TUESDAY
                ),
            )
        )

    def made(self):
        session.rollback()
        groups = select(func.count()).where(Organisation.kind == "group")
        directors = select(func.count()).where(Membership.role == "director")
        return session.scalar(groups), session.scalar(directors)

    def test_without_the_lock_there_would_be_two_organisations(
        self, market, ready, monkeypatch, together
    ):
        unlocked(monkeypatch)
        meeting(monkeypatch, deciding, "found_organisation", together)

        self.approve(market, ready)

        assert self.made() == (2, 2)

    def test_there_is_one(self, market, ready):
        assert self.approve(market, ready) == ["Application", "Application"]
        assert self.made() == (1, 1)


class TestTwoApprovalsOfAnItem:
    @pytest.fixture
    def waiting(self, market):
        officers = member_officers()
        plain_checklist({"title_vi": "Tài khoản", "needs_two": True})
        application = sent()
        session.commit()
        return officers, application.id, items_of(application)[0][0].id

    def accept(self, market, waiting):
        officers, application_id, item_id = waiting
        return kinds(
            both(
                market,
                lambda index: operations.judge_item(
                    actor=officers[index],
                    application_id=application_id,
                    item_id=item_id,
                    judgement=Judgement(Verdict.ACCEPT),
                    at=TUESDAY,
                ),
            )
        )

    def left(self, waiting):
        session.rollback()
        item = session.get_one(ApplicationItem, waiting[2])
        return item.state, {item.reviewed_by_id, item.second_by_id}

    def test_without_the_lock_one_would_be_lost(self, market, waiting, monkeypatch, together):
        unlocked(monkeypatch)
        meeting(monkeypatch, reviewing, "_accept", together)

        self.accept(market, waiting)

        assert self.left(waiting)[0] == "submitted"

    def test_both_count(self, market, waiting):
        officers, *_ = waiting

        self.accept(market, waiting)

        assert self.left(waiting) == ("accepted", {each.user_id for each in officers})
