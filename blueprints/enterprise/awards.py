"""Choosing who delivers what: once for each request."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import Field, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import own_request, request_url
from blueprints.fields import WeightField
from blueprints.forms import BaseForm, form_status, refuse_in_form
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.formatting import month as month_text
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.comparison import Comparison, compare_quotes
from marketplace.sourcing.quotes.operations import Choice, Decision
from marketplace.sourcing.quotes.queries import award_of
from marketplace.sourcing.requests.queries import terms_of
from marketplace.workflows.awarding import decide_request
from marketplace.workflows.contracting import contracts_of_request
from models.requests import Request, RequestState

REASON_MAX = 1000


class AwardForm(BaseForm):
    """Why a buyer chooses so; how much of which quote stands in fields made for the request."""

    reason = TextAreaField(
        lazy_gettext("Lý do chọn"),
        validators=[InputRequired(lazy_gettext("Ghi lý do chọn")), Length(max=REASON_MAX)],
    )
    certificate_reason = TextAreaField(
        lazy_gettext("Vì sao vẫn chọn khi thiếu chứng nhận"), validators=[Length(max=REASON_MAX)]
    )


@enterprise.route("/<code>/yeu-cau/<number>/chon", methods=["GET", "POST"])
def decide_award(code: str, number: str) -> ResponseReturnValue:
    """Choose, once and for ever; afterwards, what was chosen and why."""
    actor, asked = own_request(code, number)
    if request.method == "POST":
        authorize(actor, Permission.AWARD_DECIDE, asked)
        return _decide(code, actor, asked)
    award = award_of(asked, viewer=actor)
    if award is not None:
        return render_template(
            "enterprise/award.html",
            code=code,
            request_row=asked,
            award=award,
            contracts=contracts_of_request(asked),
        )
    if asked.state != RequestState.OPENED:
        return redirect(request_url(code, number, "bao-gia"), 303)
    return _page(code, actor, asked, None)


def _decide(code: str, actor: Actor, asked: Request) -> ResponseReturnValue:
    comparison = _comparison(actor, asked)
    form = _form(comparison)()
    if form.validate():
        choices = [
            Choice(each.quote.number, month, form[_name(each.quote.number, month)].data or 0)
            for each in comparison.columns
            for month in each.quote.offer.volumes
        ]
        try:
            with transaction():
                decide_request(
                    actor=actor,
                    request_id=asked.id,
                    decision=Decision(
                        choices, form.reason.data or "", form.certificate_reason.data or ""
                    ),
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã chọn. Mọi nơi báo giá nhận thư báo kết quả của mình."), "ok")
            return redirect(request_url(code, asked.number, "chon"), 303)
    return _page(code, actor, asked, form)


def _page(
    code: str, actor: Actor, asked: Request, refused: AwardForm | None
) -> ResponseReturnValue:
    comparison = _comparison(actor, asked)
    form = refused or _form(comparison)(formdata=None)
    body = render_template(
        "enterprise/award_form.html",
        code=code,
        request_row=asked,
        terms=terms_of(asked),
        comparison=comparison,
        form=form,
        field_of=_field_of,
        is_refused=refused is not None,
        lacks=any(each.lacking for each in comparison.columns),
    )
    return body, form_status(form)


def _comparison(actor: Actor, asked: Request) -> Comparison:
    schemes = terms_of(asked).schemes
    return compare_quotes(asked, schemes=schemes, viewer=actor, at=now())


def _form(comparison: Comparison) -> type[AwardForm]:
    fields: dict[str, Any] = {
        _name(each.quote.number, month): WeightField(month_text(month))
        for each in comparison.columns
        for month in each.quote.offer.volumes
    }
    made: type[AwardForm] = type("AwardFormOfRequest", (AwardForm,), fields)
    return made


def _field_of(form: AwardForm, number: str, month: date) -> Field:
    field: Field = form[_name(number, month)]
    return field


def _name(number: str, month: date) -> str:
    return f"{number.replace('-', '_')}_{month:%Y_%m}"
