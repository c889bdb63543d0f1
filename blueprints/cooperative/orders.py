"""The orders of a seller: the list, one order and its next step, confirming many, packing slips."""

from collections.abc import Callable
from typing import Any, Final

from flask import Response, flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.products import OfSeller, seller
from blueprints.errors import sentence
from blueprints.locale import path
from blueprints.paging import page_request
from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.inventory import queries as stock
from marketplace.kernel.clock import now
from marketplace.kernel.errors import ConflictError, InvalidError
from marketplace.orders import queries
from marketplace.orders.queries import DeskFilter
from marketplace.payments import queries as payments
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.platform.translation import ngettext
from marketplace.workflows import cancellation, fulfilment
from marketplace.workflows.packing_slip import packing_slips

PAGE_SIZE: Final = 30
SEARCH_MAX: Final = 60
PDF: Final = "application/pdf"


def _orders_desk(code: str) -> tuple[Actor, int]:
    """As `seller`, for those who may read its orders, which name the buyers."""
    actor, owner = seller(code)
    authorize(actor, Permission.SELLER_ORDER_VIEW, OfSeller(owner))
    return actor, owner


@cooperative.get("/<code>/don")
def list_orders(code: str) -> ResponseReturnValue:
    """The orders of a saved view, searched, page by page."""
    _actor, owner = _orders_desk(code)
    chosen = request.args.get("nhom", "")
    view = DeskFilter(chosen) if chosen in set(DeskFilter) else DeskFilter.ALL
    text = request.args.get("q", "").strip()[:SEARCH_MAX]
    at = now()
    counts = queries.counts_of(owner, at)
    return render_template(
        "cooperative/orders.html",
        code=code,
        of_seller=OfSeller(owner),
        view=view,
        views=DeskFilter,
        text=text,
        counts=counts,
        page=queries.seller_orders_of(
            owner, at, view=view, search=text, page=page_request(PAGE_SIZE)
        ),
        desk_counts={"don": counts[DeskFilter.TO_CONFIRM]},
    )


@cooperative.post("/<code>/don/xac-nhan")
def confirm_orders(code: str) -> ResponseReturnValue:
    """Confirm the orders that are ticked."""
    actor, _owner = _orders_desk(code)
    numbers = request.form.getlist("numbers")[:PAGE_SIZE]
    views = queries.get_seller_orders(numbers, viewer=actor) if numbers else []
    with transaction():
        done = fulfilment.confirm_orders(
            actor=actor, seller_order_ids=[view.parts[0].id for view in views], at=now()
        )
    if done:
        flash(ngettext("Đã xác nhận %(num)s đơn.", "Đã xác nhận %(num)s đơn.", done), "ok")
    else:
        flash(_("Chưa có đơn nào được xác nhận. Mời đánh dấu các đơn chờ xác nhận."), "wait")
    return redirect(path(f"/quay/{code}/don?nhom={DeskFilter.TO_CONFIRM}"), 303)


@cooperative.post("/<code>/don/in-phieu")
def print_slips(code: str) -> ResponseReturnValue:
    """The packing slips of the orders that are ticked, in one PDF."""
    actor, _owner = _orders_desk(code)
    numbers = request.form.getlist("numbers")[:PAGE_SIZE]
    if not numbers:
        flash(_("Mời đánh dấu các đơn cần in phiếu."), "wait")
        return redirect(path(f"/quay/{code}/don"), 303)
    views = queries.get_seller_orders(numbers, viewer=actor)
    return _pdf(packing_slips(views, at=now()), f"phieu-giao-hang-{code.lower()}")


@cooperative.get("/<code>/don/<number>")
def show_order(code: str, number: str) -> ResponseReturnValue:
    """One order: what to do next, the goods, the buyer, the money, what happened."""
    actor, _owner = _orders_desk(code)
    order = queries.get_seller_order(number, viewer=actor)
    part = order.parts[0]
    return render_template(
        "cooperative/order.html",
        code=code,
        order=order,
        part=part,
        payment=payments.find_payment(order.id),
        cash=payments.find_cash(part.id) if order.is_cash else None,
        held=stock.held_lots([line.id for line in part.lines]),
        steps=queries.steps_of(part.id),
    )


@cooperative.get("/<code>/don/<number>/phieu.pdf")
def print_slip(code: str, number: str) -> ResponseReturnValue:
    """The packing slip of one order."""
    actor, _owner = _orders_desk(code)
    order = queries.get_seller_order(number, viewer=actor)
    return _pdf(packing_slips([order], at=now()), f"phieu-{number}")


@cooperative.post("/<code>/don/<number>/xac-nhan")
def confirm_order(code: str, number: str) -> ResponseReturnValue:
    """Say that the goods will come."""
    return _do(code, number, fulfilment.confirm_order, _("Đã xác nhận. Mời chuẩn bị hàng."))


@cooperative.post("/<code>/don/<number>/dong-goi")
def pack_order(code: str, number: str) -> ResponseReturnValue:
    """Say that the goods are packed, out of the lots that held them."""
    return _do(code, number, fulfilment.pack_order, _("Đã đóng gói. Lô đã ghi vào đơn và trừ kho."))


@cooperative.post("/<code>/don/<number>/giao-van-chuyen")
def hand_over_order(code: str, number: str) -> ResponseReturnValue:
    """Say who carries the goods."""
    return _do(
        code,
        number,
        fulfilment.hand_over_order,
        _("Đã ghi. Người mua được báo tin."),
        carrier=request.form.get("carrier", "")[:80],
        tracking_code=request.form.get("tracking_code", "")[:60],
    )


@cooperative.post("/<code>/don/<number>/da-giao")
def deliver_order(code: str, number: str) -> ResponseReturnValue:
    """Say that the buyer has the goods; the revenue is booked."""
    return _do(code, number, fulfilment.deliver_order, _("Đã giao. Doanh thu đã ghi vào sổ."))


@cooperative.post("/<code>/don/<number>/huy")
def cancel_order(code: str, number: str) -> ResponseReturnValue:
    """Call the order off, with a reason for the buyer."""
    return _do(
        code,
        number,
        cancellation.cancel_part,
        _("Đã huỷ đơn. Hàng trả lại kho, người mua được báo tin."),
        reason=request.form.get("reason", "")[:200],
    )


def _do(
    code: str,
    number: str,
    act: Callable[..., bool],
    said: str,
    **values: Any,  # noqa: ANN401
) -> ResponseReturnValue:
    """Take one step with an order of this desk and go back to it."""
    actor, _owner = _orders_desk(code)
    part = queries.get_seller_order(number, viewer=actor).parts[0]
    try:
        with transaction():
            act(actor=actor, seller_order_id=part.id, at=now(), **values)
    except (ConflictError, InvalidError) as error:
        flash(sentence(error), "bad")
    else:
        flash(said, "ok")
    return redirect(path(f"/quay/{code}/don/{number}"), 303)


def _pdf(content: bytes, name: str) -> Response:
    response = Response(content, mimetype=PDF)
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
