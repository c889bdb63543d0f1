"""What has become of the certificates that contracts want: asked of their dates, on every page."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select

from marketplace.contracts.queries.lists import ContractRow
from marketplace.contracts.rules import ENDED
from marketplace.platform.database import session
from models.catalogue import ProductCertificate
from models.certification import Certificate, CertificateState
from models.contracts import Contract, ContractVersion

SOON: Final = timedelta(days=30)
"""So long before the end of a certificate both sides read a warning on its contracts."""
_SEEN: Final = (CertificateState.VERIFIED, CertificateState.EXPIRED, CertificateState.REVOKED)


class Want(NamedTuple):
    """The goods of a contract and the schemes that every lot of them must carry."""

    product_id: int
    schemes: Collection[str]


@dataclass(frozen=True, slots=True)
class CertificateWarning:
    """That a certificate which a contract wants is not there, or not for long.

    Attributes:
        scheme_code: of which kind.
        what: "ending", "ended", "revoked" or "missing".
        last_day: of the certificate that ends or has ended.
        certificate_id: its page; None if there is none.
    """

    scheme_code: str
    what: str
    last_day: date | None
    certificate_id: int | None


def certificate_warnings(
    wants: Mapping[int, Want], *, today: date
) -> dict[int, list[CertificateWarning]]:
    """What both sides of some contracts must know of their certificates. One statement.

    Args:
        wants: what each contract wants, by its id.
        today: the day.

    Returns:
        By the id of the contract, in the order of the schemes; those without any are left out.
    """
    schemes = {code for want in wants.values() for code in want.schemes}
    rows = session.execute(
        select(ProductCertificate.product_id, Certificate)
        .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
        .where(
            ProductCertificate.product_id.in_({want.product_id for want in wants.values()}),
            Certificate.scheme_code.in_(schemes),
            Certificate.state.in_(_SEEN),
        )
        .order_by(Certificate.id)
    )
    held: dict[tuple[int, str], list[Certificate]] = {}
    for product_id, certificate in rows:
        held.setdefault((product_id, certificate.scheme_code), []).append(certificate)
    found = {}
    for contract_id, want in wants.items():
        warnings = [
            warning
            for code in sorted(want.schemes)
            if (warning := _warning(code, held.get((want.product_id, code), []), today))
        ]
        if warnings:
            found[contract_id] = warnings
    return found


def warnings_of_rows(
    rows: Collection[ContractRow], *, today: date
) -> dict[int, list[CertificateWarning]]:
    """The same for rows of a list that have not ended. Two statements."""
    products = {row.id: row.product_id for row in rows if row.state not in ENDED}
    spoken = func.coalesce(Contract.signed_version, Contract.version)
    found = session.execute(
        select(ContractVersion.contract_id, ContractVersion.terms["schemes"])
        .join(
            Contract,
            (Contract.id == ContractVersion.contract_id) & (ContractVersion.version == spoken),
        )
        .where(Contract.id.in_(products))
    )
    wants = {number: Want(products[number], schemes) for number, schemes in found if schemes}
    return certificate_warnings(wants, today=today) if wants else {}


def _warning(
    code: str, certificates: Collection[Certificate], today: date
) -> CertificateWarning | None:
    holding = [each for each in certificates if each.holds_on(today)]
    if holding:
        longest = max(holding, key=lambda each: each.valid_to or date.max)
        if longest.valid_to is None or longest.valid_to > today + SOON:
            return None
        return CertificateWarning(code, "ending", longest.valid_to, longest.id)
    if not certificates:
        return CertificateWarning(code, "missing", None, None)
    newest = max(certificates, key=lambda each: (each.valid_to or date.max, each.id))
    if newest.state == CertificateState.REVOKED:
        return CertificateWarning(code, "revoked", newest.valid_to, newest.id)
    if newest.valid_from > today:
        return CertificateWarning(code, "missing", None, newest.id)
    return CertificateWarning(code, "ended", newest.valid_to, newest.id)
