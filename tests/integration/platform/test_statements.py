"""Statements that are written once: questions and changes."""

import psycopg
import pytest
from sqlalchemy import bindparam, delete, func, insert, literal, select, update
from sqlalchemy.exc import DBAPIError

from marketplace.platform.database import db, session
from marketplace.platform.errors import BusyError
from marketplace.platform.statements import Change, Question
from marketplace.platform.transaction import transaction
from models.catalogue import Category
from tests.factories.catalogue import CategoryFactory
from tests.guards import recorded_statements

T = Category.__table__
ROWS = select(Category.slug, Category.position).order_by(Category.id)
NAMES = {"name_vi": "Trái", "name_en": "Fruit"}


class TestQuestion:
    NAMED = Question(
        select(Category.slug, literal("x"))
        .where(Category.slug == bindparam("slug"), Category.position > 0)
        .order_by(Category.id)
    )

    def test_sees_what_the_transaction_it_is_in_has_changed(self, session):
        CategoryFactory(slug="trai-cay", position=1)

        assert self.NAMED.ask(slug="trai-cay") == [("trai-cay", "x")]
        assert self.NAMED.ask(slug="khac") == []

    def test_gives_the_same_outside_of_one_and_is_heard_by_who_counts(self, committed_database):
        with committed_database.app.app_context():
            session.add(Category(slug="trai-cay", name_vi="Trái", name_en="Fruit", position=2))
            session.commit()
            with recorded_statements(db.engine) as sent:
                found = self.NAMED.ask(slug="trai-cay")

            assert found == [("trai-cay", "x")]
            assert len(sent) == 1
            assert not session().in_transaction()

    def test_leaves_no_broken_connection_behind(self, committed_database):
        broken = Question(select(1 / literal(0)))
        with committed_database.app.app_context():
            with pytest.raises(psycopg.errors.DivisionByZero):
                broken.ask()

            assert self.NAMED.ask(slug="trai-cay") == []
            assert session.execute(ROWS).all() == []


class TestChange:
    ADD = Change(
        insert(T)
        .values({name: bindparam(name) for name in ("slug", "name_vi", "name_en", "position")})
        .returning(T.c.slug, T.c.position)
    )
    MOVE = Change(update(T).where(T.c.slug == bindparam("which")).values(position=T.c.position + 1))

    def test_changes_and_says_what_it_returns(self, session):
        assert self.ADD.make(slug="mot", position=1, **NAMES) == [("mot", 1)]
        assert self.MOVE.make(which="mot") == []

        assert session.execute(ROWS).all() == [("mot", 2)]

    def test_sees_what_the_session_has_not_sent_yet(self, session):
        session.add(Category(slug="hai", position=5, **NAMES))

        self.MOVE.make(which="hai")

        assert session.execute(ROWS).all() == [("hai", 6)]

    def test_takes_many_rows_in_their_order(self, session):
        rows = [{"slug": f"so-{number}", "position": number, **NAMES} for number in (3, 1, 2)]

        assert self.ADD.make_each(rows) == [("so-3", 3), ("so-1", 1), ("so-2", 2)]
        assert self.MOVE.make_each([{"which": "so-1"}, {"which": "so-3"}]) == []
        assert self.MOVE.make_each([]) == []

        assert session.execute(ROWS).all() == [("so-3", 4), ("so-1", 2), ("so-2", 2)]

    def test_is_taken_back_with_its_transaction(self, committed_database):
        with committed_database.app.app_context():
            with pytest.raises(ZeroDivisionError), transaction():
                self.ADD.make(slug="mot", position=1, **NAMES)
                raise ZeroDivisionError

            assert session.execute(ROWS).all() == []

    def test_a_refusal_leaves_the_session_usable(self, committed_database):
        with committed_database.app.app_context():
            with pytest.raises(psycopg.errors.UniqueViolation), transaction():
                self.ADD.make_each([{"slug": "mot", "position": 1, **NAMES}] * 2)

            with transaction():
                self.ADD.make(slug="mot", position=1, **NAMES)
            assert session.execute(ROWS).all() == [("mot", 1)]

    def test_is_heard_by_who_counts(self, session):
        with recorded_statements(db.engine) as sent:
            self.MOVE.make(which="mot")

        assert [words.split()[0] for words in sent] == ["UPDATE"]

    def test_a_lock_that_others_hold_too_long_is_busy(self, committed_database):
        change = Change(delete(T).where(T.c.slug == bindparam("which")))
        with committed_database.app.app_context():
            with transaction():
                self.ADD.make(slug="mot", position=1, **NAMES)
            with psycopg.connect(committed_database.admin_url) as other:
                other.execute("select 1 from categories where slug = 'mot' for update")
                with pytest.raises(BusyError), transaction():
                    session.execute(select(literal(1)))
                    session.connection().exec_driver_sql("set local lock_timeout = '50ms'")
                    change.make(which="mot")

    def test_a_connection_that_died_is_replaced(self, committed_database):
        with committed_database.app.app_context():
            with pytest.raises((psycopg.OperationalError, DBAPIError)), transaction():
                [[lost]] = Question(select(func.pg_backend_pid())).ask()
                with psycopg.connect(committed_database.admin_url, autocommit=True) as killer:
                    killer.execute("select pg_terminate_backend(%s, 5000)", [lost])
                self.MOVE.make(which="mot")

            with transaction():
                self.ADD.make(slug="mot", position=1, **NAMES)
            assert session.execute(ROWS).all() == [("mot", 1)]
