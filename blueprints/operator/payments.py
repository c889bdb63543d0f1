"""Payments: finding one, and all that is known of it."""

from typing import Final

from flask import request
from flask.typing import ResponseReturnValue

from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.paging import page_request
from marketplace.payments.desk import incoming, lines
from marketplace.payments.desk.lines import LineFilter
from marketplace.platform.pagination import PageRequest
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
    actor = acting_operator()
    payment = incoming.payment(number, viewer=actor)
    came = lines.lines(
        viewer=actor, wanted=LineFilter(text=number), page=PageRequest(size=PAGE_SIZE)
    )
    return desk_page(
        "payment.html",
        actor,
        payment=payment,
        lines=came.rows,
        refunds=incoming.refunds_of(payment.id, viewer=actor),
    )
