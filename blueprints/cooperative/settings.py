"""What an organisation says about itself, what delivery costs, and who belongs to it."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.forms import DeliveryForm, PortraitForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for
from marketplace.accounts import queries
from marketplace.accounts.operations import organisations
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows.portrait import edit_organisation
from models.accounts import Organisation


@cooperative.get("/<code>/cai-dat")
def show_settings(code: str) -> ResponseReturnValue:
    """The texts, the delivery terms and the people of an organisation."""
    actor, organisation = _organisation_to_edit(code)
    return _page(actor, organisation)


@cooperative.post("/<code>/cai-dat")
def edit_portrait(code: str) -> ResponseReturnValue:
    """Change how the organisation shows itself."""
    actor, organisation = _organisation_to_edit(code)
    form = PortraitForm()
    if form.validate_on_submit():
        try:
            with transaction():
                edit_organisation(
                    actor=actor,
                    organisation_id=organisation.id,
                    portrait=form.portrait(),
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu phần giới thiệu."), "ok")
            return redirect(path(f"/quay/{code}/cai-dat"), 303)
    return _page(actor, organisation, portrait=form)


@cooperative.post("/<code>/cai-dat/giao-hang")
def set_delivery(code: str) -> ResponseReturnValue:
    """Change what delivery costs from now on."""
    actor, organisation = _organisation_to_edit(code)
    form = DeliveryForm()
    if form.validate_on_submit():
        try:
            with transaction():
                organisations.set_delivery(
                    actor=actor, organisation_id=organisation.id, terms=form.terms(), at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu phí và cách giao hàng. Đơn đã đặt vẫn giữ phí cũ."), "ok")
            return redirect(path(f"/quay/{code}/cai-dat"), 303)
    return _page(actor, organisation, delivery=form)


def _organisation_to_edit(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = queries.get_organisation(code=code)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    return actor, organisation


def _page(
    actor: Actor,
    organisation: Organisation,
    *,
    portrait: PortraitForm | None = None,
    delivery: DeliveryForm | None = None,
) -> ResponseReturnValue:
    portrait_form = portrait or PortraitForm(formdata=None, obj=organisation)
    terms = queries.delivery_of(organisation.id)
    delivery_form = delivery or DeliveryForm.filled_with(terms)
    page = render_template(
        "cooperative/settings.html",
        organisation=organisation,
        portrait=portrait_form,
        delivery=delivery_form,
        members=queries.members_of(organisation, viewer=actor),
    )
    return page, form_status(delivery_form if delivery else portrait_form)
