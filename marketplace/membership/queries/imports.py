"""Files of members and plots that were brought in, and what became of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.membership.errors import ImportNotFoundError
from marketplace.membership.queries.members import OfRegister
from marketplace.platform.database import session
from models.accounts import User
from models.membership import ImportKind, RegisterImport, RegisterImportRow

KEEPERS: Final = {
    ImportKind.MEMBERS: Permission.MEMBER_EDIT,
    ImportKind.PLOTS: Permission.PLOT_EDIT,
}
"""Who brings which file in."""


@dataclass(frozen=True, slots=True)
class Import:
    """A file of members or of plots.

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


def get_import(
    import_id: int,
    *,
    organisation_id: int,
    viewer: Actor,
    kind: ImportKind = ImportKind.MEMBERS,
) -> Import:
    """An import of an organisation; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
        ImportNotFoundError: the organisation has no such import.
    """
    authorize(viewer, KEEPERS[kind], OfRegister(organisation_id))
    found = _asked(organisation_id, kind, RegisterImport.id == import_id, limit=1)
    if not found:
        raise ImportNotFoundError(import_id=import_id)
    return found[0]


def warnings_of(import_id: int) -> list[tuple[str, int]]:
    """What may be wrong with the shapes of a file that waits for a decision, and with how many.

    One statement. The sentences are marked.
    """
    warning = func.jsonb_array_elements_text(RegisterImportRow.facts["warnings"]).label("warning")
    each = select(warning).where(RegisterImportRow.import_id == import_id).subquery()
    rows = session.execute(
        select(each.c.warning, func.count()).group_by(each.c.warning).order_by(each.c.warning)
    )
    return [(sentence, count) for sentence, count in rows]


def latest_imports(
    organisation_id: int, *, viewer: Actor, limit: int, kind: ImportKind = ImportKind.MEMBERS
) -> Sequence[Import]:
    """What was brought in last, the latest first; one statement.

    Raises:
        NotAllowedError: the viewer does not keep this register.
    """
    authorize(viewer, KEEPERS[kind], OfRegister(organisation_id))
    return _asked(organisation_id, kind, limit=limit)


def _asked(
    organisation_id: int,
    kind: ImportKind,
    *conditions: Any,  # noqa: ANN401
    limit: int,
) -> list[Import]:
    names = [name for name in Import.__dataclass_fields__ if name != "created_by"]
    columns: list[Any] = [*(getattr(RegisterImport, name) for name in names), User.full_name]
    rows = session.execute(
        select(*columns)
        .outerjoin(User, User.id == RegisterImport.created_by_id)
        .where(
            RegisterImport.organisation_id == organisation_id,
            RegisterImport.kind == kind,
            *conditions,
        )
        .order_by(RegisterImport.id.desc())
        .limit(limit)
    )
    return [Import(*row) for row in rows]
