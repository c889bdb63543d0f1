"""Requests for quotation as a seller reads them: the list, one of them, declining, asking."""

from typing import Any, Final

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from blueprints.cooperative import cooperative
from blueprints.cooperative.products import OfSeller
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.papers import paper_response
from blueprints.security import acting_for, acting_membership
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.queries import organisation_name
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.sourcing.requests import operations, queries
from marketplace.sourcing.requests.errors import RequestNotFoundError
from marketplace.sourcing.requests.rules import is_open
from marketplace.workflows import requesting
from models.accounts import VerificationState
from models.requests import Request

PAGE_SIZE: Final = 20


class QuestionForm(BaseForm):
    """What a seller asks."""

    text = TextAreaField(lazy_gettext("Câu hỏi"), validators=[Length(max=1000)])


class DeclineForm(BaseForm):
    """Why a seller will not quote, if they say."""

    reason = TextAreaField(
        lazy_gettext("Lý do (không bắt buộc)"), id="ly-do", validators=[Length(max=500)]
    )


@cooperative.get("/<code>/yeu-cau")
def list_requests(code: str) -> ResponseReturnValue:
    """The requests that wait for an answer, those answered, those closed; the soonest first."""
    _actor, owner = _seller(code)
    at = now()
    tab = asked.args.get("nhom", "")
    chosen = tab if tab in queries.SELLER_TABS else queries.SELLER_TABS[0]
    return render_template(
        "cooperative/requests.html",
        code=code,
        tab=chosen,
        counts=queries.seller_counts(owner, at=at),
        page=queries.requests_to_answer(owner, tab=chosen, page=page_request(PAGE_SIZE), at=at),
        is_verified=acting_membership().verification == VerificationState.VERIFIED,
        at=at,
    )


@cooperative.get("/<code>/yeu-cau/<number>")
def show_request(code: str, number: str) -> ResponseReturnValue:
    """What a buyer asks for, and what was asked and answered about it."""
    _actor, owner = _seller(code)
    return _page(code, owner, _readable(owner, number))


@cooperative.get("/<code>/yeu-cau/<number>/tep/<int:file_id>")
def show_request_file(code: str, number: str, file_id: int) -> ResponseReturnValue:
    """A file that comes with a request."""
    _actor, owner = _seller(code)
    return paper_response(queries.get_file(_readable(owner, number), file_id))


@cooperative.post("/<code>/yeu-cau/<number>/hoi")
def ask_question(code: str, number: str) -> ResponseReturnValue:
    """Ask the buyer; all who may quote read the answer, nobody reads who asked."""
    actor, owner = _seller(code)
    request = _readable(owner, number)
    form = QuestionForm()
    if form.validate():
        try:
            with transaction():
                requesting.ask_question(
                    actor=actor,
                    organisation_id=owner,
                    request_id=request.id,
                    text=form.text.data or "",
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi câu hỏi. Bên mua trả lời thì bạn nhận được thư."), "ok")
            return redirect(_url(code, number))
    return _page(code, owner, _readable(owner, number), asking=form)


@cooperative.post("/<code>/yeu-cau/<number>/tu-choi")
def decline_invitation(code: str, number: str) -> ResponseReturnValue:
    """Say that one will not quote."""
    actor, owner = _seller(code)
    request = _readable(owner, number)
    invitation = queries.find_invitation(request.id, seller_id=owner)
    if invitation is None:
        raise RequestNotFoundError(number=number)
    form = DeclineForm()
    if form.validate():
        try:
            with transaction():
                operations.decline_invitation(
                    actor=actor, invitation=invitation, reason=form.reason.data or "", at=now()
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã báo cho bên mua là không tham gia."), "ok")
            return redirect(_url(code))
    return _page(code, owner, _readable(owner, number), declining=form)


def _seller(code: str) -> tuple[Actor, int]:
    actor = acting_for(code)
    assert actor.organisation_id is not None  # noqa: S101 - acting_for acts for one
    authorize(actor, Permission.QUOTE_VIEW, OfSeller(actor.organisation_id))
    return actor, actor.organisation_id


def _readable(owner: int, number: str) -> Request:
    request = queries.find_request(number, seller_id=owner)
    if request is None:
        raise RequestNotFoundError(number=number)
    return request


def _page(code: str, owner: int, request: Request, **told: Any) -> ResponseReturnValue:  # noqa: ANN401
    """The page of a request; `asking` or `declining` is the form that was sent back."""
    at = now()
    terms = queries.terms_for_seller(request)
    asking: BaseForm | None = told.get("asking")
    declining: BaseForm | None = told.get("declining")
    refused = asking or declining
    body = render_template(
        "cooperative/request.html",
        code=code,
        of_seller=OfSeller(owner),
        request_row=request,
        buyer=organisation_name(request.organisation_id),
        terms=terms,
        files=queries.files_of(terms.file_ids),
        invitation=queries.find_invitation(request.id, seller_id=owner),
        questions=queries.questions_of(request.id, reader_id=owner),
        changes=queries.changes_of(request.id),
        takes_quotes=is_open(request, at),
        is_verified=acting_membership().verification == VerificationState.VERIFIED,
        question_form=asking or QuestionForm(formdata=None),
        decline_form=declining or DeclineForm(formdata=None),
        refused=refused,
        declining=declining is not None,
    )
    return body, form_status(refused) if refused else 200


def _url(code: str, number: str = "") -> str:
    return path(f"/quay/{code}/yeu-cau" + (f"/{number}" if number else ""))
