"""Beginning contracts: from an award, or by a direct offer to the other side."""

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.contract_forms import OfferForm
from blueprints.contracts.desk import OfBoth, contract_url, party
from blueprints.enterprise.desk import own_request
from blueprints.forms import form_status, refuse_in_form
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Permission, authorize
from marketplace.contracts.queries.partners import find_goods, find_partner, goods_of
from marketplace.contracts.terms import Place
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import ngettext
from marketplace.workflows.contract_terms import Between, Offering
from marketplace.workflows.contracting import draft_from_award, draft_offer, schemes_today
from models.accounts import Organisation, OrganisationKind


@contracts.post("/<code>/tu-yeu-cau/<number>")
def begin_from_award(code: str, number: str) -> ResponseReturnValue:
    """Draft a contract with every seller of an award."""
    actor, asked = own_request(code, number)
    authorize(actor, Permission.AWARD_DECIDE, asked)
    with transaction():
        drafted = draft_from_award(actor=actor, request_id=asked.id, at=now())
        count, waiting = len(drafted.contracts), drafted.waiting
    flash(
        ngettext(
            "Có %(num)s hợp đồng từ yêu cầu này. Mời xem lại từng bản rồi gửi bên bán.",
            "Có %(num)s hợp đồng từ yêu cầu này. Mời xem lại từng bản rồi gửi bên bán.",
            count,
        ),
        "ok",
    )
    if waiting:
        names = ", ".join(waiting)
        flash(
            _("Chưa lập được với %(names)s vì nơi này đang không được xác minh.", names=names),
            "bad",
        )
    return redirect(contract_url(code) + "?nhom=nhap")


@contracts.route("/<code>/moi", methods=["GET", "POST"])
def begin_contract(code: str) -> ResponseReturnValue:
    """Offer a contract: first to whom, then about what."""
    actor, membership = party(code)
    owner = membership.organisation_id
    authorize(actor, Permission.CONTRACT_EDIT, OfBoth(owner, owner))
    buys = membership.kind == OrganisationKind.ENTERPRISE
    typed = request.args.get("ben", "")
    partner = find_partner(typed, sells=buys) if typed else None
    if partner is None:
        body = render_template(
            "contracts/partner.html", code=code, typed=typed, buys=buys, is_unknown=bool(typed)
        )
        return body, 422 if typed else 200
    own = accounts.get_organisation(code=code)
    buyer, seller = (own, partner) if buys else (partner, own)
    form = OfferForm(goods=goods_of(seller.id))
    if request.method != "POST":
        form = _fresh(buyer, seller)
    elif form.validate():
        between = _between(buyer, seller, form)
        try:
            with transaction():
                made = draft_offer(actor=actor, between=between, offering=_offering(form), at=now())
                address = contract_url(code, made.number)
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
            partner = find_partner(typed, sells=buys) or partner  # what was refused is forgotten
        else:
            flash(_("Đã lập bản nháp. Mời điền nốt các điều khoản rồi gửi bên kia."), "ok")
            return redirect(address)
    body = render_template("contracts/offer.html", code=code, form=form, partner=partner, buys=buys)
    return body, form_status(form)


def _fresh(buyer: Organisation, seller: Organisation) -> OfferForm:
    return OfferForm(
        formdata=None,
        goods=goods_of(seller.id),
        starts_on=business_day(now()),
        province_code=buyer.province_code,
        address=buyer.address,
    )


def _between(buyer: Organisation, seller: Organisation, form: OfferForm) -> Between:
    goods = find_goods(form.product.data)
    assert goods is not None  # noqa: S101 - the form has it in its list
    return Between(buyer, seller, goods)


def _offering(form: OfferForm) -> Offering:
    return Offering(
        grams=form.total.data or 0,
        price_minor=form.base.data or 0,
        starts_on=form.starts_on.data,
        ends_on=form.ends_on.data,
        place=Place(form.province_code.data or "", None, (form.address.data or "").strip()),
        schemes=schemes_today(form.product.data, now()),
    )
