"""Disagreeing with a delivery, and saying that it is settled: the same page for both sides."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.arrival_forms import DisputeForm
from blueprints.contracts.arrivals import arrival_url
from blueprints.contracts.desk import own_contract
from blueprints.forms import form_status, refuse_in_form
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.contracts.acceptance import queries
from marketplace.contracts.acceptance.rules import DISPUTE_DAYS, can_dispute
from marketplace.contracts.access import side_of
from marketplace.contracts.deliveries.access import get_delivery
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import accepting
from models.contracts import Contract
from models.deliveries import Delivery


@contracts.get("/<code>/<number>/giao-hang/<gh>/khieu-nai")
def show_disputes(code: str, number: str, gh: str) -> ResponseReturnValue:
    """What was not agreed of a delivery, and how it was settled."""
    actor, contract = own_contract(code, number)
    return _page(code, actor, contract, get_delivery(contract, gh), DisputeForm(formdata=None))


@contracts.post("/<code>/<number>/giao-hang/<gh>/khieu-nai")
def open_dispute(code: str, number: str, gh: str) -> ResponseReturnValue:
    """Disagree."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.DELIVERY_DISPUTE, contract)
    delivery, form = get_delivery(contract, gh), DisputeForm()
    if form.validate():
        try:
            with transaction():
                accepting.open_dispute(
                    actor=actor, delivery_id=delivery.id, text=form.text.data or "", at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã mở khiếu nại. Bên kia được báo ngay."), "ok")
            return redirect(arrival_url(code, contract, delivery, "khieu-nai"), 303)
    return _page(code, actor, contract, delivery, form)


@contracts.post("/<code>/<number>/giao-hang/<gh>/khieu-nai/xong")
def settle_dispute(code: str, number: str, gh: str) -> ResponseReturnValue:
    """Say how it was settled."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.DELIVERY_DISPUTE, contract)
    delivery, form = get_delivery(contract, gh), DisputeForm()
    if form.validate():
        try:
            with transaction():
                accepting.resolve_dispute(
                    actor=actor, delivery_id=delivery.id, resolution=form.text.data or "", at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi khiếu nại được giải quyết xong."), "ok")
            return redirect(arrival_url(code, contract, delivery, "khieu-nai"), 303)
    return _page(code, actor, contract, delivery, form)


def _page(
    code: str, actor: Actor, contract: Contract, delivery: Delivery, form: DisputeForm
) -> ResponseReturnValue:
    found = queries.disputes_of(delivery.id)
    may = allows(actor, Permission.DELIVERY_DISPUTE, contract)
    unsettled = next((each for each in found if each.dispute.resolved_at is None), None)
    page = render_template(
        "contracts/disputes.html",
        code=code,
        contract=contract,
        delivery=delivery,
        disputes=found,
        may_open=may and unsettled is None and can_dispute(delivery, now()),
        may_settle=may
        and unsettled is not None
        and unsettled.dispute.side == side_of(contract, actor),
        days=DISPUTE_DAYS,
        form=form,
    )
    return page, form_status(form)
