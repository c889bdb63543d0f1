"""Steps of a contract: sent, agreed to, declined, withdrawn, talked about, ended, renewed."""

from collections.abc import Callable
from typing import Any

from flask import flash, redirect, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.contract import contract_page, situation
from blueprints.contracts.contract_forms import CommentForm, ReasonForm
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.errors import sentence
from blueprints.forms import refuse_in_form
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts import operations
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows import bargaining
from marketplace.workflows.contract_words import contract_lines
from models.contracts import Contract


@contracts.post("/<code>/<number>/gui")
def send_draft(code: str, number: str) -> ResponseReturnValue:
    """Lay a draft before the other side."""
    said = _("Đã gửi. Bên kia nhận thư và đọc được hợp đồng này.")
    return _step(code, number, bargaining.send_draft, said)


@contracts.post("/<code>/<number>/dong-y")
def accept_version(code: str, number: str) -> ResponseReturnValue:
    """Agree to what the other side proposed."""
    said = _("Đã đồng ý. Hai bên cùng muốn đúng bản này; việc tiếp theo là ký.")
    return _step(code, number, bargaining.accept_version, said)


@contracts.post("/<code>/<number>/rut")
def withdraw_version(code: str, number: str) -> ResponseReturnValue:
    """Take back a version that waits for the other side."""
    said = _("Đã rút lại. Bạn có thể sửa rồi gửi bản khác.")
    return _step(code, number, bargaining.withdraw_version, said)


@contracts.post("/<code>/<number>/tu-choi")
def decline(code: str, number: str) -> ResponseReturnValue:
    """Say no to what the other side proposed."""
    version = _version()
    return _with_reason(
        code,
        number,
        lambda **given: bargaining.decline(version=version, **given),
        of="decline",
        said=_("Đã từ chối. Bên kia nhận thư ghi lý do."),
    )


@contracts.post("/<code>/<number>/huy")
def cancel_contract(code: str, number: str) -> ResponseReturnValue:
    """Call off a contract that is not signed; throw a draft away."""
    return _with_reason(
        code, number, bargaining.cancel_contract, of="cancel", said=_("Đã huỷ hợp đồng.")
    )


@contracts.post("/<code>/<number>/cham-dut")
def terminate_contract(code: str, number: str) -> ResponseReturnValue:
    """End a contract that is in force before its time."""
    return _with_reason(
        code,
        number,
        bargaining.terminate_contract,
        of="terminate",
        said=_("Đã chấm dứt hợp đồng. Bên kia nhận thư ghi lý do."),
        needs=Permission.CONTRACT_SIGN,
    )


@contracts.post("/<code>/<number>/gop-y")
def comment_line(code: str, number: str) -> ResponseReturnValue:
    """Say something about a line."""
    actor, contract = _to_bargain(code, number)
    here = situation(contract, actor)
    form = CommentForm()
    form.offer(contract_lines((here.pending or here.shown).terms, current_locale()))
    if form.validate():
        try:
            with transaction():
                bargaining.comment_line(
                    actor=actor,
                    contract_id=contract.id,
                    version=_number(form.version.data),
                    line=form.line.data or "",
                    text=form.text.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi góp ý. Bên kia nhận thư."), "ok")
            return redirect(contract_url(code, number) + "#gop-y")
    actor, contract = own_contract(code, number)  # what was refused is forgotten
    return contract_page(code, actor, contract, form, of="comment")


@contracts.post("/<code>/<number>/lap-lai")
def renew_contract(code: str, number: str) -> ResponseReturnValue:
    """Begin a draft that says the same a year later."""
    actor, contract = _to_bargain(code, number)
    try:
        with transaction():
            made = operations.renew_contract(actor=actor, contract_id=contract.id, at=now())
            address = contract_url(code, made.number)
    except (InvalidError, ConflictError) as error:
        flash(sentence(error), "bad")
        return redirect(contract_url(code, number))
    flash(_("Đã lập bản nháp cho mùa sau. Mời xem lại giá, lượng và ngày giao rồi gửi."), "ok")
    return redirect(address)


def _step(code: str, number: str, act: Callable[..., Contract], said: str) -> ResponseReturnValue:
    actor, contract = _to_bargain(code, number)
    try:
        with transaction():
            act(actor=actor, contract_id=contract.id, version=_version(), at=now())
    except (InvalidError, ConflictError) as error:
        flash(sentence(error), "bad")
    else:
        flash(said, "ok")
    return redirect(contract_url(code, number))


def _with_reason(  # noqa: PLR0913 - what is done, to what, what is said
    code: str,
    number: str,
    act: Callable[..., Any],
    *,
    of: str,
    said: str,
    needs: Permission = Permission.CONTRACT_EDIT,
) -> ResponseReturnValue:
    actor, contract = _to_bargain(code, number, needs)
    form = ReasonForm()
    if form.validate():
        try:
            with transaction():
                act(
                    actor=actor,
                    contract_id=contract.id,
                    reason=form.reason.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(said, "ok")
            return redirect(contract_url(code, number))
    actor, contract = own_contract(code, number)  # what was refused is forgotten
    return contract_page(code, actor, contract, form, of=of)


def _to_bargain(
    code: str, number: str, needs: Permission = Permission.CONTRACT_EDIT
) -> tuple[Actor, Contract]:
    actor, contract = own_contract(code, number)
    authorize(actor, needs, contract)
    return actor, contract


def _version() -> int:
    """The version that the reader had before them."""
    return _number(request.form.get("version"))


def _number(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else 0  # noqa: PLR2004 - digits
