"""A mailed invitation into an organisation, accepted with an account or by making one."""

from urllib.parse import urlencode

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.account.entering import guest_cart_token, let_in, refuse_for_now, this_device
from blueprints.account.forms import NewMemberForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import SIGN_IN, current_session, current_viewer, public
from marketplace.accounts import teams, throttle
from marketplace.accounts.errors import InvitationOfAnotherError, TooManyAttemptsError
from marketplace.accounts.operations.invitations import NewMember, accept_invitation
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows import welcome


@account.get("/loi-moi/<token>")
@public
def show_invitation(token: str) -> ResponseReturnValue:
    """What is offered. Whoever has an account signs in first, all others make one here."""
    offer = teams.get_offer(token, at=now())
    person = current_session()
    if person is None and offer.has_account:
        return _sign_in_first(token)
    if person is not None and person.email != offer.email:
        raise InvitationOfAnotherError
    form = NewMemberForm(formdata=None)
    return render_template("account/invitation.html", offer=offer, form=form, token=token)


@account.post("/loi-moi/<token>")
@public
def take_invitation(token: str) -> ResponseReturnValue:
    """Take the role: as who is signed in, or as somebody new."""
    offer = teams.get_offer(token, at=now())
    viewer = current_viewer()
    if viewer is None:
        return _sign_in_first(token) if offer.has_account else _join(token, offer)
    with transaction():
        accept_invitation(actor=viewer, token=token, at=now())
    flash(_("Bạn đã vào %(organisation)s.", organisation=offer.organisation), "ok")
    return redirect(path("/tai-khoan"), 303)


def _join(token: str, offer: teams.Offer) -> ResponseReturnValue:
    form = NewMemberForm()
    status = None
    if form.validate_on_submit():
        person = NewMember(
            full_name=form.full_name.data or "",
            password=form.password.data or "",
            locale=current_locale(),
        )
        device, at = this_device(), now()
        try:
            with transaction():
                throttle.spend(throttle.SIGN_UP_ADDRESS, device.ip_address, at)
            with transaction():
                entry = welcome.join_by_invitation(
                    token=token,
                    person=person,
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
            flash(_("Bạn đã vào %(organisation)s.", organisation=offer.organisation), "ok")
            return answer
    page = render_template("account/invitation.html", offer=offer, form=form, token=token)
    return page, status or form_status(form)


def _sign_in_first(token: str) -> ResponseReturnValue:
    back = urlencode({"next": path(f"/loi-moi/{token}")})
    return redirect(f"{path(SIGN_IN)}?{back}", 303)
