"""A file of plots against the register: what it would add and change, and writing it at once.

What a feature does not say changes nothing. A feature without a code is the plot of its member
with the very same shape, or else a new one, so that a file sent again adds nothing.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, update

from marketplace.accounts.permissions import SYSTEM
from marketplace.kernel.text import fold
from marketplace.kernel.translation import mark
from marketplace.membership import rules
from marketplace.membership.files.features import (
    NAMES,
    WHOLE_SHAPE,
    Facts,
    Property,
    place_key,
)
from marketplace.membership.files.values import Problem
from marketplace.membership.operations.importing import (
    IMPORT,
    KEPT_PROBLEMS,
    forget_rows,
    give_up,
    lock_import,
)
from marketplace.membership.operations.plots import PLOTS
from marketplace.membership.queries.land import highest_plot_number
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.failpoints import failpoint
from marketplace.platform.locking import lock_key, locking
from marketplace.platform.transitions import change_state
from models.membership import Household, ImportState, Plot, RegisterImport, RegisterImportRow

NO_SUCH_MEMBER: Final = mark("Không có thành viên nào mang mã này, hoặc đã ra khỏi hợp tác xã.")
NO_SUCH_NAME: Final = mark("Không có thành viên nào tên như vậy. Hãy ghi mã thành viên.")
NAME_OF_SEVERAL: Final = mark("Nhiều thành viên cùng tên này. Hãy ghi mã thành viên.")
WHOSE: Final = mark("Thửa mới cần mã hoặc tên thành viên canh tác.")
WHAT: Final = mark("Thửa mới cần cây trồng, vật nuôi.")
WHERE: Final = mark("Thửa mới cần một hình: Point, Polygon hoặc MultiPolygon.")
KNOWN_SHAPE: Final = mark("Sổ đã có thửa mang mã này với đúng hình ấy.")

_HOLD_PLOTS: Final = locking(
    select(Plot.id).where(Plot.organisation_id == bindparam("organisation_id")).order_by(Plot.id)
)
_PLOT: Final = (
    "id", "code", "household_id", "crop", "geometry", "area_m2", "declared_area_m2",
)  # fmt: skip
_OWNER: Final = ("id", "code", "name", "left_on", "province_code", "commune_code")
_SAID: Final = ("crop", "geometry", "area_m2", "declared_area_m2")
"""What a feature says of a plot beside its code and its member."""


@dataclass(slots=True)
class _Changes:
    """What a file would do: whole rows for new plots, some columns for known ones."""

    new: list[dict[str, Any]] = field(default_factory=list)
    changed: list[dict[str, Any]] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def finish_reading_plots(*, import_id: int, at: datetime) -> RegisterImport:
    """Everything is read: count what would change, or say what is wrong with which shape."""
    known = lock_import(import_id)
    if known.state != ImportState.READING:
        return known
    if known.problem_count:
        return give_up(known, at)
    changes = _Comparison(known.organisation_id).of(known)
    if changes.problems:
        return _refuse(known, changes, at)
    _count(known, changes)
    known.content = None
    change_state(known, IMPORT, ImportState.CHECKED, actor=None, at=at)
    return known


def write_plots(*, import_id: int, at: datetime) -> RegisterImport:
    """Write all plots of a file, or none: if a member has left meanwhile, it says so instead."""
    known = lock_import(import_id)
    if known.state != ImportState.QUEUED:
        return known
    # As whoever corrects one plot does: the rows first, then the name under which codes are given.
    _HOLD_PLOTS.ask(organisation_id=known.organisation_id)
    lock_key(PLOTS, known.organisation_id)
    changes = _Comparison(known.organisation_id).of(known)
    if changes.problems:
        return _refuse(known, changes, at)
    if changes.new:
        common = {
            "organisation_id": known.organisation_id,
            "created_at": at,
            "created_by_id": known.created_by_id,
        }
        session.execute(insert(Plot), [values | common for values in changes.new])
    failpoint("membership.after_new_plots")
    if changes.changed:
        session.execute(update(Plot), changes.changed)
    _count(known, changes)
    forget_rows(import_id)
    change_state(known, IMPORT, ImportState.DONE, actor=None, at=at)
    record(
        actor=SYSTEM,
        action="membership.write_plots",
        subject_kind="register_import",
        subject_id=import_id,
        at=at,
        after={"new": known.new_count, "changed": known.changed_count, "same": known.same_count},
    )
    return known


def _refuse(known: RegisterImport, changes: _Changes, at: datetime) -> RegisterImport:
    known.problems = [asdict(each) for each in changes.problems[:KEPT_PROBLEMS]]
    known.problem_count = len(changes.problems)
    return give_up(known, at)


def _count(known: RegisterImport, changes: _Changes) -> None:
    known.new_count, known.changed_count = len(changes.new), len(changes.changed)
    known.same_count = known.row_count - known.new_count - known.changed_count


class _Comparison:
    """The register of plots and members as it is now, for a file to be held against."""

    def __init__(self, organisation_id: int) -> None:
        plots = _rows(Plot, _PLOT, organisation_id)
        members = _rows(Household, _OWNER, organisation_id)
        self._organisation_id = organisation_id
        self._plots = {plot["code"]: plot for plot in plots}
        self._places: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for plot in plots:
            if plot["geometry"] is not None:
                self._places[place_key(plot["geometry"])].append(plot)
        self._owners = {member["id"]: member for member in members}
        present = [member for member in members if member["left_on"] is None]
        self._by_code = {member["code"]: member for member in present}
        self._by_name: dict[str, list[dict[str, Any]]] = defaultdict(list)
        for member in present:
            self._by_name[fold(member["name"])].append(member)

    def of(self, known: RegisterImport) -> _Changes:
        """What an import would do now."""
        rows = session.execute(
            select(RegisterImportRow.line, RegisterImportRow.facts)
            .where(RegisterImportRow.import_id == known.id)
            .order_by(RegisterImportRow.line)
        ).all()
        given = {facts["code"] for _, facts in rows if "code" in facts}
        codes = _FreeCodes(highest_plot_number(self._organisation_id), given)
        changes = _Changes()
        for number, facts in rows:
            plot = self._plots.get(facts.get("code", ""))
            owner, problem = self._owner(number, facts, plot)
            if problem is None and plot is None and "code" not in facts:
                plot = self._same_place(facts, owner, given)
            if problem is None and plot is None:
                problem = self._missing(number, facts, owner)
            if problem is not None:
                changes.problems.append(problem)
            elif plot is None and owner is not None:
                changes.new.append(
                    _whole(facts, owner) | {"code": facts.get("code") or next(codes)}
                )
            elif plot is not None and (changed := _changed(plot, facts, owner)):
                changes.changed.append(changed)
        return changes

    def _owner(
        self, number: int, facts: Facts, plot: Mapping[str, Any] | None
    ) -> tuple[Mapping[str, Any] | None, Problem | None]:
        """The member whom a feature names; none if it names nobody."""
        code, name = facts.get("owner_code"), facts.get("owner_name")
        now = self._owners[plot["household_id"]] if plot else None
        # Who farms a plot already may have left; a register taken away is read again as it was.
        if now is not None and (
            code == now["code"] or (not code and name and fold(name) == fold(now["name"]))
        ):
            return now, None
        if code:
            owner = self._by_code.get(code)
            wrong = Problem(number, NAMES["vi"][Property.OWNER], code, NO_SUCH_MEMBER)
            return owner, None if owner else wrong
        if name:
            found = self._by_name[fold(name)]
            if len(found) == 1:
                return found[0], None
            why = NAME_OF_SEVERAL if found else NO_SUCH_NAME
            return None, Problem(number, NAMES["vi"][Property.NAME], name[:80], why)
        return None, None

    def _same_place(
        self, facts: Facts, owner: Mapping[str, Any] | None, given: set[str]
    ) -> dict[str, Any] | None:
        """The plot of a member that lies exactly there, if the file does not name it elsewhere."""
        found = self._places.get(place_key(facts.get("geometry")), [])
        for each in found:
            if owner and each["household_id"] == owner["id"] and each["code"] not in given:
                return each
        return None

    def _missing(
        self, number: int, facts: Facts, owner: Mapping[str, Any] | None
    ) -> Problem | None:
        """What keeps a feature from being a new plot."""
        code, names = str(facts.get("code", "")), NAMES["vi"]
        if owner is None:
            return Problem(number, names[Property.OWNER], code, WHOSE)
        if not facts.get("crop"):
            return Problem(number, names[Property.CROP], code, WHAT)
        if "geometry" not in facts:
            return Problem(number, WHOLE_SHAPE, code, WHERE)
        same = self._places.get(place_key(facts["geometry"]), [])
        if same and facts["geometry"]["type"] != "Point":
            return Problem(number, WHOLE_SHAPE, same[0]["code"], KNOWN_SHAPE)
        return None


class _FreeCodes:
    """Codes that neither the register nor the file has."""

    def __init__(self, highest: int, given: set[str]) -> None:
        self._number, self._given = highest, given

    def __next__(self) -> str:
        self._number += 1
        while (code := rules.NUMBERED_PLOT.format(self._number)) in self._given:
            self._number += 1
        return code


def _rows(model: Any, names: tuple[str, ...], organisation_id: int) -> list[dict[str, Any]]:  # noqa: ANN401
    rows = session.execute(
        select(*(getattr(model, name) for name in names)).where(
            model.organisation_id == organisation_id
        )
    )
    return [dict(zip(names, row, strict=True)) for row in rows]


def _whole(facts: Facts, owner: Mapping[str, Any]) -> dict[str, Any]:
    """All columns of a new plot but its code; it lies where its member lives."""
    return {
        **{name: facts.get(name) for name in _SAID},
        "household_id": owner["id"],
        "province_code": owner["province_code"],
        "commune_code": owner["commune_code"],
    }


def _changed(plot: dict[str, Any], facts: Facts, owner: Mapping[str, Any] | None) -> dict[str, Any]:
    """The id and the columns of a plot that a file says anew; empty if none."""
    merged = {name: facts.get(name, plot[name]) for name in _PLOT}
    merged["household_id"] = owner["id"] if owner else plot["household_id"]
    if merged["geometry"] == plot["geometry"]:
        merged["area_m2"] = plot["area_m2"]
    return {} if merged == plot else merged
