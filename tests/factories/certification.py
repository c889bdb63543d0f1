"""Certificates."""

from datetime import date
from typing import Any

import factory

from models.catalogue import ProductCertificate
from models.certification import Certificate, CertificatePlot, CertificateState
from tests.factories.base import Factory
from tests.factories.media import MediaFileFactory
from tests.moments import MONDAY


class CertificateFactory(Factory[Certificate]):
    """A verified VietGAP certificate that covers all of 2026 and 2027.

    `waiting=True`: claimed, with its paper, not decided yet. `expired=True`: verified, but over
    before the tests begin. `products=[…]` links it to products, `plots=[…]` lets it name plots.
    """

    class Meta:
        model = Certificate

    class Params:
        verified = factory.Trait(state=CertificateState.VERIFIED, decided_at=MONDAY)
        waiting = factory.Trait(
            state=CertificateState.CLAIMED,
            decided_at=None,
            file=factory.SubFactory(MediaFileFactory, paper=True),
        )
        rejected = factory.Trait(
            state=CertificateState.REJECTED,
            decided_at=MONDAY,
            decision_note="Ảnh chụp mờ, không đọc được số.",
        )
        revoked = factory.Trait(state=CertificateState.REVOKED, decided_at=MONDAY)
        expired = factory.Trait(valid_from=date(2024, 3, 1), valid_to=date(2026, 2, 28))

    organisation = factory.SubFactory("tests.factories.accounts.OrganisationFactory")
    scheme_code = "VIETGAP_CROP"
    level = None
    number = factory.Sequence("VietGAP-TT-13-09-66-{:04d}".format)
    issuer = "Trung tâm Chứng nhận VinaCert"
    issued_on = factory.SelfAttribute("valid_from")
    valid_from = date(2026, 1, 1)
    valid_to = date(2027, 12, 31)
    scope = "Cà phê, 42 ha"
    state = CertificateState.VERIFIED
    claimed_at = MONDAY
    decided_at = MONDAY

    @factory.post_generation
    def products(self: Certificate, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Say which products it covers."""
        for product in extracted or ():
            ProductCertificateFactory(product_id=product.id, certificate_id=self.id)

    @factory.post_generation
    def plots(self: Certificate, create: bool, extracted: Any, **_extra: Any) -> None:  # noqa: FBT001
        """Say which plots it names."""
        for plot in extracted or ():
            CertificatePlotFactory(plot_id=plot.id, certificate_id=self.id)


class CertificatePlotFactory(Factory[CertificatePlot]):
    """That a certificate names a plot; give both ids."""

    class Meta:
        model = CertificatePlot


class ProductCertificateFactory(Factory[ProductCertificate]):
    """That a certificate covers a product; give both ids."""

    class Meta:
        model = ProductCertificate
