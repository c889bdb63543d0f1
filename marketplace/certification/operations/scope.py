"""Which products certificates cover."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, insert, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.certification.errors import (
    ForeignCertificateError,
    ForeignProductError,
    ScopeDecidedError,
)
from marketplace.certification.locks import hold_to_cover
from marketplace.platform.audit import record
from marketplace.platform.database import session
from marketplace.platform.locking import lock_all
from models.catalogue import Product, ProductCertificate
from models.certification import Certificate, CertificateState


def cover_products(
    *, actor: Actor, certificate_id: int, product_ids: Collection[int], at: datetime
) -> Certificate:
    """Say which products a certificate covers; the same again changes nothing.

    The holder chooses freely while nobody has decided. Afterwards the holder can only take
    products away; to add one is the alliance's.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor neither speaks for the holder nor is an officer.
        ForeignProductError: a product belongs to somebody else.
        ScopeDecidedError: the holder would add a product to a decided certificate.
    """
    certificate, is_officer = hold_to_cover(actor, certificate_id)
    before = covered_by(certificate_id)
    wanted = set(product_ids)
    if wanted == before:
        return certificate
    is_decided = certificate.state != CertificateState.CLAIMED
    if is_decided and not is_officer and not wanted <= before:
        raise ScopeDecidedError(field="product_ids")
    replace_products(certificate, wanted)
    record_scope(actor=actor, certificate_id=certificate_id, before=before, after=wanted, at=at)
    return certificate


def choose_certificates(
    *, actor: Actor, product_id: int, certificate_ids: Collection[int], at: datetime
) -> None:
    """Say which certificates of its holder cover a product, seen from the product.

    Raises:
        NotAllowedError: the actor does not speak for the holder.
        ForeignProductError: there is no such product.
        ForeignCertificateError: a certificate is somebody else's.
        ScopeDecidedError: a decided certificate was to be added.
    """
    product = session.get(Product, product_id)
    if product is None:
        raise ForeignProductError(field="certificate_ids")
    authorize(actor, Permission.CERTIFICATE_CLAIM, product)
    own = lock_all(
        select(Certificate).where(Certificate.organisation_id == product.organisation_id)
    )
    wanted = set(certificate_ids)
    if not wanted <= {certificate.id for certificate in own}:
        raise ForeignCertificateError(field="certificate_ids")
    for certificate in own:
        before = covered_by(certificate.id)
        after = before | {product_id} if certificate.id in wanted else before - {product_id}
        cover_products(actor=actor, certificate_id=certificate.id, product_ids=after, at=at)


def require_products_of(organisation_id: int, product_ids: Collection[int]) -> None:
    """Refuse products that are not an organisation's own.

    Raises:
        ForeignProductError: one of them is not.
    """
    if not product_ids:
        return
    own = set(
        session.scalars(
            select(Product.id).where(
                Product.id.in_(product_ids), Product.organisation_id == organisation_id
            )
        )
    )
    if own != set(product_ids):
        raise ForeignProductError(field="product_ids")


def covered_by(certificate_id: int) -> set[int]:
    """The ids of the products that a certificate covers."""
    return set(
        session.scalars(
            select(ProductCertificate.product_id).where(
                ProductCertificate.certificate_id == certificate_id
            )
        )
    )


def replace_products(certificate: Certificate, product_ids: Collection[int]) -> None:
    """Let a certificate cover these products and no others.

    Raises:
        ForeignProductError: a product belongs to somebody else.
    """
    require_products_of(certificate.organisation_id, product_ids)
    session.execute(
        delete(ProductCertificate).where(ProductCertificate.certificate_id == certificate.id)
    )
    link_products(certificate.id, product_ids)


def link_products(certificate_id: int, product_ids: Collection[int]) -> None:
    """Let a certificate cover more products."""
    if product_ids:
        session.execute(
            insert(ProductCertificate),
            [
                {"product_id": product_id, "certificate_id": certificate_id}
                for product_id in sorted(set(product_ids))
            ],
        )


def record_scope(
    *, actor: Actor, certificate_id: int, before: set[int], after: set[int], at: datetime
) -> None:
    """Write into the audit trail what a certificate covered and what it covers now."""
    record(
        actor=actor,
        action="certification.cover_products",
        subject_kind="certificate",
        subject_id=certificate_id,
        at=at,
        before={"product_ids": sorted(before)},
        after={"product_ids": sorted(after)},
    )
