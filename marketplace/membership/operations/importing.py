"""Bringing a file in: taken, read by a worker, looked at by a person, written at once.

Nothing is written into the register before somebody has seen what would be; then all rows are, in
one transaction. A worker that dies begins again: reading starts anew, writing was not there.
The life of an import is that of files of members and of plots; how members are compared with the
register and written stands here, how plots are in `plot_files`.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import bindparam, delete, insert, select, update

from marketplace.accounts.permissions import SYSTEM, Actor, authorize
from marketplace.kernel.clock import business_day
from marketplace.kernel.states import StateMachine
from marketplace.kernel.text import fold
from marketplace.membership import rules
from marketplace.membership.errors import ImportNotFoundError
from marketplace.membership.files import features, reading
from marketplace.membership.files.values import Facts, Problem
from marketplace.membership.operations.members import REGISTER
from marketplace.membership.queries.imports import KEEPERS
from marketplace.membership.queries.members import OfRegister, highest_number
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.platform.locking import lock_key, lock_one, locking
from marketplace.platform.queue import defer
from marketplace.platform.transitions import change_state
from models.accounts import Organisation
from models.membership import (
    Household,
    ImportKind,
    ImportState,
    MemberKind,
    RegisterImport,
    RegisterImportRow,
)

IMPORT: Final = StateMachine(
    "register_import",
    {
        ImportState.READING: {ImportState.CHECKED, ImportState.FAULTY},
        ImportState.FAULTY: set(),
        ImportState.CHECKED: {ImportState.QUEUED, ImportState.DISCARDED},
        ImportState.QUEUED: {ImportState.DONE, ImportState.FAULTY},
        ImportState.DONE: set(),
        ImportState.DISCARDED: set(),
    },
)
READ: Final = "membership.read_import"
WRITE: Final = "membership.write_import"
READ_PLOTS: Final = "membership.read_plots"
WRITE_PLOTS: Final = "membership.write_plots"
KEPT_PROBLEMS: Final = 200
NAME_LENGTH: Final = 200
_UNDER_WAY: Final = (ImportState.READING, ImportState.CHECKED, ImportState.QUEUED)
_HOLD_MEMBERS: Final = locking(
    select(Household.id)
    .where(Household.organisation_id == bindparam("organisation_id"))
    .order_by(Household.id)
)


def begin_import(  # noqa: PLR0913 - a file is its bytes, its name and its kind
    *,
    actor: Actor,
    organisation_id: int,
    data: bytes,
    name: str,
    kind: ImportKind = ImportKind.MEMBERS,
    at: datetime,
) -> RegisterImport:
    """Take a file in; a worker will read it. The same bytes under way are taken once.

    Raises:
        NotAllowedError: the actor does not keep this register.
        ImportEmptyError, ImportTooLongError, NotASpreadsheetError: see `reading`.
        PlotFileEmptyError, PlotFileTooLargeError, NotAFileOfPlotsError: see `files.features`.
    """
    authorize(actor, KEEPERS[kind], OfRegister(organisation_id))
    if kind is ImportKind.PLOTS:
        features.require_plausible(data)
    else:
        reading.require_plausible(data)
    sha256 = hashlib.sha256(data).hexdigest()
    lock_key("register-import", f"{organisation_id}:{sha256}")
    under_way = session.scalars(
        select(RegisterImport).where(
            RegisterImport.organisation_id == organisation_id,
            RegisterImport.kind == kind,
            RegisterImport.sha256 == sha256,
            RegisterImport.state.in_(_UNDER_WAY),
        )
    ).first()
    if under_way is not None:
        return under_way
    made = RegisterImport(
        organisation_id=organisation_id,
        kind=kind,
        file_name=" ".join(name.split())[:NAME_LENGTH],
        sha256=sha256,
        content=data,
        state=ImportState.READING,
        created_at=at,
        created_by_id=actor.user_id,
    )
    session.add(made)
    session.flush()
    if kind is ImportKind.PLOTS:
        defer(READ_PLOTS, key=f"{READ_PLOTS}:{made.id}", import_id=made.id)
    else:
        defer(READ, key=f"{READ}:{made.id}", import_id=made.id)
    return made


def find_to_read(import_id: int) -> tuple[bytes, str] | None:
    """The bytes of an import that waits to be read, and the province of its organisation."""
    found = session.execute(
        select(RegisterImport.content, Organisation.province_code)
        .join(Organisation, Organisation.id == RegisterImport.organisation_id)
        .where(RegisterImport.id == import_id, RegisterImport.state == ImportState.READING)
    ).one_or_none()
    return None if found is None else (bytes(found[0] or b""), found[1])


def begin_reading(*, import_id: int, row_count: int, unknown_columns: Sequence[str]) -> None:
    """Say how much there is to read. What a worker that died has left behind is thrown away."""
    known = lock_import(import_id)
    session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == import_id))
    known.row_count, known.read_count = row_count, 0
    known.problems, known.problem_count = [], 0
    known.unknown_columns = [name[:80] for name in unknown_columns[:30]]


def keep_rows(
    *, import_id: int, rows: Sequence[tuple[int, Facts]], problems: Sequence[Problem]
) -> None:
    """Keep some rows that were read, and what was wrong with others."""
    known = lock_import(import_id)
    if rows:
        session.execute(
            insert(RegisterImportRow),
            [{"import_id": import_id, "line": line, "facts": facts} for line, facts in rows],
        )
    room = KEPT_PROBLEMS - len(known.problems)
    known.problems = [*known.problems, *(asdict(each) for each in problems[:room])]
    known.problem_count += len(problems)
    known.read_count += len(rows) + len({each.line for each in problems})


def finish_reading(*, import_id: int, at: datetime) -> RegisterImport:
    """Everything is read: count what would change, or say that something cannot be read."""
    known = lock_import(import_id)
    if known.state != ImportState.READING:
        return known
    if known.problem_count:
        return give_up(known, at)
    changes = _changes(known, business_day(at))
    known.new_count, known.changed_count = len(changes.new), len(changes.changed)
    known.same_count = known.row_count - known.new_count - known.changed_count
    known.content = None
    change_state(known, IMPORT, ImportState.CHECKED, actor=None, at=at)
    return known


def refuse_file(*, import_id: int, problem: Problem, at: datetime) -> RegisterImport:
    """The file as a whole cannot be read."""
    known = lock_import(import_id)
    if known.state != ImportState.READING:
        return known
    known.problems, known.problem_count = [asdict(problem)], 1
    return give_up(known, at)


def confirm_import(*, actor: Actor, import_id: int, at: datetime) -> RegisterImport:
    """Have the rows written; a worker does it.

    Raises:
        ImportNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        states.NotAllowedError: it has problems, or was discarded.
    """
    known = lock_import(import_id)
    authorize(actor, KEEPERS[ImportKind(known.kind)], known)
    if known.state == ImportState.DONE:
        return known
    if not change_state(known, IMPORT, ImportState.QUEUED, actor=actor, at=at):
        return known
    if known.kind == ImportKind.PLOTS:
        defer(WRITE_PLOTS, key=f"{WRITE_PLOTS}:{import_id}", import_id=import_id)
    else:
        defer(WRITE, key=f"{WRITE}:{import_id}", import_id=import_id)
    return known


def discard_import(*, actor: Actor, import_id: int, at: datetime) -> RegisterImport:
    """Throw a file away that was read.

    Raises:
        ImportNotFoundError: there is none.
        NotAllowedError: the actor does not keep this register.
        states.NotAllowedError: it is being written, or is.
    """
    known = lock_import(import_id)
    authorize(actor, KEEPERS[ImportKind(known.kind)], known)
    change_state(known, IMPORT, ImportState.DISCARDED, actor=actor, at=at)
    forget_rows(import_id)
    return known


def write_import(*, import_id: int, at: datetime) -> RegisterImport:
    """Write all rows into the register: new members, and what the file says anew of known ones.

    A cell that is empty changes nothing. Nobody is taken out: who is missing in the file stays.
    """
    known = lock_import(import_id)
    if known.state != ImportState.QUEUED:
        return known
    lock_key(REGISTER, known.organisation_id)
    # Whoever leaves or is erased while we compare would otherwise be written back as they were.
    _HOLD_MEMBERS.ask(organisation_id=known.organisation_id)
    changes = _changes(known, business_day(at))
    if changes.new:
        common = {
            "organisation_id": known.organisation_id,
            "is_hidden": True,
            "created_at": at,
            "created_by_id": known.created_by_id,
        }
        session.execute(insert(Household), [values | common for values in changes.new])
    failpoint("membership.after_new_members")
    if changes.changed:
        session.execute(update(Household), changes.changed)
    known.new_count, known.changed_count = len(changes.new), len(changes.changed)
    known.same_count = known.row_count - known.new_count - known.changed_count
    forget_rows(import_id)
    change_state(known, IMPORT, ImportState.DONE, actor=None, at=at)
    record(
        actor=SYSTEM,
        action="membership.write_import",
        subject_kind="register_import",
        subject_id=import_id,
        at=at,
        after={"new": known.new_count, "changed": known.changed_count, "same": known.same_count},
    )
    return known


class _Changes:
    """What an import would do: whole rows for new members, some columns for known ones."""

    def __init__(self) -> None:
        self.new: list[dict[str, Any]] = []
        self.changed: list[dict[str, Any]] = []


_COLUMNS: Final = (
    "id", "code", "kind", "name", "phone", "province_code", "commune_code", "hamlet", "joined_on",
    "left_on", "is_official", "note", "erased_at",
)  # fmt: skip


def _changes(known: RegisterImport, today: date) -> _Changes:
    """Compare the rows of an import with the register as it is now."""
    register = [
        dict(zip(_COLUMNS, row, strict=True))
        for row in session.execute(
            select(*(getattr(Household, name) for name in _COLUMNS)).where(
                Household.organisation_id == known.organisation_id
            )
        )
    ]
    by_code = {member["code"]: member for member in register}
    by_person = {person_key(member["name"], member["phone"]): member for member in register}
    province_code = session.scalars(
        select(Organisation.province_code).where(Organisation.id == known.organisation_id)
    ).one()
    number = highest_number(known.organisation_id)
    changes = _Changes()
    rows = session.scalars(
        select(RegisterImportRow.facts)
        .where(RegisterImportRow.import_id == known.id)
        .order_by(RegisterImportRow.line)
    ).all()
    given = {facts["code"] for facts in rows if "code" in facts}
    for facts in rows:
        said = _typed(facts)
        member = (
            by_code.get(said["code"])
            if "code" in said
            else by_person.get(person_key(said["name"], said.get("phone")))
        )
        if member is None:
            if "code" not in said:
                number = _next_free(number, given)
                said["code"] = rules.NUMBERED.format(number)
            changes.new.append(_whole(said, province_code, today))
        elif changed := _changed(member, said):
            changes.changed.append(changed)
    return changes


def person_key(name: str, phone: str | None) -> tuple[str, str]:
    """What a member without a code is known by."""
    return fold(name), phone or ""


def _next_free(number: int, taken: set[str]) -> int:
    number += 1
    while rules.NUMBERED.format(number) in taken:
        number += 1
    return number


def _typed(facts: Facts) -> Facts:
    """Facts from JSON, with days as days."""
    days: Facts = {
        name: date.fromisoformat(facts[name]) for name in ("joined_on", "left_on") if name in facts
    }
    return {**facts, **days}


def _whole(said: Facts, province_code: str, today: date) -> dict[str, Any]:
    """All columns of a new member."""
    facts: dict[str, Any] = {
        "kind": str(MemberKind.HOUSEHOLD),
        "phone": None,
        "province_code": province_code,
        "commune_code": None,
        "hamlet": "",
        "joined_on": min(today, said.get("left_on", today)),
        "left_on": None,
        "is_official": True,
        "note": "",
        **said,
    }
    return facts | _keys(facts)


def _changed(member: dict[str, Any], said: Facts) -> dict[str, Any]:
    """The id and the columns of a member that a file says anew; empty if none."""
    if member["erased_at"] is not None:
        return {}  # what was erased on request does not come back by an old file
    if said.get("province_code", member["province_code"]) != member["province_code"]:
        said = {"commune_code": None, **said}
    merged = {name: said.get(name, member[name]) for name in _COLUMNS}
    if merged["left_on"] is not None and merged["left_on"] < merged["joined_on"]:
        merged["left_on"] = member["left_on"]
        merged["joined_on"] = member["joined_on"]
    if merged == member:
        return {}
    del merged["erased_at"]
    return merged | _keys(merged)


def _keys(facts: dict[str, Any]) -> dict[str, str]:
    return {
        "search_text": rules.search_text(
            facts["code"], facts["name"], facts["hamlet"], facts["phone"]
        ),
        "sort_key": rules.name_key(facts["name"], facts["kind"]),
    }


def give_up(known: RegisterImport, at: datetime) -> RegisterImport:
    """Nothing of a file is written: its rows and bytes go, what was wrong with it stays."""
    forget_rows(known.id)
    known.content = None
    change_state(known, IMPORT, ImportState.FAULTY, actor=None, at=at)
    return known


def forget_rows(import_id: int) -> None:
    """Throw away what was read."""
    session.execute(delete(RegisterImportRow).where(RegisterImportRow.import_id == import_id))


def lock_import(import_id: int) -> RegisterImport:
    """An import, locked until the transaction ends.

    Raises:
        ImportNotFoundError: there is none.
    """
    known = lock_one(select(RegisterImport).where(RegisterImport.id == import_id))
    if known is None:
        raise ImportNotFoundError(import_id=import_id)
    return known
