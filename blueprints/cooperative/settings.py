"""What an organisation says about itself, what delivery costs, and who belongs to it."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blueprints.cooperative import cooperative
from blueprints.cooperative.forms import DeliveryForm, FactsForm, PicturesForm, PortraitForm
from blueprints.errors import sentence
from blueprints.forms import BaseForm, add_error, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.security import acting_for
from marketplace.accounts import queries
from marketplace.accounts.facts import pictures_of
from marketplace.accounts.operations import facts as operations
from marketplace.accounts.operations import organisations
from marketplace.accounts.operations.facts import Place
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.kernel.clock import now
from marketplace.kernel.errors import InvalidError
from marketplace.media.errors import FileMissingError
from marketplace.media.operations import MAX_BYTES, store_photo
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows.portrait import edit_organisation
from models.accounts import Organisation


@cooperative.get("/<code>/cai-dat")
def show_settings(code: str) -> ResponseReturnValue:
    """The texts, the delivery terms and the people of an organisation."""
    actor, organisation = _organisation_to_edit(code)
    return _page(actor, organisation)


@cooperative.post("/<code>/cai-dat")
def edit_portrait(code: str) -> ResponseReturnValue:
    """Change how the organisation shows itself."""
    actor, organisation = _organisation_to_edit(code)
    form = PortraitForm()
    if form.validate_on_submit():
        try:
            with transaction():
                edit_organisation(
                    actor=actor,
                    organisation_id=organisation.id,
                    portrait=form.portrait(),
                    at=now(),
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu phần giới thiệu."), "ok")
            return redirect(path(f"/quay/{code}/cai-dat"), 303)
    return _page(actor, organisation, refused=form)


@cooperative.post("/<code>/cai-dat/giao-hang")
def set_delivery(code: str) -> ResponseReturnValue:
    """Change what delivery costs from now on."""
    actor, organisation = _organisation_to_edit(code)
    form = DeliveryForm()
    if form.validate_on_submit():
        try:
            with transaction():
                organisations.set_delivery(
                    actor=actor, organisation_id=organisation.id, terms=form.terms(), at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu phí và cách giao hàng. Đơn đã đặt vẫn giữ phí cũ."), "ok")
            return redirect(path(f"/quay/{code}/cai-dat"), 303)
    return _page(actor, organisation, refused=form)


@cooperative.post("/<code>/cai-dat/dang-ky")
def declare_facts(code: str) -> ResponseReturnValue:
    """Change what the papers of the organisation say."""
    actor, organisation = _organisation_to_edit(code)
    form = FactsForm()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.declare_facts(
                    actor=actor, organisation_id=organisation.id, facts=form.facts(), at=now()
                )
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu thông tin đăng ký."), "ok")
            return redirect(path(f"/quay/{code}/cai-dat"), 303)
    return _page(*_organisation_to_edit(code), refused=form)


@cooperative.post("/<code>/cai-dat/hinh-anh")
def show_pictures(code: str) -> ResponseReturnValue:
    """Put a logo or a cover on the public page, or take one away."""
    actor, organisation = _organisation_to_edit(code)
    form = PicturesForm()
    removed = request.form.get("remove", "")
    if removed in set(Place):
        with transaction():
            operations.show_picture(
                actor=actor,
                organisation_id=organisation.id,
                place=Place(removed),
                file_id=None,
                at=now(),
            )
        flash(_("Đã gỡ ảnh."), "ok")
    elif form.validate():
        _bring(form, actor, organisation.id)
    if form.errors:
        return _page(*_organisation_to_edit(code), refused=form)
    return redirect(path(f"/quay/{code}/cai-dat"), 303)


def _bring(form: PicturesForm, actor: Actor, organisation_id: int) -> None:
    """Keep each picture that was sent and show it; a refusal stands at its field."""
    sent = [(place, form[place].data) for place in Place]
    files = [(place, file) for place, file in sent if isinstance(file, FileStorage) and file]
    if not files:
        add_error(form, Place.LOGO, _(FileMissingError.message))
    for place, file in files:
        try:
            with transaction():
                kept = store_photo(
                    actor=actor,
                    organisation_id=organisation_id,
                    data=file.read(MAX_BYTES + 1),
                    name=file.filename or "",
                    at=now(),
                )
                operations.show_picture(
                    actor=actor,
                    organisation_id=organisation_id,
                    place=place,
                    file_id=kept.id,
                    at=now(),
                )
        except InvalidError as error:
            add_error(form, place, sentence(error))
        else:
            flash(_("Đã lưu ảnh."), "ok")


def _organisation_to_edit(code: str) -> tuple[Actor, Organisation]:
    actor = acting_for(code)
    organisation = queries.get_organisation(code=code)
    authorize(actor, Permission.ORGANISATION_EDIT, organisation)
    return actor, organisation


def _page(
    actor: Actor, organisation: Organisation, *, refused: BaseForm | None = None
) -> ResponseReturnValue:
    """The page of the settings; `refused` is the form that was sent with a mistake."""
    terms = queries.delivery_of(organisation.id)
    forms: dict[str, BaseForm] = {
        "portrait": PortraitForm(formdata=None, obj=organisation),
        "facts": FactsForm(formdata=None, obj=organisation),
        "pictures": PicturesForm(formdata=None),
        "delivery": DeliveryForm.filled_with(terms),
    }
    for name, form in forms.items():
        if refused is not None and type(form) is type(refused):
            forms[name] = refused
    body = render_template(
        "cooperative/settings.html",
        organisation=organisation,
        shown=pictures_of(organisation),
        members=queries.members_of(organisation, viewer=actor),
        refused=refused,
        **forms,
    )
    return body, form_status(refused) if refused else 200
