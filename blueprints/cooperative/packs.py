"""The sizes of a product and what they cost."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.product_forms import NewPackForm, PackForm, PriceForm
from blueprints.cooperative.products import frame_of, product_to_edit, product_url
from blueprints.forms import form_status, refuse_in_form
from marketplace.accounts.permissions import Actor
from marketplace.catalogue import operations, queries
from marketplace.catalogue.errors import LastPackError, PackNameTakenError
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _


@cooperative.route("/<code>/san-pham/<int:product_id>/quy-cach", methods=["GET", "POST"])
def list_packs(code: str, product_id: int) -> ResponseReturnValue:
    """All sizes with their prices, and a form for one more."""
    actor, _product = product_to_edit(code, product_id)
    form = NewPackForm()
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                pack = operations.add_pack(
                    actor=actor,
                    product_id=product_id,
                    details=form.details(),
                    price=form.amount(),
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            just = f"vua=them&goi={pack.id}"
            return redirect(product_url(code, product_id, "quy-cach", just), 303)
    return _page(code, product_id, actor, form=form)


@cooperative.route(
    "/<code>/san-pham/<int:product_id>/quy-cach/<int:pack_id>", methods=["GET", "POST"]
)
def edit_pack(code: str, product_id: int, pack_id: int) -> ResponseReturnValue:
    """Change what a size is called, and what is in it."""
    actor, _product = product_to_edit(code, product_id)
    pack = queries.get_product_page(product_id, actor=actor).pack(pack_id)
    form = PackForm() if request.method == "POST" else PackForm.of(pack)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                operations.change_pack(
                    actor=actor, pack_id=pack_id, details=form.details(), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu quy cách."), "ok")
            return redirect(product_url(code, product_id, "quy-cach"), 303)
    page = queries.get_product_page(product_id, actor=actor)
    body = render_template(
        "cooperative/pack_form.html", form=form, pack=pack, **frame_of(code, page)
    )
    return body, form_status(form)


@cooperative.post("/<code>/san-pham/<int:product_id>/quy-cach/<int:pack_id>/gia")
def change_price(code: str, product_id: int, pack_id: int) -> ResponseReturnValue:
    """Give a size another price."""
    actor, _product = product_to_edit(code, product_id)
    pack = queries.get_product_page(product_id, actor=actor).pack(pack_id)
    form = PriceForm()
    if form.validate():
        try:
            with transaction():
                operations.change_price(actor=actor, pack_id=pack_id, price=form.amount(), at=now())
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            just = f"vua=gia&goi={pack_id}" if form.amount() != pack.price else ""
            return redirect(product_url(code, product_id, "quy-cach", just), 303)
    return _page(code, product_id, actor, refused=(pack_id, form))


@cooperative.post("/<code>/san-pham/<int:product_id>/quy-cach/<int:pack_id>/ngung")
def retire_pack(code: str, product_id: int, pack_id: int) -> ResponseReturnValue:
    """Stop selling a size."""
    actor, _product = product_to_edit(code, product_id)
    queries.get_product_page(product_id, actor=actor).pack(pack_id)
    try:
        with transaction():
            operations.retire_pack(actor=actor, pack_id=pack_id, at=now())
    except LastPackError as error:
        flash(_(error.message), "bad")
        return redirect(product_url(code, product_id, "quy-cach"), 303)
    just = f"vua=ngung&goi={pack_id}"
    return redirect(product_url(code, product_id, "quy-cach", just), 303)


@cooperative.post("/<code>/san-pham/<int:product_id>/quy-cach/<int:pack_id>/ban-lai")
def return_pack(code: str, product_id: int, pack_id: int) -> ResponseReturnValue:
    """Sell a size again."""
    actor, _product = product_to_edit(code, product_id)
    queries.get_product_page(product_id, actor=actor).pack(pack_id)
    try:
        with transaction():
            operations.return_pack(actor=actor, pack_id=pack_id, at=now())
    except PackNameTakenError as error:
        flash(_(error.message), "bad")
    else:
        flash(_("Quy cách đã bán lại."), "ok")
    return redirect(product_url(code, product_id, "quy-cach"), 303)


def _page(
    code: str,
    product_id: int,
    actor: Actor,
    *,
    form: NewPackForm | None = None,
    refused: tuple[int, PriceForm] | None = None,
) -> ResponseReturnValue:
    """The page of all sizes; `refused` is a pack and the price that it cannot have."""
    page = queries.get_product_page(product_id, actor=actor)
    new_form = form or NewPackForm(formdata=None)
    asked = request.args.get("goi", type=int)
    just = next((pack for pack in page.packs if pack.id == asked), None)
    body = render_template(
        "cooperative/packs.html",
        form=new_form,
        priced=refused[0] if refused else None,
        price_form=refused[1] if refused else None,
        just=just,
        happened=request.args.get("vua", "") if just else "",
        **frame_of(code, page),
    )
    return body, form_status(refused[1] if refused else new_form)
