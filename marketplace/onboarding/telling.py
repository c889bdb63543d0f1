"""What is written of an application: mails to whoever applies, rows of the audit trail."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from marketplace.accounts.permissions import Actor
from marketplace.notifications.operations import notify
from marketplace.onboarding.links import application_path, renew_link
from marketplace.platform import audit
from models.onboarding import Application


def write_to_applicant(
    application: Application, template: str, *, at: datetime, **values: object
) -> None:
    """Send one mail to the address of an application, with its link; the same again is none.

    Args:
        application: which.
        template: the files in `templates/email/`.
        at: when the fact happened.
        **values: what the template asks for besides name, organisation, code and path.
    """
    token = renew_link(application)
    notify(
        key=f"{application.code}:{at.isoformat()}",
        recipient=application.email,
        locale=application.locale,
        template=template,
        at=at,
        name=application.contact_name,
        organisation=application.name,
        code=application.code,
        path=application_path(token),
        **values,
    )


def record(  # noqa: PLR0913 - one row of the audit
    action: str,
    application: Application,
    *,
    actor: Actor | None,
    at: datetime,
    after: dict[str, Any] | None = None,
    reason: str | None = None,
) -> None:
    """Add a row to the trail; what the applicant types is not repeated there."""
    audit.record(
        actor=actor,
        action=f"onboarding.{action}",
        subject_kind="application",
        subject_id=application.id,
        at=at,
        after=after,
        reason=reason,
    )


def title_of(titles: tuple[str, str], locale: str) -> str:
    """The title of a requirement in a language: (Vietnamese, English), English if there is one."""
    vietnamese, english = titles
    return english if locale == "en" and english else vietnamese


Notes = Sequence[tuple[str, str]]
"""Titles of items that went back, each with what the officer wrote."""
