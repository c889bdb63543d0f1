"""One bank line that nobody could tell the order of: what a person decides about it."""

from flask import flash, redirect
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import AssignForm, ReturnForm
from blueprints.states import state_word
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.payments.desk import lines
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from marketplace.workflows.settlement import LineDecision


@operator.get("/sao-ke/dong/<int:line_id>")
def show_line(line_id: int) -> ResponseReturnValue:
    """A line, the orders that it may be for, and the two things to do with it."""
    return _page(acting_operator(), line_id)


@operator.post("/sao-ke/dong/<int:line_id>/gan")
def assign_line(line_id: int) -> ResponseReturnValue:
    """Put it to an order."""
    actor = acting_operator()
    form = AssignForm()
    if form.validate_on_submit():
        decision = LineDecision(line_id, form.reason.data or "")
        try:
            with transaction():
                outcome = settlement.assign_line(
                    actor=actor, decision=decision, order=form.order.data or "", at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            word = state_word("bank_line", outcome)
            flash(_("Đã gắn vào đơn. Kết quả: %(outcome)s.", outcome=word), "ok")
            return redirect(path(f"/van-hanh/sao-ke/dong/{line_id}"), 303)
    return _page(actor, line_id, assign=form)


@operator.post("/sao-ke/dong/<int:line_id>/tra-lai")
def return_line(line_id: int) -> ResponseReturnValue:
    """Send it back."""
    actor = acting_operator()
    form = ReturnForm()
    if form.validate_on_submit():
        decision = LineDecision(line_id, form.reason.data or "")
        try:
            with transaction():
                refund_id = settlement.return_line(actor=actor, decision=decision, at=now()).id
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi là tiền phải hoàn. Hãy chuyển trả rồi ghi mã giao dịch."), "wait")
            return redirect(path(f"/van-hanh/hoan-tien/{refund_id}"), 303)
    return _page(actor, line_id, back=form)


def _page(
    actor: Actor,
    line_id: int,
    *,
    assign: AssignForm | None = None,
    back: ReturnForm | None = None,
) -> ResponseReturnValue:
    line = lines.line(line_id, viewer=actor)
    shown = assign or back
    page = desk_page(
        "line.html",
        actor,
        line=line,
        candidates=lines.candidates(line, viewer=actor) if line.is_open else [],
        assign=assign or AssignForm(formdata=None),
        back=back or ReturnForm(formdata=None),
        shown=shown,
    )
    return page, form_status(shown) if shown else 200
