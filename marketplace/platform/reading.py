"""Reading for pages that change nothing: each statement for itself, without a transaction around.

To PostgreSQL a transaction is two more messages, BEGIN and ROLLBACK, and each message costs a page
about as much as drawing a product card. A page of one or two statements that share no moment has
no use for them.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Engine, Executable

from marketplace.platform.database import db, session


def read(statement: Executable, values: Mapping[str, Any] | None = None) -> Sequence[Any]:
    """The rows of `statement`, all of them.

    Inside a transaction it is part of it, and sees what that has changed.

    Args:
        statement: a select of columns, never of entities: nothing is kept in the session. One
            that is made once and has parameters is much cheaper than one made for each page.
        values: for its parameters.
    """
    bind = db.engine
    if not isinstance(bind, Engine) or (session.registry.has() and session().in_transaction()):  # type: ignore[redundant-expr] # tests put a connection there
        return session.execute(statement, values).all()
    with _by_itself(bind).connect() as connection:
        return connection.execute(statement, values).all()


@lru_cache(maxsize=8)
def _by_itself(engine: Engine) -> Engine:
    return engine.execution_options(isolation_level="AUTOCOMMIT")
