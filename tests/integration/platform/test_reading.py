"""Reading without a transaction, and connections that died while they waited."""

import psycopg
from sqlalchemy import func, literal, select

from marketplace.platform.database import db, session
from marketplace.platform.reading import read, read_each
from models.catalogue import Category
from tests.factories.catalogue import CategoryFactory

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


class TestReadEach:
    def test_gives_the_rows_one_by_one_also_inside_a_transaction(self, session):
        CategoryFactory(slug="trai-cay")
        CategoryFactory(slug="lua-gao")

        assert list(read_each(ROWS)) == [("trai-cay",), ("lua-gao",)]

    def test_gives_its_connection_back_when_it_is_through(self, committed_database):
        with committed_database.app.app_context():
            rows = read_each(select(func.generate_series(1, 3)))
            first = next(rows)

            assert db.engine.pool.checkedout() == 1
            assert [first, *rows] == [(1,), (2,), (3,)]
            assert db.engine.pool.checkedout() == 0


class TestPool:
    def test_replaces_connections_whose_server_has_gone(self, committed_database):
        with committed_database.app.app_context():
            [[lost]] = read(select(func.pg_backend_pid()))
            with psycopg.connect(committed_database.admin_url, autocommit=True) as killer:
                killer.execute("select pg_terminate_backend(%s, 5000)", [lost])

            [[found]] = read(select(func.pg_backend_pid()))

            assert found != lost
