"""A seller's money: what the market owes it, for which orders, and what was paid."""

from typing import Final

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.cooperative import cooperative
from blueprints.paging import page_request
from blueprints.security import acting_for
from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Permission, authorize
from marketplace.ledger import queries as books
from marketplace.ledger.accounts import payable
from marketplace.payments.desk import outgoing
from marketplace.payments.desk.pages import Seller
from marketplace.platform.pagination import PageRequest

PAGE_SIZE: Final = 25
SHOWN_PAYOUTS: Final = 10


@cooperative.get("/<code>/tien")
def money(code: str) -> ResponseReturnValue:
    """The balance and every entry behind it, cash that is still to be remitted, and payouts."""
    actor = acting_for(code)
    organisation = accounts.get_organisation(code=code)
    # Anything that belongs to the seller would do; its desk is what is looked at.
    authorize(actor, Permission.MONEY_VIEW, Seller(organisation.id))
    cash = outgoing.cash_of_seller(organisation.id, viewer=actor)
    in_transit = sum(part.collected_minor or 0 for part in cash)
    movements = books.movements_of(payable(organisation.id), page_request(PAGE_SIZE))
    owed = books.payables([organisation.id])[organisation.id]
    return render_template(
        "cooperative/money.html",
        code=code,
        owed=owed,
        cash=cash,
        in_transit=in_transit,
        available=max(owed - in_transit, 0),
        page=movements,
        payouts=outgoing.payouts(
            viewer=actor,
            organisation_id=organisation.id,
            page=PageRequest(size=SHOWN_PAYOUTS),
        ),
    )
