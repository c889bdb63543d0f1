"""Locks, pages, the audit trail and changes of state."""

from dataclasses import dataclass

import pytest
from sqlalchemy import select, text

from marketplace.accounts.permissions import SYSTEM, Actor
from marketplace.kernel.states import NotAllowedError, StateMachine
from marketplace.platform.audit import record
from marketplace.platform.locking import lock_all, lock_key, lock_next, lock_one
from marketplace.platform.pagination import PageRequest, paginate
from marketplace.platform.transitions import change_state
from models.catalogue import Category
from models.platform import AuditEvent, DataLoad, StateChange
from tests.moments import MONDAY

MACHINE = StateMachine("lamp", {"off": {"on"}, "on": {"off", "broken"}, "broken": set()})
DIRECTOR = Actor(user_id=3, organisation_id=5)


@pytest.fixture
def categories(session):
    rows = [
        Category(slug=f"loai-{number}", name_vi=f"Loại {number}", name_en="", position=number)
        for number in range(1, 6)
    ]
    session.add_all(rows)
    session.flush()
    return rows


@dataclass
class Lamp:
    id: int = 12
    state: str = "off"


class TestLocks:
    def test_a_lock_reads_again_what_the_session_thought_it_knew(self, session, categories):
        first = categories[0]
        session.execute(text("update categories set name_en = 'new'"))
        assert first.name_en == ""

        assert lock_one(select(Category).where(Category.id == first.id)) is first
        assert first.name_en == "new"

    def test_no_row_is_none(self, session):
        assert lock_one(select(Category).where(Category.slug == "nowhere")) is None

    def test_several_rows_come_in_the_order_of_their_ids(self, session, categories):
        found = lock_all(select(Category).order_by(Category.position.desc()))

        assert [row.id for row in found] == sorted(row.id for row in categories)

    def test_next_passes_by_what_somebody_holds(self, session, categories):
        assert lock_next(select(Category).order_by(Category.position)) is categories[0]

    def test_a_key_is_held_once_however_often_it_is_asked_for(self, session):
        lock_key("checkout", "token")
        lock_key("checkout", "token")
        lock_key("checkout", 7)

        held = text(
            "select count(*) from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()"
        )
        assert session.scalar(held) == 2


class TestPages:
    def test_a_page_of_many(self, session, categories):
        page = paginate(select(Category).order_by(Category.position), PageRequest(2, 2))

        assert [row.position for row in page.rows] == [3, 4]
        assert (page.total, page.last, page.has_next, page.has_previous) == (5, 3, True, True)

    def test_a_page_after_the_last(self, session, categories):
        page = paginate(select(Category).order_by(Category.position), PageRequest(9, 2))

        assert (list(page.rows), page.total, page.has_next) == ([], 5, False)

    @pytest.mark.parametrize(
        ("asked", "given"),
        [((0, 20), (1, 20)), ((-3, 0), (1, 1)), ((1, 9999), (1, 100)), ((10**9, 20), (10**6, 20))],
    )
    def test_what_is_asked_for_is_kept_in_bounds(self, asked, given):
        request = PageRequest(*asked)

        assert (request.number, request.size) == given


class TestTrail:
    def test_who_did_what_to_which_row(self, session):
        record(
            actor=DIRECTOR,
            action="catalogue.rename",
            subject_kind="category",
            subject_id=1,
            at=MONDAY,
            before={"name": "a"},
            after={"name": "b"},
            reason="typo",
        )
        session.flush()

        [event] = session.scalars(select(AuditEvent))
        assert (event.actor_user_id, event.actor_organisation_id) == (3, 5)
        assert (event.action, event.subject_kind, event.subject_id) == (
            "catalogue.rename",
            "category",
            1,
        )
        assert (event.at, event.before, event.after, event.reason) == (
            MONDAY,
            {"name": "a"},
            {"name": "b"},
            "typo",
        )

    @pytest.mark.parametrize("actor", [None, SYSTEM])
    def test_the_marketplace_itself_has_no_name(self, session, actor):
        record(actor=actor, action="x", subject_kind="x", subject_id=1, at=MONDAY)
        session.flush()

        [event] = session.scalars(select(AuditEvent))
        assert (event.actor_user_id, event.actor_organisation_id) == (None, None)


class TestStates:
    def test_an_allowed_step_leaves_a_row(self, session):
        lamp = Lamp()

        assert change_state(lamp, MACHINE, "on", actor=DIRECTOR, at=MONDAY, reason="dark") is True

        session.flush()
        [change] = session.scalars(select(StateChange))
        assert lamp.state == "on"
        assert (change.subject_kind, change.subject_id) == ("lamp", 12)
        assert (change.from_state, change.to_state, change.at) == ("off", "on", MONDAY)
        assert (change.actor_user_id, change.reason) == (3, "dark")

    def test_the_same_state_again_is_no_step(self, session):
        lamp = Lamp(state="on")

        assert change_state(lamp, MACHINE, "on", actor=None, at=MONDAY) is False
        assert session.scalars(select(StateChange)).all() == []

    def test_a_step_that_the_table_lacks_is_refused(self, session):
        lamp = Lamp()

        with pytest.raises(NotAllowedError):
            change_state(lamp, MACHINE, "broken", actor=None, at=MONDAY)

        assert lamp.state == "off"
        assert session.scalars(select(StateChange)).all() == []


def test_moments_come_back_as_they_went(session):
    session.add(DataLoad(name="moment", loaded_at=MONDAY))
    session.flush()
    session.expire_all()

    assert session.get_one(DataLoad, "moment").loaded_at == MONDAY
