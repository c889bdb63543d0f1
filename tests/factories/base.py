"""What all factories share: they add to the test's session and flush, never commit."""

from typing import Any, Generic, TypeVar

from factory.alchemy import SQLAlchemyModelFactory

from marketplace.platform.database import session

Row = TypeVar("Row")


class Factory(SQLAlchemyModelFactory, Generic[Row]):
    """A factory of rows in the test's session."""

    class Meta:
        """Settings."""

        abstract = True
        sqlalchemy_session_factory: Any = staticmethod(lambda: session)
        sqlalchemy_session_persistence = "flush"
