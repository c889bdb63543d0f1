"""Reading without a transaction, and connections that died while they waited."""

import psycopg
import pytest
from sqlalchemy import bindparam, func, literal, select

from marketplace.platform.database import db, session
from marketplace.platform.reading import Question, read
from models.catalogue import Category
from tests.factories.catalogue import CategoryFactory
from tests.guards import recorded_statements

ROWS = select(Category.slug).order_by(Category.id)


class TestRead:
    def test_sees_what_the_transaction_it_is_in_has_changed(self, session):
        CategoryFactory(slug="trai-cay")

        assert read(ROWS) == [("trai-cay",)]

    def test_opens_no_transaction_of_its_own(self, committed_database):
        with committed_database.app.app_context():
            [[first]] = read(select(func.now()))
            [[second]] = read(select(func.now()))

            assert first < second
            assert not session().in_transaction()

    def test_leaves_connections_as_it_found_them(self, committed_database):
        with committed_database.app.app_context():
            read(select(literal(1)))
            session.add(Category(slug="mot", name_vi="Một", name_en="One", position=1))
            session.flush()
            session.rollback()

            assert read(ROWS) == []


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


class TestPool:
    def test_replaces_connections_whose_server_has_gone(self, committed_database):
        with committed_database.app.app_context():
            [[lost]] = read(select(func.pg_backend_pid()))
            with psycopg.connect(committed_database.admin_url, autocommit=True) as killer:
                killer.execute("select pg_terminate_backend(%s, 5000)", [lost])

            [[found]] = read(select(func.pg_backend_pid()))

            assert found != lost
