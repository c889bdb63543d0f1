"""The session that writes changed columns by itself, and locks that fill it without the ORM."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from marketplace.catalogue.rules import PRODUCT
from marketplace.platform.locking import RowLock
from marketplace.platform.statements import Change
from marketplace.platform.transitions import change_state
from models.catalogue import Category, Pack
from models.platform import StateChange
from tests.factories.catalogue import CategoryFactory, PackFactory, ProductFactory
from tests.moments import MONDAY

LOCK = RowLock(Category, Category.slug == bindparam("slug"))
MOVE = Change(Category.__table__.update().values(position=bindparam("to")))


@pytest.fixture
def category(session):
    made = CategoryFactory(slug="trai-cay", position=1)
    session.flush()
    return made


def history(session):
    return session.scalar(select(func.count()).select_from(StateChange))


class TestFlush:
    def test_writes_changed_columns_in_one_statement(self, session, statements, category):
        with statements() as sent:
            category.position, category.name_en = 7, "Fruit"
            session.flush()

        assert [each.split(" RETURNING")[0][:17] for each in sent] == ["UPDATE categories"]
        row = select(Category.position, Category.name_en).where(Category.id == category.id)
        assert session.execute(row).one() == (7, "Fruit")
        assert category not in session.dirty

    def test_sends_nothing_for_the_same_value_again(self, session, statements, category):
        with statements() as sent:
            category.position = 1
            session.flush()

        assert sent == []
        assert category not in session.dirty

    def test_leaves_more_than_columns_to_sqlalchemy(self, session):
        product = ProductFactory()
        session.flush()
        other = CategoryFactory()

        product.category = other
        product.name_en = "Coffee"
        session.flush()

        assert (product.category_id, product.name_en) == (other.id, "Coffee")

    def test_refuses_a_moment_without_a_zone(self, session):
        product = ProductFactory()
        session.flush()

        product.updated_at = datetime(2026, 11, 2, tzinfo=UTC).replace(tzinfo=None)

        with pytest.raises(ValueError, match="time zone"):
            session.flush()

    def test_says_what_the_database_refuses_as_sqlalchemy_does(self, session):
        product = ProductFactory()
        session.flush()

        product.state = "nowhere"

        with pytest.raises(DBAPIError, match="state_known"), session.begin_nested():
            session.flush()

    def test_notices_a_row_that_is_gone(self, session, category):
        session.execute(delete(Category.__table__).where(Category.__table__.c.id == category.id))
        category.position = 3

        with pytest.raises(StaleDataError):
            session.flush()

    def test_is_undone_with_its_savepoint(self, session, category):
        savepoint = session.begin_nested()
        category.position = 9
        session.flush()
        savepoint.rollback()

        assert category.position == 1


class TestHistory:
    def test_is_written_at_once_and_alone(self, session, statements):
        product = ProductFactory(draft=True)
        session.flush()

        with statements() as sent:
            change_state(product, PRODUCT, "archived", actor=None, at=MONDAY)
            assert [each.split()[2] for each in sent] == ["state_changes"]
            session.flush()

        assert [each.split()[0] for each in sent] == ["INSERT", "UPDATE"]
        assert history(session) == 1

    @pytest.mark.parametrize("undo", ["savepoint", "transaction"])
    def test_is_undone_with_what_it_is_about(self, session, undo):
        product = ProductFactory(draft=True)
        session.commit()
        if undo == "savepoint":
            savepoint = session.begin_nested()

        change_state(product, PRODUCT, "archived", actor=None, at=MONDAY)
        savepoint.rollback() if undo == "savepoint" else session.rollback()

        assert history(session) == 0
        assert product.state == "draft"


class TestRowLock:
    def test_reads_again_what_the_session_knew(self, session, category):
        MOVE.make(to=5)
        assert category.position == 1

        locked = LOCK.take(slug="trai-cay")

        assert locked is category
        assert category.position == 5

    def test_fills_the_session_with_what_it_did_not_know(self, session, category):
        session.expunge_all()

        locked = LOCK.take(slug="trai-cay")
        locked.position = 4
        session.flush()

        assert locked in session
        assert session.scalar(select(Category.position).where(Category.slug == "trai-cay")) == 4

    def test_fills_what_had_expired(self, session, category):
        session.expire(category)

        LOCK.take(slug="trai-cay")

        assert vars(category)["position"] == 1

    def test_finds_none(self, session, category):
        assert LOCK.take(slug="khac") is None

    def test_forgets_relationships_that_were_loaded(self, session):
        pack = PackFactory()
        session.flush()
        assert "product" in vars(pack)

        locked = RowLock(Pack, Pack.id == bindparam("pack_id")).take(pack_id=pack.id)

        assert locked is pack
        assert "product" not in vars(pack)
