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
from marketplace.platform.pagination import Page
from marketplace.reporting.promise_rules import promise_rule_on
from marketplace.reporting.promises import parts_behind, record_of, sellers_to_remind
from models.accounts import OrganisationKind

PAGE_SIZE: Final = 20


@alliance.get("/giu-hen")
def list_reminders() -> ResponseReturnValue:
    """The sellers beyond a limit of the market's rules."""
    actor, at = acting_as(OrganisationKind.ALLIANCE), now()
    found = sellers_to_remind(viewer=actor, at=at)
    wanted = page_request(PAGE_SIZE)
    shown = found[wanted.offset : wanted.offset + wanted.size]
    return render_template(
        "alliance/reminders.html",
        page=Page(shown, wanted, len(found)),
        rule=promise_rule_on(business_day(at)),
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
        page=parts_behind(
            organisation, promise=promise, viewer=actor, page=page_request(PAGE_SIZE), at=at
        ),
        promise=promise,
    )
