"""Files of members that were brought in, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.membership.errors import ImportNotFoundError
from marketplace.membership.queries.members import OfRegister
from marketplace.platform.database import session
from models.accounts import User
from models.membership import RegisterImport


@dataclass(frozen=True, slots=True)
class Import:
    """A file of members.

    Attributes:
        unknown_columns: headings that meant nothing to us.
        problems: the first two hundred cells that could not be read, as `files.values.Problem`.
    """

    id: int
    organisation_id: int
    file_name: str
    state: str
    row_count: int
    read_count: int
    new_count: int
    changed_count: int
    same_count: int
    unknown_columns: Sequence[str]
    problems: Sequence[dict[str, Any]]
    problem_count: int
    created_at: datetime
    created_by: str | None


def get_import(import_id: int, *, organisation_id: int, viewer: Actor) -> Import:
    """An import of an organisation; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
        ImportNotFoundError: the organisation has no such import.
    """
    authorize(viewer, Permission.MEMBER_EDIT, OfRegister(organisation_id))
    found = _asked(organisation_id, RegisterImport.id == import_id, limit=1)
    if not found:
        raise ImportNotFoundError(import_id=import_id)
    return found[0]


def latest_imports(organisation_id: int, *, viewer: Actor, limit: int) -> Sequence[Import]:
    """What was brought in last, the latest first; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
    """
    authorize(viewer, Permission.MEMBER_EDIT, OfRegister(organisation_id))
    return _asked(organisation_id, limit=limit)


def _asked(organisation_id: int, *conditions: Any, limit: int) -> list[Import]:  # noqa: ANN401
    names = [name for name in Import.__dataclass_fields__ if name != "created_by"]
    columns: list[Any] = [*(getattr(RegisterImport, name) for name in names), User.full_name]
    rows = session.execute(
        select(*columns)
        .outerjoin(User, User.id == RegisterImport.created_by_id)
        .where(RegisterImport.organisation_id == organisation_id, *conditions)
        .order_by(RegisterImport.id.desc())
        .limit(limit)
    )
    return [Import(*row) for row in rows]
