"""What a certificate is and may become, without a database."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from marketplace.certification.errors import (
    IssuerMissingError,
    NumberMissingError,
    PaperMissingError,
    UnknownSchemeError,
    WrongDatesError,
    WrongLevelError,
)
from marketplace.certification.schemes import badge_label, find_scheme, scheme
from marketplace.kernel.states import StateMachine
from models.certification import CertificateState

CERTIFICATE: Final = StateMachine(
    "certificate",
    {
        CertificateState.CLAIMED: {CertificateState.VERIFIED, CertificateState.REJECTED},
        CertificateState.VERIFIED: {CertificateState.REVOKED},
        CertificateState.REJECTED: set(),
        CertificateState.REVOKED: set(),
    },
)

EXPIRES_SOON_DAYS: Final = 60
"""From how many days before the end a cooperative is reminded on its desk."""


class Verdict(StrEnum):
    """What the alliance says of a claim."""

    VERIFY = "verify"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Claim:
    """A certificate as its holder describes it, from the paper.

    Attributes:
        organisation_id: whose it is.
        scheme_code: under which scheme.
        number: as printed.
        issuer: who issued it, as printed.
        valid_from: the first day.
        file_id: its paper, a file of the same organisation.
        level: stars, for schemes that have them.
        issued_on: the day it was issued, if that is another one.
        valid_to: the last day; None if it has no end.
        scope: what it covers, as printed.
        product_ids: the products that the holder says it covers.
    """

    organisation_id: int
    scheme_code: str
    number: str
    issuer: str
    valid_from: date
    file_id: int | None
    level: int | None = None
    issued_on: date | None = None
    valid_to: date | None = None
    scope: str = ""
    product_ids: tuple[int, ...] = ()


def require_sound(claim: Claim) -> None:
    """Refuse a claim that cannot be of any certificate.

    Raises:
        UnknownSchemeError, WrongLevelError, NumberMissingError, IssuerMissingError,
        WrongDatesError, PaperMissingError: as their names say; each names its `field`.
    """
    found = find_scheme(claim.scheme_code)
    if found is None or not found.is_open:
        raise UnknownSchemeError(field="scheme_code")
    if not found.allows_level(claim.level):
        raise WrongLevelError(field="level")
    if not claim.number.strip():
        raise NumberMissingError(field="number")
    if not claim.issuer.strip():
        raise IssuerMissingError(field="issuer")
    if claim.valid_to is not None and claim.valid_to < claim.valid_from:
        raise WrongDatesError(field="valid_to")
    if claim.file_id is None:
        raise PaperMissingError(field="file")


@dataclass(frozen=True, slots=True)
class CertificateFact:
    """A certificate in force, as it is shown beside goods and frozen on an order line."""

    certificate_id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None

    @property
    def is_badge(self) -> bool:
        """Whether buyers see a badge for it."""
        return scheme(self.scheme_code).is_badge

    @property
    def position(self) -> int:
        """Its place in the order of badges, from 0."""
        return scheme(self.scheme_code).position

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.scheme_code, self.level, locale)

    def as_json(self) -> dict[str, str | None]:
        """What an order line keeps of it: plain JSON values, dates as ISO 8601."""
        return {
            "code": self.scheme_code,
            "label_vi": self.label("vi"),
            "label_en": self.label("en"),
            "number": self.number,
            "issuer": self.issuer,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
        }


def shown_state(state: str, valid_from: date, valid_to: date | None, day: date) -> str:
    """The state that people read on `day`: verified ones also know their dates.

    Returns:
        One of the states, or for a verified certificate "upcoming", "expiring" (within
        `EXPIRES_SOON_DAYS`) or "expired".
    """
    if state != CertificateState.VERIFIED:
        return str(state)
    if day < valid_from:
        return "upcoming"
    if valid_to is None:
        return str(state)
    if valid_to < day:
        return "expired"
    return "expiring" if (valid_to - day).days <= EXPIRES_SOON_DAYS else str(state)
