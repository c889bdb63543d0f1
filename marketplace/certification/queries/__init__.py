"""Reading certificates: which hold, lists of them, one for those concerned, one for everybody."""

from marketplace.certification.queries.covered import products_left_without
from marketplace.certification.queries.facts import (
    holds_on,
    in_force,
    in_force_for_harvest,
    in_force_for_lots,
)
from marketplace.certification.queries.land import NamedPlot
from marketplace.certification.queries.lists import (
    CertificateRow,
    certificates_in,
    certificates_of,
    certificates_on,
    count_waiting,
    counts_by_state,
    ended,
    next_waiting,
    notices_due,
)
from marketplace.certification.queries.pages import (
    CertificatePage,
    CheckMade,
    CoveredProduct,
    get_certificate_page,
    get_paper,
    lock_certificate,
    products_to_cover,
)
from marketplace.certification.queries.public import (
    PublicCertificate,
    PublicHeld,
    public_certificate,
    public_certificates_of,
    public_paper,
)

__all__ = [
    "CertificatePage",
    "CertificateRow",
    "CheckMade",
    "CoveredProduct",
    "NamedPlot",
    "PublicCertificate",
    "PublicHeld",
    "certificates_in",
    "certificates_of",
    "certificates_on",
    "count_waiting",
    "counts_by_state",
    "ended",
    "get_certificate_page",
    "get_paper",
    "holds_on",
    "in_force",
    "in_force_for_harvest",
    "in_force_for_lots",
    "lock_certificate",
    "next_waiting",
    "notices_due",
    "products_left_without",
    "products_to_cover",
    "public_certificate",
    "public_certificates_of",
    "public_paper",
]
