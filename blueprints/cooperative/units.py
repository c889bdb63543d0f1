"""`/quay/<code>/don-vi`: the cooperatives of a union, or the unions of a cooperative."""

from collections.abc import Callable

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from blueprints.cooperative import cooperative
from blueprints.errors import sentence
from blueprints.forms import BaseForm, DayField, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership.unions import operations, queries
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import lazy_gettext
from marketplace.reporting.unions import roll_up
from marketplace.workflows import consenting
from models.accounts import Organisation, OrganisationKind
from models.unions import UnionMembershipState

CODE_MAX = 20


class ProposalForm(BaseForm):
    """Which cooperative a union proposes to."""

    code = StringField(
        lazy_gettext("Mã hoặc mã số thuế của hợp tác xã"),
        validators=[InputRequired(), Length(max=CODE_MAX)],
    )


class EndForm(BaseForm):
    """When a membership ends."""

    left_on = DayField(
        lazy_gettext("Kết thúc từ ngày"),
        validators=[InputRequired(lazy_gettext("Nhập ngày kết thúc"))],
    )


@cooperative.get("/<code>/don-vi")
def list_units(code: str) -> ResponseReturnValue:
    """Who belongs together, since when, and what a union's members come to."""
    return _page(*_own(code))


@cooperative.post("/<code>/don-vi")
def propose_unit(code: str) -> ResponseReturnValue:
    """A union proposes to a cooperative that it join."""
    actor, organisation = _own(code)
    authorize(actor, Permission.UNION_LEAD, organisation)
    form = ProposalForm()
    if form.validate():
        try:
            with transaction():
                operations.propose_membership(
                    actor=actor, union=organisation, code=form.code.data or "", at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi lời mời. Hợp tác xã đồng ý thì mới là thành viên."), "ok")
            return _back(code)
    return _page(*_own(code), form)


@cooperative.post("/<code>/don-vi/<int:unit_id>/dong-y")
def accept_unit(code: str, unit_id: int) -> ResponseReturnValue:
    """A cooperative joins."""
    actor, _organisation = _own(code)
    done = _("Đã vào liên hiệp. Trang của hai bên nêu tên nhau.")
    return _do(code, operations.accept_membership, actor, unit_id, done)


@cooperative.post("/<code>/don-vi/<int:unit_id>/tu-choi")
def decline_unit(code: str, unit_id: int) -> ResponseReturnValue:
    """Say no, or take a proposal back."""
    actor, _organisation = _own(code)
    return _do(code, operations.decline_membership, actor, unit_id, _("Đã bỏ lời mời."))


@cooperative.post("/<code>/don-vi/<int:unit_id>/ket-thuc")
def end_unit(code: str, unit_id: int) -> ResponseReturnValue:
    """End a membership on a day."""
    actor, _organisation = _own(code)
    form = EndForm()
    if form.validate() and form.left_on.data:
        try:
            with transaction():
                consenting.leave_union(
                    actor=actor, unit_id=unit_id, left_on=form.left_on.data, at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã kết thúc. Bên kia được báo qua e-mail."), "ok")
            return _back(code)
    return _page(*_own(code), form)


def _do(
    code: str, act: Callable[..., bool], actor: Actor, unit_id: int, done: str
) -> ResponseReturnValue:
    try:
        with transaction():
            act(actor=actor, unit_id=unit_id, at=now())
    except ConflictError as error:
        flash(sentence(error), "bad")
    else:
        flash(done, "ok")
    return _back(code)


def _back(code: str) -> ResponseReturnValue:
    return redirect(path(f"/quay/{code}/don-vi"), 303)


def _own(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = accounts.get_organisation(code=code)
    is_union = organisation.kind == OrganisationKind.UNION
    authorize(actor, Permission.UNION_LEAD if is_union else Permission.UNION_JOIN, organisation)
    return actor, organisation


def _page(
    actor: Actor, organisation: Organisation, refused: BaseForm | None = None
) -> ResponseReturnValue:
    units = queries.units_of(organisation, viewer=actor)
    today = business_day(now())
    is_union = organisation.kind == OrganisationKind.UNION
    proposal = refused if isinstance(refused, ProposalForm) else ProposalForm(formdata=None)
    body = render_template(
        "cooperative/units.html",
        organisation=organisation,
        is_union=is_union,
        units={
            state: [unit for unit in units if unit.state == state] for state in UnionMembershipState
        },
        rolled=roll_up(organisation, viewer=actor, today=today) if is_union else None,
        provinces={each.code: each for each in geography.provinces()},
        proposal=proposal,
        refused=refused,
        today=today,
    )
    return body, form_status(refused) if refused else 200
