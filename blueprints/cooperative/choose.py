"""Choosing for which organisation to work."""

from flask import redirect, render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.desks import base_of
from blueprints.locale import path
from blueprints.security import session_at_hand


@cooperative.get("")
def choose() -> ResponseReturnValue:
    """The desks that the person may sit down at; with only one, that one."""
    desks = [(each, base_of(each.kind, each.code)) for each in session_at_hand().memberships]
    if len(desks) == 1:
        return redirect(path(desks[0][1]), 303)
    return render_template("cooperative/choose.html", desks=desks)
