"""The door: what joining takes, and its first step, which begins an application."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account.entering import refuse_for_now, this_address
from blueprints.forms import form_status, refuse_in_form
from blueprints.joining import joining
from blueprints.joining.access import own_path
from blueprints.joining.forms import PersonForm
from blueprints.security import current_session, current_viewer, public
from marketplace.accounts import throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.onboarding import operations, rules
from marketplace.onboarding.links import token_of
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _


@joining.get("")
@public
def show_door() -> ResponseReturnValue:
    """What joining takes, and the first step."""
    person = current_session()
    known = {}
    if person is not None:
        known = {
            "phone": person.phone,
            "contact_name": person.full_name,
            "email": person.email,
        }
    return _page(PersonForm(None, data=known))


@joining.post("")
@public
def start() -> ResponseReturnValue:
    """Begin an application and go on with its second step."""
    form = PersonForm()
    status = None
    if form.validate():
        person, at = form.person(), now()
        actor = current_viewer() or Actor(user_id=None)
        try:
            with transaction():
                throttle.spend(throttle.JOIN_ADDRESS, this_address(), at)
            with transaction():
                throttle.spend(throttle.JOIN_MAIL, person.email.lower(), at)
            with transaction():
                application = operations.start_application(actor=actor, person=person, at=at)
                token = token_of(application)
        except TooManyAttemptsError as error:
            status = refuse_for_now(form, error)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(
                _("Đã lưu. Đường dẫn để làm tiếp đã gửi tới %(email)s.", email=person.email), "ok"
            )
            return redirect(own_path(token, "buoc/2"), 303)
    return _page(form, status)


def _page(form: PersonForm, status: int | None = None) -> ResponseReturnValue:
    body = render_template(
        "joining/person.html", form=form, step=1, steps=rules.STEPS, application=None, token=None
    )
    return body, status or form_status(form)
