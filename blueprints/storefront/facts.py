"""What the alliance has checked of an organisation: who, what, when, until when."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.security import public
from blueprints.storefront import storefront
from blueprints.storefront.shown import place_name
from marketplace.accounts import standing
from marketplace.accounts.facts import public_facts
from marketplace.certification import queries as certification
from marketplace.kernel.clock import business_day, now
from marketplace.platform.translation import current_locale


@storefront.get("/xac-minh/<slug>")
@public
def show_facts(slug: str) -> ResponseReturnValue:
    """An organisation as it was checked, also while it is suspended and after it was closed."""
    today = business_day(now())
    facts = public_facts(slug)
    return render_template(
        "storefront/facts.html",
        facts=facts,
        today=today,
        name=(facts.name_en if current_locale() == "en" else "") or facts.name,
        place=place_name(facts.province_code, facts.commune_code),
        certificates=certification.public_certificates_of(facts.id, today=today),
        steps=standing.public_steps(facts.id),
    )
