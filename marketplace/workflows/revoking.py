"""The alliance takes a certificate back, and whoever bought by it and still waits is told."""

from datetime import datetime

from marketplace.accounts.permissions import Actor
from marketplace.certification import operations as certification
from marketplace.certification.schemes import badge_label
from marketplace.orders.queries import get_part_view, parts_sold_by_certificate
from marketplace.orders.rules import CANCELLABLE
from marketplace.workflows.order_readers import write_to_buyer
from models.certification import Certificate, CertificateState


def revoke_certificate(
    *, actor: Actor, certificate_id: int, reason: str, at: datetime
) -> Certificate:
    """Take back the verification; tell the holder, and buyers whose goods are not delivered yet.

    Their lines keep what was true when they ordered; until the goods are packed they may call
    the order off, and the mail says so.

    Raises:
        CertificateNotFoundError, NotAllowedError, ReasonMissingError, kernel NotAllowedError:
            see `certification.revoke_certificate`.
    """
    certificate = certification.revoke_certificate(
        actor=actor, certificate_id=certificate_id, reason=reason, at=at
    )
    if certificate.state == CertificateState.REVOKED and certificate.decided_at == at:
        _tell_buyers(certificate, at)
    return certificate


def _tell_buyers(certificate: Certificate, at: datetime) -> None:
    sold = parts_sold_by_certificate(
        certificate.organisation_id, certificate.scheme_code, certificate.number
    )
    for seller_order_id, line_ids in sold.items():
        order = get_part_view(seller_order_id)
        [part] = order.parts
        is_english = order.locale == "en"
        write_to_buyer(
            order,
            key=f"{part.number}:{certificate.id}",
            template="order_certificate_revoked",
            at=at,
            number=part.number,
            seller=part.seller.short_name,
            seller_phone=part.seller.phone,
            label=badge_label(certificate.scheme_code, certificate.level, order.locale),
            certificate_number=certificate.number,
            certificate_id=certificate.id,
            products=[
                line.name_en if is_english else line.name_vi
                for line in part.lines
                if line.id in line_ids
            ],
            can_cancel=part.state in CANCELLABLE,
        )
