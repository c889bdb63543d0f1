"""Proving again who one is, and what signing in takes: the second factor and its codes."""

from collections.abc import Callable
from typing import Final

from flask import current_app, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import refuse_for_now, this_address
from blueprints.account.forms import CodeForm, ProveForm
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.qr import qr_svg
from blueprints.security import (
    PROVE_AGAIN,
    SET_UP_FACTOR,
    current_actor,
    fresh,
    renew_session,
    safe_next,
    session_at_hand,
)
from marketplace.accounts import codes, throttle, totp
from marketplace.accounts.errors import (
    SecondFactorMissingError,
    SecondFactorPresentError,
    TooManyAttemptsError,
)
from marketplace.accounts.operations import second_factor, sessions
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome

GROUP: Final = 4
"""How many characters of the key stand together."""


@account.route(PROVE_AGAIN, methods=["GET", "POST"])
def prove_again() -> ResponseReturnValue:
    """Ask for the password, and a code, before something that guards an account or a team."""
    here = session_at_hand()
    form = ProveForm(next=request.args.get("next", ""))
    status = None
    if form.validate_on_submit():
        try:
            _prove(form)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            return redirect(safe_next("/tai-khoan"), 303)
    page = render_template("account/prove.html", form=form, me=here)
    return page, status or form_status(form)


@account.get(SET_UP_FACTOR)
@fresh()
def show_security() -> ResponseReturnValue:
    """Whether signing in takes a code, and how to set that up."""
    return _page(CodeForm(formdata=None))


@account.post("/tai-khoan/bao-mat/bat-dau")
@fresh(SET_UP_FACTOR)
def start_factor() -> ResponseReturnValue:
    """Make a key for the telephone."""
    try:
        with transaction():
            second_factor.start_second_factor(actor=current_actor(), at=now())
    except SecondFactorPresentError as error:
        return _as_it_is(error)
    return redirect(path(SET_UP_FACTOR), 303)


@account.post("/tai-khoan/bao-mat/xac-nhan")
@fresh(SET_UP_FACTOR)
def confirm_factor() -> ResponseReturnValue:
    """Switch the second factor on by a first code; shows the recovery codes, once."""
    actor, here = current_actor(), session_at_hand()

    def confirm(code: str) -> ResponseReturnValue:
        made = welcome.switch_on_second_factor(
            actor=actor, session_id=here.session_id, code=code, at=now()
        )
        return render_template("account/recovery_codes.html", codes=made, is_new=True)

    return _with_code(confirm)


@account.post("/tai-khoan/bao-mat/ma-du-phong")
@fresh(SET_UP_FACTOR)
def renew_codes() -> ResponseReturnValue:
    """Make new recovery codes; shows them, once."""
    actor = current_actor()

    def renew(code: str) -> ResponseReturnValue:
        made = second_factor.renew_recovery_codes(actor=actor, code=code, at=now())
        return render_template("account/recovery_codes.html", codes=made, is_new=False)

    return _with_code(renew)


@account.post("/tai-khoan/bao-mat/tat")
@fresh(SET_UP_FACTOR)
def switch_off_factor() -> ResponseReturnValue:
    """Sign in with the password alone from now on."""
    actor = current_actor()

    def switch_off(code: str) -> ResponseReturnValue:
        welcome.switch_off_second_factor(actor=actor, code=code, at=now())
        flash(_("Đã tắt xác thực hai bước."), "ok")
        return redirect(path(SET_UP_FACTOR), 303)

    return _with_code(switch_off)


def _prove(form: ProveForm) -> None:
    here, at = session_at_hand(), now()
    with transaction():
        throttle.spend_sign_in(email=here.email, ip_address=this_address(), at=at)
        if here.has_second_factor:
            throttle.spend(throttle.SECOND_FACTOR, str(here.user_id), at)
    with transaction():
        token = sessions.prove_again(
            actor=current_actor(),
            session_id=here.session_id,
            password=form.password.data or "",
            code=form.code.data or "",
            at=at,
        )
    renew_session(token)


def _with_code(act: Callable[[str], ResponseReturnValue]) -> ResponseReturnValue:
    form = CodeForm()
    status = None
    if form.validate_on_submit():
        try:
            with transaction():
                throttle.spend_second_factor(
                    user_id=session_at_hand().user_id, ip_address=this_address(), at=now()
                )
            with transaction():
                return act(form.code.data or "")
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except (SecondFactorMissingError, SecondFactorPresentError) as error:
            return _as_it_is(error)
        except InvalidError as error:
            refuse_in_form(form, error)
    return _page(form, status)


def _as_it_is(error: ConflictError) -> ResponseReturnValue:
    """Another page, or another click, was faster: show how things stand."""
    flash(sentence(error), "info")
    return redirect(path(SET_UP_FACTOR), 303)


def _page(form: CodeForm, status: int | None = None) -> ResponseReturnValue:
    me = session_at_hand()
    factor = codes.find_second_factor(me.user_id)
    key = factor.key if factor else ""
    uri = totp.key_uri(key, account=me.email, issuer=current_app.config["SETTINGS"].market_name)
    page = render_template(
        "account/security.html",
        form=form,
        factor=factor,
        key=" ".join(key[at : at + GROUP] for at in range(0, len(key), GROUP)),
        picture=qr_svg(uri, _("Mã QR để thêm tài khoản vào ứng dụng xác thực")) if key else "",
    )
    return page, status or form_status(form)
