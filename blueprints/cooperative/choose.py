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
    memberships = session_at_hand().memberships
    desks = [(each, base_of(each.kind, each.code)) for each in memberships if each.has_desk]
    if len(desks) == 1 and len(memberships) == 1:
        return redirect(path(desks[0][1]), 303)
    others = [each for each in memberships if not each.has_desk]
    return render_template("cooperative/choose.html", desks=desks, others=others)
