"""The steps of an application: each is kept by itself, so that nothing typed is lost."""

from collections.abc import Callable
from typing import Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blueprints.account.entering import this_address
from blueprints.errors import sentence
from blueprints.forms import BaseForm, add_error, form_status, refuse_in_form
from blueprints.joining import joining
from blueprints.joining.access import form_at_hand, own_path
from blueprints.joining.forms import FactsForm, HomeForm, ItemsForm, PersonForm
from blueprints.security import public
from marketplace.accounts import throttle
from marketplace.accounts.errors import TooManyAttemptsError
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import categories_tree
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError, NotFoundError
from marketplace.media.operations import MAX_BYTES
from marketplace.onboarding import operations, rules
from marketplace.onboarding.links import token_of
from marketplace.onboarding.queries import FormPage, ItemView
from marketplace.onboarding.rules import Given
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from models.onboarding import ApplicationState

STEP_TEMPLATES: Final = {
    1: "joining/person.html",
    2: "joining/facts.html",
    3: "joining/home.html",
    4: "joining/items.html",
    5: "joining/send.html",
}
OPEN_STEPS: Final = {
    ApplicationState.DRAFT: (1, 2, 3, 4, 5),
    ApplicationState.RETURNED: (2, 4, 5),
    ApplicationState.APPROVED: (4, 5),
}
"""Which steps can be filled in, by the state of the application."""


class NoSuchStepError(NotFoundError):
    """A number that no step has."""

    code = "joining.no_such_step"


@joining.get("/<token>/buoc/<int:step>")
@public
def show_step(token: str, step: int) -> ResponseReturnValue:
    """One step, with what was saved of it."""
    _actor, page = form_at_hand(token)
    if step not in STEP_TEMPLATES:
        raise NoSuchStepError
    if step not in open_steps(page):
        return redirect(own_path(token), 303)
    return _page(token, page, step, _filled(page, step))


@joining.post("/<token>/buoc/1")
@public
def save_person(token: str) -> ResponseReturnValue:
    """Keep who applies. Another address has another link: go on with that one."""
    actor, page = form_at_hand(token)
    form = PersonForm()
    if form.validate():
        at = now()
        try:
            person = form.person()
            if person.email.lower() != page.application.email:
                with transaction():
                    throttle.spend(throttle.JOIN_MAIL, person.email.lower(), at)
            with transaction():
                application = operations.save_person(
                    actor=actor, application_id=page.application.id, person=person, at=at
                )
                new_token = token_of(application)
        except (InvalidError, ConflictError, TooManyAttemptsError) as error:
            refuse_in_form(form, error)
        else:
            return redirect(own_path(new_token, "buoc/2"), 303)
    return _refused(token, 1, form)


@joining.post("/<token>/buoc/2")
@public
def save_facts(token: str) -> ResponseReturnValue:
    """Keep what the register knows."""
    actor, page = form_at_hand(token)
    form = FactsForm()

    def save() -> None:
        facts = form.facts()
        operations.save_facts(
            actor=actor, application_id=page.application.id, facts=facts, at=now()
        )
        if rules.looks_unusual(facts.registration_number, facts.tax_code):
            flash(
                _("Số giấy đăng ký khác mã số thuế. Giấy in đúng như vậy thì không cần sửa."),
                "info",
            )

    following = "buoc/3" if page.application.state == ApplicationState.DRAFT else "buoc/4"
    return _save(token, 2, form, save, following)


@joining.post("/<token>/buoc/3")
@public
def save_home(token: str) -> ResponseReturnValue:
    """Keep where the organisation is and what it sells, or list the communes of a province."""
    actor, page = form_at_hand(token)
    form = HomeForm()
    if request.form.get("act") == "list":
        return _page(token, page, 3, form)

    def save() -> None:
        operations.save_home(
            actor=actor, application_id=page.application.id, home=form.home(), at=now()
        )

    return _save(token, 3, form, save, "buoc/4")


@joining.post("/<token>/buoc/4")
@public
def save_items(token: str) -> ResponseReturnValue:
    """Keep papers and answers: whatever is right, even if something else is not."""
    actor, page = form_at_hand(token)
    form = ItemsForm()
    problems: dict[int, str] = {}
    if form.validate():
        for item in page.to_fill:
            problem = _keep_item(actor, page.application.id, item)
            if problem:
                problems[item.id] = problem
        if not problems:
            if request.form.get("act") == "stay":
                flash(_("Đã lưu."), "ok")
                return redirect(own_path(token, "buoc/4"), 303)
            return redirect(own_path(token, "buoc/5"), 303)
    return _refused(token, 4, form, problems)


@joining.post("/<token>/gui")
@public
def send(token: str) -> ResponseReturnValue:
    """Hand the application to the alliance."""
    actor, page = form_at_hand(token)
    form = BaseForm()
    problems: dict[int, str] = {}
    if form.validate():
        try:
            with transaction():
                operations.send_application(
                    actor=actor, application_id=page.application.id, at=now()
                )
        except ConflictError as error:
            flash(sentence(error), "bad")
            return redirect(own_path(token), 303)
        except InvalidError as error:
            lacking = error.details.get("item_ids")
            if isinstance(lacking, list):
                problems = dict.fromkeys(lacking, _("Mục này còn thiếu."))
                return _refused(token, 4, ItemsForm(), problems)
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi hồ sơ. Liên minh Hợp tác xã sẽ trả lời qua e-mail."), "ok")
            return redirect(own_path(token, "tinh-trang"), 303)
    return _refused(token, 5, form)


def open_steps(page: FormPage) -> tuple[int, ...]:
    """The steps that can be filled in now; none when there is nothing to fill in."""
    steps = OPEN_STEPS.get(ApplicationState(page.application.state), ())
    if page.application.state == ApplicationState.APPROVED and not page.to_fill:
        return ()
    return steps


def _save(
    token: str, step: int, form: BaseForm, save: Callable[[], None], following: str
) -> ResponseReturnValue:
    if form.validate():
        try:
            with transaction():
                save()
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            return redirect(own_path(token, following), 303)
    return _refused(token, step, form)


def _keep_item(actor: Actor, application_id: int, item: ItemView) -> str:
    """Keep what was sent for an item; the sentence that says what is wrong, or ""."""
    sent, at = request.files.get(f"file_{item.id}"), now()
    given = Given(
        answer=request.form.get(f"answer_{item.id}", ""),
        is_confirmed=f"confirmed_{item.id}" in request.form,
    )
    try:
        if item.needs_file and isinstance(sent, FileStorage) and sent.filename:
            with transaction():
                throttle.spend(throttle.JOIN_UPLOAD, this_address(), at)
            with transaction():
                operations.attach_paper(
                    actor=actor,
                    application_id=application_id,
                    item_id=item.id,
                    data=sent.read(MAX_BYTES + 1),
                    name=sent.filename or "",
                    at=at,
                )
        if item.needs_text or item.wants_word:
            with transaction():
                operations.fill_item(
                    actor=actor,
                    application_id=application_id,
                    item_id=item.id,
                    given=given,
                    at=at,
                )
    except (InvalidError, ConflictError, TooManyAttemptsError) as error:
        return sentence(error)
    return ""


def _refused(
    token: str, step: int, form: BaseForm, problems: dict[int, str] | None = None
) -> ResponseReturnValue:
    """The step again, after a refusal; what was read before it has been let go of."""
    _actor, page = form_at_hand(token)
    if step not in open_steps(page):
        return redirect(own_path(token), 303)
    names = {item.id: item for item in page.items}
    for item_id, problem in (problems or {}).items():
        if item_id in names:
            add_error(form, None, problem)
    body, status = _page(token, page, step, form, problems or {})
    return body, 422 if problems else status


def _page(
    token: str,
    page: FormPage,
    step: int,
    form: BaseForm,
    problems: dict[int, str] | None = None,
) -> tuple[str, int]:
    body = render_template(
        STEP_TEMPLATES[step],
        form=form,
        step=step,
        steps=rules.STEPS,
        page=page,
        noindex=True,
        htmx=step == 3,  # noqa: PLR2004 - where a province has communes
        application=page.application,
        token=token,
        problems=problems or {},
        typed={name: value for name, value in request.form.items() if name.startswith("answer_")},
        open_steps=open_steps(page),
        categories=[
            node for node in categories_tree().by_id.values() if node.id in page.category_ids
        ],
    )
    return body, form_status(form)


def _filled(page: FormPage, step: int) -> BaseForm:
    """The form of a step with what was saved of it."""
    application = page.application
    home = {
        "province_code": application.province_code or "",
        "commune_code": application.commune_code or "",
        "address": application.address,
        "category_ids": list(page.category_ids),
        "story_vi": application.story_vi,
    }
    makers: dict[int, Callable[[], BaseForm]] = {
        1: lambda: PersonForm(None, obj=application),
        2: lambda: FactsForm(None, obj=application),
        3: lambda: HomeForm(None, data=home),
        4: lambda: ItemsForm(None),
        5: lambda: BaseForm(None),
    }
    return makers[step]()
