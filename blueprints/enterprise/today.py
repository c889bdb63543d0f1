"""`/mua-hang/<code>`: where a buyer begins, and what waits."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import buyer
from blueprints.security import session_at_hand
from marketplace.kernel.clock import now
from marketplace.platform.pagination import PageRequest
from marketplace.reporting.late import slipped_deliveries
from marketplace.sourcing.requests import queries
from models.accounts import VerificationState
from models.contracts import ContractSide


@enterprise.get("/<code>")
def show_today(code: str) -> ResponseReturnValue:
    """What waits for an answer, and what closes next."""
    actor, membership = buyer(code)
    at = now()
    owner = membership.organisation_id
    counts = queries.buyer_counts(owner, at=at)
    return render_template(
        "enterprise/today.html",
        code=code,
        person=session_at_hand(),
        at=at,
        desk=membership,
        is_verified=membership.verification == VerificationState.VERIFIED,
        counts=counts,
        closing=queries.requests_of(
            owner, viewer=actor, tab="dang-mo", page=PageRequest(size=5), at=at
        ).rows,
        slipped=slipped_deliveries(ContractSide.BUYER, viewer=actor, at=at),
        desk_counts={"yeu-cau": counts["questions"] + counts["cho-mo"]},
    )
