"""The book of share capital: who holds how much."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.paging import page_request
from blueprints.security import acting_for, acting_membership
from marketplace.membership import queries

PAGE_SIZE: Final = 50


@cooperative.get("/<code>/von-gop")
def list_shares(code: str) -> ResponseReturnValue:
    """Who holds capital, most first, and who holds more than the law allows."""
    actor = acting_for(code)
    return render_template(
        "cooperative/shares.html",
        code=code,
        book=queries.share_book(
            acting_membership().organisation_id, viewer=actor, page=page_request(PAGE_SIZE)
        ),
    )
