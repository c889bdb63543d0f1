"""`/dev/outbox`: the mails of a trial, to read and to click. There is none in production."""

import hashlib
import re
from base64 import b64encode

from flask import Response, current_app, render_template, request
from flask.typing import ResponseReturnValue

from blueprints.locale import path
from blueprints.security import public
from blueprints.system import system
from marketplace.kernel.errors import NotFoundError
from marketplace.notifications.outbox import get_mail, latest_mails

SHOWN = 50
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
ADDRESS = re.compile(r"(https?://[^\s<>\"]+)")


@system.get("/dev/outbox")
@public
def list_mails() -> ResponseReturnValue:
    """The mails sent last; `?to=` only those to one address."""
    _only_in_trials()
    recipient = request.args.get("to", "").strip().lower()
    return render_template(
        "system/outbox.html", mails=latest_mails(SHOWN, recipient), recipient=recipient
    )


@system.get("/dev/outbox/<name>")
@public
def show_mail(name: str) -> ResponseReturnValue:
    """One mail, as text with links that lead here."""
    _only_in_trials()
    mail = get_mail(name)
    lines = [
        [(piece, index % 2 == 1) for index, piece in enumerate(ADDRESS.split(line))]
        for line in mail.text.splitlines()
    ]
    return render_template(
        "system/mail.html", mail=mail, lines=lines, page=path(f"/dev/outbox/{name}/html")
    )


@system.get("/dev/outbox/<name>/html")
@public
def show_page_of_mail(name: str) -> ResponseReturnValue:
    """Its other form, alone on a page that may load nothing but its own style."""
    _only_in_trials()
    html = get_mail(name).html
    styles = " ".join(f"'sha256-{_hash(style)}'" for style in STYLE.findall(html)) or "'none'"
    answer = Response(html, mimetype="text/html")
    answer.headers["Content-Security-Policy"] = (
        f"default-src 'none'; style-src {styles}; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    )
    return answer


def _only_in_trials() -> None:
    if current_app.config["SETTINGS"].is_production:
        raise NotFoundError


def _hash(style: str) -> str:
    return b64encode(hashlib.sha256(style.encode()).digest()).decode()
