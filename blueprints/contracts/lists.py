"""The contracts of an organisation: bought, sold, or quoted for by a union."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.contracts import contracts
from blueprints.contracts.desk import OfBoth, party
from blueprints.paging import page_request
from marketplace.contracts.queries.lists import LED, TABS, contracts_of, counts_of
from marketplace.kernel.clock import business_day, now
from marketplace.reporting.contract_certificates import warnings_of_rows
from models.accounts import OrganisationKind

PAGE_SIZE: Final = 20


@contracts.get("/<code>")
def list_contracts(code: str) -> ResponseReturnValue:
    """All contracts, by how far they have come."""
    actor, membership = party(code)
    owner = membership.organisation_id
    tab = request.args.get("nhom", "")
    chosen = tab if tab in (*TABS, LED) else ""
    page = contracts_of(owner, viewer=actor, tab=chosen, page=page_request(PAGE_SIZE))
    return render_template(
        "contracts/list.html",
        code=code,
        tab=chosen,
        buys=membership.kind == OrganisationKind.ENTERPRISE,
        leads=membership.kind == OrganisationKind.UNION,
        subject=OfBoth(owner, owner),
        counts=counts_of(owner, viewer=actor),
        page=page,
        warned=warnings_of_rows(page.rows, today=business_day(now())),
    )
