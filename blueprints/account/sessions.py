"""The browsers in which a person is signed in, and ending them from here."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.account import account
from blueprints.locale import path
from blueprints.security import current_actor, end_session, session_at_hand
from marketplace.accounts import queries
from marketplace.accounts.operations import sessions
from marketplace.kernel.clock import now
from marketplace.kernel.translation import mark
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _

BROWSERS: Final = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("coc_coc", "Cốc Cốc"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS: Final = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Macintosh", "macOS"),
    ("Linux", "Linux"),
)
UNKNOWN: Final = mark("Thiết bị không rõ")


@dataclass(frozen=True, slots=True)
class SessionRow:
    """A session as its owner recognises it."""

    id: int
    device: str
    ip_address: str
    created_at: datetime
    last_seen_at: datetime
    is_here: bool


@account.get("/tai-khoan/phien")
def list_sessions() -> ResponseReturnValue:
    """Where the person is signed in."""
    here = session_at_hand()
    rows = [
        SessionRow(
            id=row.id,
            device=device_name(row.user_agent),
            ip_address=row.ip_address,
            created_at=row.created_at,
            last_seen_at=row.last_seen_at,
            is_here=row.id == here.session_id,
        )
        for row in queries.sessions_of(here.user_id, now())
    ]
    return render_template("account/sessions.html", rows=rows)


@account.post("/tai-khoan/phien/<int:session_id>/ket-thuc")
def end_one(session_id: int) -> ResponseReturnValue:
    """End one of them; the one at hand signs out."""
    here = session_at_hand()
    with transaction():
        sessions.end_session(actor=current_actor(), session_id=session_id, at=now())
    if session_id == here.session_id:
        end_session()
        flash(_("Bạn đã đăng xuất."), "ok")
        return redirect(path("/dang-nhap"), 303)
    flash(_("Đã đăng xuất thiết bị đó."), "ok")
    return redirect(path("/tai-khoan/phien"), 303)


@account.post("/tai-khoan/phien/ket-thuc-het")
def end_others() -> ResponseReturnValue:
    """End all of them but the one at hand."""
    with transaction():
        sessions.end_other_sessions(
            actor=current_actor(), keep_session_id=session_at_hand().session_id, at=now()
        )
    flash(_("Đã đăng xuất mọi thiết bị khác."), "ok")
    return redirect(path("/tai-khoan/phien"), 303)


def device_name(user_agent: str) -> str:
    """A browser's description of itself in a few words: "Chrome, Android"."""
    browser = next((name for sign, name in BROWSERS if sign in user_agent), "")
    system = next((name for sign, name in SYSTEMS if sign in user_agent), "")
    return ", ".join(filter(None, (browser, system))) or _(UNKNOWN)
