"""Payments: finding one, and all that is known of it."""

from typing import Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import GiveUpForm
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.payments.desk import incoming, lines
from marketplace.payments.desk.lines import LineFilter
from marketplace.platform.pagination import PageRequest
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from models.payments import PaymentState

PAGE_SIZE: Final = 30
SEARCH_MAX: Final = 60


@operator.get("/thanh-toan")
def list_payments() -> ResponseReturnValue:
    """Payments by state, number of the order, reference, telephone or the bank's reference."""
    actor = acting_operator()
    state = request.args.get("tinh-trang", "")
    state = state if state in set(PaymentState) else ""
    text = request.args.get("q", "").strip()[:SEARCH_MAX]
    return desk_page(
        "payments.html",
        actor,
        page=incoming.payments(viewer=actor, state=state, text=text, page=page_request(PAGE_SIZE)),
        state=state,
        text=text,
        states=list(PaymentState),
    )


@operator.get("/thanh-toan/<number>")
def show_payment(number: str) -> ResponseReturnValue:
    """One payment with the lines that brought its money and what goes back of it."""
    return _page(acting_operator(), number, GiveUpForm(formdata=None))


@operator.post("/thanh-toan/<number>/huy")
def give_up(number: str) -> ResponseReturnValue:
    """End an order that was paid in part; what came goes back."""
    actor = acting_operator()
    form = GiveUpForm()
    if form.validate_on_submit():
        order_id = incoming.payment(number, viewer=actor).order_id
        try:
            with transaction():
                settlement.give_up_order(
                    actor=actor, order_id=order_id, reason=form.reason.data or "", at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã huỷ đơn. Số tiền đã nhận thành khoản phải hoàn."), "wait")
            return redirect(path(f"/van-hanh/thanh-toan/{number}"), 303)
    return _page(actor, number, form)


def _page(actor: Actor, number: str, form: GiveUpForm) -> ResponseReturnValue:
    payment = incoming.payment(number, viewer=actor)
    came = lines.lines(
        viewer=actor, wanted=LineFilter(text=number), page=PageRequest(size=PAGE_SIZE)
    )
    page = desk_page(
        "payment.html",
        actor,
        payment=payment,
        lines=came.rows,
        refunds=incoming.refunds_of(payment.id, viewer=actor),
        form=form,
    )
    return page, form_status(form)
