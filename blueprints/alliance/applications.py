"""Applications at the alliance: the queue, one application item by item, the decision."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.application_forms import TOPIC_WORDS, JudgeForm, RejectForm
from blueprints.alliance.reach import provinces_in_reach
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request, page_url
from blueprints.papers import paper_response
from blueprints.security import acting_as
from blueprints.states import state_word
from marketplace.accounts.errors import AccountDisabledError
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import categories_tree
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark
from marketplace.onboarding import operations, queries, rules
from marketplace.onboarding.queries import QueueFilter, ReviewPage
from marketplace.onboarding.queries.desk import VIEWS, WAITING
from marketplace.onboarding.rules import Verdict
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.accounts import OrganisationKind
from models.onboarding import Application, ApplicationState, ItemState

PAGE_SIZE: Final = 25
SEGMENT: Final = "ho-so"


@alliance.get("/ho-so")
def list_applications() -> ResponseReturnValue:
    """Applications of a view; what has waited longest comes first."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    wanted = _wanted()
    page = queries.queue(viewer=actor, wanted=wanted, page=page_request(PAGE_SIZE))
    counts = queries.counts_by_state(viewer=actor, wanted=wanted)
    return render_template(
        "alliance/applications.html",
        page=page,
        wanted=wanted,
        is_filtered=bool(wanted.kind or wanted.province_code),
        views=_views(wanted, counts),
        kinds=rules.KINDS,
        provinces=provinces_in_reach(),
        today=business_day(now()),
        business_day=business_day,
        desk_counts={SEGMENT: counts[WAITING]},
    )


@alliance.get("/ho-so/<code>")
def show_application(code: str) -> ResponseReturnValue:
    """One application with its checklist."""
    return _page(acting_as(OrganisationKind.ALLIANCE), code)


@alliance.get("/ho-so/<code>/giay/<int:item_id>")
def show_application_paper(code: str, item_id: int) -> Response:
    """The file of an item."""
    page = queries.get_review_page(code, viewer=acting_as(OrganisationKind.ALLIANCE))
    return paper_response(queries.get_paper(page.application.id, item_id))


@alliance.post("/ho-so/<code>/muc/<int:item_id>")
def judge_item(code: str, item_id: int) -> ResponseReturnValue:
    """Accept an item, return it, let it wait, or take that back; then on to the next one."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    application_id = queries.get_review_page(code, viewer=actor).application.id
    form = JudgeForm()
    if form.validate():
        try:
            with transaction():
                operations.judge_item(
                    actor=actor,
                    application_id=application_id,
                    item_id=item_id,
                    judgement=form.judgement(),
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            is_undone = form.verdict.data == Verdict.UNDO
            return redirect(_url(code, _next_item(actor, code, item_id, stay=is_undone)), 303)
    return _page(actor, code, judging=(item_id, form))


@alliance.post("/ho-so/<code>/tra-lai")
def return_application(code: str) -> ResponseReturnValue:
    """Send an application back with all notes."""
    told = mark("Đã trả lại hồ sơ của %(name)s kèm lời nhắn.")
    return _decide(code, BaseForm(), operations.return_application, told, "wait")


@alliance.post("/ho-so/<code>/duyet")
def approve_application(code: str) -> ResponseReturnValue:
    """Let the applicant onto the market."""
    told = mark("Đã đưa %(name)s lên chợ. Giám đốc nhận thư đặt mật khẩu.")
    return _decide(code, BaseForm(), operations.approve_application, told, "ok")


@alliance.post("/ho-so/<code>/tu-choi")
def reject_application(code: str) -> ResponseReturnValue:
    """Turn an applicant down for good."""
    form = RejectForm()
    reject = partial(operations.reject_application, reason=form.reason.data or "")
    return _decide(code, form, reject, mark("Đã từ chối hồ sơ của %(name)s."), "wait")


def _decide(
    code: str, form: BaseForm, decide: Callable[..., object], told: str, tone: str
) -> ResponseReturnValue:
    """Decide about the whole of an application, then on to the next one that waits."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    application = queries.get_review_page(code, viewer=actor).application
    if form.validate():
        try:
            with transaction():
                decide(actor=actor, application_id=application.id, at=now())
        except (InvalidError, ConflictError, AccountDisabledError) as error:
            refuse_in_form(form, error)
        else:
            flash(_(told, name=application.name), tone)
            return _go_on(actor, application)
    return _page(actor, code, refused=form)


def _page(
    actor: Actor,
    code: str,
    *,
    refused: BaseForm | None = None,
    judging: tuple[int, JudgeForm] | None = None,
) -> ResponseReturnValue:
    """The page of one application; `refused` or `judging` is the form that was sent back."""
    page = queries.get_review_page(code, viewer=actor)
    form = judging[1] if judging else refused
    if judging is not None:
        _point_at_fields(*judging)
    waiting = queries.count_waiting(viewer=actor)
    tree = categories_tree().by_id
    body = render_template(
        "alliance/application.html",
        page=page,
        application=page.application,
        looks_unusual=rules.looks_unusual(
            page.application.registration_number or "", page.application.tax_code or ""
        ),
        categories=[tree[each] for each in page.category_ids if each in tree],
        rejection=refused if isinstance(refused, RejectForm) else RejectForm(None),
        refused=form,
        judged=judging[0] if judging else None,
        verdicts=Verdict,
        topics=TOPIC_WORDS,
        actor_id=actor.user_id,
        is_open=page.application.state == ApplicationState.SUBMITTED,
        may_judge=_may_judge(page),
        today=business_day(now()),
        waiting=waiting,
        desk_counts={SEGMENT: waiting},
    )
    return body, form_status(form or BaseForm(None))


def _point_at_fields(item_id: int, form: JudgeForm) -> None:
    """Let the list of errors lead to the fields of the item: every item has some of its own."""
    kind = "w" if form.verdict.data == Verdict.WAIVE else "r"
    form.note.id, form.until.id = f"note-{kind}-{item_id}", f"until-{item_id}"


def _may_judge(page: ReviewPage) -> set[int]:
    """The items that can be judged now."""
    if page.application.state == ApplicationState.SUBMITTED:
        return {item.id for item in page.items}
    if page.application.state == ApplicationState.APPROVED:
        return {item.id for item in page.items if item.state == ItemState.SUBMITTED}
    return set()


def _next_item(actor: Actor, code: str, item_id: int, *, stay: bool) -> str:
    """Where to go on after an item: the next one that waits for this officer, or the decision."""
    if stay:
        return f"muc-{item_id}"
    items = queries.get_review_page(code, viewer=actor).items
    at = next((place for place, item in enumerate(items) if item.id == item_id), 0)
    for item in (*items[at + 1 :], *items[:at]):
        if item.state == ItemState.SUBMITTED and actor.user_id not in item.reviewer_ids:
            return f"muc-{item.id}"
    return "quyet-dinh"


def _go_on(actor: Actor, decided: Application) -> ResponseReturnValue:
    """The application that has waited longest, or the list when none waits."""
    following = queries.next_waiting(viewer=actor, after=decided)
    return redirect(_url(following) if following else path("/lien-minh/ho-so"), 303)


def _url(code: str, place: str = "") -> str:
    return path(f"/lien-minh/ho-so/{code}") + (f"#{place}" if place else "")


def _views(wanted: QueueFilter, counts: Mapping[str, int]) -> list[tuple[str, str, int, bool]]:
    kept = {"loai": wanted.kind, "tinh": wanted.province_code}
    return [
        (
            _("Chờ xét") if view == WAITING else state_word("application", view),
            page_url(1, kept | ({} if view == WAITING else {"tinh-trang": view})),
            counts.get(view, 0),
            wanted.view == view,
        )
        for view in VIEWS
    ]


def _wanted() -> QueueFilter:
    """What the address asks for; nonsense asks for nothing."""
    view, kind = request.args.get("tinh-trang", ""), request.args.get("loai", "")
    province = geography.find_province(request.args.get("tinh", ""))
    return QueueFilter(
        view=view if view in VIEWS else WAITING,
        kind=kind if kind in set(rules.KINDS) else "",
        province_code=province.code if province else "",
    )
