"""The checklist of the alliance: what is asked of those who want to join, and of whom."""

from typing import Any

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.application_forms import TOPIC_WORDS, RequirementForm
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_as
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import categories_tree
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.onboarding import operations, queries
from marketplace.onboarding.queries import Concerned
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.accounts import OrganisationKind
from models.onboarding import Requirement


@alliance.get("/yeu-cau")
def list_requirements() -> ResponseReturnValue:
    """What is asked now, and what was asked once."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return render_template(
        "alliance/requirements.html",
        rows=queries.checklist(viewer=actor),
        ended=queries.checklist(viewer=actor, is_active=False),
        topics=TOPIC_WORDS,
        categories=categories_tree().by_id,
    )


@alliance.route("/yeu-cau/moi", methods=["GET", "POST"])
def add_requirement() -> ResponseReturnValue:
    """Ask something new, after a look at whom it concerns."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    form = RequirementForm()
    if request.method == "POST" and form.validate() and not _is_preview():
        try:
            with transaction():
                operations.add_requirement(actor=actor, wanted=form.wanted(), at=now())
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã thêm yêu cầu. Hồ sơ mới sẽ có mục này."), "ok")
            return redirect(path("/lien-minh/yeu-cau"), 303)
    return _page(actor, form, None)


@alliance.route("/yeu-cau/<int:requirement_id>", methods=["GET", "POST"])
def change_requirement(requirement_id: int) -> ResponseReturnValue:
    """Say a requirement anew; applications that have it keep its words."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    requirement = queries.get_requirement(requirement_id, viewer=actor)
    if request.method != "POST":
        return _page(actor, RequirementForm(None, data=_values(requirement)), requirement_id)
    form = RequirementForm()
    if form.validate() and not _is_preview():
        try:
            with transaction():
                operations.change_requirement(
                    actor=actor, requirement_id=requirement_id, wanted=form.wanted(), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu. Hồ sơ đã có mục này giữ nguyên nội dung cũ."), "ok")
            return redirect(path("/lien-minh/yeu-cau"), 303)
    return _page(actor, form, requirement_id)


@alliance.post("/yeu-cau/<int:requirement_id>/ngung")
def end_requirement(requirement_id: int) -> ResponseReturnValue:
    """Ask it no more."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    if BaseForm().validate():
        with transaction():
            operations.end_requirement(actor=actor, requirement_id=requirement_id, at=now())
        flash(_("Đã ngừng yêu cầu này. Hồ sơ đã gửi vẫn giữ mục đó."), "wait")
    return redirect(path("/lien-minh/yeu-cau"), 303)


@alliance.post("/yeu-cau/<int:requirement_id>/dung-lai")
def restore_requirement(requirement_id: int) -> ResponseReturnValue:
    """Ask it again."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    if BaseForm().validate():
        with transaction():
            operations.restore_requirement(actor=actor, requirement_id=requirement_id, at=now())
        flash(_("Đã dùng lại yêu cầu này."), "ok")
    return redirect(path("/lien-minh/yeu-cau"), 303)


def _is_preview() -> bool:
    return request.form.get("act") == "preview"


def _page(actor: Actor, form: RequirementForm, requirement_id: int | None) -> ResponseReturnValue:
    concerned: Concerned | None = None
    if requirement_id is not None or _is_preview():
        concerned = queries.concerned_by(viewer=actor, **form.concerned())
    body = render_template(
        "alliance/requirement.html",
        form=form,
        requirement_id=requirement_id,
        concerned=concerned,
    )
    return body, form_status(form)


def _values(requirement: Requirement) -> dict[str, Any]:
    names = ("topic", "title_vi", "title_en", "help_vi", "help_en")
    flags = ("needs_file", "needs_text", "needs_two")
    return {name: getattr(requirement, name) for name in (*names, *flags)} | {
        "kind": requirement.kind or "",
        "province_code": requirement.province_code or "",
        "category_id": str(requirement.category_id or ""),
    }
