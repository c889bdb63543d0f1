"""Deliveries of a contract: the schedule, one of them, its next step, other days for it."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.delivery_forms import CallOffForm, MoveForm
from blueprints.contracts.delivery_papers import feed_url
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries import queries
from marketplace.contracts.deliveries.access import get_delivery
from marketplace.contracts.deliveries.balances import balance_left
from marketplace.contracts.deliveries.operations.deciding import may_cancel
from marketplace.contracts.deliveries.operations.packing import lines_of
from marketplace.contracts.deliveries.rules import NOT_BEGUN, RUNNING
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import ngettext
from marketplace.workflows import delivering, shipping
from models.contracts import Contract
from models.deliveries import Delivery


def own_delivery(code: str, number: str, delivery: str) -> tuple[Actor, Contract, Delivery]:
    """The actor, a contract of their organisation and a delivery of it.

    Raises:
        ContractNotFoundError, DeliveryNotFoundError: none that they may know of.
    """
    actor, contract = own_contract(code, number)
    return actor, contract, get_delivery(contract, delivery)


@contracts.get("/<code>/<number>/giao-hang")
def list_deliveries(code: str, number: str) -> ResponseReturnValue:
    """The schedule by months, and what is left of the contract."""
    actor, contract = own_contract(code, number)
    terms = terms_in(contract)
    return render_template(
        "contracts/deliveries.html",
        code=code,
        contract=contract,
        rows=queries.schedule_of(contract.id, terms, at=now()),
        left=balance_left(contract.id, terms),
        is_running=contract.state in RUNNING,
        feed=feed_url(actor, contract),
    )


@contracts.route("/<code>/<number>/giao-hang/goi", methods=["GET", "POST"])
def call_off(code: str, number: str) -> ResponseReturnValue:
    """Call goods off."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    terms = terms_in(contract)
    form = CallOffForm(terms)
    if form.validate_on_submit():
        try:
            with transaction():
                delivery = delivering.call_off(
                    actor=actor,
                    contract_id=contract.id,
                    wanted=form.wanted(),
                    key=form.key.data or "",
                    at=now(),
                )
                made = delivery.number
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, contract = own_contract(code, number)  # what was refused is forgotten
        else:
            flash(_("Đã gọi hàng. Bên bán được báo để xác nhận."), "ok")
            return redirect(contract_url(code, number, "giao-hang", made), 303)
    return render_template(
        "contracts/call_off.html",
        code=code,
        contract=contract,
        form=form,
        left=balance_left(contract.id, terms),
        is_running=contract.state in RUNNING,
    ), form_status(form)


@contracts.get("/<code>/<number>/giao-hang/<delivery>")
def show_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """One delivery: what to do next, the lots, the days and the place, what happened."""
    actor, contract, found = own_delivery(code, number, delivery)
    terms = terms_in(contract)
    lines = lines_of(found.id)
    return render_template(
        "contracts/delivery.html",
        code=code,
        contract=contract,
        delivery=found,
        row=queries.row_of(found, lines, terms, at=now()),
        lines=lines,
        grades={grade.code: grade.name or grade.code for grade in terms.grades},
        steps=queries.steps_of(found),
        is_running=contract.state in RUNNING,
        is_begun=found.state not in NOT_BEGUN,
        may_cancel=found.state in NOT_BEGUN and may_cancel(contract, found, actor=actor),
    )


@contracts.post("/<code>/<number>/giao-hang/<delivery>/xac-nhan")
def confirm_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """The seller says that the goods will come."""
    return _do(
        code, number, delivery, delivering.confirm_delivery, _("Đã xác nhận. Bên mua được báo tin.")
    )


@contracts.post("/<code>/<number>/giao-hang/<delivery>/huy")
def cancel_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """Call a delivery off, or decline what was called off."""
    return _do(
        code,
        number,
        delivery,
        delivering.cancel_delivery,
        _("Đã huỷ đợt giao. Bên kia được báo tin."),
        reason=request.form.get("reason", ""),
    )


@contracts.post("/<code>/<number>/giao-hang/<delivery>/go-goi")
def unpack_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """Undo packing before the goods leave."""
    return _do(
        code,
        number,
        delivery,
        shipping.unpack_delivery,
        _("Đã gỡ đóng gói, hàng trở lại kho."),
    )


@contracts.route("/<code>/<number>/giao-hang/<delivery>/doi-ngay", methods=["GET", "POST"])
def move_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """Other days for this delivery, or for it and all that follow."""
    actor, contract, found = own_delivery(code, number, delivery)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    here = contract_url(code, number, "giao-hang", delivery)
    if found.state not in NOT_BEGUN:
        return redirect(here)
    form = MoveForm(found)
    if form.validate_on_submit():
        try:
            with transaction():
                moved = delivering.move_delivery(
                    actor=actor,
                    delivery_id=found.id,
                    days=form.days,
                    and_following=form.and_following,
                    reason=form.reason.data or "",
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, contract, found = own_delivery(code, number, delivery)
        else:
            said = ngettext("Đã đổi ngày %(num)s đợt.", "Đã đổi ngày %(num)s đợt.", len(moved))
            flash(said + " " + _("Bên bán cần xác nhận lại."), "ok")
            return redirect(here, 303)
    return render_template(
        "contracts/delivery_move.html", code=code, contract=contract, delivery=found, form=form
    ), form_status(form)


def _do(
    code: str,
    number: str,
    delivery: str,
    act: Callable[..., bool],
    said: str,
    **values: Any,  # noqa: ANN401
) -> ResponseReturnValue:
    """Take one step with a delivery and go back to it."""
    actor, _contract, found = own_delivery(code, number, delivery)
    try:
        with transaction():
            act(actor=actor, delivery_id=found.id, at=now(), **values)
    except (ConflictError, InvalidError) as error:
        flash(sentence(error), "bad")
    else:
        flash(said, "ok")
    return redirect(contract_url(code, number, "giao-hang", delivery), 303)
