"""The certificates of a seller: the list, a new claim, one of them, what they cover."""

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.certificate_forms import ChooseForm, ClaimForm, PaperForm
from blueprints.cooperative.products import (
    OfSeller,
    frame_of,
    product_to_edit,
    product_url,
    seller,
)
from blueprints.covering import ProductsForm, cover
from blueprints.forms import form_status, refuse_in_form
from blueprints.locale import path
from blueprints.naming import PlotsForm, name_plots
from blueprints.papers import paper_response
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.catalogue.queries import get_product_page
from marketplace.certification import operations, queries
from marketplace.certification.errors import AlreadyClaimedError, CertificateNotFoundError
from marketplace.certification.schemes import scheme
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import current_locale
from marketplace.platform.translation import gettext as _
from models.certification import Certificate


@cooperative.get("/<code>/chung-nhan")
def list_certificates(code: str) -> ResponseReturnValue:
    """All certificates, and how each stands today."""
    _actor, owner = seller(code)
    return render_template(
        "cooperative/certificates.html",
        code=code,
        of_seller=OfSeller(owner),
        rows=queries.certificates_of(owner, today=business_day(now())),
        today=business_day(now()),
    )


@cooperative.route("/<code>/chung-nhan/moi", methods=["GET", "POST"])
def claim_certificate(code: str) -> ResponseReturnValue:
    """Say that the organisation holds a certificate, and show its paper."""
    actor, owner = seller(code)
    authorize(actor, Permission.CERTIFICATE_CLAIM, OfSeller(owner))
    form = ClaimForm()
    form.offer(queries.products_to_cover(owner))
    if request.method != "POST":
        form.product_ids.data = request.args.getlist("san-pham", type=int)
    elif form.validate_and_keep(actor, owner):
        try:
            with transaction():
                made = operations.claim_certificate(actor=actor, claim=form.claim(owner), at=now())
        except AlreadyClaimedError as error:
            flash(_(error.message, number=error.details["number"]), "info")
            return redirect(_url(code, error.details["certificate_id"]), 303)
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã gửi. Liên minh Hợp tác xã sẽ xem giấy và trả lời qua e-mail."), "ok")
            _hint_at_number(made)
            return redirect(_url(code, made.id), 303)
    body = render_template("cooperative/certificate_form.html", code=code, form=form)
    return body, form_status(form)


@cooperative.get("/<code>/chung-nhan/<int:certificate_id>")
def show_certificate(code: str, certificate_id: int) -> ResponseReturnValue:
    """One certificate: what it says, what it covers, and what the alliance has said."""
    actor, owner = seller(code)
    return _show(code, _own_page(actor, owner, certificate_id))


@cooperative.post("/<code>/chung-nhan/<int:certificate_id>/san-pham")
def cover_products(code: str, certificate_id: int) -> ResponseReturnValue:
    """Say which products a certificate covers."""
    actor, owner = seller(code)
    page = _own_page(actor, owner, certificate_id)
    authorize(actor, Permission.CERTIFICATE_CLAIM, page.certificate)
    form = ProductsForm()
    form.offer(page.products)
    if cover(form, actor=actor, certificate_id=certificate_id):
        return redirect(_url(code, certificate_id), 303)
    # A refusal has let go of what was read before it.
    return _show(code, _own_page(actor, owner, certificate_id), products=form)


@cooperative.post("/<code>/chung-nhan/<int:certificate_id>/thua")
def cover_plots(code: str, certificate_id: int) -> ResponseReturnValue:
    """Say which plots a certificate names."""
    actor, owner = seller(code)
    authorize(
        actor, Permission.CERTIFICATE_CLAIM, _own_page(actor, owner, certificate_id).certificate
    )
    form = PlotsForm()
    if name_plots(form, actor=actor, certificate_id=certificate_id):
        return redirect(_url(code, certificate_id), 303)
    return _show(code, _own_page(actor, owner, certificate_id), land=form)


@cooperative.post("/<code>/chung-nhan/<int:certificate_id>/cong-khai")
def share_paper(code: str, certificate_id: int) -> ResponseReturnValue:
    """Say whether everybody may see the paper."""
    actor, owner = seller(code)
    page = _own_page(actor, owner, certificate_id)
    authorize(actor, Permission.CERTIFICATE_CLAIM, page.certificate)
    form = PaperForm()
    if form.validate():
        with transaction():
            operations.share_paper(
                actor=actor,
                certificate_id=certificate_id,
                is_shown=bool(form.is_shown.data),
                at=now(),
            )
        flash(_("Đã lưu."), "ok")
    return redirect(_url(code, certificate_id), 303)


@cooperative.get("/<code>/chung-nhan/<int:certificate_id>/giay")
def show_paper(code: str, certificate_id: int) -> Response:
    """The paper of a certificate."""
    actor, owner = seller(code)
    _own_page(actor, owner, certificate_id)
    return paper_response(queries.get_paper(certificate_id, actor=actor))


@cooperative.route("/<code>/san-pham/<int:product_id>/chung-nhan", methods=["GET", "POST"])
def choose_certificates(code: str, product_id: int) -> ResponseReturnValue:
    """Say which certificates cover a product."""
    actor, product = product_to_edit(code, product_id)
    today = business_day(now())
    rows = queries.certificates_of(product.organisation_id, today=today)
    covering = {row.id: row for row in queries.certificates_on(product_id, today=today)}
    form = (
        ChooseForm()
        if request.method == "POST"
        else ChooseForm(formdata=None, data={"certificate_ids": list(covering)})
    )
    form.certificate_ids.choices = [(row.id, row.label(current_locale())) for row in rows]
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                operations.choose_certificates(
                    actor=actor,
                    product_id=product_id,
                    certificate_ids=form.certificate_ids.data or [],
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã lưu chứng nhận của sản phẩm."), "ok")
            return redirect(product_url(code, product_id), 303)
    page = get_product_page(product_id, actor=actor)
    body = render_template(
        "cooperative/product_certificates.html",
        form=form,
        rows={row.id: covering.get(row.id, row) for row in rows},
        **frame_of(code, page),
    )
    return body, form_status(form)


def _url(code: str, certificate_id: object) -> str:
    return path(f"/quay/{code}/chung-nhan/{certificate_id}")


def _own_page(actor: Actor, owner: int, certificate_id: int) -> queries.CertificatePage:
    page = queries.get_certificate_page(certificate_id, actor=actor, today=business_day(now()))
    if page.certificate.organisation_id != owner:
        raise CertificateNotFoundError(certificate_id=certificate_id)
    return page


def _show(
    code: str,
    page: queries.CertificatePage,
    *,
    products: ProductsForm | None = None,
    land: PlotsForm | None = None,
) -> ResponseReturnValue:
    """The page of a certificate; `products` or `land` is the form that was refused."""
    chosen = {"product_ids": [each.id for each in page.covered]}
    form = products or ProductsForm(formdata=None, data=chosen)
    form.offer(page.products)
    refused = products or land
    body = render_template(
        "cooperative/certificate.html",
        code=code,
        page=page,
        certificate=page.certificate,
        form=form,
        land=land or PlotsForm.of(page),
        refused=refused,
        sharing=PaperForm(None, data={"is_shown": page.certificate.holder_shows_file}),
    )
    return body, form_status(refused) if refused else 200


def _hint_at_number(certificate: Certificate) -> None:
    found = scheme(certificate.scheme_code)
    if not found.looks_unusual(certificate.number):
        return
    if found.number_example is None:
        flash(_("Số chứng nhận này khác mẫu thường gặp. Mời so lại với giấy."), "info")
        return
    flash(
        _(
            "Số chứng nhận này khác mẫu thường gặp (%(example)s). "
            "Nếu giấy in đúng như vậy thì không cần sửa.",
            example=found.number_example,
        ),
        "info",
    )
