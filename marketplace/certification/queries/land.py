"""The plots that certificates name."""

from dataclasses import dataclass

from sqlalchemy import func, select

from marketplace.platform.database import session
from models.certification import CertificatePlot
from models.membership import Plot


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
