"""Signing: what waits for it, the signature, the paper and the sheet of signatures."""

from typing import Final
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import BooleanField, HiddenField, StringField
from wtforms.validators import InputRequired

from blueprints.account.entering import refuse_for_now, this_address
from blueprints.contracts import contracts
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.forms import AtMost, BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.papers import PDF, SANDBOX
from blueprints.security import PROVE_AGAIN, fresh, session_at_hand
from marketplace.accounts import throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.contracts import documents
from marketplace.contracts.access import terms_in
from marketplace.contracts.operations.signing import POSITION_MAX, Signing
from marketplace.contracts.queries.signing import SigningView, documents_of, find_signing
from marketplace.contracts.signing_errors import DocumentNotFoundError
from marketplace.contracts.terms import Terms
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.workflows.contract_papers import signature_sheet
from marketplace.workflows.signing import sign_contract
from models.contracts import Contract, ContractSide

CODE_MAX: Final = 20
DIGITS: Final = 5
"""Of the number of a version, at most."""


class SignForm(BaseForm):
    """That somebody has read the paper, what they are, and the code of their telephone."""

    version = HiddenField()
    sha256 = HiddenField()
    has_read = BooleanField(
        lazy_gettext("Tôi đã đọc văn bản và ký thay mặt tổ chức của tôi"),
        validators=[InputRequired(lazy_gettext("Cần đọc văn bản và chọn ô này trước khi ký"))],
    )
    position = StringField(
        lazy_gettext("Chức vụ của người ký"),
        validators=[InputRequired(), AtMost(POSITION_MAX)],
    )
    code = StringField(
        lazy_gettext("Mã 6 số trên điện thoại"), validators=[InputRequired(), AtMost(CODE_MAX)]
    )


@contracts.get("/<code>/<number>/ky")
def show_signing(code: str, number: str) -> ResponseReturnValue:
    """What waits to be signed, who has signed, and the form for whoever signs for a side."""
    actor, contract = own_contract(code, number)
    return _page(code, actor, contract)


@contracts.post("/<code>/<number>/ky")
@fresh("/hop-dong/{code}/{number}/ky")
def sign(code: str, number: str) -> ResponseReturnValue:
    """Sign for one's side."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.CONTRACT_SIGN, contract)
    form, here, at = SignForm(), session_at_hand(), now()
    status = None
    if form.validate():
        try:
            with transaction():
                throttle.spend_second_factor(user_id=here.user_id, ip_address=this_address(), at=at)
            with transaction():
                signed = sign_contract(
                    actor=actor,
                    contract_id=contract.id,
                    signing=Signing(
                        version=_whole(form.version.data),
                        sha256=form.sha256.data or "",
                        position=form.position.data or "",
                        session_id=here.session_id,
                        proof=form.code.data or "",
                    ),
                    at=at,
                )
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
        else:
            if signed.is_in_force:
                flash(_("Đã ký. Hai bên đã ký đủ, bản này có hiệu lực."), "ok")
            else:
                flash(_("Đã ký. Bên kia nhận thư mời ký."), "ok")
            return redirect(contract_url(code, number, "ky"), 303)
        actor, contract = own_contract(code, number)  # what was refused is forgotten
    return _page(code, actor, contract, form, status)


@contracts.get("/<code>/<number>/van-ban/<int:version>.pdf")
def contract_file(code: str, number: str, version: int) -> ResponseReturnValue:
    """The paper of a version, exactly as it was or will be signed."""
    _actor, contract = own_contract(code, number)
    document = documents.get_document(contract, version)
    response = pdf_response(documents.bytes_of(document), f"{number}-{version}.pdf")
    response.headers["X-Content-SHA256"] = document.sha256
    return response


@contracts.get("/<code>/<number>/chu-ky.pdf")
def signatures_file(code: str, number: str) -> ResponseReturnValue:
    """Who has signed, when and how: the counter-signed sheet."""
    _actor, contract = own_contract(code, number)
    if not documents_of(contract):
        raise DocumentNotFoundError(number=number)
    return pdf_response(signature_sheet(contract), f"{number}-chu-ky.pdf")


def pdf_response(data: bytes, name: str) -> Response:
    """A private PDF to keep."""
    response = Response(data, mimetype=PDF)
    response.headers.set("Content-Disposition", "attachment", filename=name)
    response.headers["Content-Security-Policy"] = SANDBOX
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _page(
    code: str,
    actor: Actor,
    contract: Contract,
    form: SignForm | None = None,
    status: int | None = None,
) -> ResponseReturnValue:
    view, here = find_signing(contract, viewer=actor), session_at_hand()
    terms = terms_in(contract, view.version if view else None)
    own = contract_url(code, contract.number, "ky")
    shown = form or SignForm(formdata=None)
    _fill(shown, view, terms)
    body = render_template(
        "contracts/signing.html",
        code=code,
        contract=contract,
        view=view,
        terms=terms,
        papers=documents_of(contract),
        form=shown,
        is_fresh=here.is_fresh(now()),
        has_factor=here.has_second_factor,
        prove=f"{path(PROVE_AGAIN)}?{urlencode({'next': own})}",
    )
    return body, status or form_status(shown)


def _fill(form: SignForm, view: SigningView | None, terms: Terms) -> None:
    """Name the paper that waits; whoever read another one says anew that they have read it."""
    if view is None:
        return
    if form.sha256.data != view.document.sha256:
        form.version.data, form.sha256.data = str(view.version), view.document.sha256
        form.has_read.data = False
    if not form.is_submitted():
        party = terms.buyer if view.side == ContractSide.BUYER else terms.seller
        form.position.data = party.position or _("Giám đốc")


def _whole(text: str | None) -> int:
    """A number of a hidden field; 0, which no version has, for what is none."""
    return int(text) if text and text.isascii() and text.isdecimal() and len(text) <= DIGITS else 0
