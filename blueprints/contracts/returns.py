"""Rejected goods: both sides see where they are, the seller says that they are back."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.arrivals import arrival_url
from blueprints.contracts.desk import own_contract
from blueprints.errors import sentence
from marketplace.accounts.permissions import Actor, Permission, allows
from marketplace.contracts.acceptance import queries
from marketplace.contracts.acceptance.errors import ReturnUnknownError
from marketplace.contracts.acceptance.rules import REASON_LENGTH
from marketplace.contracts.deliveries.access import get_delivery
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import accepting
from models.contracts import Contract
from models.deliveries import Delivery

UNPROCESSABLE = 422


@contracts.get("/<code>/<number>/giao-hang/<gh>/tra-lai")
def show_returns(code: str, number: str, gh: str) -> ResponseReturnValue:
    """What the buyer did not take, and where it is."""
    actor, contract = own_contract(code, number)
    return _page(code, actor, contract, get_delivery(contract, gh))


@contracts.post("/<code>/<number>/giao-hang/<gh>/tra-lai/<int:line_id>")
def receive_return(code: str, number: str, gh: str, line_id: int) -> ResponseReturnValue:
    """The goods are back: into the store with them."""
    actor, contract = own_contract(code, number)
    delivery = get_delivery(contract, gh)
    _require_line(delivery, line_id)
    with transaction():
        accepting.receive_return(actor=actor, line_id=line_id, at=now())
    flash(_("Hàng trả lại đã nhập kho, đúng lô cũ."), "ok")
    return redirect(arrival_url(code, contract, delivery, "tra-lai"), 303)


@contracts.post("/<code>/<number>/giao-hang/<gh>/tra-lai/<int:line_id>/bo")
def write_off_return(code: str, number: str, gh: str, line_id: int) -> ResponseReturnValue:
    """The goods do not come back into the store."""
    actor, contract = own_contract(code, number)
    delivery = get_delivery(contract, gh)
    _require_line(delivery, line_id)
    typed = request.form.get("reason", "")[:REASON_LENGTH]
    try:
        with transaction():
            accepting.write_off_return(actor=actor, line_id=line_id, reason=typed, at=now())
    except InvalidError as error:
        page = _page(code, actor, contract, delivery, refused=(line_id, sentence(error)))
        return page, UNPROCESSABLE
    flash(_("Đã ghi hàng trả lại không nhập kho."), "ok")
    return redirect(arrival_url(code, contract, delivery, "tra-lai"), 303)


def _require_line(delivery: Delivery, line_id: int) -> None:
    """Refuse a line of another delivery.

    Raises:
        ReturnUnknownError: it is one.
    """
    if all(each.line.id != line_id for each in queries.lines_seen(delivery.id)):
        raise ReturnUnknownError(line_id=line_id)


def _page(
    code: str,
    actor: Actor,
    contract: Contract,
    delivery: Delivery,
    *,
    refused: tuple[int, str] = (0, ""),
) -> str:
    return render_template(
        "contracts/returns.html",
        code=code,
        contract=contract,
        delivery=delivery,
        rows=[each for each in queries.lines_seen(delivery.id) if each.returned is not None],
        may_end=allows(actor, Permission.DELIVERY_FULFIL, contract),
        refused=refused,
        most=REASON_LENGTH,
    )
