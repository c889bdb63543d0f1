"""The photos of a product: adding, describing, putting in order, taking off."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from blueprints.cooperative import cooperative
from blueprints.cooperative.product_forms import PhotosForm
from blueprints.cooperative.products import frame_of, product_to_edit, product_url
from blueprints.errors import sentence
from blueprints.forms import add_error, form_status
from marketplace.accounts.permissions import Actor
from marketplace.catalogue import operations, queries
from marketplace.catalogue.errors import LastPhotoError
from marketplace.catalogue.operations import Caption
from marketplace.catalogue.rules import MAX_PHOTOS
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.media.errors import FileMissingError
from marketplace.media.operations import MAX_BYTES, store_photo
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import ngettext
from models.catalogue import Product


@cooperative.route("/<code>/san-pham/<int:product_id>/anh", methods=["GET", "POST"])
def list_photos(code: str, product_id: int) -> ResponseReturnValue:
    """All photos in their order, and a form for more."""
    actor, product = product_to_edit(code, product_id)
    form = PhotosForm()
    if request.method == "POST":
        added = _add(form, product, actor)
        if added:
            flash(ngettext("Đã thêm một ảnh.", "Đã thêm %(num)s ảnh.", added), "ok")
        if not form.errors:
            return redirect(product_url(code, product_id, "anh"), 303)
    page = queries.get_product_page(product_id, actor=actor)
    body = render_template(
        "cooperative/photos.html", form=form, most=MAX_PHOTOS, **frame_of(code, page)
    )
    return body, form_status(form)


@cooperative.post("/<code>/san-pham/<int:product_id>/anh/sap-xep")
def arrange_photos(code: str, product_id: int) -> ResponseReturnValue:
    """Save what the photos show, and move one of them if its button was pressed."""
    actor, _product = product_to_edit(code, product_id)
    shown = queries.photos_of(product_id)
    captions = [
        Caption(
            photo.id,
            request.form.get(f"alt_vi-{photo.id}", photo.alt_vi)[:160],
            request.form.get(f"alt_en-{photo.id}", photo.alt_en)[:160],
        )
        for photo in shown
    ]
    with transaction():
        operations.arrange_photos(
            actor=actor, product_id=product_id, captions=_moved(captions), at=now()
        )
    flash(_("Đã lưu ảnh."), "ok")
    return redirect(product_url(code, product_id, "anh"), 303)


@cooperative.post("/<code>/san-pham/<int:product_id>/anh/<int:photo_id>/go")
def remove_photo(code: str, product_id: int, photo_id: int) -> ResponseReturnValue:
    """Take a photo off."""
    actor, _product = product_to_edit(code, product_id)
    try:
        with transaction():
            operations.remove_photo(actor=actor, product_id=product_id, photo_id=photo_id, at=now())
    except LastPhotoError as error:
        flash(sentence(error), "bad")
    else:
        flash(_("Đã gỡ ảnh."), "ok")
    return redirect(product_url(code, product_id, "anh"), 303)


def _add(form: PhotosForm, product: Product, actor: Actor) -> int:
    """Keep each photo that was sent, and put a refusal beside its name. Returns how many stayed."""
    files = [file for file in form.file.data or () if isinstance(file, FileStorage) and file]
    if not files:
        add_error(form, "file", _(FileMissingError.message))
    added = 0
    for file in files[:MAX_PHOTOS]:
        name = file.filename or ""
        try:
            with transaction():
                kept = store_photo(
                    actor=actor,
                    organisation_id=product.organisation_id,
                    data=file.read(MAX_BYTES + 1),
                    name=name,
                    at=now(),
                )
                operations.add_photo(actor=actor, product_id=product.id, file_id=kept.id, at=now())
            added += 1
        except (InvalidError, ConflictError) as error:
            add_error(form, "file", f"{name}: {sentence(error)}")
    return added


def _moved(captions: list[Caption]) -> list[Caption]:
    """The photos in their new order, if the button of one said "up", "down" or "first"."""
    which, _colon, where = request.form.get("move", "").partition(":")
    at = next((index for index, each in enumerate(captions) if str(each.photo_id) == which), None)
    if at is None:
        return captions
    order = list(captions)
    photo = order.pop(at)
    places = {"first": 0, "up": max(0, at - 1), "down": at + 1}
    order.insert(places.get(where, at), photo)
    return order
