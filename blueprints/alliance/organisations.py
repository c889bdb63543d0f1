"""The organisations that the alliance vouches for: finding one, letting it in, suspending it."""

from collections.abc import Mapping
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.forms import CloseForm, SuspendForm
from blueprints.alliance.reach import is_national, provinces_in_reach
from blueprints.errors import sentence
from blueprints.forms import BaseForm, add_error, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request, page_url
from blueprints.security import acting_as
from blueprints.states import state_word
from marketplace.accounts import registry
from marketplace.accounts.facts import changes_since
from marketplace.accounts.permissions import Actor
from marketplace.accounts.registry import RegistryFilter
from marketplace.accounts.rules import CHECKED_KINDS
from marketplace.accounts.standing import find_decision
from marketplace.geography import queries as geography
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.membership.yearly.queries import years_of
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.reporting.promises import record_of
from marketplace.workflows import standing
from models.accounts import OrganisationKind, VerificationState

PAGE_SIZE: Final = 20
SEARCH_MAX: Final = 100
STANDINGS: Final = tuple(VerificationState)


@alliance.get("/to-chuc")
def list_organisations() -> ResponseReturnValue:
    """Organisations by kind, province, standing and name; those that wait come first."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    wanted = _wanted()
    register = registry.organisations_of_registry(
        viewer=actor, wanted=wanted, page=page_request(PAGE_SIZE)
    )
    return render_template(
        "alliance/organisations.html",
        page=register.page,
        wanted=wanted,
        is_filtered=wanted != RegistryFilter(),
        kinds=CHECKED_KINDS,
        views=_views(wanted, register.counts),
        is_national=is_national(),
        provinces=provinces_in_reach(),
    )


@alliance.get("/to-chuc/<code>")
def show_organisation(code: str) -> ResponseReturnValue:
    """One organisation: who it is, and what the alliance has decided about it so far."""
    return _page(acting_as(OrganisationKind.ALLIANCE), code)


@alliance.post("/to-chuc/<code>/xac-minh")
def verify(code: str) -> ResponseReturnValue:
    """Let it onto the market, for the first time or again."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    with transaction():
        changed = standing.verify_organisation(actor=actor, code=code, at=now())
    if changed:
        flash(_("Đã xác minh. Tổ chức được báo qua e-mail."), "ok")
    return redirect(path(f"/lien-minh/to-chuc/{code}"), 303)


@alliance.post("/to-chuc/<code>/tam-dung")
def suspend(code: str) -> ResponseReturnValue:
    """Take it off the market until it is verified again."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = SuspendForm()
    if form.validate_on_submit():
        try:
            with transaction():
                standing.suspend_organisation(
                    actor=actor, code=code, reason=form.reason.data or "", at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã tạm dừng. Tổ chức được báo lý do qua e-mail."), "wait")
            return redirect(path(f"/lien-minh/to-chuc/{code}"), 303)
    return _page(actor, code, form)


@alliance.post("/to-chuc/<code>/dong")
def close(code: str) -> ResponseReturnValue:
    """Take it off the market for good."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = CloseForm()
    if form.validate_on_submit():
        try:
            with transaction():
                standing.close_organisation(
                    actor=actor, code=code, reason=form.closing.data or "", at=now()
                )
        except InvalidError as error:
            add_error(form, "closing", sentence(error))
        else:
            flash(_("Đã đóng. Tổ chức được báo lý do qua e-mail và có thể khiếu nại."), "wait")
            return redirect(path(f"/lien-minh/to-chuc/{code}"), 303)
    return _page(actor, code, form)


def _page(actor: Actor, code: str, refused: BaseForm | None = None) -> ResponseReturnValue:
    organisation = registry.get_organisation_of_registry(code, viewer=actor)
    form = refused if isinstance(refused, SuspendForm) else SuspendForm(formdata=None)
    closing = refused if isinstance(refused, CloseForm) else CloseForm(formdata=None)
    page = render_template(
        "alliance/organisation.html",
        organisation=organisation,
        province=geography.province(organisation.province_code),
        contacts=registry.contacts_of(organisation, viewer=actor),
        history=registry.history_of(organisation, viewer=actor),
        years=years_of(organisation, viewer=actor),
        record=record_of(organisation, viewer=actor, at=now()) if organisation.is_seller else None,
        changes=changes_since(organisation.id, organisation.verified_at),
        decision=find_decision(organisation.id, organisation.verification),
        form=form,
        closing=closing,
    )
    return page, form_status(refused or form)


def _views(wanted: RegistryFilter, counts: Mapping[str, int]) -> list[tuple[str, str, int, bool]]:
    """The tabs over the list: each standing, with the other filters kept."""
    kept = {"q": wanted.text, "loai": wanted.kind, "tinh": wanted.province_code}
    words = [
        ("", _("Tất cả")),
        *((state, state_word("organisation", state)) for state in STANDINGS),
    ]
    return [
        (
            word,
            page_url(1, kept | {"tinh-trang": state}),
            counts.get(state, 0) if state else sum(counts.values()),
            wanted.state == state,
        )
        for state, word in words
    ]


def _wanted() -> RegistryFilter:
    """What the address asks for; nonsense asks for nothing."""
    kind, state = request.args.get("loai", ""), request.args.get("tinh-trang", "")
    province = geography.find_province(request.args.get("tinh", ""))
    return RegistryFilter(
        kind=kind if kind in set(CHECKED_KINDS) else "",
        province_code=province.code if province else "",
        state=state if state in set(VerificationState) else "",
        text=request.args.get("q", "").strip()[:SEARCH_MAX],
    )
