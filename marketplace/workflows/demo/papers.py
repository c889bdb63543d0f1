"""Certificates: claimed with a paper that says it is a sample, decided by the alliance."""

from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.certification import operations as certification
from marketplace.certification.rules import Claim, Verdict
from marketplace.certification.schemes import scheme
from marketplace.kernel.clock import business_day, vietnam_midnight
from marketplace.media import operations as media
from marketplace.platform.documents import typeset
from marketplace.workflows.demo.content import CertificateContent
from marketplace.workflows.demo.world import Seller, World
from marketplace.workflows.revoking import revoke_certificate
from models.accounts import Role

DAYS_A_MONTH: Final = 30.4
DECISION_DAYS: Final = 3
REVOKED_DAYS: Final = 40
"""How long before the present the one certificate that was taken back was taken back."""
PREPARED_DAYS: Final = 9
"""How long before the present a paper was claimed that begins to hold later."""
UNDECIDED: Final = ("waiting", "half-checked")
"""What the alliance has not decided yet; of the second, one officer has read the paper."""
SAMPLE: Final = (
    b"%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n"
    b"2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
    b"trailer << /Root 1 0 R >>\n%%EOF\n"
)
"""A paper without a page, where papers do not matter."""


def note_certificates(world: World, seller: Seller, at: datetime) -> None:
    """Let the certificates of a seller be claimed: those it has at once, others in their time."""
    for number, certificate in enumerate(seller.content.certificates):
        waits = timedelta(days=11 if certificate.state == "verified" else 0, hours=number + 1)
        issued = world.moment(valid_from(certificate, world.today), 9)
        if certificate.state in UNDECIDED:
            issued = world.at - timedelta(days=1 + number % 4, hours=2 * number + 1)
        elif certificate.ago < 0:
            issued, waits = world.at - timedelta(days=PREPARED_DAYS), timedelta()
        claimed_at = max(at + timedelta(hours=number + 1), issued + waits)
        world.diary.note(claimed_at, partial(_claim, world, seller, certificate))


def valid_from(certificate: CertificateContent, today: date) -> date:
    """The first day of a certificate."""
    if certificate.ago == 0:
        return today - timedelta(days=12)
    return today - timedelta(days=round(certificate.ago * DAYS_A_MONTH))


def valid_to(certificate: CertificateContent, today: date) -> date | None:
    """The last day of a certificate, if it has one."""
    if certificate.months is None:
        return None
    first = valid_from(certificate, today)
    return first + timedelta(days=round(certificate.months * DAYS_A_MONTH) - 1)


def _claim(world: World, seller: Seller, certificate: CertificateContent, at: datetime) -> None:
    director = seller.actor(Role.DIRECTOR)
    paper = media.store_paper(
        actor=director,
        organisation_id=seller.organisation_id,
        data=_paper(world, seller, certificate),
        name=f"{certificate.scheme.lower()}-{certificate.number.replace('/', '-')}.pdf",
        at=at,
    )
    first = valid_from(certificate, world.today)
    row = certification.claim_certificate(
        actor=director,
        claim=Claim(
            organisation_id=seller.organisation_id,
            scheme_code=certificate.scheme,
            level=certificate.level,
            number=certificate.number,
            issuer=certificate.issuer,
            issued_on=min(first, business_day(at)),
            valid_from=first,
            valid_to=valid_to(certificate, world.today),
            scope=certificate.scope,
            file_id=paper.id,
            product_ids=tuple(world.crops[key].product_id for key in certificate.products),
        ),
        at=at,
    )
    approved_at = min(at + timedelta(days=DECISION_DAYS, hours=2), world.at)
    if certificate.state == "half-checked":
        _decide(world.staff.second_officer, row.id, Verdict.VERIFY, at=approved_at)
    if certificate.state in UNDECIDED:
        return
    verdict = Verdict.REJECT if certificate.state == "rejected" else Verdict.VERIFY
    if verdict == Verdict.VERIFY and scheme(certificate.scheme).needs_two:
        _decide(world.staff.second_officer, row.id, verdict, at=approved_at - timedelta(hours=1))
    note = certificate.note if verdict == Verdict.REJECT else ""
    _decide(world.staff.officer, row.id, verdict, note=note, at=approved_at)
    if row.valid_to is not None and row.valid_to < world.today:
        over_at = vietnam_midnight(row.valid_to + timedelta(days=1))
        world.diary.note(max(over_at, approved_at), partial(_expire, row.id))
    if certificate.state == "revoked":
        day = world.today - timedelta(days=REVOKED_DAYS)
        world.diary.note(world.moment(day, 15), partial(_revoke, world, row.id, certificate.note))


def _revoke(world: World, certificate_id: int, reason: str, at: datetime) -> None:
    revoke_certificate(
        actor=world.staff.officer, certificate_id=certificate_id, reason=reason, at=at
    )


def _expire(certificate_id: int, at: datetime) -> None:
    certification.expire_certificate(certificate_id=certificate_id, at=at)


def _decide(
    officer: Actor, certificate_id: int, verdict: Verdict, *, at: datetime, note: str = ""
) -> None:
    certification.decide_certificate(
        actor=officer, certificate_id=certificate_id, verdict=verdict, note=note, at=at
    )


def _paper(world: World, seller: Seller, certificate: CertificateContent) -> bytes:
    """A sheet like those of certificates, with "BẢN MINH HỌA" across it.

    Those that somebody still has to read are filled in; the others share a sheet by scheme.
    """
    if not world.size.has_papers:
        return SAMPLE
    if certificate.state == "verified":
        return _blank(certificate.scheme)
    last = valid_to(certificate, world.today)
    return typeset(
        "sample_certificate.typ",
        {
            "scheme": _title(certificate.scheme, certificate.level),
            "number": certificate.number,
            "issuer": certificate.issuer,
            "holder": seller.content.name,
            "address": seller.content.address,
            "scope": certificate.scope,
            "first": f"{valid_from(certificate, world.today):%d/%m/%Y}",
            "last": f"{last:%d/%m/%Y}" if last else "không thời hạn",
        },
    )


@cache
def _blank(scheme_code: str) -> bytes:
    dots = "…………………………"
    words = dict.fromkeys(("number", "issuer", "holder", "address", "scope", "first", "last"), dots)
    return typeset("sample_certificate.typ", {"scheme": _title(scheme_code, None), **words})


def _title(scheme_code: str, level: int | None) -> str:
    name = scheme(scheme_code).name_vi
    return f"{name}, {level} sao" if level else name
