"""Joining: an account, and the mail that opens it.

Every answer is the same whether an address has an account or not; its owner learns it by mail.
"""

from typing import Final

from flask import flash, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import (
    ask_for_mail,
    guest_cart_token,
    let_in,
    look_into_your_mail,
    refuse_for_now,
    this_address,
    this_device,
)
from blueprints.account.forms import ConfirmForm, SignUpForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import public
from marketplace.accounts import links, throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.operations.people import NewPerson
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome
from models.accounts import TokenPurpose

ASK_AGAIN: Final = "/xac-nhan-email"


@account.route("/dang-ky", methods=["GET", "POST"])
@public
def sign_up() -> ResponseReturnValue:
    """Make an account."""
    form = SignUpForm()
    status = None
    if form.validate_on_submit():
        person = NewPerson(
            full_name=form.full_name.data or "",
            email=form.email.data or "",
            password=form.password.data or "",
            locale=current_locale(),
        )
        at = now()
        try:
            with transaction():
                throttle.spend(throttle.SIGN_UP_ADDRESS, this_address(), at)
            with transaction():
                welcome.sign_up(person=person, at=at)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            return look_into_your_mail(person.email, ASK_AGAIN)
    return render_template("account/sign_up.html", form=form), status or form_status(form)


@account.route(ASK_AGAIN, methods=["GET", "POST"])
@public
def resend_confirmation() -> ResponseReturnValue:
    """Ask for the link once more."""
    return ask_for_mail(
        "account/resend.html",
        again=ASK_AGAIN,
        limit=throttle.SIGN_UP_ADDRESS,
        send=welcome.resend_confirmation,
    )


@account.route("/xac-nhan-email/<token>", methods=["GET", "POST"])
@public
def confirm_email(token: str) -> ResponseReturnValue:
    """Prove the address by the link and oneself by the password; then one is in."""
    holder = links.get_link_holder(token, TokenPurpose.CONFIRM_EMAIL, now())
    form = ConfirmForm()
    status = None
    if form.validate_on_submit():
        device, at = this_device(), now()
        try:
            with transaction():
                throttle.spend_sign_in(email=holder.email, ip_address=device.ip_address, at=at)
            with transaction():
                entry = welcome.confirm_email(
                    token=token,
                    password=form.password.data or "",
                    device=device,
                    cart_token=guest_cart_token(),
                    at=at,
                )
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            answer = let_in(entry, path("/tai-khoan"))
            flash(_("Chào %(name)s, tài khoản đã sẵn sàng.", name=holder.name), "ok")
            return answer
    page = render_template("account/confirm.html", form=form, holder=holder)
    return page, status or form_status(form)
