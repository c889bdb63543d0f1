"""What stands in the form of terms before anybody has typed: what a version says."""

from datetime import date
from typing import Any, Final

from blueprints.contracts.terms_lines import MOST_PLACES
from marketplace.contracts.terms import Clause, Place, Terms, first_of
from marketplace.sourcing.supply.rules import months_from

MOST_MONTHS: Final = 24
FIXED, REFERENCE = "fixed", "reference"


def values_of(terms: Terms) -> dict[str, Any]:
    """The fields of the form, by name."""
    price, payment, breach = terms.price, terms.payment, terms.breach
    places = places_of(terms)
    return {
        "title": terms.title,
        "starts_on": terms.starts_on,
        "ends_on": terms.ends_on,
        "seller_representative": terms.seller.representative,
        "seller_position": terms.seller.position,
        "buyer_representative": terms.buyer.representative,
        "buyer_position": terms.buyer.position,
        "stages": list(terms.stages),
        "total": terms.total_g,
        "binding": terms.binding,
        "tolerance": terms.tolerance_bps or None,
        "limits": [
            {"name": e.name, "operator": e.operator, "value": e.value, "unit": e.unit}
            for e in terms.limits
        ],
        "grades": [
            {
                "code": e.code,
                "name": e.name,
                "difference": e.difference_minor,
                "may_refuse": not e.is_accepted,
            }
            for e in terms.grades
        ],
        "schemes": list(terms.schemes),
        "packing": terms.packing,
        "price_kind": FIXED if price.is_fixed else REFERENCE,
        "base": price.base_minor,
        "monthly": [
            {"month": e.isoformat(), "price": price.monthly.get(e)} for e in months_of(terms)
        ],
        "reference_code": price.reference_code,
        "premium": price.premium_minor or None,
        "floor": price.floor_minor,
        "ceiling": price.ceiling_minor,
        "standard_moisture": price.standard_moisture,
        "calling": terms.calling,
        "places": [
            {
                "province_code": e.province_code,
                "commune_code": e.commune_code or "",
                "address": e.address,
            }
            for e in places
        ],
        "schedule": [
            {
                "due_from": e.due_from,
                "due_on": e.due_on,
                "grams": e.grams,
                "place": places.index(e.place) + 1 if e.place in places else 1,
            }
            for e in terms.schedule
        ],
        "inspection": terms.inspection,
        "inspector": terms.inspector,
        "accept_hours": terms.accept_hours,
        "payments": [{"part": part, "days": days} for part, days in payment.stages],
        "deposit": payment.deposit_minor or None,
        "deposit_part": payment.deposit_bps or None,
        "retention": payment.retention_bps or None,
        "retention_days": payment.retention_days or None,
        "advances": [
            {"item": e.item, "amount": e.amount_minor, "on": e.on} for e in terms.advances
        ],
        "late_penalty": breach.late_bps_per_day or None,
        "short_penalty": breach.short_bps or None,
        "penalty_cap": breach.cap_bps or None,
        "bonus": breach.bonus_bps or None,
        "forum": terms.forum,
        "clauses": [clause_key(e) for e in terms.clauses if e.version],
        "own": [
            {
                "title_vi": e.title_vi,
                "text_vi": e.text_vi,
                "title_en": e.title_en,
                "text_en": e.text_en,
            }
            for e in terms.clauses
            if not e.version
        ],
    }


def places_of(terms: Terms) -> list[Place]:
    """The places that terms name, the contract's own first, each once."""
    own = [terms.place] if terms.place else []
    return list(dict.fromkeys([*own, *(each.place for each in terms.schedule)]))[:MOST_PLACES]


def months_of(terms: Terms) -> list[date]:
    """The months of a contract that may have a price of their own, the first of them."""
    first, last = first_of(terms.starts_on), terms.ends_on
    return [each for each in months_from(first, MOST_MONTHS) if each <= last]


def clause_key(clause: Clause) -> str:
    """A clause of the library and its version, as a choice of the form."""
    return f"{clause.code}@{clause.version}"
