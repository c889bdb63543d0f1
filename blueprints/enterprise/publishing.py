"""Publishing a request, and inviting more sellers: the preview, the matches with their reasons."""

from collections.abc import Sequence

from flask import flash, redirect, render_template
from flask import request as asked
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import INVITED, own_request, request_to_edit, request_url
from blueprints.enterprise.request_forms import InviteForm
from blueprints.errors import sentence
from blueprints.forms import form_status, refuse_in_form
from blueprints.security import acting_membership
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.sourcing.requests import queries
from marketplace.sourcing.requests.errors import UnverifiedBuyerError
from marketplace.sourcing.requests.rules import is_open
from marketplace.sourcing.requests.terms import Terms, require_closing, require_complete
from marketplace.workflows import requesting
from marketplace.workflows.matching import Match, sellers_for
from models.accounts import VerificationState
from models.requests import Request, RequestState


@enterprise.route("/<code>/yeu-cau/<number>/dang", methods=["GET", "POST"])
def publish_request(code: str, number: str) -> ResponseReturnValue:
    """Look at a draft as sellers will, choose whom to invite, publish it."""
    actor, request = request_to_edit(code, number)
    if request.state != RequestState.DRAFT:
        return redirect(request_url(code, number))
    terms = queries.terms_of(request)
    matches = sellers_for(terms)
    form = _form(matches)
    if asked.method == "POST" and form.validate():
        try:
            with transaction():
                requesting.publish_request(
                    actor=actor,
                    request_id=request.id,
                    invited=requesting.chosen_sellers(
                        matches, form.seller_ids.data or (), form.typed_codes
                    ),
                    at=now(),
                )
        except (ConflictError, InvalidError, UnverifiedBuyerError) as error:
            refuse_in_form(form, error)
            _actor, request = own_request(code, number)  # what was refused is forgotten
        else:
            flash(_("Đã đăng yêu cầu %(number)s. Thư mời đang được gửi.", number=number), "ok")
            return redirect(request_url(code, number))
    return _page(code, request, terms, matches, form)


@enterprise.route("/<code>/yeu-cau/<number>/moi-them", methods=["GET", "POST"])
def invite_sellers(code: str, number: str) -> ResponseReturnValue:
    """Invite more sellers to a request that is open."""
    actor, request = request_to_edit(code, number)
    if not is_open(request, now()):
        return redirect(request_url(code, number))
    terms = queries.terms_of(request)
    known = {each.organisation_id for each in queries.invited_to(request.id)}
    matches = [each for each in sellers_for(terms) if each.organisation_id not in known]
    form = _form(matches)
    if asked.method != "POST":
        form.seller_ids.data = []
    elif form.validate():
        try:
            with transaction():
                requesting.invite_sellers(
                    actor=actor,
                    request_id=request.id,
                    invited=requesting.chosen_sellers(
                        matches, form.seller_ids.data or (), form.typed_codes
                    ),
                    at=now(),
                )
        except (ConflictError, InvalidError) as error:
            refuse_in_form(form, error)
            _actor, request = own_request(code, number)  # what was refused is forgotten
        else:
            flash(_("Đã mời thêm. Thư mời đang được gửi."), "ok")
            return redirect(request_url(code, number))
    return _page(code, request, terms, matches, form)


def _form(matches: Sequence[Match]) -> InviteForm:
    """The form with every match chosen, unless somebody has chosen or came to ask one seller."""
    form = InviteForm()
    form.offer([(each.organisation_id, each.name) for each in matches])
    wanted = asked.args.get(INVITED, "")
    if asked.method != "POST":
        form.seller_ids.data = [
            each.organisation_id for each in matches if each.code == wanted or not wanted
        ]
        form.codes.data = "" if any(each.code == wanted for each in matches) else wanted
    return form


def _page(
    code: str, request: Request, terms: Terms, matches: Sequence[Match], form: InviteForm
) -> ResponseReturnValue:
    body = render_template(
        "enterprise/publish.html",
        code=code,
        request_row=request,
        terms=terms,
        files=queries.files_of(terms.file_ids),
        matches=matches,
        form=form,
        missing=_missing(request, terms),
        is_verified=acting_membership().verification == VerificationState.VERIFIED,
    )
    return body, form_status(form)


def _missing(request: Request, terms: Terms) -> str:
    """What a draft lacks before it can be published, as a sentence; empty if nothing."""
    if request.state != RequestState.DRAFT:
        return ""
    try:
        require_complete(terms)
        require_closing(terms.closes_at, at=now())
    except InvalidError as error:
        return sentence(error)
    return ""
