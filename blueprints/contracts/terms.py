"""Writing everything that a contract says: a draft, an answer to the other side, an amendment."""

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.contracts.terms_form import TermsForm
from blueprints.forms import form_status, refuse_in_form
from marketplace.accounts.permissions import Actor, NotAllowedError, Permission, authorize
from marketplace.contracts import operations
from marketplace.contracts.access import other_side, side_of, terms_in
from marketplace.contracts.law import penalty_cap_bps
from marketplace.contracts.terms import Terms
from marketplace.contracts.terms_rules import faults
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.contracts import Contract, ContractState


@contracts.route("/<code>/<number>/sua", methods=["GET", "POST"])
def edit_terms(code: str, number: str) -> ResponseReturnValue:
    """Write the next version; one that waits for the other side has to be taken back first."""
    actor, contract = _to_edit(code, number)
    side = side_of(contract, actor)
    if side is None:
        raise NotAllowedError
    if contract.turn == other_side(side):
        flash(_("Bản mới nhất đang chờ bên kia trả lời nên chưa sửa được."), "info")
        return redirect(contract_url(code, number))
    terms = terms_in(contract, contract.version)
    if asked.method != "POST":
        return _page(code, contract, terms, TermsForm.of(terms, contract.version))
    form = TermsForm()
    form.offer(terms)
    if "them" in asked.form or "doi-tinh" in asked.form:
        form.add_blanks(asked.form.get("them", ""))
        return _page(code, contract, terms, form)
    if form.validate() and _is_sound(form, terms):
        try:
            with transaction():
                operations.propose_version(
                    actor=actor,
                    contract_id=contract.id,
                    terms=form.terms(terms),
                    note=form.note.data or "",
                    seen_version=form.seen,
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, contract = own_contract(code, number)  # what was refused is forgotten
        else:
            is_draft = contract.state == ContractState.DRAFT
            flash(_("Đã lưu bản nháp.") if is_draft else _("Đã gửi bản mới cho bên kia."), "ok")
            return redirect(contract_url(code, number), 303)
    form.add_blanks()
    return _page(code, contract, terms, form)


def _to_edit(code: str, number: str) -> tuple[Actor, Contract]:
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.CONTRACT_EDIT, contract)
    return actor, contract


def _is_sound(form: TermsForm, before: Terms) -> bool:
    """Whether the rules take what was typed; says at the fields all that they do not."""
    found = faults(form.terms(before), today=business_day(now()))
    for fault in found:
        refuse_in_form(form, fault)
    return not found


def _page(code: str, contract: Contract, terms: Terms, form: TermsForm) -> ResponseReturnValue:
    body = render_template(
        "contracts/terms_form.html",
        code=code,
        contract=contract,
        terms=terms,
        form=form,
        base=contract_url(code, contract.number),
        is_draft=contract.state == ContractState.DRAFT,
        is_running=contract.state == ContractState.ACTIVE,
        penalty_cap=penalty_cap_bps(business_day(now())),
    )
    return body, form_status(form)
