"""`/quay/<code>/hop-dong-chu-tri`: the contracts that came of a union's joint quotes."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.reporting.led_contracts import led_contracts

PAGE_SIZE: Final = 20


@cooperative.get("/<code>/hop-dong-chu-tri")
def list_led_contracts(code: str) -> ResponseReturnValue:
    """Each contract with what was promised, accepted, invoiced and paid."""
    actor = acting_for(code)
    union = accounts.get_organisation(code=code)
    return render_template(
        "cooperative/led_contracts.html",
        code=code,
        led=led_contracts(union, viewer=actor, page=page_request(PAGE_SIZE)),
    )
