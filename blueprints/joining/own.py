"""An application for whoever holds its link: where it stands, its papers, taking it back."""

from flask import Response, flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.forms import BaseForm
from blueprints.joining import joining
from blueprints.joining.access import applicant_of, form_at_hand, own_path
from blueprints.joining.steps import open_steps
from blueprints.papers import paper_response
from blueprints.security import public
from marketplace.kernel.clock import now
from marketplace.onboarding import operations, queries
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.onboarding import ApplicationState


@joining.get("/<token>")
@public
def resume(token: str) -> ResponseReturnValue:
    """Go on where one stopped: the next step of a draft, or where the application stands."""
    _actor, page = form_at_hand(token)
    if page.application.state == ApplicationState.DRAFT:
        return redirect(own_path(token, f"buoc/{page.next_step}"), 303)
    return redirect(own_path(token, "tinh-trang"), 303)


@joining.get("/<token>/tinh-trang")
@public
def show_status(token: str) -> ResponseReturnValue:
    """What happened when, and what is to be done now."""
    _actor, page = form_at_hand(token)
    return render_template(
        "joining/status.html",
        page=page,
        application=page.application,
        token=token,
        noindex=True,
        open_steps=open_steps(page),
    )


@joining.get("/<token>/giay/<int:item_id>")
@public
def show_paper(token: str, item_id: int) -> Response:
    """The file of an item."""
    _actor, application_id = applicant_of(token)
    return paper_response(queries.get_paper(application_id, item_id))


@joining.post("/<token>/rut")
@public
def withdraw(token: str) -> ResponseReturnValue:
    """Take the application back for good."""
    actor, application_id = applicant_of(token)
    if BaseForm().validate():
        with transaction():
            operations.withdraw_application(actor=actor, application_id=application_id, at=now())
        flash(_("Đã rút hồ sơ."), "wait")
    return redirect(own_path(token, "tinh-trang"), 303)
