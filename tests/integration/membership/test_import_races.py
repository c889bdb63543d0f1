"""The same file twice at once; a file and the people of the desk at once."""

import threading
from unittest.mock import Mock

import pytest
from sqlalchemy import select, text

from marketplace.membership import operations
from marketplace.membership.operations import importing
from marketplace.platform.database import session
from models.accounts import Organisation
from models.membership import Household, ImportState, RegisterImport, RegisterImportRow
from models.platform import StateChange
from tests.factories.membership import ImportFactory
from tests.moments import MONDAY, MONDAY_DAY, TUESDAY
from tests.racing import all_of, both, kinds, meet_after, unlocked

FILE = "Họ tên;Thôn\nĐỗ Thị Ưng;Buôn Sút\n".encode()


class TestTheSameFileTwice:
    def bring(self, market, desk):
        organisation_id, keepers = desk
        return both(
            market,
            lambda index: (
                importing.begin_import(
                    actor=keepers[index],
                    organisation_id=organisation_id,
                    data=FILE,
                    name="so.csv",
                    at=MONDAY,
                ).id
            ),
        )

    def test_is_one_import(self, market, desk):
        first, second = self.bring(market, desk)

        assert all_of(RegisterImport.id) == [first] == [second]
        assert waiting(importing.READ) == 1

    def test_would_be_two_without_the_lock(self, market, desk, monkeypatch):
        unlocked(monkeypatch, importing)
        meet_after(monkeypatch, importing, "defer")

        assert kinds(self.bring(market, desk)) == ["int", "int"]
        assert len(all_of(RegisterImport.id)) == 2


def waiting(task):
    return session.scalar(
        text("select count(*) from procrastinate_jobs where task_name = :name"), {"name": task}
    )


class TestConfirmingTwice:
    @pytest.fixture
    def checked(self, desk):
        made = ImportFactory(organisation=session.get_one(Organisation, desk[0]))
        session.commit()
        return made.id

    def confirm(self, market, desk, import_id):
        return both(
            market,
            lambda index: (
                importing.confirm_import(
                    actor=desk[1][index], import_id=import_id, at=TUESDAY
                ).state
            ),
        )

    def moves(self, state):
        wanted = StateChange.subject_kind == "register_import", StateChange.to_state == state
        return len(session.scalars(select(StateChange).where(*wanted)).all())

    def test_asks_for_it_once(self, market, desk, checked):
        assert self.confirm(market, desk, checked) == [ImportState.QUEUED] * 2
        assert self.moves(ImportState.QUEUED) == 1
        assert waiting(importing.WRITE) == 1

    def test_would_be_noted_twice_without_the_lock(self, market, desk, checked, monkeypatch):
        unlocked(monkeypatch, importing)
        together = threading.Barrier(2, timeout=30)
        change = importing.change_state

        def met(*values, **more):
            together.wait()
            return change(*values, **more)

        monkeypatch.setattr(importing, "change_state", met)

        assert self.confirm(market, desk, checked) == [ImportState.QUEUED] * 2
        assert self.moves(ImportState.QUEUED) == 2

    @pytest.fixture
    def queued(self, desk, checked):
        importing.confirm_import(actor=desk[1][0], import_id=checked, at=TUESDAY)
        session.commit()
        return checked

    def write(self, market, import_id):
        def act(_index):
            return str(importing.write_import(import_id=import_id, at=TUESDAY).state)

        return both(market, act)

    def test_two_workers_write_it_once(self, market, queued):
        assert self.write(market, queued) == ["done", "done"]
        assert all_of(Household.code) == ["NHAP-01", "TV-0001"]
        assert self.moves(ImportState.DONE) == 1

    def test_two_workers_would_both_write_without_the_locks(self, market, queued, monkeypatch):
        unlocked(monkeypatch, importing)
        monkeypatch.setattr(importing, "_HOLD_MEMBERS", Mock())
        meet_after(monkeypatch, importing, "_changes")

        assert kinds(self.write(market, queued)) == ["IntegrityError", "str"]


class TestAFileAndADesk:
    """Somebody leaves, or is erased, while a file about them is being written."""

    @pytest.fixture
    def queued(self, desk):
        made = ImportFactory(
            organisation=session.get_one(Organisation, desk[0]), state=ImportState.QUEUED
        )
        row = session.scalars(select(RegisterImportRow)).one()
        row.facts = {"code": "TV-0001", "name": "Y Blơm", "note": "Mới"}
        session.commit()
        return made.id

    def write_while(self, market, monkeypatch, import_id, act):
        """Write a file; `act` begins when the register has been compared with it."""
        compared = threading.Event()
        changes = importing._changes

        def slowly(*values, **more):
            found = changes(*values, **more)
            compared.set()
            acted.wait(1)  # it cannot come before us, if the members are held
            return found

        acted = threading.Event()

        def leaving(_index):
            assert compared.wait(5)
            act()
            session.commit()
            acted.set()

        def writing(_index):
            return importing.write_import(import_id=import_id, at=TUESDAY).id

        monkeypatch.setattr(importing, "_changes", slowly)
        results = both(market, writing, leaving)
        session.rollback()
        assert kinds(results) == ["NoneType", "int"]
        return session.scalars(select(Household)).one()

    def leave_while(self, market, desk, queued, monkeypatch):
        member_id = session.scalars(select(Household.id)).one()
        session.rollback()

        def act():
            operations.leave(actor=desk[1][0], member_id=member_id, left_on=MONDAY_DAY, at=TUESDAY)

        return self.write_while(market, monkeypatch, queued, act)

    def test_who_leaves_meanwhile_has_left(self, market, desk, queued, monkeypatch):
        found = self.leave_while(market, desk, queued, monkeypatch)

        assert (found.note, found.left_on) == ("Mới", MONDAY_DAY)

    def test_who_leaves_would_be_back_if_members_were_not_held(
        self, market, desk, queued, monkeypatch
    ):
        monkeypatch.setattr(importing, "_HOLD_MEMBERS", Mock())

        found = self.leave_while(market, desk, queued, monkeypatch)

        assert (found.note, found.left_on) == ("Mới", None)

    def test_who_is_erased_meanwhile_stays_erased(self, market, desk, queued, monkeypatch):
        member = session.scalars(select(Household)).one()
        member.left_on = MONDAY_DAY
        session.commit()
        member_id = member.id
        session.rollback()

        found = self.write_while(
            market,
            monkeypatch,
            queued,
            lambda: operations.erase_member(actor=desk[1][0], member_id=member_id, at=TUESDAY),
        )

        assert (found.name, found.note, found.left_on) == ("", "", MONDAY_DAY)
        assert found.erased_at is not None
