"""The products of a seller: the list, one product, what is said of it, on and off the market."""

from dataclasses import dataclass
from typing import Any, Final

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.product_forms import ProductForm
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue import operations, queries
from marketplace.catalogue.errors import NotPublishableError
from marketplace.certification import queries as certificates
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from models.catalogue import Product, ProductState

PAGE_SIZE: Final = 20
SEARCH_MAX: Final = 100
STATES: Final = {
    "dang-ban": ProductState.PUBLISHED,
    "nhap": ProductState.DRAFT,
    "ngung-ban": ProductState.ARCHIVED,
}
"""The tabs of the list, as addresses name them."""

MISSING: Final = {
    "pack": (mark("Thêm ít nhất một quy cách có giá"), "quy-cach"),
    "photo": (mark("Thêm ít nhất một ảnh"), "anh"),
    "verified_seller": (mark("Chờ Liên minh Hợp tác xã xác minh tổ chức của bạn"), ""),
}
"""What stands between a product and the market, and the step where it is mended."""


@dataclass(frozen=True, slots=True)
class OfSeller:
    """Anything of a seller, to ask what the actor may do with such things."""

    organisation_id: int


def seller(code: str) -> tuple[Actor, int]:
    """The actor at the desk of a seller, and the id of the seller.

    Raises:
        NotFoundError: no such desk, or not theirs.
        NotAllowedError: the organisation does not sell, or they have no work at its desk.
    """
    actor = acting_for(code)
    assert actor.organisation_id is not None  # noqa: S101 - acting_for acts for one
    authorize(actor, Permission.DESK_VIEW, OfSeller(actor.organisation_id))
    return actor, actor.organisation_id


def product_to_edit(code: str, product_id: int) -> tuple[Actor, Product]:
    """The actor and a product of theirs that they may change.

    Raises:
        NotFoundError: no such desk, or no such product on it.
        NotAllowedError: they may look at it, not change it.
    """
    actor, _owner = seller(code)
    product = queries.state_of(product_id, actor=actor)
    authorize(actor, Permission.PRODUCT_EDIT, product)
    return actor, product


def product_url(code: str, product_id: int, step: str = "", query: str = "") -> str:
    """The address of a product on a desk, or of one step of it."""
    address = f"/quay/{code}/san-pham/{product_id}" + (f"/{step}" if step else "")
    return path(address) + (f"?{query}" if query else "")


def frame_of(code: str, page: queries.ProductPage) -> dict[str, Any]:
    """What the head and the tabs of every page of a product show."""
    today = business_day(now())
    return {
        "code": code,
        "page": page,
        "product": page.product,
        "base": product_url(code, page.product.id),
        "certificates": certificates.certificates_on(page.product.id, today=today),
    }


@cooperative.get("/<code>/san-pham")
def list_products(code: str) -> ResponseReturnValue:
    """All products, by state, and searched."""
    _actor, owner = seller(code)
    chosen = request.args.get("trang-thai", "")
    text = request.args.get("q", "").strip()[:SEARCH_MAX]
    return render_template(
        "cooperative/products.html",
        code=code,
        of_seller=OfSeller(owner),
        page=queries.products_of(
            owner, page=page_request(PAGE_SIZE), state=STATES.get(chosen), text=text
        ),
        counts=queries.counts_by_state(owner),
        states=STATES,
        chosen=chosen if chosen in STATES else "",
        text=text,
    )


@cooperative.route("/<code>/san-pham/moi", methods=["GET", "POST"])
def create_product(code: str) -> ResponseReturnValue:
    """The first step of a new product: what it is and where it comes from."""
    actor, owner = seller(code)
    authorize(actor, Permission.PRODUCT_EDIT, OfSeller(owner))
    organisation = accounts.get_organisation(code=code)
    form = (
        ProductForm()
        if request.method == "POST"
        else ProductForm.fresh(organisation.province_code, organisation.commune_code)
    )
    if _is_sent(form):
        try:
            with transaction():
                product = operations.create_product(
                    actor=actor, organisation_id=owner, details=form.details(), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu bản nháp. Tiếp theo: quy cách và giá."), "ok")
            return redirect(product_url(code, product.id, "quy-cach"), 303)
    page = render_template(
        "cooperative/product_form.html", code=code, form=form, product=None, htmx=True
    )
    return page, form_status(form)


@cooperative.get("/<code>/san-pham/<int:product_id>")
def show_product(code: str, product_id: int) -> ResponseReturnValue:
    """One product as it stands: what buyers see, what is missing, what comes next."""
    actor, _owner = seller(code)
    page = queries.get_product_page(product_id, actor=actor)
    return _overview(code, page)


@cooperative.route("/<code>/san-pham/<int:product_id>/mo-ta", methods=["GET", "POST"])
def edit_product(code: str, product_id: int) -> ResponseReturnValue:
    """Change what is said of a product."""
    actor, product = product_to_edit(code, product_id)
    form = ProductForm() if request.method == "POST" else ProductForm.of(product)
    if _is_sent(form):
        try:
            with transaction():
                operations.edit_product(
                    actor=actor, product_id=product_id, details=form.details(), at=now()
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu mô tả."), "ok")
            return redirect(product_url(code, product_id), 303)
    page = queries.get_product_page(product_id, actor=actor)
    body = render_template(
        "cooperative/product_form.html", form=form, htmx=True, **frame_of(code, page)
    )
    return body, form_status(form)


@cooperative.post("/<code>/san-pham/<int:product_id>/dang-ban")
def publish_product(code: str, product_id: int) -> ResponseReturnValue:
    """Show a product to buyers."""
    actor, _product = product_to_edit(code, product_id)
    try:
        with transaction():
            operations.publish_product(actor=actor, product_id=product_id, at=now())
    except NotPublishableError:
        page = queries.get_product_page(product_id, actor=actor)
        return _overview(code, page, is_refused=True), 422
    return redirect(product_url(code, product_id, query="vua=dang"), 303)


@cooperative.post("/<code>/san-pham/<int:product_id>/ngung-ban")
def archive_product(code: str, product_id: int) -> ResponseReturnValue:
    """Take a product off the market."""
    actor, product = product_to_edit(code, product_id)
    was = product.state
    with transaction():
        operations.archive_product(actor=actor, product_id=product_id, at=now())
    just = "cat" if was == ProductState.DRAFT else "ngung"
    return redirect(product_url(code, product_id, query=f"vua={just}"), 303)


@cooperative.post("/<code>/san-pham/<int:product_id>/lam-lai")
def restore_product(code: str, product_id: int) -> ResponseReturnValue:
    """Take an archived product back into work."""
    actor, _product = product_to_edit(code, product_id)
    with transaction():
        operations.restore_product(actor=actor, product_id=product_id, at=now())
    flash(_("Đã chuyển về nháp. Sửa xong, mời bấm “Đăng bán”."), "ok")
    return redirect(product_url(code, product_id), 303)


def _overview(code: str, page: queries.ProductPage, *, is_refused: bool = False) -> str:
    product = page.product
    locale = current_locale()
    return render_template(
        "cooperative/product.html",
        category=" · ".join(node.name(locale) for node in page.category_path),
        place=_place(product),
        missing=[MISSING[each] for each in page.missing],
        is_refused=is_refused,
        just=request.args.get("vua", ""),
        **frame_of(code, page),
    )


def _place(product: Product) -> str:
    province = geography.province(product.province_code)
    name = province.name_en if current_locale() == "en" else province.name
    commune = geography.find_commune(product.commune_code) if product.commune_code else None
    return f"{commune.full_name}, {name}" if commune else name


def _is_sent(form: ProductForm) -> bool:
    """Whether the form is to be saved; asking for the communes of a province is not."""
    if request.method != "POST" or "doi-tinh" in request.form:
        return False
    return bool(form.validate())
