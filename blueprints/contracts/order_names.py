"""The buyer's own number and cost centre, which go with every paper of a contract."""

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue
from wtforms import StringField

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.forms import AtMost, BaseForm, form_status, refuse_in_form
from marketplace.accounts.permissions import Permission, authorize
from marketplace.contracts.operations.approving import REFERENCE_MAX, name_order
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext


class OrderNamesForm(BaseForm):
    """What the buyer's own books call the contract."""

    po_number = StringField(lazy_gettext("Mã đơn mua (PO)"), validators=[AtMost(REFERENCE_MAX)])
    cost_centre = StringField(lazy_gettext("Mã chi phí"), validators=[AtMost(REFERENCE_MAX)])


@contracts.route("/<code>/<number>/don-mua", methods=["GET", "POST"])
def name_own_order(code: str, number: str) -> ResponseReturnValue:
    """Write the number and the cost centre down."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.CALL_OFF_MAKE, contract)
    form = OrderNamesForm(obj=contract)
    if asked.method == "POST" and form.validate():
        try:
            with transaction():
                name_order(
                    actor=actor,
                    contract_id=contract.id,
                    po_number=form.po_number.data or "",
                    cost_centre=form.cost_centre.data or "",
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu. Phiếu giao, hoá đơn và bảng đối chiếu từ nay ghi mã này."), "ok")
            return redirect(contract_url(code, number, "don-mua"), 303)
    body = render_template("contracts/order_names.html", code=code, contract=contract, form=form)
    return body, form_status(form)
