"""What waits for the alliance today, and how many sell where."""

from flask import render_template
from flask.typing import ResponseReturnValue

from blueprints.alliance import alliance
from blueprints.alliance.reach import provinces_in_reach
from blueprints.security import acting_as
from marketplace.accounts import registry, standing
from marketplace.certification import queries as certificates
from marketplace.onboarding import queries as onboarding
from marketplace.reporting.reminders import count_to_remind
from models.accounts import OrganisationKind

SHOWN = 6


@alliance.get("")
def today() -> ResponseReturnValue:
    """Organisations and certificates that wait, and the figures of the provinces."""
    actor = acting_as(OrganisationKind.ALLIANCE)
    waiting, waiting_count = registry.waiting_organisations(viewer=actor, limit=SHOWN)
    certificate_count = certificates.count_waiting(viewer=actor)
    appeal_count = standing.open_appeals(viewer=actor)
    application_count = onboarding.count_waiting(viewer=actor)
    reminder_count = count_to_remind(viewer=actor)
    figures = registry.figures_by_province(viewer=actor)
    return render_template(
        "alliance/today.html",
        waiting=waiting,
        waiting_count=waiting_count,
        certificate_count=certificate_count,
        application_count=application_count,
        appeal_count=appeal_count,
        reminder_count=reminder_count,
        figures=figures,
        provinces=provinces_in_reach(),
        desk_counts={
            "ho-so": application_count,
            "chung-nhan": certificate_count,
            "to-chuc": waiting_count,
            "khieu-nai": appeal_count,
            "giu-hen": reminder_count,
        },
    )
