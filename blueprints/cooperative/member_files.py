"""The register as a file: bringing one in, looking at it before it counts, taking one away."""

from typing import Final

from flask import Response, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms.fields import FileField

from blueprints.cooperative import cooperative, imports
from blueprints.forms import BaseForm, form_status
from blueprints.locale import path
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.membership import queries
from marketplace.membership.files import columns, reading, writing
from marketplace.membership.queries import Import
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from models.membership import ImportKind

MIME: Final = {
    "csv": "text/csv; charset=utf-8",
    "geojson": "application/geo+json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class RegisterFileForm(BaseForm):
    """A file of members."""

    file = FileField(lazy_gettext("Tệp bảng tính (.xlsx hoặc .csv)"))


@cooperative.route("/<code>/thanh-vien/nhap", methods=["GET", "POST"])
def import_members(code: str) -> ResponseReturnValue:
    """Bring a file of members in; a worker reads it."""
    actor, organisation_id = _keeper(code)
    form = RegisterFileForm()
    import_id = imports.take_in(
        form,
        actor=actor,
        organisation_id=organisation_id,
        kind=ImportKind.MEMBERS,
        longest=reading.MAX_BYTES,
    )
    if import_id is not None:
        return redirect(_url(code, import_id), 303)
    page = render_template(
        "cooperative/member_import.html",
        code=code,
        form=form,
        headings=columns.HEADINGS,
        limit=reading.MAX_ROWS,
        imports=queries.latest_imports(organisation_id, viewer=actor, limit=imports.SHOWN_IMPORTS),
    )
    return page, form_status(form)


@cooperative.get("/<code>/thanh-vien/nhap/<int:import_id>")
def show_import(code: str, import_id: int) -> ResponseReturnValue:
    """How far a file has come, what it would change, or what is wrong with it."""
    _actor, known = _known(code, import_id)
    return render_template(
        "cooperative/member_import_state.html", code=code, **imports.shown(known)
    )


@cooperative.post("/<code>/thanh-vien/nhap/<int:import_id>/ghi")
def confirm_import(code: str, import_id: int) -> ResponseReturnValue:
    """Have the rows written."""
    return imports.confirm(*_known(code, import_id), _url(code, import_id))


@cooperative.post("/<code>/thanh-vien/nhap/<int:import_id>/bo")
def discard_import(code: str, import_id: int) -> ResponseReturnValue:
    """Throw the rows away."""
    return imports.discard(
        *_known(code, import_id),
        _url(code, import_id),
        start=path(f"/quay/{code}/thanh-vien/nhap"),
        said=_("Đã bỏ tệp này. Sổ thành viên không thay đổi."),
    )


@cooperative.get("/<code>/thanh-vien/nhap/mau.xlsx")
def sample_register(code: str) -> ResponseReturnValue:
    """A workbook with the columns and two members, to fill in."""
    _keeper(code)
    lines = writing.sample_lines(business_day(now()))
    return file_answer(writing.xlsx_file(lines, title=_("Thành viên")), "mau-thanh-vien.xlsx")


@cooperative.get("/<code>/so-thanh-vien.<any(csv, xlsx):kind>")
def register_file(code: str, kind: str) -> ResponseReturnValue:
    """The whole register, with the columns that are read again."""
    actor, organisation_id = _keeper(code)
    lines = writing.lines_of(queries.whole_register(organisation_id, viewer=actor))
    data = (
        writing.csv_file(lines)
        if kind == "csv"
        else writing.xlsx_file(lines, title=_("Thành viên"))
    )
    return file_answer(data, f"so-thanh-vien-{code}-{business_day(now()):%Y%m%d}.{kind}")


def _keeper(code: str) -> tuple[Actor, int]:
    actor = acting_for(code)
    authorize(actor, Permission.MEMBER_EDIT, acting_membership())
    return actor, acting_membership().organisation_id


def _known(code: str, import_id: int) -> tuple[Actor, Import]:
    actor, organisation_id = _keeper(code)
    return actor, queries.get_import(import_id, organisation_id=organisation_id, viewer=actor)


def _url(code: str, import_id: int) -> str:
    return path(f"/quay/{code}/thanh-vien/nhap/{import_id}")


def file_answer(data: bytes, name: str) -> Response:
    """A file to keep, under its name; the ending says what it is."""
    response = Response(data, content_type=MIME[name.rpartition(".")[2]])
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response
