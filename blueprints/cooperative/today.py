"""`/quay/<code>`: what waits today, and how the month goes."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.cooperative.products import OfSeller, seller
from blueprints.security import acting_membership, session_at_hand
from marketplace.certification import queries as certification
from marketplace.inventory import queries as stock
from marketplace.kernel.clock import business_day, now
from marketplace.orders import queries
from marketplace.reporting.beginning import beginning_of
from marketplace.reporting.late import slipped_deliveries
from models.contracts import ContractSide


@cooperative.get("/<code>")
def show_today(code: str) -> ResponseReturnValue:
    """Today's work first, then four figures, then what runs out."""
    actor, owner = seller(code)
    at = now()
    day = business_day(at)
    today = queries.today_of(owner, at)
    certificates = certification.certificates_of(owner, today=day)
    ending = [row for row in certificates if row.shown == "expiring"]
    return render_template(
        "cooperative/today.html",
        code=code,
        of_seller=OfSeller(owner),
        is_own=actor.helper_organisation_id is None,
        membership=acting_membership(),
        person=session_at_hand(),
        day=day,
        at=at,
        today=today,
        beginning=beginning_of(owner),
        ending=sorted(ending, key=lambda row: row.valid_to or day),
        low=stock.low_stock(owner, at),
        slipped=slipped_deliveries(ContractSide.SELLER, viewer=actor, at=at),
        desk_counts={"don": today.to_confirm},
    )
