"""Where an organisation wants its money: the accounts, masked, and who has read their numbers."""

from typing import Final

from flask import flash, g, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.bank_account_forms import BankAccountForm
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for, fresh
from marketplace.accounts import bank_accounts, queries
from marketplace.accounts.operations import bank_accounts as operations
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import bank_accounts as workflow
from models.accounts import Organisation

HERE: Final = "/quay/{code}/tai-khoan-ngan-hang"
PAGE_SIZE: Final = 20


@cooperative.get("/<code>/tai-khoan-ngan-hang")
def list_bank_accounts(code: str) -> ResponseReturnValue:
    """The accounts, the numbers masked, and who has read one."""
    return _page(*_leading(code))


@cooperative.route("/<code>/tai-khoan-ngan-hang/moi", methods=["GET", "POST"])
@fresh()
def add_bank_account(code: str) -> ResponseReturnValue:
    """Add an account."""
    actor, organisation = _leading(code)
    form = BankAccountForm()
    if form.validate_on_submit():
        try:
            with transaction():
                workflow.add_account(
                    actor=actor, organisation=organisation, account=form.account(), at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã thêm tài khoản. Mọi giám đốc được báo qua e-mail."), "ok")
            return _back(code)
    page = render_template("cooperative/bank_account_form.html", code=code, form=form, old=None)
    return page, form_status(form)


@cooperative.route("/<code>/tai-khoan-ngan-hang/<int:account_id>/doi", methods=["GET", "POST"])
@fresh()
def change_bank_account(code: str, account_id: int) -> ResponseReturnValue:
    """Put another account in the place of one."""
    actor, organisation = _leading(code)
    old = bank_accounts.get_account_of(organisation, account_id, viewer=actor)
    form = BankAccountForm(data={"bank_bin": old.bank_bin, "holder": old.holder_name})
    if form.validate_on_submit():
        try:
            with transaction():
                workflow.change_account(
                    actor=actor,
                    organisation=organisation,
                    account_id=account_id,
                    account=form.account(),
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã đổi tài khoản. Mọi giám đốc được báo qua e-mail."), "ok")
            return _back(code)
    page = render_template("cooperative/bank_account_form.html", code=code, form=form, old=old)
    return page, form_status(form)


@cooperative.post("/<code>/tai-khoan-ngan-hang/<int:account_id>/so")
@fresh(HERE)
def show_account_number(code: str, account_id: int) -> ResponseReturnValue:
    """The whole number, this once; the reading is noted."""
    actor, organisation = _leading(code)
    with transaction():
        number = operations.read_bank_account(
            actor=actor, organisation_id=organisation.id, account_id=account_id, at=now()
        )
    g.page_path = HERE.format(code=code)
    return _page(actor, organisation, shown=(account_id, number))


@cooperative.post("/<code>/tai-khoan-ngan-hang/<int:account_id>/chinh")
@fresh(HERE)
def choose_main_account(code: str, account_id: int) -> ResponseReturnValue:
    """Let money come to another account."""
    actor, organisation = _leading(code)
    try:
        with transaction():
            workflow.choose_main(
                actor=actor, organisation=organisation, account_id=account_id, at=now()
            )
    except ConflictError as error:
        return _refused(code, error)
    flash(_("Từ nay tiền về tài khoản này."), "ok")
    return _back(code)


@cooperative.post("/<code>/tai-khoan-ngan-hang/<int:account_id>/xac-nhan")
@fresh(HERE)
def confirm_bank_account(code: str, account_id: int) -> ResponseReturnValue:
    """Vouch for a new account as the second person."""
    actor, organisation = _leading(code)
    with transaction():
        operations.confirm_bank_account(
            actor=actor, organisation_id=organisation.id, account_id=account_id, at=now()
        )
    flash(_("Đã xác nhận tài khoản. Tiền về được ngay."), "ok")
    return _back(code)


@cooperative.post("/<code>/tai-khoan-ngan-hang/<int:account_id>/dong")
@fresh(HERE)
def close_bank_account(code: str, account_id: int) -> ResponseReturnValue:
    """Take an account off the list."""
    actor, organisation = _leading(code)
    try:
        with transaction():
            operations.close_bank_account(
                actor=actor, organisation_id=organisation.id, account_id=account_id, at=now()
            )
    except ConflictError as error:
        return _refused(code, error)
    flash(_("Đã bỏ tài khoản. Những lần chi trả trước vẫn ghi tài khoản đó."), "ok")
    return _back(code)


def _leading(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = queries.get_organisation(code=code)
    authorize(actor, Permission.BANK_ACCOUNT_MANAGE, organisation)
    return actor, organisation


def _back(code: str) -> ResponseReturnValue:
    return redirect(path(HERE.format(code=code)), 303)


def _refused(code: str, error: ConflictError) -> ResponseReturnValue:
    flash(sentence(error), "bad")
    return _back(code)


def _page(
    actor: Actor, organisation: Organisation, shown: tuple[int, str] = (0, "")
) -> ResponseReturnValue:
    return render_template(
        "cooperative/bank_accounts.html",
        organisation=organisation,
        accounts=bank_accounts.accounts_of(organisation, viewer=actor),
        page=bank_accounts.readings_of(organisation, viewer=actor, page=page_request(PAGE_SIZE)),
        shown_id=shown[0],
        shown_number=shown[1],
        me=actor.user_id,
        at=now(),
    )
