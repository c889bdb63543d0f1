"""What files of members and of plots have in common on their way in."""

from collections.abc import Callable
from typing import Any, Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.forms import BaseForm, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership.operations import importing
from marketplace.membership.queries import Import
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.membership import ImportKind, ImportState

SHOWN_IMPORTS: Final = 5
SHOWN_PROBLEMS: Final = 50
UNDER_WAY: Final = (ImportState.READING, ImportState.QUEUED)


def take_in(
    form: BaseForm, *, actor: Actor, organisation_id: int, kind: ImportKind, longest: int
) -> int | None:
    """Have the file of a form read; the id of the import, or None if the form says why not."""
    if not form.validate_on_submit():
        return None
    file = request.files.get("file")
    try:
        with transaction():
            return importing.begin_import(
                actor=actor,
                organisation_id=organisation_id,
                data=file.read(longest + 1) if file else b"",
                name=(file.filename or "") if file else "",
                kind=kind,
                at=now(),
            ).id
    except InvalidError as error:
        refuse_in_form(form, error)
        return None


def confirm(actor: Actor, known: Import, here: str) -> ResponseReturnValue:
    """Have the rows written, and go to see how it goes."""
    if not _is_done(importing.confirm_import, actor, known):
        flash(_("Lần nhập này không còn ghi được nữa."), "bad")
    return redirect(here, 303)


def discard(
    actor: Actor, known: Import, here: str, *, start: str, said: str
) -> ResponseReturnValue:
    """Throw the rows away and go back to the start."""
    if not _is_done(importing.discard_import, actor, known):
        flash(_("Lần nhập này không còn bỏ được nữa."), "bad")
        return redirect(here, 303)
    flash(said, "ok")
    return redirect(start, 303)


def shown(known: Import) -> dict[str, Any]:
    """What the page of an import shows of it."""
    return {
        "known": known,
        "states": ImportState,
        "is_under_way": known.state in UNDER_WAY,
        "problems": known.problems[:SHOWN_PROBLEMS],
        "more_problems": max(0, known.problem_count - SHOWN_PROBLEMS),
        "htmx": True,
    }


def _is_done(decide: Callable[..., object], actor: Actor, known: Import) -> bool:
    try:
        with transaction():
            decide(actor=actor, import_id=known.id, at=now())
    except ConflictError:
        return False
    return True
