"""Moving an account to another e-mail address."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import look_into_your_mail, refuse_for_now
from blueprints.account.forms import NewEmailForm
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import current_actor, current_viewer, fresh, public, session_at_hand
from marketplace.accounts import links
from marketplace.accounts.errors import EmailTakenError, TooManyAttemptsError
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome
from models.accounts import TokenPurpose

HERE = "/tai-khoan/ho-so"


@account.route(HERE, methods=["GET", "POST"])
@fresh(HERE)
def change_email() -> ResponseReturnValue:
    """Ask for a link to the new address; until it is opened the old one stays."""
    form = NewEmailForm()
    status = None
    if form.validate_on_submit():
        email = form.email.data or ""
        try:
            with transaction():
                welcome.request_email_change(actor=current_actor(), email=email, at=now())
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            return look_into_your_mail(email, HERE)
    page = render_template("account/email.html", form=form, me=session_at_hand())
    return page, status or form_status(form)


@account.route("/doi-email/<token>", methods=["GET", "POST"])
@public
def confirm_new_email(token: str) -> ResponseReturnValue:
    """Move the account to the address that the link came to."""
    holder = links.get_link_holder(token, TokenPurpose.CHANGE_EMAIL, now())
    form = BaseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                welcome.confirm_email_change(token=token, at=now())
        except EmailTakenError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Từ nay bạn đăng nhập bằng %(email)s.", email=holder.email), "ok")
            return redirect(path("/tai-khoan" if current_viewer() else "/dang-nhap"), 303)
    return render_template("account/new_email.html", form=form, holder=holder), form_status(form)
