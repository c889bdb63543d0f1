"""The requests of a buyer: the list, one of them, writing it, its questions, its end."""

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import (
    ABOUT,
    INVITED,
    buyer,
    own_request,
    request_to_edit,
    request_url,
)
from blueprints.enterprise.request_forms import AnswerForm, ReasonForm, RequestForm
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.paging import page_request
from blueprints.papers import paper_response
from blueprints.states import state_word
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue.queries import find_on_sale
from marketplace.kernel.clock import business_day, now, vietnam_midnight
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.pagination import PageRequest
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.reporting.requests import requests_report
from marketplace.sourcing.requests import operations, queries
from marketplace.sourcing.requests.rules import can_be_opened, is_open, shown_state
from marketplace.sourcing.requests.terms import Place, Terms
from marketplace.workflows import requesting
from models.requests import Request, RequestState

PAGE_SIZE: Final = 20
XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FIRST_CLOSING: Final = timedelta(days=14, hours=17)
"""A new request closes in two weeks at five in the afternoon, unless somebody says otherwise."""


@enterprise.get("/<code>/yeu-cau")
def list_requests(code: str) -> ResponseReturnValue:
    """All requests, by how far they have come."""
    actor, membership = buyer(code)
    owner, at = membership.organisation_id, now()
    tab = asked.args.get("nhom", "")
    chosen = tab if tab in queries.BUYER_TABS else ""
    return render_template(
        "enterprise/requests.html",
        code=code,
        desk=membership,
        tab=chosen,
        counts=queries.buyer_counts(owner, at=at),
        page=queries.requests_of(
            owner, viewer=actor, tab=chosen, page=page_request(PAGE_SIZE), at=at
        ),
        shown=lambda row: shown_state(row, at),
    )


@enterprise.get("/<code>/yeu-cau.xlsx")
def requests_file(code: str) -> ResponseReturnValue:
    """The latest hundred requests as a workbook."""
    actor, membership = buyer(code)
    at = now()
    page = queries.requests_of(
        membership.organisation_id, viewer=actor, tab="", page=PageRequest(size=100), at=at
    )
    report = requests_report(
        page.rows,
        owner=membership.name,
        state_of=lambda row: state_word("request", shown_state(row, at)),
        at=at,
    )
    response = Response(xlsx_file(report), content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename=f"yeu-cau-{code}.xlsx")
    return response


@enterprise.route("/<code>/yeu-cau/moi", methods=["GET", "POST"])
def create_request(code: str) -> ResponseReturnValue:
    """Begin a request: one page, saved as a draft."""
    actor, membership = buyer(code)
    authorize(actor, Permission.REQUEST_EDIT, membership)
    owner, at = membership.organisation_id, now()
    form = RequestForm()
    if asked.method != "POST":
        form = RequestForm.of(_first_terms(code, at), today=business_day(at))
    elif _is_sent(form) and form.validate_and_keep(actor, owner):
        try:
            with transaction():
                made = operations.create_request(
                    actor=actor, organisation_id=owner, terms=form.terms(), at=at
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            return _saved(code, made)
    return _form_page(code, form, None, ())


@enterprise.route("/<code>/yeu-cau/<number>/sua", methods=["GET", "POST"])
def edit_request(code: str, number: str) -> ResponseReturnValue:
    """Change a draft, or what a published request says; everybody concerned hears of that."""
    actor, request = request_to_edit(code, number)
    at = now()
    if request.state != RequestState.DRAFT and not is_open(request, at):
        flash(_("Yêu cầu đã đóng nên không sửa được nữa."), "info")
        return redirect(request_url(code, number))
    terms = queries.terms_of(request)
    files = queries.files_of(terms.file_ids)
    form = (
        RequestForm() if asked.method == "POST" else RequestForm.of(terms, today=business_day(at))
    )
    form.offer_files(files)
    if (
        asked.method == "POST"
        and _is_sent(form)
        and form.validate_and_keep(actor, request.organisation_id)
    ):
        try:
            changed = _write(actor, request, form.terms())
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, request = own_request(code, number)  # what was refused is forgotten
        else:
            return _saved(code, request, changed=changed)
    return _form_page(code, form, request, files)


@enterprise.post("/<code>/yeu-cau/<number>/chep")
def copy_request(code: str, number: str) -> ResponseReturnValue:
    """Begin a draft from an old request."""
    actor, request = request_to_edit(code, number)
    with transaction():
        made = operations.copy_request(actor=actor, request_id=request.id, at=now())
    flash(_("Đã chép thành bản nháp mới. Mời xem lại số lượng và giờ đóng."), "ok")
    return redirect(request_url(code, made.number, "sua"))


@enterprise.post("/<code>/yeu-cau/<number>/bo")
def discard_draft(code: str, number: str) -> ResponseReturnValue:
    """Throw a draft away."""
    actor, request = request_to_edit(code, number)
    with transaction():
        operations.discard_draft(actor=actor, request_id=request.id, at=now())
    flash(_("Đã bỏ bản nháp."), "ok")
    return redirect(request_url(code))


@enterprise.get("/<code>/yeu-cau/<number>")
def show_request(code: str, number: str) -> ResponseReturnValue:
    """One request: what it says, who is invited, what was asked and changed."""
    _actor, request = own_request(code, number)
    return _page(code, request)


@enterprise.get("/<code>/yeu-cau/<number>/tep/<int:file_id>")
def show_file(code: str, number: str, file_id: int) -> ResponseReturnValue:
    """A file that comes with a request."""
    _actor, request = own_request(code, number)
    return paper_response(queries.get_file(request, file_id))


@enterprise.post("/<code>/yeu-cau/<number>/huy")
def cancel_request(code: str, number: str) -> ResponseReturnValue:
    """Call a request off; everybody concerned is told why."""
    return _end(code, number, "cancel", _("Đã huỷ yêu cầu. Các nơi liên quan sẽ nhận được thư."))


@enterprise.post("/<code>/yeu-cau/<number>/ket-thuc")
def end_request(code: str, number: str) -> ResponseReturnValue:
    """End a request without choosing anybody; everybody concerned is told why."""
    return _end(
        code, number, "end", _("Đã kết thúc, không chọn ai. Các nơi liên quan sẽ nhận được thư.")
    )


@enterprise.post("/<code>/yeu-cau/<number>/cau-hoi/<int:question_id>")
def answer_question(code: str, number: str, question_id: int) -> ResponseReturnValue:
    """Answer a question, for all who may quote."""
    actor, request = request_to_edit(code, number)
    form = AnswerForm()
    if form.validate():
        try:
            with transaction():
                requesting.answer_question(
                    actor=actor,
                    request_id=request.id,
                    question_id=question_id,
                    answer=form.answer.data or "",
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã trả lời. Mọi nơi có thể báo giá đều đọc được."), "ok")
            return redirect(request_url(code, number))
    _actor, request = own_request(code, number)  # what was refused is forgotten
    return _page(code, request, refused=form, answering=question_id)


def _end(code: str, number: str, verb: str, said: str) -> ResponseReturnValue:
    actor, request = request_to_edit(code, number)
    form = ReasonForm()
    act = requesting.cancel_request if verb == "cancel" else requesting.end_request
    if form.validate():
        try:
            with transaction():
                act(actor=actor, request_id=request.id, reason=form.reason.data or "", at=now())
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(said, "ok")
            return redirect(request_url(code, number))
    _actor, request = own_request(code, number)  # what was refused is forgotten
    return _page(code, request, refused=form, ending=verb)


def _page(code: str, request: Request, **told: Any) -> ResponseReturnValue:  # noqa: ANN401
    """The page of a request; `refused` is the form that was sent back, if one was."""
    at = now()
    terms = queries.terms_of(request)
    refused: BaseForm | None = told.get("refused")
    body = render_template(
        "enterprise/request.html",
        code=code,
        request_row=request,
        terms=terms,
        files=queries.files_of(terms.file_ids),
        invited=queries.invited_to(request.id),
        questions=queries.questions_of(request.id),
        changes=queries.changes_of(request.id),
        state=shown_state(request, at),
        takes_quotes=is_open(request, at),
        waits_for_opening=can_be_opened(request, at),
        answer_form=refused if told.get("answering") else AnswerForm(formdata=None),
        reason_form=refused if told.get("ending") else ReasonForm(formdata=None),
        refused=refused,
        answering=told.get("answering"),
        ending=told.get("ending"),
    )
    return body, form_status(refused) if refused else 200


def _first_terms(code: str, at: datetime) -> Terms:
    """What is known before anything is typed: where to, until when, and what was looked at."""
    own = accounts.get_organisation(code=code)
    product = find_on_sale(asked.args.get(ABOUT, ""))
    return Terms(
        title=product.name_vi if product else "",
        category_id=product.category_id if product else 0,
        place=Place(own.province_code, own.commune_code, own.address),
        closes_at=vietnam_midnight(business_day(at)) + FIRST_CLOSING,
        is_open_to_all=INVITED not in asked.args,
    )


def _is_sent(form: RequestForm) -> bool:
    """Whether the form was sent to be kept, not to see other communes or more lines."""
    if "doi-tinh" in asked.form or "them-dong" in asked.form:
        form.add_blank_limits()
        return False
    return True


def _write(actor: Actor, request: Request, terms: Terms) -> bool:
    with transaction():
        if request.state == RequestState.DRAFT:
            operations.edit_draft(actor=actor, request_id=request.id, terms=terms, at=now())
            return True
        change = requesting.change_request(
            actor=actor, request_id=request.id, terms=terms, at=now()
        )
        return change is not None


def _saved(code: str, request: Request, *, changed: bool = True) -> ResponseReturnValue:
    if request.state == RequestState.DRAFT:
        flash(_("Đã lưu bản nháp %(number)s.", number=request.number), "ok")
        step = "dang" if asked.form.get("then") == "dang" else ""
        seller = asked.args.get(INVITED, "") if step else ""
        chosen = "?" + urlencode({INVITED: seller}) if seller else ""
        return redirect(request_url(code, request.number, step) + chosen)
    if changed:
        flash(_("Đã sửa. Các nơi liên quan nhận thư ghi rõ chỗ thay đổi."), "ok")
    else:
        flash(_("Đã lưu. Bên bán không thấy gì thay đổi."), "info")
    return redirect(request_url(code, request.number))


def _form_page(
    code: str,
    form: RequestForm,
    request: Request | None,
    files: Any,  # noqa: ANN401
) -> ResponseReturnValue:
    if form.is_submitted():
        form.add_blank_limits()
    body = render_template(
        "enterprise/request_form.html",
        code=code,
        form=form,
        request_row=request,
        files=files,
        htmx=True,
    )
    return body, form_status(form)
