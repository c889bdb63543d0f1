"""Packing a delivery out of the seller's lots, and sending it."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.deliveries import own_delivery
from blueprints.contracts.delivery_forms import (
    ShipForm,
    grade_field,
    grams_field,
    pack_form,
)
from blueprints.contracts.desk import contract_url
from blueprints.forms import add_error, form_status, refuse_in_form
from marketplace.accounts.permissions import Permission, authorize
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.errors import LotsRefusedError
from marketplace.contracts.deliveries.operations.packing import lines_of
from marketplace.contracts.deliveries.rules import with_tolerance
from marketplace.inventory.errors import LotsShortError
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import shipping
from models.deliveries import DeliveryState


@contracts.route("/<code>/<number>/giao-hang/<delivery>/dong-goi", methods=["GET", "POST"])
def pack_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """Choose the lots; filled first-expired-first, refused lots say why."""
    actor, contract, found = own_delivery(code, number, delivery)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    here = contract_url(code, number, "giao-hang", delivery)
    if found.state != DeliveryState.CONFIRMED:
        return redirect(here)
    terms = terms_in(contract)
    choices = shipping.propose_packing(contract, found, at=now())
    form = pack_form(choices, terms.grades)
    if form.validate_on_submit():
        try:
            with transaction():
                shipping.pack_delivery(
                    actor=actor, delivery_id=found.id, packing=form.packing(choices), at=now()
                )
        except LotsRefusedError as error:
            for lot_id, reasons in error.reasons.items():
                for text, values in reasons:
                    add_error(form, grams_field(lot_id), _(text) % values)
        except LotsShortError as error:
            for lot_id in error.lot_ids:
                add_error(form, grams_field(lot_id), _("Lô này vừa bán bớt, không còn đủ."))
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã đóng gói. Hàng đã trừ khỏi kho; mời in phiếu giao hàng."), "ok")
            return redirect(here, 303)
        _actor, contract, found = own_delivery(code, number, delivery)
        choices = shipping.propose_packing(contract, found, at=now())
    return render_template(
        "contracts/delivery_pack.html",
        code=code,
        contract=contract,
        delivery=found,
        choices=choices,
        form=form,
        grams_field=grams_field,
        grade_field=grade_field,
        most_g=with_tolerance(found.planned_g, terms.tolerance_bps),
    ), form_status(form)


@contracts.route("/<code>/<number>/giao-hang/<delivery>/gui", methods=["GET", "POST"])
def ship_delivery(code: str, number: str, delivery: str) -> ResponseReturnValue:
    """Say who carries the goods; the buyer's hours begin."""
    actor, contract, found = own_delivery(code, number, delivery)
    authorize(actor, Permission.DELIVERY_FULFIL, contract)
    here = contract_url(code, number, "giao-hang", delivery)
    if found.state != DeliveryState.PACKED:
        return redirect(here)
    form = ShipForm()
    if form.validate_on_submit():
        try:
            with transaction():
                shipping.ship_delivery(
                    actor=actor,
                    delivery_id=found.id,
                    carrier=form.carrier.data or "",
                    vehicle=form.vehicle.data or "",
                    handed_by=form.handed_by.data or "",
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, contract, found = own_delivery(code, number, delivery)
        else:
            flash(_("Đã gửi hàng. Bên mua được báo giờ phải ghi kết quả nhận."), "ok")
            return redirect(here, 303)
    return render_template(
        "contracts/delivery_ship.html",
        code=code,
        contract=contract,
        delivery=found,
        lines=lines_of(found.id),
        hours=terms_in(contract).accept_hours,
        form=form,
    ), form_status(form)
