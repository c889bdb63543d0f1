"""Where changes become permanent: the only commit in the code base."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors as postgres
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from marketplace.platform.database import db, session
from marketplace.platform.errors import BusyError

BUSY = (
    postgres.LockNotAvailable,
    postgres.DeadlockDetected,
    postgres.SerializationFailure,
    postgres.TransactionTimeout,
)


@contextmanager
def transaction() -> Iterator[None]:
    """Make what the block changes permanent, all of it or none of it.

    For entry points: a view, a job handler, a command. Operations never open
    one, so that a workflow can put several of them under a single commit.

    Raises:
        RuntimeError: a transaction is open already; they do not nest.
        BusyError: others held the rows for longer than `lock_timeout`, or the
            server broke a deadlock. Nothing was changed; trying again may help.
    """
    require_no_transaction()
    session.info["open"] = True
    try:
        yield
        session.commit()
    except (DBAPIError, psycopg.Error) as error:
        session.rollback()
        if isinstance(error.orig if isinstance(error, DBAPIError) else error, BUSY):
            raise BusyError from error
        raise
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info["open"] = False
        session.info.pop("connection", None)


def connection_at_hand() -> Connection:
    """The connection of the session, which is one and the same until a `transaction()` ends."""
    known: Connection | None = session.info.get("connection")
    if known is not None:
        return known
    connection = session.connection()
    if session.info.get("open"):
        session.info["connection"] = connection
    return connection


def engine_outside() -> Engine | None:
    """The engine, for reading without a transaction; None within one, which must be asked."""
    bind: object = db.engine
    # The tests run on one connection, which is always within a transaction.
    if not isinstance(bind, Engine):
        return None
    if session.registry.has() and (session().in_transaction() or session.info.get("open")):
        return None
    return bind


def require_no_transaction() -> None:
    """Stop a gateway from waiting for the network while rows are locked.

    Raises:
        RuntimeError: a `transaction()` is open.
    """
    if session.info.get("open"):
        raise RuntimeError("not inside a transaction")
