"""What the alliance has decided about an organisation, and the appeal against it."""

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import FileField, TextAreaField
from wtforms.validators import InputRequired, Length

from blueprints.cooperative import cooperative
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.papers import FormWithPaper, paper_response
from blueprints.security import acting_for
from marketplace.accounts import queries, standing
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.rules import APPEAL_MAX
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.workflows.standing import appeal_decision
from models.accounts import Organisation


class AppealForm(FormWithPaper):
    """Why a decision is wrong, and a paper that shows it."""

    text = TextAreaField(
        lazy_gettext("Vì sao cần xem lại"),
        validators=[InputRequired(lazy_gettext("Viết lý do khiếu nại")), Length(max=APPEAL_MAX)],
    )
    file = FileField(lazy_gettext("Giấy tờ kèm theo"))


@cooperative.get("/<code>/khieu-nai")
def show_standing(code: str) -> ResponseReturnValue:
    """The decision in force, what was appealed, and what the alliance answered."""
    actor, organisation = _own(code)
    return _page(actor, organisation, AppealForm(formdata=None))


@cooperative.post("/<code>/khieu-nai")
def appeal(code: str) -> ResponseReturnValue:
    """Ask the alliance to look at the decision again."""
    actor, organisation = _own(code)
    form = AppealForm()
    if form.validate_and_keep(actor, organisation.id):
        try:
            with transaction():
                appeal_decision(
                    actor=actor,
                    organisation_id=organisation.id,
                    text=form.text.data or "",
                    file_id=form.kept_id,
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi khiếu nại. Liên minh trả lời qua e-mail và ngay trên trang này."), "ok")
            return redirect(path(f"/quay/{code}/khieu-nai"), 303)
    return _page(*_own(code), form)


@cooperative.get("/<code>/khieu-nai/<int:appeal_id>/giay")
def show_appeal_paper(code: str, appeal_id: int) -> Response:
    """The paper of an appeal of one's own."""
    actor, organisation = _own(code)
    return paper_response(
        standing.get_own_appeal_paper(appeal_id, organisation=organisation, viewer=actor)
    )


def _own(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = queries.get_organisation(code=code)
    authorize(actor, Permission.ORGANISATION_APPEAL, organisation)
    return actor, organisation


def _page(actor: Actor, organisation: Organisation, form: AppealForm) -> ResponseReturnValue:
    body = render_template(
        "cooperative/standing.html",
        organisation=organisation,
        decision=standing.find_decision(organisation.id, organisation.verification),
        appeals=standing.appeals_of(organisation, viewer=actor),
        form=form,
    )
    return body, form_status(form)
