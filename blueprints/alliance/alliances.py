"""The alliances: which there are, a new one of a province, and about what one decides."""

from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.forms import AllianceForm, FirstOfficerForm, ReachForm
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_as, fresh
from marketplace.accounts import alliances
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.operations.alliances import set_reach
from marketplace.accounts.permissions import Actor
from marketplace.accounts.reach import authorize_national
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import inviting
from models.accounts import OrganisationKind

LIST: Final = "/lien-minh/cac-lien-minh"
ONE: Final = LIST + "/{code}"


@alliance.get("/cac-lien-minh")
def list_alliances() -> ResponseReturnValue:
    """All alliances with the province that each decides about."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return render_template("alliance/alliances.html", rows=alliances.alliances(viewer=actor))


@alliance.route("/cac-lien-minh/moi", methods=["GET", "POST"])
@fresh()
def found_alliance() -> ResponseReturnValue:
    """Add an alliance of a province, and invite its first officer."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    authorize_national(actor)
    form = AllianceForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                added = inviting.found_alliance(
                    actor=actor,
                    name=form.name.data or "",
                    province_code=form.province_code.data,
                    email=form.email.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError, TooManyAttemptsError) as error:
            refuse_in_form(form, error)
        else:
            flash(
                _("Đã thêm liên minh. Lời mời đã gửi tới %(email)s.", email=form.email.data), "ok"
            )
            return redirect(path(ONE.format(code=added.code)), 303)
    return render_template("alliance/found.html", form=form), form_status(form)


@alliance.get("/cac-lien-minh/<code>")
def show_alliance(code: str) -> ResponseReturnValue:
    """One alliance: its officers, and about what it decides."""
    return _page(acting_as(OrganisationKind.ALLIANCE), code)


@alliance.post("/cac-lien-minh/<code>/pham-vi")
@fresh(ONE)
def choose_reach(code: str) -> ResponseReturnValue:
    """Let it decide about a province, or about the whole country."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    chosen = alliances.get_alliance(code, viewer=actor).organisation
    form = ReachForm()
    if form.validate():
        try:
            with transaction():
                changed = set_reach(
                    actor=actor,
                    organisation_id=chosen.id,
                    province_code=form.province_code.data or None,
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            if changed:
                flash(_("Đã đổi phạm vi của liên minh này."), "ok")
            return redirect(path(ONE.format(code=code)), 303)
    return _page(actor, code, form)


@alliance.post("/cac-lien-minh/<code>/can-bo")
@fresh(ONE)
def invite_first_officer(code: str) -> ResponseReturnValue:
    """Invite somebody into an alliance that nobody works for yet."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    chosen = alliances.get_alliance(code, viewer=actor).organisation
    form = FirstOfficerForm()
    if form.validate():
        try:
            with transaction():
                inviting.invite_first_officer(
                    actor=actor, organisation_id=chosen.id, email=form.email.data or "", at=now()
                )
        except (InvalidError, ConflictError, TooManyAttemptsError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi lời mời tới %(email)s.", email=form.email.data or ""), "ok")
            return redirect(path(ONE.format(code=code)), 303)
    return _page(actor, code, form)


def _page(actor: Actor, code: str, refused: BaseForm | None = None) -> ResponseReturnValue:
    page = alliances.get_alliance(code, viewer=actor)
    covered = page.organisation.covers_province_code or ""
    reach = ReachForm(None, data={"province_code": covered})
    body = render_template(
        "alliance/alliance.html",
        page=page,
        organisation=page.organisation,
        reach=refused if isinstance(refused, ReachForm) else reach,
        officer=refused if isinstance(refused, FirstOfficerForm) else FirstOfficerForm(None),
        refused=refused,
        at=now(),
    )
    return body, form_status(refused or reach)
