"""How a seller keeps its contracts: the figures, the deliveries behind them, a word beside one."""

from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.cooperative import cooperative
from blueprints.cooperative.promises import promise_desk
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.contracts.promises.operations import reply_to_delivery
from marketplace.contracts.promises.rules import REPLY_MAX
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.delivery_promises import (
    deliveries_behind,
    find_promise,
    get_promised_delivery,
    record_of_deliveries,
)
from models.accounts import Organisation

PAGE_SIZE: Final = 20


class DeliveryReplyForm(BaseForm):
    """A word beside a delivery that counts against the seller."""

    text = TextAreaField(
        lazy_gettext("Vì sao lỡ hẹn"),
        validators=[InputRequired(lazy_gettext("Viết lời giải thích")), Length(max=REPLY_MAX)],
    )


@cooperative.get("/<code>/giu-hen/giao-hang")
def show_promised_deliveries(code: str) -> ResponseReturnValue:
    """The figures of half a year of deliveries, and the deliveries behind one of them."""
    actor, organisation = promise_desk(code)
    promise = find_promise(request.args.get("hen", ""))
    record, deliveries = record_of_deliveries(organisation, viewer=actor, at=now())
    return render_template(
        "cooperative/promised_deliveries.html",
        organisation=organisation,
        record=record,
        page=deliveries_behind(deliveries, promise, page_request(PAGE_SIZE)),
        promise=promise,
    )


@cooperative.get("/<code>/giu-hen/giao-hang/<number>")
def show_promised_delivery(code: str, number: str) -> ResponseReturnValue:
    """One delivery: what was promised, what was done, what is said beside it."""
    return _page(*promise_desk(code), number, DeliveryReplyForm(formdata=None))


@cooperative.post("/<code>/giu-hen/giao-hang/<number>")
def reply_beside_delivery(code: str, number: str) -> ResponseReturnValue:
    """Say once how it came."""
    actor, organisation = promise_desk(code)
    found = get_promised_delivery(number, organisation=organisation, viewer=actor, at=now())
    authorize(actor, Permission.PROMISE_REPLY, organisation)
    form = DeliveryReplyForm()
    if form.validate():
        try:
            with transaction():
                reply_to_delivery(
                    actor=actor,
                    delivery_id=found.facts.id,
                    text=form.text.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi. Lời giải thích đứng cạnh lần giao này."), "ok")
            return redirect(path(f"/quay/{code}/giu-hen/giao-hang/{number}"), 303)
    return _page(actor, organisation, number, form)


def _page(
    actor: Actor, organisation: Organisation, number: str, form: DeliveryReplyForm
) -> ResponseReturnValue:
    body = render_template(
        "cooperative/promised_delivery.html",
        organisation=organisation,
        each=get_promised_delivery(number, organisation=organisation, viewer=actor, at=now()),
        form=form,
        can_reply=allows(actor, Permission.PROMISE_REPLY, organisation),
        most=REPLY_MAX,
    )
    return body, form_status(form)
