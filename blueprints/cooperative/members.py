"""The register of members: the list, one member, writing down, leaving, showing, erasing."""

from collections.abc import Callable
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.member_forms import ConsentForm, LeaveForm, MemberForm, ShareForm
from blueprints.errors import sentence
from blueprints.forms import BaseForm, add_error, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for, acting_membership, can
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.membership import operations, queries
from marketplace.membership.queries import Member, RegisterFilter, Standing
from marketplace.membership.rules import KIND_WORDS
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.traceability.queries import lots_of_member
from models.membership import MemberKind

PAGE_SIZE: Final = 30
SEARCH_MAX: Final = 60
SHOWN_LOTS: Final = 20
COMMUNES_ONLY: Final = "doi-tinh"
"""The button that asks for the communes of another province, and nothing else."""


@cooperative.get("/<code>/thanh-vien")
def list_members(code: str) -> ResponseReturnValue:
    """The register, searched, page by page."""
    actor = acting_for(code)
    authorize(actor, Permission.MEMBER_VIEW, acting_membership())
    organisation_id = acting_membership().organisation_id
    wanted = _wanted()
    return render_template(
        "cooperative/members.html",
        code=code,
        register=acting_membership(),
        wanted=wanted,
        standings=Standing,
        kinds=KIND_WORDS,
        counts=queries.counts_of(organisation_id),
        page=queries.register_page(organisation_id, viewer=actor, wanted=wanted, size=PAGE_SIZE),
    )


@cooperative.route("/<code>/thanh-vien/moi", methods=["GET", "POST"])
def add_member(code: str) -> ResponseReturnValue:
    """Write a member down."""
    actor = acting_for(code)
    authorize(actor, Permission.MEMBER_EDIT, acting_membership())
    organisation_id = acting_membership().organisation_id
    form = _empty(code) if request.method == "GET" else MemberForm()
    if _is_sent(form):
        try:
            with transaction():
                member = operations.add_member(
                    actor=actor, facts=form.facts(organisation_id), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi %(name)s vào sổ.", name=member.name), "ok")
            return redirect(_url(code, member.code), 303)
    page = render_template(
        "cooperative/member_form.html", code=code, form=form, member=None, htmx=True
    )
    return page, form_status(form)


@cooperative.get("/<code>/thanh-vien/<household_code>")
def show_member(code: str, household_code: str) -> ResponseReturnValue:
    """One member: who they are, what they paid in."""
    actor = acting_for(code)
    return _page(actor, code, _member(actor, household_code))


@cooperative.route("/<code>/thanh-vien/<household_code>/sua", methods=["GET", "POST"])
def edit_member(code: str, household_code: str) -> ResponseReturnValue:
    """Correct what the register says."""
    actor, member = _to_change(code, household_code)
    form = MemberForm.of(member) if request.method == "GET" else MemberForm()
    if _is_sent(form):
        try:
            with transaction():
                changed = operations.edit_member(
                    actor=actor,
                    member_id=member.id,
                    facts=form.facts(member.organisation_id, member.left_on),
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã sửa thông tin của %(name)s.", name=changed.name), "ok")
            return redirect(_url(code, changed.code), 303)
    page = render_template(
        "cooperative/member_form.html", code=code, form=form, member=member, htmx=True
    )
    return page, form_status(form)


@cooperative.post("/<code>/thanh-vien/<household_code>/ra")
def leave(code: str, household_code: str) -> ResponseReturnValue:
    """A member leaves."""
    actor, member = _to_change(code, household_code)
    form = LeaveForm()

    def write() -> str:
        operations.leave(actor=actor, member_id=member.id, left_on=form.left_on.data, at=now())
        return _("Đã ghi thành viên ra khỏi hợp tác xã. Ghi nhầm thì bấm “Vào lại”.")

    return _written(code, member, form, write) or _page(actor, code, member, leaving=form)


@cooperative.post("/<code>/thanh-vien/<household_code>/vao-lai")
def return_member(code: str, household_code: str) -> ResponseReturnValue:
    """It was a mistake: the member has not left."""
    actor, member = _to_change(code, household_code)
    with transaction():
        operations.return_member(actor=actor, member_id=member.id, at=now())
    flash(_("Thành viên lại có tên trong sổ."), "ok")
    return redirect(_url(code, member.code), 303)


@cooperative.post("/<code>/thanh-vien/<household_code>/hien")
def reveal_member(code: str, household_code: str) -> ResponseReturnValue:
    """The member agreed to be named in public."""
    actor, member = _to_change(code, household_code)
    form = ConsentForm()

    def write() -> str:
        operations.show_member(
            actor=actor,
            member_id=member.id,
            consented_on=form.consented_on.data,
            note=form.note.data or "",
            at=now(),
        )
        return _("Từ nay trang của lô hàng ghi tên thành viên này.")

    return _written(code, member, form, write) or _page(actor, code, member, consent=form)


@cooperative.post("/<code>/thanh-vien/<household_code>/an")
def hide_member(code: str, household_code: str) -> ResponseReturnValue:
    """The member wants to be named no more."""
    actor, member = _to_change(code, household_code)
    with transaction():
        operations.hide_member(actor=actor, member_id=member.id, at=now())
    flash(_("Đã ẩn tên thành viên này ở mọi trang công khai."), "ok")
    return redirect(_url(code, member.code), 303)


@cooperative.post("/<code>/thanh-vien/<household_code>/xoa-thong-tin")
def erase_member(code: str, household_code: str) -> ResponseReturnValue:
    """The member has left and wants to be forgotten."""
    actor, member = _to_change(code, household_code)
    try:
        with transaction():
            operations.erase_member(actor=actor, member_id=member.id, at=now())
    except ConflictError as error:
        return _page(actor, code, member, refused=error)
    flash(_("Đã xoá tên, số điện thoại và nơi ở. Mã thành viên vẫn còn."), "ok")
    return redirect(_url(code, member.code), 303)


@cooperative.post("/<code>/thanh-vien/<household_code>/von-gop")
def record_share(code: str, household_code: str) -> ResponseReturnValue:
    """Capital is paid in, or back."""
    actor = acting_for(code)
    member = _member(actor, household_code)
    authorize(actor, Permission.SHARE_RECORD, member)
    form = ShareForm()

    def write() -> str:
        operations.record_contribution(
            actor=actor, contribution=form.contribution(member.id), at=now()
        )
        return _("Đã ghi vào sổ vốn góp.")

    return _written(code, member, form, write) or _page(actor, code, member, share=form)


def _written(
    code: str, member: Member, form: BaseForm, write: Callable[[], str]
) -> ResponseReturnValue | None:
    """Where to go once `write` is done, which says what it did; None if the form is sent back."""
    if not form.validate_on_submit():
        return None
    try:
        with transaction():
            said = write()
    except (InvalidError, ConflictError) as error:
        refuse_in_form(form, error)
        return None
    flash(said, "ok")
    return redirect(_url(code, member.code), 303)


def _empty(code: str) -> MemberForm:
    organisation = accounts.get_organisation(code=code)
    return MemberForm.fresh(
        province_code=organisation.province_code,
        commune_code=organisation.commune_code,
        code=queries.next_code(organisation.id),
        today=business_day(now()),
    )


def _is_sent(form: BaseForm) -> bool:
    """Whether the form is to be saved; asking for the communes of a province is not."""
    return COMMUNES_ONLY not in request.form and form.validate_on_submit()


def _wanted() -> RegisterFilter:
    """What the address asks for; nonsense asks for nothing."""
    standing, kind = request.args.get("xem", ""), request.args.get("loai", "")
    return RegisterFilter(
        text=request.args.get("q", "").strip()[:SEARCH_MAX],
        standing=Standing(standing) if standing in set(Standing) else Standing.PRESENT,
        kind=kind if kind in set(MemberKind) else "",
        after=request.args.get("sau", "")[:20],
        before=request.args.get("truoc", "")[:20],
    )


def _member(actor: Actor, household_code: str) -> Member:
    return queries.get_member(
        household_code, organisation_id=acting_membership().organisation_id, viewer=actor
    )


def _to_change(code: str, household_code: str) -> tuple[Actor, Member]:
    actor = acting_for(code)
    member = _member(actor, household_code)
    authorize(actor, Permission.MEMBER_EDIT, member)
    return actor, member


def _url(code: str, household_code: str) -> str:
    return path(f"/quay/{code}/thanh-vien/{household_code}")


def _page(  # noqa: PLR0913 - at most one of the forms was refused
    actor: Actor,
    code: str,
    member: Member,
    *,
    leaving: LeaveForm | None = None,
    consent: ConsentForm | None = None,
    share: ShareForm | None = None,
    refused: ConflictError | None = None,
) -> ResponseReturnValue:
    today = business_day(now())
    sent: BaseForm | None = leaving or consent or share
    if refused is not None:
        sent = leaving = LeaveForm(formdata=None)
        add_error(sent, None, sentence(refused))
    may_see_shares = can(Permission.SHARE_RECORD, member)
    page = render_template(
        "cooperative/member.html",
        code=code,
        member=member,
        kind_word=_(KIND_WORDS[MemberKind(member.kind)]),
        leaving=leaving or LeaveForm(formdata=None, data={"left_on": today}),
        consent=consent or ConsentForm(formdata=None, data={"consented_on": today}),
        share=share or ShareForm.fresh(today),
        sent=sent,
        lots=lots_of_member(member.id, organisation_id=member.organisation_id, limit=SHOWN_LOTS),
        plots=queries.plots_of_member(
            member.id, organisation_id=member.organisation_id, viewer=actor
        ),
        entries=queries.entries_of(member.id, organisation_id=member.organisation_id, viewer=actor)
        if may_see_shares
        else None,
    )
    return page, 200 if sent is None else form_status(sent)
