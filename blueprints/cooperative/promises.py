"""How a seller keeps its promises: the figures, the parts behind them, a word beside a part."""

from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.cooperative import cooperative
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.orders.operations import reply_to_promise
from marketplace.orders.queries.promises import find_promise
from marketplace.orders.rules import REPLY_MAX
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.delivery_promises import record_of_deliveries
from marketplace.reporting.promise_rules import promise_rule_on
from marketplace.reporting.promises import get_part, parts_behind, record_of
from models.accounts import Organisation

PAGE_SIZE: Final = 20


class ReplyForm(BaseForm):
    """A word beside a promise that was not kept."""

    text = TextAreaField(
        lazy_gettext("Vì sao lỡ hẹn"),
        validators=[InputRequired(lazy_gettext("Viết lời giải thích")), Length(max=REPLY_MAX)],
    )


@cooperative.get("/<code>/giu-hen")
def show_promises(code: str) -> ResponseReturnValue:
    """The figures of half a year, and the parts behind one of them."""
    actor, organisation = promise_desk(code)
    at, promise = now(), find_promise(request.args.get("hen", ""))
    return render_template(
        "cooperative/promises.html",
        organisation=organisation,
        record=record_of(organisation, viewer=actor, at=at),
        delivered=record_of_deliveries(organisation, viewer=actor, at=at)[0],
        page=parts_behind(
            organisation, promise=promise, viewer=actor, page=page_request(PAGE_SIZE), at=at
        ),
        promise=promise,
        rule=promise_rule_on(business_day(at)),
    )


@cooperative.get("/<code>/giu-hen/<number>")
def show_promise(code: str, number: str) -> ResponseReturnValue:
    """One part: what was promised, what was done, what is said beside it."""
    return _page(*promise_desk(code), number, ReplyForm(formdata=None))


@cooperative.post("/<code>/giu-hen/<number>")
def reply(code: str, number: str) -> ResponseReturnValue:
    """Say once how it came."""
    actor, organisation = promise_desk(code)
    part = get_part(number, organisation=organisation, viewer=actor, at=now())
    authorize(actor, Permission.PROMISE_REPLY, organisation)
    form = ReplyForm()
    if form.validate():
        try:
            with transaction():
                reply_to_promise(
                    actor=actor, seller_order_id=part.id, text=form.text.data or "", at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi. Liên minh đọc lời giải thích bên cạnh đơn."), "ok")
            return redirect(path(f"/quay/{code}/giu-hen/{number}"), 303)
    return _page(actor, organisation, number, form)


def promise_desk(code: str) -> tuple[Actor, Organisation]:
    """Who reads how a seller keeps its promises, and the seller.

    Raises:
        NotFoundError: no such desk, or not theirs.
        NotAllowedError: they have no work at a seller's desk.
    """
    actor = acting_for(code)
    organisation = accounts.get_organisation(code=code)
    authorize(actor, Permission.DESK_VIEW, organisation)  # the alliance reads at its own desk
    authorize(actor, Permission.PROMISE_VIEW, organisation)
    return actor, organisation


def _page(
    actor: Actor, organisation: Organisation, number: str, form: ReplyForm
) -> ResponseReturnValue:
    body = render_template(
        "cooperative/promise.html",
        organisation=organisation,
        part=get_part(number, organisation=organisation, viewer=actor, at=now()),
        form=form,
        can_reply=allows(actor, Permission.PROMISE_REPLY, organisation),
        most=REPLY_MAX,
    )
    return body, form_status(form)
