"""Lots on the desk: what is left of them, receiving one, its page, its labels."""

from typing import Any, Final

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.lot_forms import (
    CountForm,
    EventForm,
    LabelForm,
    PhotoForm,
    ReceiveForm,
    today_first,
)
from blueprints.forms import BaseForm, form_status, refuse_in_form
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.qr import qr_svg, qr_svg_file
from blueprints.security import acting_for, acting_membership
from blueprints.storefront.shown import place_name, scheme_name
from blueprints.trace.views import absences, lot_address, step_word
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.inventory.operations import adjust_stock
from marketplace.inventory.queries import movements_of
from marketplace.kernel.clock import business_day, now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.kernel.translation import mark
from marketplace.media.operations import MAX_BYTES, store_photo
from marketplace.platform.documents import typeset
from marketplace.platform.formatting import day
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.traceability import operations, queries
from marketplace.traceability.errors import LotCodeTakenError
from marketplace.traceability.origins import WORDS
from marketplace.traceability.queries import OwnLot
from marketplace.workflows.receiving import receive_lot
from models.inventory import MovementKind

PAGE_SIZE: Final = 30
MOVEMENTS: Final = {
    MovementKind.RECEIVED: mark("Nhập kho"),
    MovementKind.SOLD: mark("Xuất bán"),
    MovementKind.LOST: mark("Hao hụt, hư hỏng"),
    MovementKind.CORRECTED: mark("Kiểm kê lại"),
    MovementKind.RETURNED: mark("Nhập trả lại"),
}


@cooperative.get("/<code>/lo")
def list_lots(code: str) -> ResponseReturnValue:
    """The lots of an organisation, with what is left."""
    actor = _member(code)
    with_stock = request.args.get("xem") != "tat-ca"
    page = queries.lots_of(
        _own(actor),
        on=business_day(now()),
        page=page_request(PAGE_SIZE),
        product_id=request.args.get("san-pham", type=int),
        with_stock=with_stock,
    )
    return render_template(
        "cooperative/lots.html",
        code=code,
        page=page,
        with_stock=with_stock,
        today=business_day(now()),
        of_seller=acting_membership(),
    )


@cooperative.route("/<code>/lo/nhap", methods=["GET", "POST"])
def receive(code: str) -> ResponseReturnValue:
    """Receive a lot: on one screen of a telephone."""
    actor = _member(code)
    authorize(actor, Permission.LOT_RECEIVE, acting_membership())
    today = business_day(now())
    products = queries.products_to_receive(_own(actor))
    form = ReceiveForm().offer(products)
    if form.validate_on_submit():
        try:
            with transaction():
                lot = receive_lot(
                    actor=actor,
                    lot=form.lot(_own(actor)),
                    plot_code=form.plot_code.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
            if isinstance(error, LotCodeTakenError):
                form.code.data = queries.suggested_code(_own(actor), on=today)
        else:
            flash(_("Đã nhập lô %(code)s vào kho. Giờ in tem được rồi.", code=lot.code), "ok")
            return redirect(_lot_url(code, lot.code), 303)
    elif not form.is_submitted():
        suggested = queries.suggested_code(_own(actor), on=today)
        today_first(form, today, suggested, request.args.get("san-pham", type=int))
    form.ask_for_day_of(products)
    page = render_template("cooperative/lot_receive.html", code=code, form=form, products=products)
    return page, form_status(form)


@cooperative.get("/<code>/lo/<lot_code>")
def show_lot(code: str, lot_code: str) -> ResponseReturnValue:
    """One lot: what is left, what happened, what to print."""
    actor = _member(code)
    return _page(code, _lot(actor, lot_code), {})


@cooperative.post("/<code>/lo/<lot_code>/viec")
def add_event(code: str, lot_code: str) -> ResponseReturnValue:
    """Write down what was done to a lot."""
    actor, lot = _lot_to_change(code, lot_code)
    form = EventForm().with_words()
    if form.validate_on_submit():
        try:
            with transaction():
                operations.add_event(actor=actor, event=form.event(lot.row.lot_id), at=now())
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi thêm một việc. Người mua thấy ngay trên trang của lô."), "ok")
            return redirect(_lot_url(code, lot.row.code), 303)
    return _page(code, lot, {"event": form})


@cooperative.post("/<code>/lo/<lot_code>/anh")
def add_photo(code: str, lot_code: str) -> ResponseReturnValue:
    """Add a picture of a lot."""
    actor, lot = _lot_to_change(code, lot_code)
    form = PhotoForm()
    if form.validate_on_submit():
        file = request.files.get("file")
        try:
            with transaction():
                kept = store_photo(
                    actor=actor,
                    organisation_id=lot.organisation_id,
                    data=file.read(MAX_BYTES + 1) if file else b"",
                    name=(file.filename or "") if file else "",
                    at=now(),
                )
                operations.add_photo(actor=actor, lot_id=lot.row.lot_id, file_id=kept.id, at=now())
        except InvalidError as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã thêm ảnh cho lô."), "ok")
            return redirect(_lot_url(code, lot.row.code), 303)
    return _page(code, lot, {"photo": form})


@cooperative.post("/<code>/lo/<lot_code>/kho")
def count_stock(code: str, lot_code: str) -> ResponseReturnValue:
    """Bring the book in line with the scales."""
    actor, lot = _lot_to_change(code, lot_code, Permission.STOCK_ADJUST)
    form = CountForm().with_words()
    if form.validate_on_submit():
        try:
            with transaction():
                adjust_stock(
                    actor=actor,
                    organisation_id=lot.organisation_id,
                    lot_id=lot.row.lot_id,
                    grams=form.difference_g(),
                    kind=MovementKind(form.cause.data),
                    reason=form.reason.data or "",
                    key=form.key.data or "",
                    at=now(),
                )
        except (InvalidError, ConflictError) as error:
            refuse_in_form(form, error)
        else:
            flash(_("Đã ghi lại số trong kho."), "ok")
            return redirect(_lot_url(code, lot.row.code), 303)
    return _page(code, lot, {"count": form})


@cooperative.get("/<code>/lo/<lot_code>/tem.pdf")
def print_labels(code: str, lot_code: str) -> ResponseReturnValue:
    """Labels with the lot's QR code, for a sheet of A4 or a roll."""
    actor = _member(code)
    lot = _lot(actor, lot_code)
    form = LabelForm(request.args)
    if not form.validate():
        return _page(code, lot, {"label": form})
    facts = [_("%(word)s %(day)s", word=_(WORDS[lot.origin]), day=day(lot.row.harvested_on))]
    if lot.row.packed_on:
        facts.append(_("Đóng gói %(day)s", day=day(lot.row.packed_on)))
    if lot.row.best_before_on:
        facts.append(_("Dùng tới %(day)s", day=day(lot.row.best_before_on)))
    paper = typeset(
        "labels.typ",
        {
            "paper": form.paper.data,
            "count": form.count.data,
            "qr": qr_svg_file(lot_address(lot.row.code)).decode(),
            "code": lot.row.code,
            "name": lot.row.product_vi,
            "maker": acting_membership().short_name,
            "place": place_name(lot.province_code, lot.commune_code),
            "facts": facts,
        },
    )
    response = Response(paper, mimetype="application/pdf")
    response.headers["Content-Disposition"] = f'inline; filename="tem-{lot.row.code}.pdf"'
    return response


def _member(code: str) -> Actor:
    actor = acting_for(code)
    authorize(actor, Permission.DESK_VIEW, acting_membership())
    return actor


def _own(actor: Actor) -> int:
    assert actor.organisation_id is not None  # noqa: S101 - `acting_for` has set it
    return actor.organisation_id


def _lot(actor: Actor, lot_code: str) -> OwnLot:
    return queries.own_lot(lot_code, organisation_id=_own(actor), on=business_day(now()))


def _lot_to_change(
    code: str, lot_code: str, permission: Permission = Permission.LOT_RECEIVE
) -> tuple[Actor, OwnLot]:
    actor = _member(code)
    lot = _lot(actor, lot_code)
    authorize(actor, permission, lot)
    return actor, lot


def _lot_url(code: str, lot_code: str) -> str:
    return path(f"/quay/{code}/lo/{lot_code}")


def _page(code: str, lot: OwnLot, sent: dict[str, Any]) -> ResponseReturnValue:
    """The page of a lot; `sent` holds the form that was refused, if one was."""
    today = business_day(now())
    event: EventForm = sent.get("event") or EventForm(formdata=None).with_words()
    if "event" not in sent:
        event.happened_on.data = today
    refused: BaseForm | None = next(iter(sent.values()), None)
    page = render_template(
        "cooperative/lot.html",
        code=code,
        lot=lot,
        row=lot.row,
        today=today,
        place=place_name(lot.province_code, lot.commune_code),
        origin=_(WORDS[lot.origin]),
        steps=[(step_word(one, lot.origin), one) for one in lot.events],
        proofs=[(scheme_name(one.scheme_code, one.level), one) for one in lot.certificates],
        absent=absences(lot.absent),
        movements=[
            (_(MOVEMENTS[MovementKind(one.kind)]), one) for one in movements_of(lot.row.lot_id)
        ],
        event_form=event,
        photo_form=sent.get("photo") or PhotoForm(formdata=None),
        count_form=sent.get("count") or CountForm.for_stock(lot.row.on_hand_g),
        label_form=sent.get("label") or LabelForm(None),
        refused=refused,
        qr=qr_svg(lot_address(lot.row.code), _("Mã QR của lô %(code)s", code=lot.row.code)),
    )
    return page, form_status(refused) if refused is not None else 200
