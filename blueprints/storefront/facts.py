"""What the alliance has checked of an organisation: who, what, when, until when."""

from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from blueprints.paging import page_request
from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.shown import place_name
from marketplace.accounts import standing
from marketplace.accounts.facts import PublicFacts, changes_since, public_facts
from marketplace.accounts.size_classes import Size, rule_on, size_class
from marketplace.certification import queries as certification
from marketplace.contracts.promises.errors import PromisedDeliveryNotFoundError
from marketplace.kernel.clock import business_day, now
from marketplace.membership.yearly.queries import LastYear, last_year_of
from marketplace.platform.translation import current_locale
from marketplace.reporting.delivery_promises import (
    deliveries_behind,
    find_promise,
    public_deliveries,
)
from marketplace.reporting.promises import public_record
from models.accounts import SELLER_KINDS, OrganisationKind

PAGE_SIZE: Final = 20


@storefront.get("/xac-minh/<slug>")
@public
def show_facts(slug: str) -> ResponseReturnValue:
    """An organisation as it was checked, also while it is suspended and after it was closed."""
    at = now()
    today = business_day(at)
    facts = public_facts(slug)
    last = last_year_of(facts.id)
    rule = rule_on(today) if facts.kind == OrganisationKind.COOPERATIVE else None
    return render_template(
        "storefront/facts.html",
        facts=facts,
        today=today,
        name=(facts.name_en if current_locale() == "en" else "") or facts.name,
        place=place_name(facts.province_code, facts.commune_code),
        changes=changes_since(facts.id, facts.verified_at),
        size_rule=rule,
        last=last,
        size=size_class(_size(facts, last), rule) if rule else None,
        certificates=certification.public_certificates_of(facts.id, today=today),
        promises=public_record(facts.id, at=at) if facts.kind in SELLER_KINDS else None,
        delivered=public_deliveries(facts.id, at=at) if facts.kind in SELLER_KINDS else None,
        steps=standing.public_steps(facts.id),
    )


@storefront.get("/xac-minh/<slug>/giao-hang")
@public
def show_deliveries(slug: str) -> ResponseReturnValue:
    """The deliveries behind a seller's figures; nothing of any buyer."""
    facts = public_facts(slug)
    found = public_deliveries(facts.id, at=now())
    if found is None:
        raise PromisedDeliveryNotFoundError(slug=slug)
    record, deliveries, _rule = found
    promise = find_promise(request.args.get("hen", ""))
    return render_template(
        "storefront/deliveries.html",
        facts=facts,
        name=(facts.name_en if current_locale() == "en" else "") or facts.name,
        record=record,
        page=deliveries_behind(deliveries, promise, page_request(PAGE_SIZE)),
        promise=promise,
    )


def _size(facts: PublicFacts, last: LastYear | None) -> Size:
    """What is known: of the last year that was declared, else what the organisation says now."""
    return Size(
        members=last.official_members if last else facts.member_count,
        revenue_minor=last.revenue_minor if last else None,
        capital_minor=last.capital_minor if last else None,
        charter_minor=facts.charter_capital_minor,
    )
