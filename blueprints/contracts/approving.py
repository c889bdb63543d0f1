"""Approving inside the enterprise, made for a telephone."""

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue
from wtforms import HiddenField, TextAreaField

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.forms import AtMost, BaseForm, form_status, refuse_in_form
from marketplace.accounts.permissions import Permission, authorize
from marketplace.contracts.access import terms_in
from marketplace.contracts.operations.approving import NOTE_MAX
from marketplace.contracts.queries.signing import find_signing
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.workflows.signing import approve_contract


class ApproveForm(BaseForm):
    """Which version somebody has read, and a word about it."""

    version = HiddenField()
    note = TextAreaField(lazy_gettext("Ghi chú cho nội bộ"), validators=[AtMost(NOTE_MAX)])


@contracts.route("/<code>/<number>/duyet", methods=["GET", "POST"])
def approve(code: str, number: str) -> ResponseReturnValue:
    """Read what is to be signed in short, and let the enterprise sign it."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.CONTRACT_APPROVE, contract)
    view, form = find_signing(contract, viewer=actor), ApproveForm()
    if asked.method == "POST" and form.validate():
        typed = form.version.data or ""
        try:
            with transaction():
                approve_contract(
                    actor=actor,
                    contract_id=contract.id,
                    version=view.version if view and typed == str(view.version) else 0,
                    note=form.note.data or "",
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            actor, contract = own_contract(code, number)  # what was refused is forgotten
            view = find_signing(contract, viewer=actor)
        else:
            flash(_("Đã duyệt. Người ký thấy ngay."), "ok")
            return redirect(contract_url(code, number, "duyet"), 303)
    if view is not None and asked.method != "POST":
        form.version.data = str(view.version)
    body = render_template(
        "contracts/approving.html",
        code=code,
        contract=contract,
        view=view,
        terms=terms_in(contract, view.version if view else None),
        is_done=view is not None and view.is_approved_by(actor.user_id or 0),
        form=form,
    )
    return body, form_status(form)
