"""Rows of a model, read by a statement that is written once.

What the session makes of a SELECT of an entity takes several times longer than the answer. Here
the columns come as they are and are put into the session as if it had loaded them.
"""

from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from sqlalchemy import ColumnElement, Select, inspect, select
from sqlalchemy.orm import Mapper, make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from marketplace.platform.database import session
from marketplace.platform.statements import Question
from models.base import Base

Entity = TypeVar("Entity", bound=Base)


def whole(kind: type[Base], *conditions: ColumnElement[bool]) -> Select[*tuple[Any, ...]]:
    """All columns of the rows of a model that fit."""
    return select(*kind.__table__.columns).where(*conditions)


class Loading(Generic[Entity]):
    """Puts rows of one model into the session, as if it had loaded them.

    What the session knew of a row is replaced; its loaded relationships are forgotten, as
    `populate_existing` does.
    """

    def __init__(self, kind: type[Entity]) -> None:
        self.columns = tuple(kind.__table__.columns)
        self._kind = kind
        self._mapper: Mapper[Any] | None = None
        self._keys: tuple[str, ...] = ()
        self._primary: tuple[int, ...] = ()
        self._relationships: frozenset[str] = frozenset()

    def put(self, row: Sequence[Any]) -> Entity:
        """The entity of a row of `columns`."""
        mapper = self._mapper or self._prepare()
        columns = dict(zip(self._keys, row, strict=True))
        identity = mapper.identity_key_from_primary_key(
            tuple(columns[self._keys[place]] for place in self._primary)
        )
        known: Entity | None = session.identity_map.get(identity)
        if known is None:
            fresh: Entity = mapper.class_manager.new_instance()
            vars(fresh).update(columns)
            make_transient_to_detached(fresh)
            session.add(fresh)
            return fresh
        state = inspect(known)
        if state.expired_attributes or state.modified:
            for key, value in columns.items():
                set_committed_value(known, key, value)
        else:
            vars(known).update(columns)
        loaded = self._relationships & vars(known).keys()
        if loaded:
            session.expire(known, loaded)
        return known

    def _prepare(self) -> Mapper[Any]:
        """Look at the mapper when all models are there."""
        mapper: Mapper[Any] = inspect(self._kind)
        names = [each.name for each in self.columns]
        self._primary = tuple(names.index(each.name) for each in mapper.primary_key)
        self._keys = tuple(mapper.get_property_by_column(each).key for each in self.columns)
        self._relationships = frozenset(mapper.relationships.keys())
        self._mapper = mapper
        return mapper


class Rows(Generic[Entity]):
    """Entities of one kind. What the session knew of one is read again."""

    def __init__(self, kind: type[Entity], statement: Select[*tuple[Any, ...]]) -> None:
        """Prepare it.

        Args:
            kind: the model of the rows.
            statement: `whole` of it, as narrow and in such an order as is needed.
        """
        self._question = Question(statement)
        self._loading = Loading(kind)

    def all(self, **values: object) -> list[Entity]:
        """Every row.

        Args:
            values: the parameters, by name.
        """
        return [self._loading.put(row) for row in self._question.ask(**values)]

    def find(self, **values: object) -> Entity | None:
        """The first row; or None."""
        found = self.all(**values)
        return found[0] if found else None
