"""Goods that arrive: what the buyer says of them at unloading, for both sides to read."""

from decimal import Decimal

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.arrival_forms import ArrivalForm, Sheet
from blueprints.contracts.desk import contract_url, own_contract
from blueprints.forms import form_status, refuse_in_form
from blueprints.papers import paper_response
from blueprints.security import current_session
from marketplace.accounts.permissions import Actor, Permission, allows, authorize
from marketplace.contracts.acceptance import queries
from marketplace.contracts.acceptance.access import lines_of
from marketplace.contracts.acceptance.rules import (
    can_dispute,
    grade_shipped,
    is_overdue,
    outcomes_of,
)
from marketplace.contracts.access import terms_in
from marketplace.contracts.deliveries.access import get_delivery
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.media.errors import FileNotFoundHereError
from marketplace.media.operations import MAX_BYTES, store_paper
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.workflows.accepting import accept_delivery
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryState


@contracts.get("/<code>/<number>/giao-hang/<gh>/nhan-hang")
def show_arrival(code: str, number: str, gh: str) -> ResponseReturnValue:
    """For the buyer of goods underway: the form at unloading; else what was said of them."""
    actor, contract = own_contract(code, number)
    delivery = get_delivery(contract, gh)
    if not _can_accept(actor, contract, delivery):
        return _result_page(code, actor, contract, delivery)
    person = current_session()
    form = _sheet(contract, delivery).form(
        today=business_day(now()), name=person.full_name if person else ""
    )
    return _form_page(code, contract, delivery, form)


@contracts.post("/<code>/<number>/giao-hang/<gh>/nhan-hang")
def accept_arrival(code: str, number: str, gh: str) -> ResponseReturnValue:
    """Say what arrived."""
    actor, contract = own_contract(code, number)
    authorize(actor, Permission.DELIVERY_ACCEPT, contract)
    delivery = get_delivery(contract, gh)
    sheet = _sheet(contract, delivery)
    form = sheet.form(today=business_day(now()), is_sent=True)
    is_sound = form.validate()
    if _keep_photos(actor, contract, sheet, form) and is_sound:
        results = sheet.results(form)
        if results is not None:
            try:
                with transaction():
                    accept_delivery(
                        actor=actor,
                        delivery_id=delivery.id,
                        arrival=sheet.arrival(form),
                        results=results,
                        at=now(),
                    )
            except (InvalidError, ConflictError) as error:
                refuse_in_form(form, error)
            else:
                flash(_("Đã ghi kết quả nhận hàng. Bên bán được báo ngay."), "ok")
                return redirect(arrival_url(code, contract, delivery), 303)
    return _form_page(code, contract, delivery, form)


@contracts.get("/<code>/<number>/giao-hang/<gh>/anh/<int:photo_id>")
def show_photo(code: str, number: str, gh: str, photo_id: int) -> ResponseReturnValue:
    """A photo that was taken at unloading, for both sides."""
    _actor, contract = own_contract(code, number)
    photo = queries.find_photo(get_delivery(contract, gh).id, photo_id)
    if photo is None:
        raise FileNotFoundHereError
    return paper_response(photo)


def arrival_url(code: str, contract: Contract, delivery: Delivery, step: str = "nhan-hang") -> str:
    """The address of what arrived with a delivery, or of another step of it."""
    return contract_url(code, contract.number, "giao-hang", delivery.number, step)


def _sheet(contract: Contract, delivery: Delivery) -> Sheet:
    return Sheet(delivery, lines_of(delivery.id), terms_in(contract))


def _can_accept(actor: Actor, contract: Contract, delivery: Delivery) -> bool:
    return (
        allows(actor, Permission.DELIVERY_ACCEPT, contract)
        and delivery.state == DeliveryState.SHIPPED
        and not is_overdue(delivery, now())
    )


def _keep_photos(actor: Actor, contract: Contract, sheet: Sheet, form: ArrivalForm) -> bool:
    """Store every photo that came, even if another field is wrong; say whether all could be."""
    is_sound = True
    for line, file in sheet.photos(form):
        try:
            with transaction():
                kept = store_paper(
                    actor=actor,
                    organisation_id=contract.buyer_id,
                    data=file.read(MAX_BYTES + 1),
                    name=file.filename or "",
                    at=now(),
                )
                sheet.keep_photo(form, line, file_id=kept.id)
        except InvalidError as error:
            error.details["field"] = f"photo_{line.id}"
            refuse_in_form(form, error)
            is_sound = False
    return is_sound


def _form_page(
    code: str, contract: Contract, delivery: Delivery, form: ArrivalForm
) -> ResponseReturnValue:
    sheet = _sheet(contract, delivery)
    page = render_template(
        "contracts/arrival_form.html",
        code=code,
        contract=contract,
        delivery=delivery,
        sheet=sheet,
        rows=sheet.rows(form),
        form=form,
    )
    return page, form_status(form)


def _result_page(
    code: str, actor: Actor, contract: Contract, delivery: Delivery
) -> ResponseReturnValue:
    terms = terms_in(contract)
    seen = queries.lines_seen(delivery.id)
    return render_template(
        "contracts/arrival.html",
        code=code,
        contract=contract,
        delivery=delivery,
        rows=[
            (
                each,
                grade_shipped(each.line, terms),
                outcomes_of(each.line, terms),
                Decimal(each.line.calculation.get("counted_g", 0)) / 1000,
            )
            for each in seen
        ],
        may_dispute=allows(actor, Permission.DELIVERY_DISPUTE, contract)
        and can_dispute(delivery, now()),
        has_returns=any(each.returned for each in seen),
    )
