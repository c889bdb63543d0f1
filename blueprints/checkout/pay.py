"""Paying an order by transfer: what to transfer, and whether it has come."""

from dataclasses import dataclass
from datetime import datetime
from math import ceil
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from blueprints.checkout import checkout
from blueprints.checkout.access import visitor_of
from blueprints.locale import path
from blueprints.qr import qr_png, qr_svg, qr_svg_file
from blueprints.security import public
from marketplace.kernel.clock import now
from marketplace.kernel.errors import NotFoundError
from marketplace.payments.queries import PayPage, pay_page
from marketplace.platform.formatting import money
from marketplace.platform.translation import gettext as _
from models.orders import PaymentMethod
from models.payments import PaymentState

WAITING: Final = frozenset({PaymentState.AWAITING, PaymentState.UNDERPAID})
"""The states in which a transfer is still wanted."""


@dataclass(frozen=True, slots=True)
class Wait:
    """How the waiting for a transfer stands.

    Attributes:
        is_on: a transfer is wanted, and the goods are kept for it.
        minutes: how long they are kept, rounded up; None when they are kept without end.
        seen: what the page shows, in short: another word later means that it is out of date.
    """

    is_on: bool
    minutes: int | None
    seen: str


@checkout.get("/don-hang/<number>/tra-tien")
@public
def pay(number: str) -> ResponseReturnValue:
    """What to transfer, as long as something is missing; afterwards, what became of it."""
    page = _page(number)
    if page.method == PaymentMethod.CASH:
        return redirect(_address(number), 303)
    wait = wait_of(page, now())
    code = qr_svg(page.request.payload, _label(page)) if wait.is_on and page.request else None
    return render_template(
        "checkout/pay.html",
        page=page,
        wait=wait,
        code=code,
        noindex=True,
        htmx=wait.is_on,
        order_url=_address(number),
        here=_address(number, "pay"),
        status_url=_address(number, "pay_status", luc=wait.seen, con=wait.minutes),
        png_url=_address(number, "pay_code", kind="png"),
    )


@checkout.get("/don-hang/<number>/tra-tien/trang-thai")
@public
def pay_status(number: str) -> ResponseReturnValue:
    """For a page that is open: whether it is out of date, and how many minutes are left."""
    page = _page(number)
    wait = wait_of(page, now())
    if request.args.get("luc") != wait.seen:
        return Response(status=200, headers={"HX-Refresh": "true"})
    if request.args.get("con", type=int) == wait.minutes:
        return "", 204
    return render_template(
        "checkout/_pay_waiting.html",
        page=page,
        wait=wait,
        status_url=_address(number, "pay_status", luc=wait.seen, con=wait.minutes),
        here=_address(number, "pay"),
    )


@checkout.get("/don-hang/<number>/tra-tien/ma-qr.<any(svg, png):kind>")
@public
def pay_code(number: str, kind: str) -> ResponseReturnValue:
    """The VietQR code as a picture, for whoever pays on the telephone that shows it."""
    page = _page(number)
    if page.request is None:
        raise NotFoundError
    if kind == "svg":
        return Response(qr_svg_file(page.request.payload), mimetype="image/svg+xml")
    response = Response(qr_png(page.request.payload), mimetype="image/png")
    response.headers.set("Content-Disposition", "attachment", filename=f"vietqr-{number}.png")
    return response


def wait_of(page: PayPage, at: datetime) -> Wait:
    """How the waiting stands at the moment `at`."""
    minutes = None
    if page.holds_until is not None:
        minutes = max(0, ceil((page.holds_until - at).total_seconds() / 60))
    is_on = page.state in WAITING and page.request is not None and minutes != 0
    seen = f"{page.state}.{page.missing.minor}.{'on' if is_on else 'off'}"
    return Wait(is_on=is_on, minutes=minutes, seen=seen)


def _page(number: str) -> PayPage:
    return pay_page(number, viewer=visitor_of(number))


def _address(number: str, view: str = "", **more: Any) -> str:  # noqa: ANN401 - as url_for has it
    """A page of this order, with the signature that the reader came with."""
    token = request.values.get("k")
    if not view:
        return path(f"/don-hang/{number}") + (f"?{urlencode({'k': token})}" if token else "")
    return url_for(f"checkout.{view}", number=number, k=token, **more)


def _label(page: PayPage) -> str:
    asked = page.request
    if asked is None:
        return ""
    return _(
        "Mã VietQR: %(amount)s tới %(holder)s, nội dung %(reference)s",
        amount=money(asked.amount),
        holder=asked.holder_name,
        reference=asked.reference,
    )
