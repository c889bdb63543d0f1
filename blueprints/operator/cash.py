"""Cash that sellers collected at the door, on its way to the market."""

from typing import Final

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import RemitForm
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.payments.desk import lines, outgoing
from marketplace.payments.desk.lines import OPEN, LineFilter
from marketplace.payments.desk.outgoing import CashRow
from marketplace.platform.formatting import day, money
from marketplace.platform.pagination import PageRequest
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from models.payments import CashState

PAGE_SIZE: Final = 30
OFFERED_LINES: Final = 100
BY_HAND: Final = 0


@operator.get("/cod")
def list_cash() -> ResponseReturnValue:
    """What was collected and has not come; or what is expected, or came."""
    actor = acting_operator()
    state = request.args.get("tinh-trang", CashState.COLLECTED)
    state = state if state in set(CashState) else CashState.COLLECTED
    page = outgoing.cash(viewer=actor, state=state, page=page_request(PAGE_SIZE))
    return desk_page("cash.html", actor, page=page, state=str(state), states=list(CashState))


@operator.get("/cod/<number>")
def show_cash(number: str) -> ResponseReturnValue:
    """The cash of one delivery."""
    actor = acting_operator()
    part = outgoing.cash_part(number, viewer=actor)
    form = RemitForm(formdata=None, data={"amount": part.collected_minor})
    return _page(actor, part, form)


@operator.post("/cod/<number>")
def remit_cash(number: str) -> ResponseReturnValue:
    """Note that it reached the market."""
    actor = acting_operator()
    part = outgoing.cash_part(number, viewer=actor)
    form = RemitForm()
    form.line.choices = _ways(actor)
    if form.validate_on_submit():
        try:
            with transaction():
                settlement.remit_cash(
                    actor=actor,
                    remittance=form.remittance(part.seller_order_id),
                    line_id=form.line.data or None,
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi tiền nộp của %(number)s.", number=number), "ok")
            return redirect(path("/van-hanh/cod"), 303)
    return _page(actor, part, form)


def _page(actor: Actor, part: CashRow, form: RemitForm) -> ResponseReturnValue:
    form.line.choices = _ways(actor)
    return desk_page("cash_part.html", actor, part=part, form=form), form_status(form)


def _ways(actor: Actor) -> list[tuple[int, str]]:
    """How cash can have come: paid in, or as one of the transfers that wait in suspense."""
    waiting = lines.lines(
        viewer=actor, wanted=LineFilter(outcome=OPEN), page=PageRequest(size=OFFERED_LINES)
    )
    by_hand = (BY_HAND, _("Nộp tiền mặt vào tài khoản của chợ"))
    return [
        by_hand,
        *(
            (
                line.id,
                _(
                    "Chuyển khoản %(day)s, %(amount)s: %(memo)s",
                    day=day(line.booked_at),
                    amount=money(line.amount_minor),
                    memo=line.description[:60],
                ),
            )
            for line in waiting.rows
        ),
    ]
