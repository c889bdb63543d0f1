"""Quotes at a buyer's desk: sealed, opened together, compared, asked to be better."""

from typing import Final

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.enterprise import enterprise
from blueprints.enterprise.comparing import comparison_rows
from blueprints.enterprise.desk import buyer, own_request, request_to_edit, request_url
from blueprints.errors import sentence
from blueprints.forms import BaseForm, form_status, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext, ngettext
from marketplace.reporting import comparison as comparing
from marketplace.reporting.comparison import SortBy
from marketplace.reporting.comparison_report import comparison_report
from marketplace.reporting.files.xlsx_file import xlsx_file
from marketplace.sourcing.quotes import operations, queries
from marketplace.sourcing.quotes.rules import NOTE_MAX
from marketplace.sourcing.requests.queries import terms_of
from marketplace.sourcing.requests.rules import can_be_opened
from marketplace.workflows.quoting import ask_for_better
from marketplace.workflows.request_words import scheme_name
from models.requests import Request, RequestState

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class AskForm(BaseForm):
    """What a buyer asks sellers after the opening."""

    text = TextAreaField(
        lazy_gettext("Hỏi thêm điều gì"),
        validators=[
            InputRequired(lazy_gettext("Viết điều bạn muốn hỏi")),
            Length(max=NOTE_MAX),
        ],
    )


@enterprise.get("/<code>/yeu-cau/<number>/bao-gia")
def compare_quotes(code: str, number: str) -> ResponseReturnValue:
    """How many quotes came; after the opening, side by side."""
    actor, asked = own_request(code, number)
    return _page(code, actor, asked, AskForm(formdata=None))


@enterprise.get("/<code>/yeu-cau/<number>/bao-gia.xlsx")
def comparison_file(code: str, number: str) -> ResponseReturnValue:
    """The comparison as a workbook; before the opening it is empty."""
    actor, asked = own_request(code, number)
    _actor, membership = buyer(code)
    at = now()
    report = comparison_report(
        comparing.compare_quotes(
            asked, schemes=terms_of(asked).schemes, sort=_sort(), viewer=actor, at=at
        ),
        asked,
        owner=membership.name,
        scheme_name=scheme_name,
        at=at,
    )
    response = Response(xlsx_file(report), content_type=XLSX)
    name = f"bao-gia-{number}.xlsx"
    response.headers.set("Content-Disposition", "attachment", filename=name)
    return response


@enterprise.post("/<code>/yeu-cau/<number>/bao-gia/mo")
def open_quotes(code: str, number: str) -> ResponseReturnValue:
    """Open all quotes together."""
    actor, asked = request_to_edit(code, number)
    try:
        with transaction():
            is_new = operations.open_quotes(actor=actor, request_id=asked.id, at=now())
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        if is_new:
            flash(_("Đã mở tất cả báo giá cùng lúc. Việc mở được ghi lại."), "ok")
    return redirect(request_url(code, number, "bao-gia"), 303)


@enterprise.post("/<code>/yeu-cau/<number>/bao-gia/hoi-them")
def ask_better_quotes(code: str, number: str) -> ResponseReturnValue:
    """Ask one seller, or all, for a better offer."""
    actor, asked = request_to_edit(code, number)
    form = AskForm()
    if form.validate():
        try:
            with transaction():
                count = ask_for_better(
                    actor=actor,
                    request_id=asked.id,
                    numbers=[each for each in request.form.getlist("numbers") if each],
                    text=form.text.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(
                ngettext("Đã hỏi %(num)s nơi.", "Đã hỏi %(num)s nơi.", count)
                + " "
                + _("Mỗi nơi gửi lại được một lần, bạn đọc được ngay."),
                "ok",
            )
            return redirect(request_url(code, number, "bao-gia"), 303)
    return _page(code, actor, asked, form)


def _page(code: str, actor: Actor, asked: Request, form: AskForm) -> ResponseReturnValue:
    at, terms = now(), terms_of(asked)
    whole = comparing.compare_quotes(
        asked, schemes=terms.schemes, sort=_sort(), viewer=actor, at=at
    )
    hidden = {
        each.quote.number
        for each in whole.columns
        if each.quote.number in request.args.getlist("an")
    }
    shown = whole.without(hidden)
    rows = comparison_rows(shown, terms)
    only_different = request.args.get("khac") == "1"
    body = render_template(
        "enterprise/quotes.html",
        code=code,
        request_row=asked,
        terms=terms,
        comparison=shown,
        total=len(whole.columns),
        hidden=sorted(hidden),
        rows=[row for row in rows if not (only_different and row.is_same)],
        only_different=only_different,
        sort=_sort(),
        sorts=SortBy,
        sent=queries.count_sent(asked, viewer=actor),
        can_open=can_be_opened(asked, at),
        can_decide=asked.state == RequestState.OPENED,
        products={key: each.name_vi for key, each in whole.product_names.items()},
        form=form,
    )
    return body, form_status(form)


def _sort() -> SortBy:
    wanted = request.args.get("xep", "")
    return next((each for each in SortBy if each == wanted), SortBy.PRICE)
