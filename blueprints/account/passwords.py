"""Forgotten and changed passwords."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import ask_for_mail, refuse_for_now, this_address
from blueprints.account.forms import ChangePasswordForm, ResetForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import current_actor, end_session, fresh, public, session_at_hand
from marketplace.accounts import links, throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome
from models.accounts import TokenPurpose


@account.route("/quen-mat-khau", methods=["GET", "POST"])
@public
def forgot_password() -> ResponseReturnValue:
    """Ask for a link to choose a new password; the answer is the same for every address."""
    return ask_for_mail(
        "account/forgot.html",
        again="/quen-mat-khau",
        limit=throttle.RESET_ADDRESS,
        send=welcome.request_password_reset,
    )


@account.route("/dat-lai-mat-khau/<token>", methods=["GET", "POST"])
@public
def reset_password(token: str) -> ResponseReturnValue:
    """Choose a new password by a mailed link; every session of the person ends."""
    holder = links.get_link_holder(token, TokenPurpose.RESET_PASSWORD, now())
    form = ResetForm()
    if form.validate_on_submit():
        try:
            with transaction():
                welcome.reset_password(token=token, password=form.password.data or "", at=now())
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            end_session()
            flash(_("Đã đặt mật khẩu mới. Mời bạn đăng nhập."), "ok")
            return redirect(path("/dang-nhap"), 303)
    return render_template("account/reset.html", form=form, holder=holder), form_status(form)


@account.route("/tai-khoan/mat-khau", methods=["GET", "POST"])
@fresh("/tai-khoan/mat-khau")
def change_password() -> ResponseReturnValue:
    """Change one's own password; all other sessions end."""
    form = ChangePasswordForm()
    status = None
    if form.validate_on_submit():
        try:
            _change(form)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã đổi mật khẩu. Các máy khác đã được đăng xuất."), "ok")
            return redirect(path("/tai-khoan"), 303)
    page = render_template("account/change_password.html", form=form)
    return page, status or form_status(form)


def _change(form: ChangePasswordForm) -> None:
    actor, here, at = current_actor(), session_at_hand(), now()
    with transaction():
        throttle.spend_sign_in(email=here.email, ip_address=this_address(), at=at)
    with transaction():
        welcome.change_password(
            actor=actor,
            current=form.current.data or "",
            password=form.password.data or "",
            keep_session_id=here.session_id,
            at=at,
        )
