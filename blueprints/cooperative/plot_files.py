"""Plots as GeoJSON: bringing a file in, looking at it before it counts, taking all away."""

from dataclasses import replace
from typing import Final

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms.fields import FileField

from blueprints.cooperative import cooperative, imports
from blueprints.cooperative.member_files import file_answer
from blueprints.cooperative.plots import keeper_of_plots
from blueprints.forms import BaseForm, form_status
from blueprints.locale import path
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.translation import mark
from marketplace.membership import queries
from marketplace.membership.files import features, geojson
from marketplace.membership.files.features import Property
from marketplace.membership.queries import Import
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from models.membership import ImportKind, ImportState

MEANINGS: Final = {
    Property.CODE: mark("Mã thửa; để trống thì được đặt sẵn"),
    Property.OWNER: mark("Mã thành viên canh tác"),
    Property.NAME: mark("Tên thành viên, chỉ dùng khi không ghi mã"),
    Property.CROP: mark("Cây trồng, vật nuôi"),
    Property.DECLARED: mark("Diện tích theo giấy tờ, héc-ta"),
}


class PlotFileForm(BaseForm):
    """A file of plots."""

    file = FileField(lazy_gettext("Tệp GeoJSON (.geojson hoặc .json)"))


@cooperative.route("/<code>/thua-dat/nhap", methods=["GET", "POST"])
def import_plots(code: str) -> ResponseReturnValue:
    """Bring a file of plots in; a worker reads it."""
    actor, organisation_id = keeper_of_plots(code)
    form = PlotFileForm()
    import_id = imports.take_in(
        form,
        actor=actor,
        organisation_id=organisation_id,
        kind=ImportKind.PLOTS,
        longest=features.MAX_BYTES,
    )
    if import_id is not None:
        return redirect(_url(code, import_id), 303)
    page = render_template(
        "cooperative/plot_import.html",
        code=code,
        form=form,
        names=features.NAMES,
        meanings=MEANINGS,
        limit=features.MAX_FEATURES,
        imports=queries.latest_imports(
            organisation_id, viewer=actor, limit=imports.SHOWN_IMPORTS, kind=ImportKind.PLOTS
        ),
    )
    return page, form_status(form)


@cooperative.get("/<code>/thua-dat/nhap/<int:import_id>")
def show_plot_import(code: str, import_id: int) -> ResponseReturnValue:
    """How far a file has come, what it would change, or what is wrong with which shape."""
    _actor, known = _known(code, import_id)
    is_checked = known.state == ImportState.CHECKED
    return render_template(
        "cooperative/plot_import_state.html",
        code=code,
        warnings=queries.warnings_of(known.id) if is_checked else [],
        **imports.shown(replace(known, problems=[_told(each) for each in known.problems])),
    )


@cooperative.post("/<code>/thua-dat/nhap/<int:import_id>/ghi")
def confirm_plot_import(code: str, import_id: int) -> ResponseReturnValue:
    """Have the plots written."""
    return imports.confirm(*_known(code, import_id), _url(code, import_id))


@cooperative.post("/<code>/thua-dat/nhap/<int:import_id>/bo")
def discard_plot_import(code: str, import_id: int) -> ResponseReturnValue:
    """Throw the file away."""
    return imports.discard(
        *_known(code, import_id),
        _url(code, import_id),
        start=path(f"/quay/{code}/thua-dat/nhap"),
        said=_("Đã bỏ tệp này. Thửa đất trong sổ không thay đổi."),
    )


@cooperative.get("/<code>/thua-dat/nhap/mau.geojson")
def sample_plots(code: str) -> ResponseReturnValue:
    """A file with two plots, to see how one is written."""
    keeper_of_plots(code)
    return file_answer(geojson.sample_file(), "mau-thua-dat.geojson")


@cooperative.get("/<code>/thua-dat.geojson")
def plots_file(code: str) -> ResponseReturnValue:
    """All plots, with the properties that are read again."""
    actor, organisation_id = keeper_of_plots(code)
    data = geojson.plots_file(queries.all_plots(organisation_id, viewer=actor))
    return file_answer(data, f"thua-dat-{code}-{business_day(now()):%Y%m%d}.geojson")


def _known(code: str, import_id: int) -> tuple[Actor, Import]:
    actor, organisation_id = keeper_of_plots(code)
    known = queries.get_import(
        import_id, organisation_id=organisation_id, viewer=actor, kind=ImportKind.PLOTS
    )
    return actor, known


def _told(problem: dict[str, str]) -> dict[str, str]:
    """A problem with its place in the reader's language; names of properties have none."""
    if problem["column"] != features.WHOLE_SHAPE:
        return problem
    return {**problem, "column": _(features.WHOLE_SHAPE)}


def _url(code: str, import_id: int) -> str:
    return path(f"/quay/{code}/thua-dat/nhap/{import_id}")
