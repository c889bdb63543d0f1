"""Everything that an enterprise has to pay under its contracts, the most urgent first."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.enterprise import enterprise
from blueprints.locale import path
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.invoicing.queries import missing_of, open_dues, open_total
from marketplace.kernel.clock import business_day, now


@enterprise.get("/<code>/thanh-toan")
def list_dues(code: str) -> ResponseReturnValue:
    """What is to be paid to whom, by when, and by which reference."""
    actor = acting_for(code)
    today = business_day(now())
    return render_template(
        "enterprise/dues.html",
        code=code,
        page=open_dues(viewer=actor, page=page_request(50)),
        total=open_total(viewer=actor, today=today),
        missing_of=missing_of,
        base=path(f"/hop-dong/{code}"),
        today=today,
    )
