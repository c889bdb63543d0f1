"""`/mua-hang/<code>`: where a buyer begins."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.security import acting_for, acting_membership, session_at_hand
from marketplace.accounts.permissions import Permission, authorize
from marketplace.kernel.clock import now


@enterprise.get("/<code>")
def show_today(code: str) -> ResponseReturnValue:
    """What a buyer can do here, and what waits."""
    actor = acting_for(code)
    membership = acting_membership()
    authorize(actor, Permission.REQUEST_VIEW, membership)
    return render_template(
        "enterprise/today.html", code=code, person=session_at_hand(), at=now(), desk=membership
    )
