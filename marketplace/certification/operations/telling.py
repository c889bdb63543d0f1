"""What is written of a certificate: the audit trail, and mails to the directors of its holder."""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from marketplace.accounts import queries as accounts
from marketplace.accounts.permissions import Actor
from marketplace.certification.schemes import badge_label
from marketplace.notifications.operations import notify
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.accounts import Organisation
from models.certification import Certificate


def tell_decision(certificate: Certificate, *, action: str, actor: Actor, at: datetime) -> None:
    """Write a decision into the audit trail and to the directors of the holder."""
    record(
        actor=actor,
        action=action,
        subject_kind="certificate",
        subject_id=certificate.id,
        at=at,
        after=facts_of(certificate) | {"state": str(certificate.state)},
        reason=certificate.decision_note or None,
    )
    write_to_directors(
        certificate,
        key=str(certificate.state),
        template=f"certificate_{certificate.state}",
        at=at,
        note=certificate.decision_note,
    )


def write_to_directors(
    certificate: Certificate, *, key: str, template: str, at: datetime, **values: object
) -> None:
    """Send one mail to each director of the holder, in their language; the same again is none.

    Args:
        certificate: which.
        key: names the fact, "verified" or "ends-30".
        template: the files in `templates/email/`.
        at: when the fact happened.
        **values: what the template asks for besides person, label, number and links.
    """
    holder_code = session.scalar(
        select(Organisation.code).where(Organisation.id == certificate.organisation_id)
    )
    for director in accounts.directors_of(certificate.organisation_id):
        notify(
            key=f"certificate:{certificate.id}:{key}:{director.id}",
            recipient=director.email,
            locale=director.locale,
            template=template,
            at=at,
            person=director.full_name,
            label=badge_label(certificate.scheme_code, certificate.level, director.locale),
            number=certificate.number,
            organisation_code=holder_code,
            certificate_id=certificate.id,
            **values,
        )


def facts_of(certificate: Certificate) -> dict[str, Any]:
    """What the audit trail keeps of a certificate."""
    return {
        "scheme_code": certificate.scheme_code,
        "level": certificate.level,
        "number": certificate.number,
        "issuer": certificate.issuer,
        "valid_from": certificate.valid_from.isoformat(),
        "valid_to": certificate.valid_to.isoformat() if certificate.valid_to else None,
    }
