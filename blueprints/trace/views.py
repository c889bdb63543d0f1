"""A lot's public page, its QR code, and the form for who types the code."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import TooManyRequests

from blueprints.headers import cache_publicly
from blueprints.locale import absolute_url, path
from blueprints.qr import qr_png, qr_svg_file
from blueprints.security import public
from blueprints.storefront.shown import own_words, place_name, scheme_name
from blueprints.trace import trace
from marketplace.accounts.throttle import Limit, within
from marketplace.geography import queries as geography
from marketplace.kernel.clock import business_day, now
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _
from marketplace.traceability import queries
from marketplace.traceability.errors import LotNotFoundError
from marketplace.traceability.origins import WORDS, Origin
from marketplace.traceability.queries import AbsentCertificate, LotPage, TraceEvent
from marketplace.traceability.rules import ABSENCE_WORDS, EVENT_WORDS, read_lot_code
from models.traceability import EventKind

UNKNOWN_CODES: Final = Limit("trace:unknown", 60, timedelta(minutes=10))
"""How many codes that nobody gave one address may try: room for a village behind one telephone,
none for a machine that counts."""
DAY: Final = 86_400
NOT_FOUND: Final = 404


@trace.get("/t/<code>")
@public
def show_lot(code: str) -> ResponseReturnValue:
    """What is known of a lot: where, when, by whom, with which proofs."""
    meant = read_lot_code(code)
    try:
        lot = queries.lot_page(meant, on=business_day(now()))
    except LotNotFoundError:
        return _unknown(meant)
    if code != lot.code:
        return redirect(path(f"/t/{lot.code}"), 301)
    return render_template(
        "trace/lot.html",
        lot=lot,
        name=own_words(lot.product_vi, lot.product_en),
        note=own_words(lot.note_vi, lot.note_en),
        place=place_name(lot.province_code, lot.commune_code),
        region=geography.region_of(lot.province_code),
        origin=_(WORDS[lot.origin]),
        steps=[(step_word(one, lot.origin), _told(one), one) for one in lot.events],
        days=_journey_days(lot),
        proofs=[(scheme_name(one.scheme_code, one.level), one) for one in lot.certificates],
        absent=absences(lot.absent),
        all_hold=all(one.holds_now for one in lot.certificates),
    )


@trace.get("/t/<code>/qr.svg")
@public
def qr_file(code: str) -> ResponseReturnValue:
    """The QR code of a lot as SVG."""
    picture = Response(qr_svg_file(_known_address(code)), mimetype="image/svg+xml")
    return cache_publicly(picture, DAY)


@trace.get("/t/<code>/qr.png")
@public
def qr_picture(code: str) -> ResponseReturnValue:
    """The QR code of a lot as PNG, for programs that print labels."""
    return cache_publicly(Response(qr_png(_known_address(code)), mimetype="image/png"), DAY)


@trace.get("/truy-xuat")
@public
def find_lot() -> ResponseReturnValue:
    """A form for the code on the pack; with one, on to its page."""
    typed = request.args.get("ma", "").strip()
    if not typed:
        return render_template("trace/find.html", typed="", is_unknown=False)
    code = queries.find_lot_code(typed)
    if code is None:
        return _unknown(typed)
    return redirect(path(f"/t/{code}"), 303)


def lot_address(code: str) -> str:
    """What a QR code says: the lot's page in Vietnamese, from anywhere in the world."""
    return absolute_url(f"/t/{code}", "vi")


def step_word(event: TraceEvent, origin: Origin) -> str:
    """What kind of thing was done; the first of a lot is called by what the lot is."""
    is_origin = event.kind == EventKind.HARVESTED
    return _(WORDS[origin] if is_origin else EVENT_WORDS[event.kind])


def absences(
    certificates: Sequence[AbsentCertificate],
) -> list[tuple[str, str, AbsentCertificate]]:
    """The certificates of a product that do not count for a lot: what they are, why they do not."""
    return [
        (scheme_name(one.scheme_code, one.level), _(ABSENCE_WORDS[one.why]), one)
        for one in certificates
    ]


def _known_address(code: str) -> str:
    known = queries.find_lot_code(code)
    if known is None:
        raise LotNotFoundError(lot_code=code)
    return lot_address(known)


def _unknown(typed: str) -> ResponseReturnValue:
    with transaction():
        may_go_on = within(UNKNOWN_CODES, request.remote_addr or "", now())
    if not may_go_on:
        raise TooManyRequests
    page = render_template("trace/find.html", typed=typed, is_unknown=True, noindex=True)
    return page, NOT_FOUND


def _told(event: TraceEvent) -> tuple[str, str]:
    """What was done, and a sentence more, in the reader's words."""
    return (
        own_words(event.title_vi, event.title_en),
        own_words(event.detail_vi, event.detail_en),
    )


def _journey_days(lot: LotPage) -> int | None:
    """From the first thing that was done to the last; None when all happened on one day."""
    if not lot.events:
        return None
    days = (lot.events[-1].happened_on - lot.events[0].happened_on).days
    return days or None
