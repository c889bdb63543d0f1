"""Which goods a certificate covers, and which of them have no other one of its kind."""

from datetime import date

from sqlalchemy import select

from marketplace.certification.queries.facts import in_force
from marketplace.platform.database import session
from models.catalogue import ProductCertificate
from models.certification import Certificate


def products_left_without(certificate: Certificate, *, today: date) -> list[int]:
    """The goods that a certificate covers and that have no other one of its scheme in force.

    For workflows: asks nobody. Two statements.
    """
    covered = session.scalars(
        select(ProductCertificate.product_id)
        .where(ProductCertificate.certificate_id == certificate.id)
        .order_by(ProductCertificate.product_id)
    ).all()
    held = in_force(covered, today)
    return [
        product_id
        for product_id in covered
        if not any(
            fact.scheme_code == certificate.scheme_code and fact.certificate_id != certificate.id
            for fact in held.get(product_id, ())
        )
    ]
