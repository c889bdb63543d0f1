"""A person's own page: orders, particulars, the organisations they act for."""

from typing import Final

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.forms import ProfileForm
from blueprints.desks import base_of
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import current_actor, session_at_hand
from marketplace.accounts import queries
from marketplace.accounts.operations import people
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.orders.queries.pages import orders_of_buyer
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _

ORDERS_ON_PAGE: Final = 10


@account.get("/tai-khoan")
def show_account() -> ResponseReturnValue:
    """Orders first: that is what people come for."""
    me = session_at_hand()
    return render_template(
        "account/home.html",
        me=me,
        desks=[(each, base_of(each.kind, each.code)) for each in me.memberships],
        orders=orders_of_buyer(me.user_id, page_request(ORDERS_ON_PAGE)),
    )


@account.route("/tai-khoan/thong-tin", methods=["GET", "POST"])
def edit_profile() -> ResponseReturnValue:
    """Change name, telephone number and the language of mails."""
    actor = current_actor()
    me = session_at_hand()
    form = ProfileForm(obj=queries.get_user(me.user_id))
    if form.validate_on_submit():
        try:
            with transaction():
                people.edit_profile(
                    actor=actor, user_id=me.user_id, particulars=form.particulars(), at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu thông tin của bạn."), "ok")
            return redirect(path("/tai-khoan"), 303)
    return render_template("account/profile.html", form=form, me=me), form_status(form)
