"""Who may act on behalf of a cooperative, and what they did."""

from datetime import timedelta
from typing import Final

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import SelectField, SelectMultipleField
from wtforms.validators import InputRequired

from blueprints.cooperative import cooperative
from blueprints.deeds import scope_hint, scope_word
from blueprints.forms import BaseForm, DayField, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for, fresh
from marketplace.accounts import consents, queries
from marketplace.accounts.operations.consents import NewConsent, last_day
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.deeds import deeds_on_behalf
from marketplace.workflows import consenting
from models.accounts import Organisation
from models.consents import ConsentScope

HERE: Final = "/quay/{code}/uy-quyen"
PAGE_SIZE: Final = 25
OFFERED: Final = timedelta(days=90)
"""For how long a consent is offered; the director may choose any day up to twelve months."""


class ConsentForm(BaseForm):
    """To whom, for what, until when."""

    helper = SelectField(lazy_gettext("Ai được làm thay"), validators=[InputRequired()])
    scopes = SelectMultipleField(
        lazy_gettext("Được làm những việc nào"), validators=[InputRequired()]
    )
    until_on = DayField(lazy_gettext("Đến hết ngày"), validators=[InputRequired()])


@cooperative.get("/<code>/uy-quyen")
def list_consents(code: str) -> ResponseReturnValue:
    """What was agreed to, and everything that was done by it."""
    actor, organisation = _leading(code)
    return render_template(
        "cooperative/consents.html",
        organisation=organisation,
        consents=consents.consents_of(organisation, viewer=actor, at=now()),
        page=deeds_on_behalf(organisation, viewer=actor, page=page_request(PAGE_SIZE)),
    )


@cooperative.route("/<code>/uy-quyen/moi", methods=["GET", "POST"])
@fresh()
def grant_consent(code: str) -> ResponseReturnValue:
    """Let an alliance or a union act."""
    actor, organisation = _leading(code)
    today = business_day(now())
    form = ConsentForm(data={"until_on": today + OFFERED})
    helpers = consenting.helper_choices(organisation, on=today)
    form.helper.choices = [("", _("Chọn liên minh hoặc liên hiệp")), *helpers]
    form.scopes.choices = [
        (str(scope), f"{scope_word(scope)}: {scope_hint(scope)}") for scope in ConsentScope
    ]
    if form.validate_on_submit():
        consent = NewConsent(
            organisation_id=organisation.id,
            helper_slug=form.helper.data,
            scopes=tuple(form.scopes.data or ()),
            until_on=form.until_on.data,
        )
        try:
            with transaction():
                consenting.grant_consent(actor=actor, consent=consent, at=now())
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã cho làm thay. Bạn rút lại được bất cứ lúc nào."), "ok")
            return redirect(path(HERE.format(code=code)), 303)
    page = render_template(
        "cooperative/consent_form.html",
        code=code,
        form=form,
        has_helpers=bool(helpers),
        last=last_day(today),
    )
    return page, form_status(form)


@cooperative.post("/<code>/uy-quyen/<int:consent_id>/rut-lai")
def end_consent(code: str, consent_id: int) -> ResponseReturnValue:
    """Withdraw a consent; it is easier to stop somebody than to let them in."""
    actor, organisation = _leading(code)
    with transaction():
        consenting.end_consent(
            actor=actor, organisation_id=organisation.id, consent_id=consent_id, at=now()
        )
    flash(_("Đã rút lại. Từ bây giờ không ai làm thay được nữa."), "ok")
    return redirect(path(HERE.format(code=code)), 303)


def _leading(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = queries.get_organisation(code=code)
    authorize(actor, Permission.CONSENT_MANAGE, organisation)
    return actor, organisation
