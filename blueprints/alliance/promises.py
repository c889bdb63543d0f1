"""How sellers keep their promises, for the alliance: whom to speak with, and the parts of one."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.reach import provinces_in_reach
from blueprints.paging import page_request
from blueprints.security import acting_as
from marketplace.accounts import registry
from marketplace.kernel.clock import business_day, now
from marketplace.orders.queries.promises import find_promise
from marketplace.reporting.delivery_promises import deliveries_behind, record_of_deliveries
from marketplace.reporting.delivery_promises import find_promise as find_contract_promise
from marketplace.reporting.promise_rules import promise_rule_on
from marketplace.reporting.promises import parts_behind, record_of
from marketplace.reporting.reminders import sellers_to_remind
from models.accounts import OrganisationKind

PAGE_SIZE: Final = 20


@alliance.get("/giu-hen")
def list_reminders() -> ResponseReturnValue:
    """The sellers beyond a limit of the market's rules."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    return render_template(
        "alliance/reminders.html",
        page=sellers_to_remind(viewer=actor, page=page_request(PAGE_SIZE)),
        rule=promise_rule_on(business_day(now())),
        provinces=provinces_in_reach(),
    )


@alliance.get("/to-chuc/<code>/giu-hen")
def show_promises(code: str) -> ResponseReturnValue:
    """The figures of one seller, the parts behind them, and what it says beside them."""
    actor, at = acting_as(OrganisationKind.ALLIANCE), now()
    organisation = registry.get_organisation_of_registry(code, viewer=actor)
    promise = find_promise(request.args.get("hen", ""))
    return render_template(
        "alliance/promises.html",
        organisation=organisation,
        record=record_of(organisation, viewer=actor, at=at),
        delivered=record_of_deliveries(organisation, viewer=actor, at=at)[0],
        page=parts_behind(
            organisation, promise=promise, viewer=actor, page=page_request(PAGE_SIZE), at=at
        ),
        promise=promise,
    )


@alliance.get("/to-chuc/<code>/giu-hen/giao-hang")
def show_promised_deliveries(code: str) -> ResponseReturnValue:
    """How one seller keeps its contracts, and the deliveries behind a figure."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    organisation = registry.get_organisation_of_registry(code, viewer=actor)
    promise = find_contract_promise(request.args.get("hen", ""))
    record, deliveries = record_of_deliveries(organisation, viewer=actor, at=now())
    return render_template(
        "alliance/promised_deliveries.html",
        organisation=organisation,
        record=record,
        page=deliveries_behind(deliveries, promise, page_request(PAGE_SIZE)),
        promise=promise,
    )
