"""The tables of the stalls by short names, and what makes goods and certificates count for buyers.

Every statement of the storefront is built from these, so that its pages agree.
"""

from datetime import date
from typing import Final

from sqlalchemy import BindParameter, Date, and_, bindparam, exists, func, or_, select

from models.accounts import Organisation, VerificationState
from models.catalogue import Pack, Product, ProductCertificate, ProductState
from models.certification import Certificate, CertificatePlot, CertificateState
from models.inventory import LotStock
from models.traceability import Lot, LotCertificate

# Short names: psycopg keeps what it has understood of a statement only below 4096 characters.
products = Product.__table__.alias("p")
organisations = Organisation.__table__.alias("o")
packs = Pack.__table__.alias("k")
stocks = LotStock.__table__.alias("s")
lots = Lot.__table__.alias("l")
certificates = Certificate.__table__.alias("c")
coverage = ProductCertificate.__table__.alias("v")
named = CertificatePlot.__table__.alias("j")
inherited = LotCertificate.__table__.alias("i")
product, organisation, pack, stock = products.c, organisations.c, packs.c, stocks.c
lot, certificate, covers = lots.c, certificates.c, coverage.c

TODAY: Final[BindParameter[date]] = bindparam("today", type_=Date)
"""The day in Việt Nam; every statement of the storefront has it."""

ON_SALE: Final = and_(
    product.state == ProductState.PUBLISHED,
    product.from_price_minor.is_not(None),
    organisation.verification == VerificationState.VERIFIED,
)
"""What buyers see; needs the product joined with its organisation."""

KEEPS: Final = or_(lot.best_before_on.is_(None), lot.best_before_on >= TODAY)
"""Lots that may still be sold."""

HOLDS: Final = and_(
    certificate.state == CertificateState.VERIFIED,
    certificate.valid_from <= TODAY,
    or_(certificate.valid_to.is_(None), certificate.valid_to >= TODAY),
)
"""Certificates in force."""

NAMES_PLOTS: Final = exists().where(named.c.certificate_id == certificate.id)
"""Certificates that name some plots, and so count for lots of these alone."""

_least = (
    select(func.min(pack.net_weight_g))
    .where(pack.product_id == covers.product_id, pack.is_active)
    .correlate(coverage)
    .scalar_subquery()
)
_lot_inherits = (
    exists()
    .where(
        inherited.c.certificate_id == certificate.id,
        stock.lot_id == inherited.c.lot_id,
        stock.product_id == covers.product_id,
        stock.on_hand_g - stock.held_g >= _least,
        lot.id == stock.lot_id,
        KEEPS,
    )
    .correlate(certificates, coverage)
)
BADGED: Final = and_(HOLDS, or_(~NAMES_PLOTS, _lot_inherits))
"""Certificates that give a badge to the product they cover (decision 14): in force, and where one
names plots, a lot that can be bought now has inherited it."""
