"""Statements that are sent all the time: put into SQL once, and from then on sent as they are.

What SQLAlchemy does around a statement (building it, finding it in its cache, describing its
columns) takes several times longer than the short answer to it. So the statements of the hot
pages and of the hot operations are built once, at import, with a parameter for everything that
changes. Values go to psycopg as they are: a JSON document is wrapped in `Jsonb`, a list for
`= any(...)` is a list.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Generic, TypeVar

import psycopg
from psycopg.types.json import Jsonb
from sqlalchemy import (
    JSON,
    Column,
    CompoundSelect,
    Delete,
    Engine,
    Insert,
    Select,
    TextClause,
    Update,
    bindparam,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.engine import Connection
from sqlalchemy.orm import make_transient_to_detached

from marketplace.platform.database import session
from marketplace.platform.driver import send, tell_listeners
from marketplace.platform.transaction import connection_at_hand, engine_outside
from models.base import Base

Entity = TypeVar("Entity", bound=Base)
Changing = Insert | Update | Delete | TextClause


class _Sentence:
    """A statement and its SQL, which is written when it is first needed."""

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]] | Changing
    ) -> None:
        self.statement = statement
        self.waits = True
        self._sql = ""
        self._fixed: dict[str, Any] = {}

    def _write(self, bind: Engine | Connection) -> None:
        if not self._sql:
            compiled = self.statement.compile(bind)
            self._fixed = dict(compiled.params)
            self._sql = str(compiled)

    def _within_transaction(self, rows: Sequence[Mapping[str, object]]) -> Sequence[Any]:
        """Send it on the session's own connection, once for each row; all the answers."""
        if self.waits:
            session.flush()
        connection = connection_at_hand()
        self._write(connection)
        given = [{**self._fixed, **row} for row in rows]
        return send(connection, self._sql, given)


class Question(_Sentence):
    """A select of columns, without lists of values (IN): ask `= any(array)` instead."""

    statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]

    def __init__(
        self, statement: Select[*tuple[Any, ...]] | CompoundSelect[*tuple[Any, ...]]
    ) -> None:
        super().__init__(statement)

    def ask(self, **values: object) -> Sequence[Any]:
        """The rows, all of them.

        Inside a transaction it is part of it and sees what that has changed; outside it is
        sent for itself, without BEGIN and ROLLBACK around it.

        Args:
            values: the parameters, by name.
        """
        engine = engine_outside()
        if engine is None:
            return self._within_transaction([values])
        self._write(engine)
        return _by_itself(engine, self._sql, {**self._fixed, **values})


class Change(_Sentence):
    """An insert, update or delete. What the session had loaded of these rows is not touched."""

    statement: Changing

    def __init__(self, statement: Changing, *, waits: bool = True) -> None:
        """Prepare it.

        Args:
            statement: what is sent.
            waits: whether what the session has changed is written first. Rows that point to
                nothing, such as the history, need not wait for it.
        """
        super().__init__(statement)
        self.waits = waits

    def make(self, **values: object) -> Sequence[Any]:
        """Do it in the current transaction.

        Args:
            values: the parameters, by name.

        Returns:
            What it says with RETURNING; nothing without.
        """
        return self._within_transaction([values])

    def make_each(self, rows: Iterable[Mapping[str, object]]) -> Sequence[Any]:
        """Do it for each row of parameters, in their order, in one journey to the server.

        Returns:
            What all of them say with RETURNING, one after the other.
        """
        each = list(rows)
        return self._within_transaction(each) if each else []


def adding(kind: type[Base], *, waits: bool = True) -> Change:
    """An insert of rows of which nothing is needed afterwards, one parameter for each column.

    Columns that the database fills in by itself are left to it.

    Args:
        kind: the model of the rows.
        waits: see `Change`.
    """
    columns = _columns_to_fill(kind)
    values: dict[str, Any] = {column.name: bindparam(column.name) for column in columns}
    return Change(insert(kind).values(values), waits=waits)


class NewRows(Generic[Entity]):
    """Inserts of one kind of entity, without the session's unit of work.

    What was written belongs to the session as if it had been loaded from there.
    """

    def __init__(self, kind: type[Entity]) -> None:
        table: Any = kind.__table__
        self._columns = _columns_to_fill(kind)
        writing = insert(table).values(
            {column.name: bindparam(column.name) for column in self._columns}
        )
        self._insert = Change(writing.returning(table.c.id))
        self._insert_if_new = Change(writing.on_conflict_do_nothing().returning(table.c.id))

    def write(self, *entities: Entity) -> None:
        """Insert all of them, in their order, in one journey to the server."""
        keys = self._insert.make_each(self._row(entity) for entity in entities)
        for entity, [key] in zip(entities, keys, strict=True):
            _belongs_to_session(entity, key)

    def write_if_new(self, entity: Entity) -> bool:
        """Insert it unless a unique value of it is there already; say whether it was."""
        keys = self._insert_if_new.make(**self._row(entity))
        for [key] in keys:
            _belongs_to_session(entity, key)
        return bool(keys)

    def _row(self, entity: Entity) -> dict[str, object]:
        given = vars(entity)
        row: dict[str, object] = {}
        for column in self._columns:
            if column.name not in given:
                setattr(entity, column.name, _default_of(column))
            value = given[column.name]
            is_document = value is not None and isinstance(column.type, JSON)
            row[column.name] = Jsonb(value) if is_document else value
        return row


def _columns_to_fill(kind: type[Base]) -> list[Column[Any]]:
    """The columns of a model that the database does not fill in by itself."""
    table: Any = kind.__table__
    return [
        column
        for column in table.columns
        if not (column.identity or column.computed or column.server_default)
    ]


def _default_of(column: Column[Any]) -> object:
    """What the model says a column holds when nothing is said: a value, or a fresh container."""
    default: Any = column.default
    if default is None:
        return None
    return default.arg(None) if default.is_callable else default.arg


def _belongs_to_session(entity: Any, key: int) -> None:  # noqa: ANN401 - anything with an id
    entity.id = key
    make_transient_to_detached(entity)
    session.add(entity)


def _by_itself(engine: Engine, sql: str, values: Mapping[str, Any]) -> Sequence[Any]:
    """Send it on a connection of its own, without a transaction."""
    tell_listeners(engine, sql, values)
    pooled = engine.raw_connection()
    connection: Any = pooled.driver_connection
    try:
        rows: Sequence[Any] = connection.execute(sql, values).fetchall()
    except psycopg.Error:
        pooled.invalidate()
        raise
    finally:
        pooled.close()
    return rows
