"""Appeals at the alliance: those that wait, one of them, the answer."""

from typing import Final

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.forms import AnswerForm
from blueprints.alliance.reach import provinces_in_reach
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.papers import paper_response
from blueprints.security import acting_as
from marketplace.accounts import standing
from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows.standing import answer_appeal
from models.accounts import OrganisationKind
from models.standing import AppealState

PAGE_SIZE: Final = 20


@alliance.get("/khieu-nai")
def list_appeals() -> ResponseReturnValue:
    """The appeals; what has waited longest comes first."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return render_template(
        "alliance/appeals.html",
        page=standing.appeals_of_registry(viewer=actor, page=page_request(PAGE_SIZE)),
        provinces=provinces_in_reach(),
    )


@alliance.get("/khieu-nai/<int:appeal_id>")
def show_appeal(appeal_id: int) -> ResponseReturnValue:
    """One appeal beside the decision that it is against."""
    return _page(acting_as(OrganisationKind.ALLIANCE), appeal_id, AnswerForm(formdata=None))


@alliance.post("/khieu-nai/<int:appeal_id>")
def answer(appeal_id: int) -> ResponseReturnValue:
    """Uphold or deny it, with a word to the directors."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    standing.get_appeal(appeal_id, viewer=actor)
    form = AnswerForm()
    if form.validate():
        try:
            with transaction():
                answer_appeal(
                    actor=actor,
                    appeal_id=appeal_id,
                    verdict=AppealState(form.verdict.data),
                    reply=form.reply.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã trả lời. Giám đốc được báo qua e-mail."), "ok")
            return redirect(path(f"/lien-minh/khieu-nai/{appeal_id}"), 303)
    return _page(actor, appeal_id, form)


@alliance.get("/khieu-nai/<int:appeal_id>/giay")
def show_appeal_paper(appeal_id: int) -> Response:
    """The paper that came with an appeal."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return paper_response(standing.get_appeal_paper(appeal_id, viewer=actor))


def _page(actor: Actor, appeal_id: int, form: AnswerForm) -> ResponseReturnValue:
    appeal = standing.get_appeal(appeal_id, viewer=actor)
    body = render_template(
        "alliance/appeal.html",
        appeal=appeal,
        is_own=appeal.decider_id is not None and appeal.decider_id == actor.user_id,
        form=form,
    )
    return body, form_status(form)
