"""Whether everything that serving needs is there."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import SQLAlchemyError

from marketplace.platform.database import session
from marketplace.platform.revisions import expected_revision
from models.platform import Heartbeat

WORKER = "worker"
HEARTBEAT_EVERY = timedelta(seconds=5)
HEARTBEAT_TOO_OLD = timedelta(seconds=30)


@dataclass(frozen=True)
class Readiness:
    """What was found.

    Attributes:
        is_database_up: it answered.
        revision: the schema it has; None when unknown.
        is_migrated: whether that is the one this code needs.
        worker_age_s: seconds since the job worker last said that it lives; None if never.
    """

    is_database_up: bool
    revision: str | None = None
    is_migrated: bool = False
    worker_age_s: float | None = None

    @property
    def is_worker_alive(self) -> bool:
        """Whether jobs are being done."""
        return (
            self.worker_age_s is not None and self.worker_age_s <= HEARTBEAT_TOO_OLD.total_seconds()
        )

    @property
    def is_ready(self) -> bool:
        """Whether to send people here."""
        return self.is_database_up and self.is_migrated and self.is_worker_alive


def readiness(*, at: datetime) -> Readiness:
    """Look at the database, its schema and the job worker; never raises for what is missing."""
    try:
        revision = session.scalar(text("select version_num from alembic_version"))
        if revision != expected_revision():
            return Readiness(is_database_up=True, revision=revision)
        beaten_at = session.scalar(select(Heartbeat.beaten_at).where(Heartbeat.name == WORKER))
    except SQLAlchemyError as error:
        session.remove()
        # An answer, even a refusal, is a sign of life.
        is_up = getattr(getattr(error, "orig", None), "sqlstate", None) is not None
        return Readiness(is_database_up=is_up)
    age = None if beaten_at is None else max(0.0, (at - beaten_at).total_seconds())
    return Readiness(is_database_up=True, revision=revision, is_migrated=True, worker_age_s=age)


def beat(name: str, *, at: datetime) -> None:
    """Write that the process `name` lives; the caller commits."""
    row = insert(Heartbeat).values(name=name, beaten_at=at)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["name"], set_={"beaten_at": row.excluded.beaten_at}
        )
    )
