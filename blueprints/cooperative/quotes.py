"""Quotes at a seller's desk: the list, writing and sending one, a share of a joint one."""

from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.quote_forms import OfferForm, Sheet, field_of
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.sourcing.quotes import operations, queries
from marketplace.sourcing.quotes.queries import OwnQuote
from marketplace.sourcing.requests.errors import RequestNotFoundError
from marketplace.sourcing.requests.queries import find_request, terms_for_seller
from marketplace.sourcing.requests.rules import is_open
from marketplace.sourcing.supply.errors import SupplyShortError
from marketplace.workflows import quoting
from models.accounts import Organisation, OrganisationKind, VerificationState
from models.requests import Request

PAGE_SIZE: Final = 20


@cooperative.get("/<code>/bao-gia")
def list_quotes(code: str) -> ResponseReturnValue:
    """The quotes of a seller, and the joint ones that it has a share in."""
    actor, seller = _seller(code)
    return render_template(
        "cooperative/quotes.html",
        code=code,
        page=queries.quotes_of(seller, viewer=actor, page=page_request(PAGE_SIZE)),
        shares=queries.shares_of(seller, viewer=actor),
        at=now(),
    )


@cooperative.route("/<code>/yeu-cau/<number>/bao-gia", methods=["GET", "POST"])
def edit_quote(code: str, number: str) -> ResponseReturnValue:
    """What is offered and was sent; what is typed is kept, sealed, and sent if that is wanted."""
    actor, seller, asked = _asked(code, number)
    quote = queries.own_quote(asked, seller, viewer=actor, at=now())
    if request.method != "POST":
        return _page(seller, asked, quote, None)
    sheet = _sheet(seller, asked, quote)
    form, at = sheet.form(is_sent=True), now()
    is_sending = request.form.get("act") == "send"
    if form.validate():
        try:
            with transaction():
                quoting.write_quote(
                    actor=actor,
                    request_id=asked.id,
                    seller=seller,
                    offer=sheet.offer(form),
                    is_joint=sheet.is_joint,
                    at=at,
                )
                if is_sending:
                    quoting.send_quote(actor=actor, request_id=asked.id, seller=seller, at=at)
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
            is_short = isinstance(error, SupplyShortError)
            return _page(seller, asked, quote, form, is_short=is_short)
        flash(_sent(asked) if is_sending else _("Đã lưu bản nháp, chỉ bên bạn đọc được."), "ok")
        return redirect(_url(code, number), 303)
    return _page(seller, asked, quote, form)


@cooperative.post("/<code>/yeu-cau/<number>/bao-gia/gui")
def send_quote(code: str, number: str) -> ResponseReturnValue:
    """Send a joint quote that all cooperatives have agreed to."""
    actor, seller, asked = _asked(code, number)
    try:
        with transaction():
            quoting.send_quote(actor=actor, request_id=asked.id, seller=seller, at=now())
    except (InvalidError, ConflictError) as error:
        flash(sentence(error), "bad")
    else:
        flash(_sent(asked), "ok")
    return redirect(_url(code, number), 303)


@cooperative.post("/<code>/yeu-cau/<number>/bao-gia/rut")
def withdraw_quote(code: str, number: str) -> ResponseReturnValue:
    """Take a quote back before the closing."""
    actor, seller, asked = _asked(code, number)
    try:
        with transaction():
            operations.withdraw_quote(actor=actor, request_id=asked.id, seller=seller, at=now())
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        flash(_("Đã rút báo giá. Khối lượng đã giữ được trả lại sổ dự báo."), "ok")
    return redirect(_url(code, number), 303)


@cooperative.route("/<code>/bao-gia/chung/<number>", methods=["GET", "POST"])
def answer_share(code: str, number: str) -> ResponseReturnValue:
    """A joint quote as a cooperative in it reads it, and its answer."""
    actor, member = _seller(code)
    if request.method == "POST":
        return _answer(actor, member, number)
    share = queries.get_share(number, member, viewer=actor, at=now())
    return render_template(
        "cooperative/quote_share.html",
        code=code,
        share=share,
        may_answer=share.can_answer and allows(actor, Permission.JOINT_QUOTE_ANSWER, member),
        terms=terms_for_seller(share.request),
    )


def _answer(actor: Actor, member: Organisation, number: str) -> ResponseReturnValue:
    agrees = request.form.get("answer") == "agree"
    try:
        with transaction():
            quoting.answer_joint_quote(
                actor=actor,
                number=number,
                member=member,
                agrees=agrees,
                seen=request.form.get("seen", ""),
                at=now(),
            )
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        words = _("Đã đồng ý. Liên hiệp được báo.") if agrees else _("Đã báo không tham gia.")
        flash(words, "ok")
    return redirect(path(f"/quay/{member.code}/bao-gia/chung/{number}"), 303)


def _seller(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = accounts.get_organisation(code=code)
    authorize(actor, Permission.QUOTE_EDIT, organisation)
    return actor, organisation


def _asked(code: str, number: str) -> tuple[Actor, Organisation, Request]:
    actor, seller = _seller(code)
    asked = find_request(number, seller_id=seller.id)
    if asked is None:
        raise RequestNotFoundError(number=number)
    return actor, seller, asked


def _sheet(seller: Organisation, asked: Request, quote: OwnQuote | None) -> Sheet:
    terms = terms_for_seller(asked)
    wants_joint = request.args.get("chung") == "1" and seller.kind == OrganisationKind.UNION
    is_joint = quote.is_joint if quote is not None else wants_joint
    members = queries.members_of_union(seller.id) if is_joint else []
    choices = queries.supply_choices(
        [member.id for member in members] if is_joint else [seller.id],
        [month for month, _grams in terms.periods],
        quote=quote.number if quote is not None else "",
    )
    by_member = [
        (member, [each for each in choices if each.organisation_id == member.id])
        for member in members
    ]
    return Sheet(
        terms=terms,
        choices=[] if is_joint else choices,
        members=[(member, own) for member, own in by_member if own],
        is_joint=is_joint,
    )


def _page(
    seller: Organisation,
    asked: Request,
    quote: OwnQuote | None,
    form: OfferForm | None,
    *,
    is_short: bool = False,
) -> ResponseReturnValue:
    at = now()
    sheet = _sheet(seller, asked, quote)
    is_writable = quote.is_writable if quote is not None else is_open(asked, at)
    shown = form or sheet.form(quote.offer if quote is not None else None)
    body = render_template(
        "cooperative/quote.html",
        code=seller.code,
        of_seller=seller,
        request_row=asked,
        buyer=accounts.organisation_name(asked.organisation_id),
        quote=quote,
        sheet=sheet,
        form=shown,
        field_of=field_of,
        is_refused=form is not None,
        is_short=is_short,
        is_writable=is_writable and seller.verification == VerificationState.VERIFIED,
        is_verified=seller.verification == VerificationState.VERIFIED,
        is_union=seller.kind == OrganisationKind.UNION,
        can_withdraw=quote is not None and is_open(asked, at),
        products=_product_names(sheet),
        members={row.organisation_id: row.name for row in quote.shares} if quote else {},
        today=business_day(at),
    )
    return body, form_status(form) if form is not None else 200


def _product_names(sheet: Sheet) -> dict[int, str]:
    choices = [*sheet.choices, *(each for _member, own in sheet.members for each in own)]
    is_english = current_locale() == "en"
    return {
        each.product_id: each.name_en if is_english and each.name_en else each.name_vi
        for each in choices
    }


def _sent(asked: Request) -> str:
    if asked.opened_at is not None:
        return _("Đã gửi. Bên mua đọc được ngay.")
    return _("Đã gửi và niêm phong. Không ai bên mua đọc được trước giờ đóng.")


def _url(code: str, number: str) -> str:
    return path(f"/quay/{code}/yeu-cau/{number}/bao-gia")
