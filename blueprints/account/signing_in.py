"""Signing in and out."""

from flask import flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import (
    CODE,
    guest_cart_token,
    let_in,
    refuse_for_now,
    this_address,
    this_device,
)
from blueprints.account.forms import CodeForm, SignInForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import (
    SIGN_IN,
    current_viewer,
    end_session,
    public,
    safe_next,
    waiting_token,
)
from marketplace.accounts import throttle
from marketplace.accounts.errors import EmailNotConfirmedError, TooManyAttemptsError
from marketplace.accounts.operations import sessions
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError, InvalidError
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
            return let_in(entry, safe_next(HOME))
    page = render_template("account/sign_in.html", form=form, unconfirmed=unconfirmed)
    return page, status or form_status(form)


@account.route(CODE, methods=["GET", "POST"])
@public
def give_code() -> ResponseReturnValue:
    """The second step: a code of the telephone, or one from paper."""
    token, at = waiting_token(), now()
    waiting = sessions.find_waiting_session(token, at=at)
    if waiting is None:
        return redirect(path(SIGN_IN), 303)
    form = CodeForm(next=request.args.get("next", ""))
    status = None
    if form.validate_on_submit():
        try:
            with transaction():
                throttle.spend_second_factor(
                    user_id=waiting.user_id, ip_address=this_address(), at=at
                )
            with transaction():
                entry = welcome.pass_second_step(
                    token=token, code=form.code.data or "", cart_token=guest_cart_token(), at=at
                )
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            return let_in(entry, safe_next(HOME))
    page = render_template("account/code.html", form=form, waiting=waiting)
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
