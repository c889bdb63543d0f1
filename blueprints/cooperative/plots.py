"""Plots: the list, one plot with its plan, writing down, drawing."""

import json
from collections.abc import Callable
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.land_forms import PlotForm
from blueprints.cooperative.members import COMMUNES_ONLY
from blueprints.forms import add_error, form_status, refuse_in_form
from blueprints.headers import allow_on_device
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for, acting_membership
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography import queries as geography
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership import operations, queries
from marketplace.membership.errors import ShapeInvalidError
from marketplace.membership.land.drawing import Plan, plan_of
from marketplace.membership.land.shapes import read_shape
from marketplace.membership.operations import PlotFacts
from marketplace.membership.queries import PlotRow
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _

PAGE_SIZE: Final = 50
SEARCH_MAX: Final = 60


@cooperative.get("/<code>/thua-dat")
def list_plots(code: str) -> ResponseReturnValue:
    """The plots of all members, and what they measure together."""
    actor = acting_for(code)
    text = request.args.get("q", "").strip()[:SEARCH_MAX]
    book = queries.plot_book(
        acting_membership().organisation_id,
        viewer=actor,
        page=page_request(PAGE_SIZE),
        text=text,
    )
    return render_template(
        "cooperative/plots.html", code=code, book=book, text=text, register=acting_membership()
    )


@cooperative.route("/<code>/thua-dat/moi", methods=["GET", "POST"])
def add_plot(code: str) -> ResponseReturnValue:
    """Write a plot down."""
    actor, organisation_id = keeper_of_plots(code)
    form = PlotForm() if request.method == "POST" else _empty(code)

    def add(facts: PlotFacts) -> tuple[str, str]:
        plot_code = operations.add_plot(actor=actor, facts=facts, at=now()).code
        return plot_code, _("Đã ghi thửa %(code)s.", code=plot_code)

    return _saved(code, form, organisation_id, add) or _form_page(code, form, None)


@cooperative.get("/<code>/thua-dat/<plot_code>")
def show_plot(code: str, plot_code: str) -> ResponseReturnValue:
    """One plot with its plan."""
    actor = acting_for(code)
    plot = _plot(actor, plot_code)
    others = queries.shapes_around(plot.organisation_id, but=plot.id) if plot.geometry else []
    return render_template(
        "cooperative/plot.html",
        code=code,
        plot=plot,
        plan=plan_of(plot.geometry, others=others) if plot.geometry else None,
        geojson=json.dumps(plot.geometry) if plot.geometry else "",
    )


@cooperative.route("/<code>/thua-dat/<plot_code>/sua", methods=["GET", "POST"])
def edit_plot(code: str, plot_code: str) -> ResponseReturnValue:
    """Correct a plot, or draw it anew."""
    actor, organisation_id = keeper_of_plots(code)
    plot = _plot(actor, plot_code)
    form = PlotForm() if request.method == "POST" else PlotForm.of(plot)

    def edit(facts: PlotFacts) -> tuple[str, str]:
        changed = operations.edit_plot(actor=actor, plot_id=plot.id, facts=facts, at=now()).code
        return changed, _("Đã lưu thửa %(code)s.", code=changed)

    return _saved(code, form, organisation_id, edit) or _form_page(code, form, plot)


@cooperative.post("/<code>/thua-dat/<plot_code>/bo")
def retire_plot(code: str, plot_code: str) -> ResponseReturnValue:
    """A plot is farmed no more."""
    actor, _organisation_id = keeper_of_plots(code)
    plot = _plot(actor, plot_code)
    with transaction():
        operations.retire_plot(actor=actor, plot_id=plot.id, at=now())
    flash(_("Thửa không còn dùng. Ghi nhầm thì bấm “Dùng lại”."), "ok")
    return redirect(_url(code, plot.code), 303)


@cooperative.post("/<code>/thua-dat/<plot_code>/dung-lai")
def return_plot(code: str, plot_code: str) -> ResponseReturnValue:
    """A plot is farmed again."""
    actor, _organisation_id = keeper_of_plots(code)
    plot = _plot(actor, plot_code)
    with transaction():
        operations.return_plot(actor=actor, plot_id=plot.id, at=now())
    flash(_("Thửa lại được dùng."), "ok")
    return redirect(_url(code, plot.code), 303)


def keeper_of_plots(code: str) -> tuple[Actor, int]:
    """Who may change plots and growing areas at a desk, and whose they are."""
    actor = acting_for(code)
    authorize(actor, Permission.PLOT_EDIT, acting_membership())
    return actor, acting_membership().organisation_id


def _plot(actor: Actor, plot_code: str) -> PlotRow:
    return queries.get_plot(
        plot_code, organisation_id=acting_membership().organisation_id, viewer=actor
    )


def _empty(code: str) -> PlotForm:
    organisation = accounts.get_organisation(code=code)
    return PlotForm(
        formdata=None,
        data={
            "owner_code": request.args.get("thanh-vien", "")[:20],
            "code": queries.next_plot_code(organisation.id),
            "province_code": organisation.province_code,
            "commune_code": organisation.commune_code or "",
        },
    )


def _saved(
    code: str, form: PlotForm, organisation_id: int, write: Callable[[PlotFacts], tuple[str, str]]
) -> ResponseReturnValue | None:
    """Where to go once `write` has kept what was sent; None if there is nothing, or it is wrong.

    It returns the code of the plot and what was done.
    """
    if COMMUNES_ONLY in request.form or not form.validate_on_submit():
        return None
    try:
        facts = form.facts(organisation_id)
        with transaction():
            plot_code, said = write(facts)
    except ShapeInvalidError as error:
        add_error(form, "shape", _(str(error.details["why"])))
        return None
    except (InvalidError, ConflictError) as error:
        refuse_in_form(form, error)
        return None
    flash(said, "ok")
    for warning in facts.shape.warnings if facts.shape else ():
        flash(_(warning), "wait")
    return redirect(_url(code, plot_code), 303)


def _form_page(code: str, form: PlotForm, plot: PlotRow | None) -> ResponseReturnValue:
    allow_on_device("geolocation")
    page = render_template(
        "cooperative/plot_form.html",
        code=code,
        form=form,
        plot=plot,
        plan=_plan(form, plot),
        htmx=True,
    )
    return page, form_status(form)


def _plan(form: PlotForm, plot: PlotRow | None) -> Plan:
    """What to draw on: around the shape that was typed, or the plots there are, or the province."""
    geometry = None
    try:
        geometry = read_shape(form.shape.data).geometry if form.shape.data else None
    except ShapeInvalidError:
        geometry = plot.geometry if plot else None
    others = queries.shapes_around(
        acting_membership().organisation_id, but=plot.id if plot else None
    )
    province = geography.find_province(form.province_code.data or "")
    middle = (province.lon, province.lat) if province else (108.05, 12.68)
    if geometry is None and others:
        near = plan_of(others[0])
        middle = (near.east, near.north)
    return plan_of(geometry, others=others, middle=middle)


def _url(code: str, plot_code: str) -> str:
    return path(f"/quay/{code}/thua-dat/{plot_code}")
