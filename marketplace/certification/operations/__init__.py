"""What is done with certificates: claimed, checked, decided, stretched, taken back, ended."""

from marketplace.certification.operations.claiming import claim_certificate, share_paper
from marketplace.certification.operations.deciding import (
    decide_certificate,
    record_check,
    revoke_certificate,
)
from marketplace.certification.operations.ending import expire_certificate, send_notice
from marketplace.certification.operations.land import name_plots
from marketplace.certification.operations.scope import choose_certificates, cover_products

__all__ = [
    "choose_certificates",
    "claim_certificate",
    "cover_products",
    "decide_certificate",
    "expire_certificate",
    "name_plots",
    "record_check",
    "revoke_certificate",
    "send_notice",
    "share_paper",
]
