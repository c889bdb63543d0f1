"""Certificates at the alliance: the queue of claims, one claim with its paper, the decision."""

from typing import Final

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.certificate_forms import CheckForm, DecisionForm, RevokeForm
from blueprints.alliance.reach import provinces_in_reach
from blueprints.covering import ProductsForm, cover
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.naming import PlotsForm, name_plots
from blueprints.papers import paper_response
from blueprints.security import acting_as
from marketplace.accounts.permissions import Actor
from marketplace.certification import operations, queries
from marketplace.certification.rules import Verdict
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from marketplace.workflows import revoking
from models.accounts import OrganisationKind
from models.certification import CertificateState

STATES: Final = {
    "": CertificateState.CLAIMED,
    "da-xac-minh": CertificateState.VERIFIED,
    "khong-chap-nhan": CertificateState.REJECTED,
    "het-hieu-luc": CertificateState.EXPIRED,
    "da-thu-hoi": CertificateState.REVOKED,
}
"""The tabs of the list, as addresses name them."""


@alliance.get("/chung-nhan")
def list_certificates() -> ResponseReturnValue:
    """Certificates by state; the claim that has waited longest comes first."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    chosen = request.args.get("trang-thai", "")
    chosen = chosen if chosen in STATES else ""
    today = business_day(now())
    counts = queries.counts_by_state(viewer=actor, today=today)
    return render_template(
        "alliance/certificates.html",
        rows=queries.certificates_in(STATES[chosen], viewer=actor, today=today),
        counts=counts,
        states=STATES,
        chosen=chosen,
        today=today,
        provinces=provinces_in_reach(),
        desk_counts={"chung-nhan": counts.get(CertificateState.CLAIMED, 0)},
    )


@alliance.get("/chung-nhan/<int:certificate_id>")
def show_certificate(certificate_id: int) -> ResponseReturnValue:
    """One certificate beside its paper, and the decision about it."""
    return _page(acting_as(OrganisationKind.ALLIANCE), certificate_id)


@alliance.post("/chung-nhan/<int:certificate_id>/quyet-dinh")
def decide_certificate(certificate_id: int) -> ResponseReturnValue:
    """Verify or reject a claim, then on to the next one."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    page = _read(actor, certificate_id)
    form = DecisionForm()
    form.offer(page.products)
    if form.validate():
        verdict = Verdict(form.verdict.data or "")
        try:
            with transaction():
                decided = operations.decide_certificate(
                    actor=actor,
                    certificate_id=certificate_id,
                    verdict=verdict,
                    note=form.note.data or "",
                    product_ids=form.product_ids.data or [],
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            return _go_on(actor, page, CertificateState(decided.state))
    return _page(actor, certificate_id, form=form)


@alliance.post("/chung-nhan/<int:certificate_id>/kiem-tra")
def check_certificate(certificate_id: int) -> ResponseReturnValue:
    """Write down a check of the paper or of a register."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = CheckForm()
    if form.validate():
        try:
            with transaction():
                operations.record_check(
                    actor=actor, certificate_id=certificate_id, check=form.check(), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi lần kiểm tra."), "ok")
            return redirect(_url(certificate_id), 303)
    return _page(actor, certificate_id, form=form)


@alliance.post("/chung-nhan/<int:certificate_id>/thu-hoi")
def revoke_certificate(certificate_id: int) -> ResponseReturnValue:
    """Take a verification back."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = RevokeForm()
    if form.validate():
        try:
            with transaction():
                revoking.revoke_certificate(
                    actor=actor,
                    certificate_id=certificate_id,
                    reason=form.note.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã thu hồi. Huy hiệu đã gỡ khỏi mọi sản phẩm."), "wait")
            return redirect(_url(certificate_id), 303)
    return _page(actor, certificate_id, form=form)


@alliance.post("/chung-nhan/<int:certificate_id>/san-pham")
def cover_products(certificate_id: int) -> ResponseReturnValue:
    """Say which products a decided certificate covers."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = ProductsForm()
    form.offer(_read(actor, certificate_id).products)
    if cover(form, actor=actor, certificate_id=certificate_id):
        return redirect(_url(certificate_id), 303)
    return _page(actor, certificate_id, form=form)


@alliance.post("/chung-nhan/<int:certificate_id>/thua")
def cover_plots(certificate_id: int) -> ResponseReturnValue:
    """Say which plots a certificate names."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = PlotsForm()
    if name_plots(form, actor=actor, certificate_id=certificate_id):
        return redirect(_url(certificate_id), 303)
    return _page(actor, certificate_id, form=form)


@alliance.get("/chung-nhan/<int:certificate_id>/giay")
def show_paper(certificate_id: int) -> Response:
    """The paper of a certificate."""
    return paper_response(
        queries.get_paper(certificate_id, actor=acting_as(OrganisationKind.ALLIANCE))
    )


def _url(certificate_id: int) -> str:
    return path(f"/lien-minh/chung-nhan/{certificate_id}")


def _read(actor: Actor, certificate_id: int) -> queries.CertificatePage:
    return queries.get_certificate_page(certificate_id, actor=actor, today=business_day(now()))


def _go_on(
    actor: Actor, page: queries.CertificatePage, state: CertificateState
) -> ResponseReturnValue:
    """Say what was done, and open the claim that has waited longest."""
    names = {"label": page.label(current_locale()), "organisation": page.organisation_name}
    if state == CertificateState.VERIFIED:
        flash(_("Đã xác minh %(label)s của %(organisation)s.", **names), "ok")
    elif state == CertificateState.CLAIMED:
        flash(
            _(
                "Đã ghi lần kiểm tra của bạn cho %(label)s của %(organisation)s. "
                "Còn chờ một cán bộ khác xác minh.",
                **names,
            ),
            "info",
        )
    else:
        flash(_("Đã từ chối %(label)s của %(organisation)s.", **names), "wait")
    following = queries.next_waiting(page.certificate.id, viewer=actor)
    return redirect(_url(following) if following else path("/lien-minh/chung-nhan"), 303)


def _page(
    actor: Actor, certificate_id: int, *, form: BaseForm | None = None
) -> ResponseReturnValue:
    """The page of one certificate; `form` is the one that was refused."""
    page = _read(actor, certificate_id)
    chosen = {"product_ids": [each.id for each in page.covered]}
    decision = form if isinstance(form, DecisionForm) else DecisionForm(None, data=chosen)
    scope = form if type(form) is ProductsForm else ProductsForm(None, data=chosen)
    revocation = form if isinstance(form, RevokeForm) else RevokeForm(None)
    decision.offer(page.products)
    scope.offer(page.products)
    checking = form if isinstance(form, CheckForm) else CheckForm(None)
    waiting = queries.count_waiting(viewer=actor)
    body = render_template(
        "alliance/certificate.html",
        page=page,
        certificate=page.certificate,
        province=geography.province(page.province_code),
        decision=decision,
        scope=scope,
        revocation=revocation,
        checking=checking,
        land=form if isinstance(form, PlotsForm) else PlotsForm.of(page),
        has_checked=any(check.checker_id == actor.user_id for check in page.checks),
        refused=form,
        today=business_day(now()),
        waiting=waiting,
        desk_counts={"chung-nhan": waiting},
    )
    return body, form_status(form or decision)
