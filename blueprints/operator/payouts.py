"""Paying sellers what they are owed."""

from typing import Final

from flask import flash, g, redirect
from flask.typing import ResponseReturnValue

from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.operator import operator
from blueprints.operator.desk import acting_operator, desk_page
from blueprints.operator.forms import PayoutForm
from blueprints.paging import page_request
from blueprints.security import fresh
from marketplace.accounts import queries as accounts
from marketplace.accounts.bank_accounts import main_account_id
from marketplace.accounts.bank_errors import AccountHeldError
from marketplace.accounts.operations import bank_accounts
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.ledger import queries as books
from marketplace.payments.desk import outgoing
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import settlement
from models.accounts import Organisation

PAGE_SIZE: Final = 20
PAYEE: Final = "/van-hanh/chi-tra/{code}"


@operator.get("/chi-tra")
def list_payouts() -> ResponseReturnValue:
    """The sellers that are owed something, and what was sent before."""
    actor = acting_operator()
    owed = books.owed_sellers()
    return desk_page(
        "payouts.html",
        actor,
        payees=outgoing.payees(list(owed), viewer=actor),
        owed=owed,
        in_transit=books.cash_in_transit_of(list(owed)),
        page=outgoing.payouts(viewer=actor, page=page_request(PAGE_SIZE)),
    )


@operator.get("/chi-tra/<code>")
def show_payee(code: str) -> ResponseReturnValue:
    """What one seller can be paid now."""
    actor = acting_operator()
    organisation = accounts.get_organisation(code=code)
    return _page(actor, organisation, _blank(organisation))


@operator.post("/chi-tra/<code>/so-tai-khoan")
@fresh(PAYEE)
def show_payee_number(code: str) -> ResponseReturnValue:
    """The number to send money to, once; the reading is noted."""
    actor = acting_operator()
    organisation = accounts.get_organisation(code=code)
    form = _blank(organisation)
    g.page_path = PAYEE.format(code=code)
    try:
        with transaction():
            number = bank_accounts.read_account_to_pay(
                actor=actor,
                organisation_id=organisation.id,
                account_id=int(form.account.data or 0),
                at=now(),
            )
    except AccountHeldError as error:
        refuse_in_form(form, error)
        return _page(actor, organisation, form)
    return _page(actor, organisation, form, number=number)


@operator.post("/chi-tra/<code>/xac-nhan-tai-khoan/<int:account_id>")
@fresh(PAYEE)
def confirm_payee_account(code: str, account_id: int) -> ResponseReturnValue:
    """Vouch for a new account after a call to the seller."""
    actor = acting_operator()
    organisation = accounts.get_organisation(code=code)
    with transaction():
        bank_accounts.confirm_bank_account(
            actor=actor, organisation_id=organisation.id, account_id=account_id, at=now()
        )
    flash(_("Đã xác nhận tài khoản. Có thể chi trả ngay."), "ok")
    return redirect(path(PAYEE.format(code=code)), 303)


@operator.post("/chi-tra/<code>")
def pay_seller(code: str) -> ResponseReturnValue:
    """Note that it was paid."""
    actor = acting_operator()
    organisation = accounts.get_organisation(code=code)
    form = PayoutForm()
    if form.validate_on_submit():
        try:
            with transaction():
                settlement.pay_seller(actor=actor, payout=form.payout(organisation.id), at=now())
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi chi trả. %(name)s được báo qua e-mail.", name=organisation.name), "ok")
            return redirect(path("/van-hanh/chi-tra"), 303)
    return _page(actor, organisation, form)


def _blank(organisation: Organisation) -> PayoutForm:
    available = books.available_for_payout(organisation.id)
    return PayoutForm(
        formdata=None,
        data={
            "amount": max(available.minor, 0) or None,
            "paid_on": business_day(now()),
            "account": main_account_id(organisation.id) or "",
        },
    )


def _page(
    actor: Actor, organisation: Organisation, form: PayoutForm, *, number: str = ""
) -> ResponseReturnValue:
    [payee] = outgoing.payees([organisation.id], viewer=actor)
    owed = books.payables([organisation.id])[organisation.id]
    in_transit = books.cash_in_transit_of([organisation.id]).get(organisation.id, 0)
    page = desk_page(
        "payout.html",
        actor,
        payee=payee,
        number=number,
        owed=owed,
        in_transit=in_transit,
        form=form,
        me=actor.user_id,
        at=now(),
    )
    return page, form_status(form)
