"""`/mua-hang/<code>/hang-hop-dong`: the goods that the enterprise has contracts for."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.enterprise.desk import buyer
from marketplace.kernel.clock import business_day, now
from marketplace.reporting.contract_goods import goods_of_contracts


@enterprise.get("/<code>/hang-hop-dong")
def list_contract_goods(code: str) -> ResponseReturnValue:
    """Each product under a running contract, with its price and what is still to come."""
    actor, _membership = buyer(code)
    today = business_day(now())
    return render_template(
        "enterprise/contract_goods.html",
        code=code,
        today=today,
        goods=goods_of_contracts(viewers=[actor], today=today),
    )
