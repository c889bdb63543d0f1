"""Money that goes back to buyers."""

from typing import Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import SentForm
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.payments.desk import incoming
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from models.payments import RefundState

PAGE_SIZE: Final = 30


@operator.get("/hoan-tien")
def list_refunds() -> ResponseReturnValue:
    """What is due, oldest first; or what was sent."""
    actor = acting_operator()
    state = request.args.get("tinh-trang", RefundState.DUE)
    state = state if state in set(RefundState) else RefundState.DUE
    page = incoming.refunds(viewer=actor, state=state, page=page_request(PAGE_SIZE))
    return desk_page("refunds.html", actor, page=page, state=str(state))


@operator.get("/hoan-tien/<int:refund_id>")
def show_refund(refund_id: int) -> ResponseReturnValue:
    """One refund: how much, why, and whom it came from."""
    return _page(acting_operator(), refund_id, SentForm(formdata=None))


@operator.post("/hoan-tien/<int:refund_id>")
def send_refund(refund_id: int) -> ResponseReturnValue:
    """Note that it was transferred."""
    actor = acting_operator()
    form = SentForm()
    if form.validate_on_submit():
        reference = form.bank_reference.data or ""
        try:
            with transaction():
                settlement.send_refund(
                    actor=actor, refund_id=refund_id, bank_reference=reference, at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi là đã hoàn. Người mua được báo qua e-mail."), "ok")
            return redirect(path("/van-hanh/hoan-tien"), 303)
    return _page(actor, refund_id, form)


def _page(actor: Actor, refund_id: int, form: SentForm) -> ResponseReturnValue:
    refund = incoming.refund(refund_id, viewer=actor)
    return desk_page("refund.html", actor, refund=refund, form=form), form_status(form)
