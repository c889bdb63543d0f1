"""Choosing on whose behalf to act, and ceasing to."""

from flask import flash, redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.helping import helping
from blueprints.locale import path
from blueprints.security import helping as helped_now
from blueprints.security import session_at_hand, start_helping, stop_helping
from marketplace.accounts import consents
from marketplace.accounts.consent_errors import ConsentNotFoundError
from marketplace.accounts.operations.consents import begin_helping
from marketplace.kernel.clock import now
from marketplace.platform.transaction import transaction
from marketplace.platform.translation import gettext as _


@helping.get("")
def list_helped() -> ResponseReturnValue:
    """The cooperatives that somebody may act for."""
    person = session_at_hand()
    return render_template(
        "helping/list.html", consents=consents.consents_for(person, now()), now_helped=helped_now()
    )


@helping.post("/<int:consent_id>/bat-dau")
def start(consent_id: int) -> ResponseReturnValue:
    """Act on behalf of a cooperative from here on."""
    person, at = session_at_hand(), now()
    with transaction():
        begin_helping(actor=consents.helper_actor(person, consent_id), consent_id=consent_id, at=at)
    found = consents.find_help(person, consent_id, at=at)
    if found is None:
        raise ConsentNotFoundError
    helped = found.membership
    start_helping(consent_id, helped.code, helped.short_name)
    return redirect(path(f"/quay/{helped.code}"), 303)


@helping.post("/thoi")
def stop() -> ResponseReturnValue:
    """Act for nobody else any more."""
    stop_helping()
    flash(_("Bạn đã thôi làm thay."), "ok")
    return redirect(path("/lam-thay"), 303)
