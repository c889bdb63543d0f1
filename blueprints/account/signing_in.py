"""Signing in and out."""

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import guest_cart_token, let_in, refuse_for_now, this_device
from blueprints.account.forms import SignInForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import current_viewer, end_session, public, safe_next
from marketplace.accounts import throttle
from marketplace.accounts.errors import EmailNotConfirmedError, TooManyAttemptsError
from marketplace.accounts.operations import sessions
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome

HOME = "/tai-khoan"


@account.route("/dang-nhap", methods=["GET", "POST"])
@public
def sign_in() -> ResponseReturnValue:
    """Let somebody in who has an account."""
    if request.method != "POST" and current_viewer() is not None:
        return redirect(safe_next(HOME), 303)
    form = SignInForm(next=request.args.get("next", ""))
    unconfirmed = False
    status = None
    if form.validate_on_submit():
        try:
            entry = _try(form)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except DomainError as error:
            refuse_in_form(form, error)
            unconfirmed = isinstance(error, EmailNotConfirmedError)
        else:
            let_in(entry)
            return redirect(safe_next(HOME), 303)
    page = render_template("account/sign_in.html", form=form, unconfirmed=unconfirmed)
    return page, status or form_status(form)


@account.post("/dang-xuat")
@public
def sign_out() -> ResponseReturnValue:
    """End the session of this browser, here and in the database."""
    token = end_session()
    if token is not None:
        with transaction():
            sessions.sign_out(token=token, at=now())
    session.modified = True
    flash(_("Bạn đã đăng xuất."), "ok")
    return redirect(path("/dang-nhap"), 303)


def _try(form: SignInForm) -> welcome.Entry:
    email, password = form.email.data or "", form.password.data or ""
    device, at = this_device(), now()
    # Counted and committed before the password is looked at: a failure must not take it back.
    with transaction():
        throttle.spend_sign_in(email=email, ip_address=device.ip_address, at=at)
    with transaction():
        return welcome.sign_in(
            email=email, password=password, device=device, cart_token=guest_cart_token(), at=at
        )
