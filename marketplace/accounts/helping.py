"""Whether a consent stands, asked and held in the transaction that relies on it."""

from typing import Final

from sqlalchemy import BigInteger, bindparam, select

from marketplace.accounts.consent_errors import ConsentEndedError
from marketplace.platform.locking import sharing
from models.consents import Consent

_STANDING: Final = sharing(
    select(Consent.id).where(
        Consent.id == bindparam("consent_id", type_=BigInteger), Consent.ended_at.is_(None)
    )
)


def require_consent(consent_id: int) -> None:
    """Return if the consent was not withdrawn, which then waits for the end of the transaction.

    Whoever withdraws it waits for what has begun; what begins after is refused here. Whether its
    days are over was asked when the request came in.

    Raises:
        ConsentEndedError: it was withdrawn.
    """
    if not _STANDING.ask(consent_id=consent_id):
        raise ConsentEndedError
