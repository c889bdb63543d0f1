"""What a certificate is and may become, without a database."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from marketplace.certification.errors import (
    IssuerMissingError,
    NumberMissingError,
    PaperMissingError,
    SourceMissingError,
    TooLongError,
    UnknownSchemeError,
    WrongDatesError,
    WrongExtentError,
    WrongLevelError,
)
from marketplace.certification.schemes import Scheme, badge_label, find_scheme, scheme
from marketplace.kernel.states import StateMachine
from marketplace.kernel.validity import months_after
from models.certification import TRUSTED, CertificateState, CheckKind

CERTIFICATE: Final = StateMachine(
    "certificate",
    {
        CertificateState.CLAIMED: {CertificateState.VERIFIED, CertificateState.REJECTED},
        CertificateState.VERIFIED: {CertificateState.REVOKED, CertificateState.EXPIRED},
        CertificateState.REJECTED: set(),
        CertificateState.REVOKED: set(),
        # It still speaks for what was harvested while it held, so it can still be taken back.
        CertificateState.EXPIRED: {CertificateState.REVOKED},
    },
)

EXPIRES_SOON_DAYS: Final = 60
"""From how many days before the end a cooperative is reminded on its desk."""

TWO: Final = 2
NOTICE_DAYS: Final = (90, 60, 30, 7)
"""How many days before the end the holder is written to."""


class Verdict(StrEnum):
    """What the alliance says of a claim."""

    VERIFY = "verify"
    REJECT = "reject"


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a certificate reaches, in figures, as far as its paper says.

    Attributes:
        facility: the workshop, packing house or farm that was inspected.
        area_m2: the certified area, square metres; None if the paper names none.
        yearly_g: the volume expected of a year, grams; None if the paper names none.
    """

    facility: str = ""
    area_m2: int | None = None
    yearly_g: int | None = None


@dataclass(frozen=True, slots=True)
class Land:
    """The plots that a certificate names, as its holder writes them. Nothing: it names none.

    Attributes:
        plot_codes: codes of plots; spaces, small letters and repetitions do not matter.
        area_code: the code of a growing area whose plots are all named; may be empty.
    """

    plot_codes: tuple[str, ...] = ()
    area_code: str = ""

    @property
    def codes(self) -> set[str]:
        """The codes of plots as they are kept."""
        return {code.strip().upper() for code in self.plot_codes if code.strip()}


def is_narrower(before: Collection[int], after: Collection[int]) -> bool:
    """Whether a certificate that names the plots `after` reaches no further than `before`.

    One that names no plots reaches everywhere, so whoever takes the last plot away widens it.
    """
    if not before:
        return True
    return bool(after) and set(after) <= set(before)


AREA_MAX_M2: Final = 10_000 * 1_000_000
"""A million hectares: more than any province grows of anything."""
YEARLY_MAX_G: Final = 1_000_000 * 10_000_000
"""Ten million tonnes: more than the country grows of anything but rice."""


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
        extent: how far it reaches, in figures.
        land: the plots that it names.
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
    extent: Extent = Extent()
    land: Land = Land()

    @property
    def longest_to(self) -> date | None:
        """The last day that its scheme allows, counted from the decision; None: any."""
        months = scheme(self.scheme_code).longest_months
        return months_after(self.issued_on or self.valid_from, months) if months else None

    @property
    def last_day(self) -> date | None:
        """Its last day: as printed, else the last one that its scheme allows."""
        return self.valid_to or self.longest_to


def require_sound(claim: Claim) -> None:
    """Refuse a claim that cannot be of any certificate.

    Raises:
        UnknownSchemeError, WrongLevelError, NumberMissingError, IssuerMissingError,
        WrongDatesError, TooLongError, WrongExtentError, PaperMissingError: as their names say;
        each names its `field`.
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
    if claim.last_day is not None and claim.last_day < claim.valid_from:
        raise WrongDatesError(field="valid_to")
    _require_no_longer_than_allowed(claim)
    _require_extent(claim.extent)
    if claim.file_id is None:
        raise PaperMissingError(field="file")


def _require_extent(extent: Extent) -> None:
    if extent.area_m2 is not None and not 0 < extent.area_m2 <= AREA_MAX_M2:
        raise WrongExtentError(field="area")
    if extent.yearly_g is not None and not 0 < extent.yearly_g <= YEARLY_MAX_G:
        raise WrongExtentError(field="yearly")


def _require_no_longer_than_allowed(claim: Claim) -> None:
    longest = claim.longest_to
    if longest is not None and (claim.valid_to or longest) > longest:
        raise TooLongError(
            field="valid_to",
            months=scheme(claim.scheme_code).longest_months,
            last=f"{longest:%d/%m/%Y}",
        )


@dataclass(frozen=True, slots=True)
class Check:
    """What an officer has compared a certificate with.

    Attributes:
        kind: its paper or a register.
        source: what was looked at, "danh sách của Cục Trồng trọt"; everybody can read it.
        note: for the alliance alone.
    """

    kind: CheckKind
    source: str = ""
    note: str = ""


def require_source(check: Check) -> None:
    """Refuse a check of a register that does not say which one.

    Raises:
        SourceMissingError: it does not.
    """
    if check.kind == CheckKind.REGISTER and not check.source.strip():
        raise SourceMissingError(field="source")


class Missing(StrEnum):
    """What a claim still needs before it can be verified."""

    DOCUMENT = "document"
    SECOND_OFFICER = "second_officer"


def missing(scheme: Scheme, checks: Iterable[tuple[str, int]]) -> tuple[Missing, ...]:
    """What is still to be done before a certificate of `scheme` can be verified.

    A register is looked up where there is one; the paper is always read, and for organic schemes
    and export codes two officers look.

    Args:
        scheme: of the certificate.
        checks: the kind of each check so far, and who made it.
    """
    done = list(checks)
    lacks: list[Missing] = []
    if all(kind != CheckKind.DOCUMENT for kind, _checker in done):
        lacks.append(Missing.DOCUMENT)
    if scheme.needs_two and len({checker for _kind, checker in done}) < TWO:
        lacks.append(Missing.SECOND_OFFICER)
    return tuple(lacks)


def due_notice(valid_to: date, day: date) -> int | None:
    """Which notice of the end is due on `day`: the newest of `NOTICE_DAYS` that has been reached.

    Returns:
        Its number of days; None while the end is far, and after it.
    """
    left = (valid_to - day).days
    return min((days for days in NOTICE_DAYS if days >= left), default=None) if left >= 0 else None


@dataclass(frozen=True, slots=True)
class CertificateFact:
    """A certificate in force, as it is shown beside goods and frozen on an order line.

    Attributes:
        names_plots: it names some plots, and so counts only for lots that inherited it.
    """

    certificate_id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    names_plots: bool

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

    def as_json(self) -> dict[str, str | bool | None]:
        """What an order line keeps of it: plain JSON values, dates as ISO 8601."""
        return {
            "code": self.scheme_code,
            "label_vi": self.label("vi"),
            "label_en": self.label("en"),
            "number": self.number,
            "issuer": self.issuer,
            "valid_to": self.valid_to.isoformat() if self.valid_to else None,
            "names_plots": self.names_plots,
        }


def shown_state(state: str, valid_from: date, valid_to: date | None, day: date) -> str:
    """The state that people read on `day`: of what the alliance trusts, the dates decide.

    It is the same before and after the job has written down that a certificate is over.

    Returns:
        One of the states, or for a trusted certificate "upcoming", "verified", "expiring" (within
        `EXPIRES_SOON_DAYS`) or "expired".
    """
    if state not in TRUSTED:
        return str(state)
    if day < valid_from:
        return "upcoming"
    if valid_to is None:
        return str(CertificateState.VERIFIED)
    if valid_to < day:
        return str(CertificateState.EXPIRED)
    ends_soon = (valid_to - day).days <= EXPIRES_SOON_DAYS
    return "expiring" if ends_soon else str(CertificateState.VERIFIED)
