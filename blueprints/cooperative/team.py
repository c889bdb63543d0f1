"""The people of an organisation of any kind: who belongs to it, in which role, who is invited."""

from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.forms import InvitationForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for, acting_membership, can, fresh
from blueprints.words import role_word
from marketplace.accounts import queries, rules, teams
from marketplace.accounts.errors import LastLeaderError, TooManyAttemptsError
from marketplace.accounts.operations import team
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import DomainError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows import inviting

HERE: Final = "/quay/{code}/nhom"


@cooperative.get("/<code>/nhom")
def show_team(code: str) -> ResponseReturnValue:
    """Everybody who belongs to the organisation, and who is invited."""
    return _page(acting_for(code), code)


@cooperative.post("/<code>/nhom/moi")
@fresh(HERE)
def invite_member(code: str) -> ResponseReturnValue:
    """Offer somebody a role by e-mail."""
    actor = acting_for(code)
    # Before the form: it says which roles there are.
    authorize(actor, Permission.MEMBERSHIP_MANAGE, acting_membership())
    form = _form()
    if form.validate_on_submit():
        try:
            with transaction():
                inviting.invite(
                    actor=actor,
                    organisation_id=acting_membership().organisation_id,
                    email=form.email.data or "",
                    role=form.role.data,
                    at=now(),
                )
        except (InvalidError, TooManyAttemptsError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi lời mời tới %(email)s.", email=form.email.data or ""), "ok")
            return _back(code)
    return _page(actor, code, form)


@cooperative.post("/<code>/nhom/loi-moi/<int:invitation_id>/gui-lai")
@fresh(HERE)
def resend_invitation(code: str, invitation_id: int) -> ResponseReturnValue:
    """Mail a fresh link; the older one stops working."""
    actor = acting_for(code)
    try:
        with transaction():
            inviting.send_again(
                actor=actor,
                organisation_id=acting_membership().organisation_id,
                invitation_id=invitation_id,
                at=now(),
            )
    except TooManyAttemptsError as error:
        return _page(actor, code, refused=error)
    flash(_("Đã gửi lại lời mời. Đường dẫn cũ không còn dùng được."), "ok")
    return _back(code)


@cooperative.post("/<code>/nhom/loi-moi/<int:invitation_id>/rut-lai")
@fresh(HERE)
def withdraw_invitation(code: str, invitation_id: int) -> ResponseReturnValue:
    """Take an invitation back."""
    actor = acting_for(code)
    with transaction():
        team.withdraw(
            actor=actor,
            organisation_id=acting_membership().organisation_id,
            invitation_id=invitation_id,
            at=now(),
        )
    flash(_("Đã rút lại lời mời."), "ok")
    return _back(code)


@cooperative.post("/<code>/nhom/<int:membership_id>/vai-tro")
@fresh(HERE)
def change_role(code: str, membership_id: int) -> ResponseReturnValue:
    """Give a member another role."""
    actor = acting_for(code)
    try:
        with transaction():
            team.change_role(
                actor=actor,
                organisation_id=acting_membership().organisation_id,
                membership_id=membership_id,
                role=request.form.get("role", ""),
                at=now(),
            )
    except (InvalidError, LastLeaderError) as error:
        return _page(actor, code, refused=error)
    flash(_("Đã đổi vai trò."), "ok")
    return _back(code)


@cooperative.post("/<code>/nhom/<int:membership_id>/ket-thuc")
@fresh(HERE)
def end_membership(code: str, membership_id: int) -> ResponseReturnValue:
    """Take a member out, or leave oneself."""
    actor = acting_for(code)
    organisation_id = acting_membership().organisation_id
    try:
        with transaction():
            team.end_membership(
                actor=actor, organisation_id=organisation_id, membership_id=membership_id, at=now()
            )
    except LastLeaderError as error:
        return _page(actor, code, refused=error)
    still_in = queries.is_member(user_id=actor.user_id or 0, organisation_id=organisation_id)
    if still_in:
        flash(_("Người này không còn trong tổ chức."), "ok")
        return _back(code)
    flash(_("Bạn đã rời tổ chức."), "ok")
    return redirect(path("/tai-khoan"), 303)


def _form(*, is_sent: bool = True) -> InvitationForm:
    form = InvitationForm() if is_sent else InvitationForm(formdata=None)
    leading, *others = rules.ROLES_OF_KIND[acting_membership().kind]
    # Whoever does not choose must not give the organisation away.
    form.role.choices = [(str(role), role_word(role)) for role in (*others, leading)]
    return form


def _back(code: str) -> ResponseReturnValue:
    return redirect(path(HERE.format(code=code)), 303)


def _page(
    actor: Actor,
    code: str,
    form: InvitationForm | None = None,
    *,
    refused: DomainError | None = None,
) -> ResponseReturnValue:
    organisation = queries.get_organisation(code=code)
    shown = form or _form(is_sent=False)
    if refused is not None:
        refuse_in_form(shown, refused)
    page = render_template(
        "cooperative/team.html",
        organisation=organisation,
        form=shown,
        roles=rules.ROLES_OF_KIND[organisation.kind],
        members=queries.members_of(organisation, viewer=actor),
        invitations=teams.open_invitations_of(organisation, viewer=actor),
        me=actor.user_id,
        may_manage=can(Permission.MEMBERSHIP_MANAGE, organisation),
        at=now(),
    )
    return page, form_status(shown)
