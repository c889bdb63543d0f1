"""The plots that certificates name."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, exists, func, or_, select

from marketplace.platform.database import session
from models.catalogue import Pack, ProductCertificate
from models.certification import CertificatePlot
from models.inventory import LotStock
from models.membership import Plot
from models.traceability import Lot, LotCertificate


@dataclass(frozen=True, slots=True)
class NamedPlot:
    """A plot that a certificate names. `size_m2` is computed if it is drawn, else declared."""

    code: str
    province_code: str
    commune_code: str | None
    size_m2: int | None
    is_in_use: bool


def plots_named(certificate_id: int) -> tuple[NamedPlot, ...]:
    """The plots that a certificate names, by code; one statement."""
    return tuple(
        NamedPlot(*row)
        for row in session.execute(
            select(
                Plot.code,
                Plot.province_code,
                Plot.commune_code,
                func.coalesce(Plot.area_m2, Plot.declared_area_m2),
                Plot.retired_on.is_(None),
            )
            .join(CertificatePlot, CertificatePlot.plot_id == Plot.id)
            .where(CertificatePlot.certificate_id == certificate_id)
            .order_by(Plot.code)
        )
    )


def counts_for_goods_on_sale(today: date) -> ColumnElement[bool]:
    """Links of certificates to products that goods on sale bear out, as a condition of SQL.

    One that names plots counts for a product while a lot that inherited it can be bought: it is
    not past its best-before day, and enough for the smallest pack is free. One that names none
    always does.
    """
    least = (
        select(func.min(Pack.net_weight_g))
        .where(Pack.product_id == ProductCertificate.product_id, Pack.is_active)
        .correlate(ProductCertificate)
        .scalar_subquery()
    )
    names = exists().where(CertificatePlot.certificate_id == ProductCertificate.certificate_id)
    lot_inherits = exists().where(
        LotCertificate.certificate_id == ProductCertificate.certificate_id,
        LotStock.lot_id == LotCertificate.lot_id,
        LotStock.product_id == ProductCertificate.product_id,
        LotStock.on_hand_g - LotStock.held_g >= least,
        Lot.id == LotStock.lot_id,
        or_(Lot.best_before_on.is_(None), Lot.best_before_on >= today),
    )
    return or_(~names, lot_inherits)
