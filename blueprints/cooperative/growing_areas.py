"""Growing areas: codes, what their plots measure, what may be harvested and what was."""

from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.land_forms import AreaForm, country_name
from blueprints.cooperative.plots import keeper_of_plots
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for, acting_membership
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership import operations, queries
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.traceability.queries import harvested_by_area
from models.membership import AreaMarket

SOON: Final = timedelta(days=90)
SEASON: Final = timedelta(days=365)
"""A capacity is for a season; crops that are cut all year are counted over twelve months."""


@cooperative.get("/<code>/vung-trong")
def list_areas(code: str) -> ResponseReturnValue:
    """All codes, those that end first before, with what was harvested under them in a year."""
    actor = acting_for(code)
    organisation_id = acting_membership().organisation_id
    today = business_day(now())
    areas = queries.areas_of(organisation_id, viewer=actor)
    return render_template(
        "cooperative/growing_areas.html",
        code=code,
        register=acting_membership(),
        areas=areas,
        harvested=harvested_by_area(organisation_id, since=today - SEASON),
        today=today,
        soon=today + SOON,
        country_name=country_name,
    )


@cooperative.route("/<code>/vung-trong/moi", methods=["GET", "POST"])
def add_area(code: str) -> ResponseReturnValue:
    """Write a code down."""
    actor, organisation_id = keeper_of_plots(code)
    form = AreaForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_area(actor=actor, facts=form.facts(organisation_id), at=now())
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            return _done(code)
    elif not form.is_submitted():
        form.market.data = str(AreaMarket.DOMESTIC)
        form.valid_from.data = business_day(now())
    page = render_template("cooperative/growing_area_form.html", code=code, form=form, area=None)
    return page, form_status(form)


@cooperative.route("/<code>/vung-trong/<int:area_id>", methods=["GET", "POST"])
def edit_area(code: str, area_id: int) -> ResponseReturnValue:
    """Correct a code, and which plots lie in its area."""
    actor, organisation_id = keeper_of_plots(code)
    area, plot_codes = queries.get_area(area_id, organisation_id=organisation_id, viewer=actor)
    form = AreaForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.edit_area(
                    actor=actor, area_id=area.id, facts=form.facts(organisation_id), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            return _done(code)
    elif not form.is_submitted():
        form = AreaForm.of(area, plot_codes)
    page = render_template("cooperative/growing_area_form.html", code=code, form=form, area=area)
    return page, form_status(form)


def _done(code: str) -> ResponseReturnValue:
    flash(_("Đã lưu mã vùng trồng."), "ok")
    return redirect(path(f"/quay/{code}/vung-trong"), 303)
