"""Which plots certificates name."""

from collections.abc import Collection
from datetime import datetime
from typing import Final

from sqlalchemy import delete, insert, select

from marketplace.accounts.permissions import Actor
from marketplace.certification.errors import (
    LandDecidedError,
    UnknownGrowingAreaError,
    UnknownLandError,
)
from marketplace.certification.locks import hold_to_cover
from marketplace.certification.rules import Land, is_narrower
from marketplace.platform.audit import record
from marketplace.platform.database import session
from models.certification import Certificate, CertificatePlot, CertificateState
from models.membership import GrowingArea, GrowingAreaPlot, Plot

NAMED: Final = 10
"""How many unknown codes a refusal names at most."""


def name_plots(*, actor: Actor, certificate_id: int, land: Land, at: datetime) -> Certificate:
    """Say which plots a certificate names; the same again changes nothing.

    The holder chooses freely while nobody has decided. Afterwards the holder can only make it
    reach less far; the rest is the alliance's. Lots keep what was decided when they came in.

    Raises:
        CertificateNotFoundError: there is none, or another alliance decides.
        NotAllowedError: the actor neither speaks for the holder nor is an officer.
        UnknownLandError, UnknownGrowingAreaError: the holder has no such plot or area.
        LandDecidedError: the holder would let a decided certificate reach further.
    """
    certificate, is_officer = hold_to_cover(actor, certificate_id)
    before = named_by(certificate_id)
    wanted = plots_meant(certificate.organisation_id, land)
    if wanted == before:
        return certificate
    is_decided = certificate.state != CertificateState.CLAIMED
    if is_decided and not is_officer and not is_narrower(before, wanted):
        raise LandDecidedError(field="plot_codes")
    session.execute(delete(CertificatePlot).where(CertificatePlot.certificate_id == certificate_id))
    link_plots(certificate_id, wanted)
    record(
        actor=actor,
        action="certification.name_plots",
        subject_kind="certificate",
        subject_id=certificate_id,
        at=at,
        before={"plot_ids": sorted(before)},
        after={"plot_ids": sorted(wanted)},
    )
    return certificate


def plots_meant(organisation_id: int, land: Land) -> set[int]:
    """The ids of the plots that an organisation means.

    Raises:
        UnknownLandError: some codes stand for no plot of its own.
        UnknownGrowingAreaError: it has no such growing area, or no plots in it.
    """
    found = dict(
        session.execute(
            select(Plot.code, Plot.id).where(
                Plot.organisation_id == organisation_id, Plot.code.in_(land.codes)
            )
        ).all()
        if land.codes
        else ()
    )
    unknown = sorted(land.codes - set(found))
    if unknown:
        raise UnknownLandError(field="plot_codes", plot_codes=", ".join(unknown[:NAMED])[:200])
    return set(found.values()) | _plots_in(organisation_id, land.area_code)


def named_by(certificate_id: int) -> set[int]:
    """The ids of the plots that a certificate names."""
    return set(
        session.scalars(
            select(CertificatePlot.plot_id).where(CertificatePlot.certificate_id == certificate_id)
        )
    )


def link_plots(certificate_id: int, plot_ids: Collection[int]) -> None:
    """Let a certificate name more plots."""
    if plot_ids:
        session.execute(
            insert(CertificatePlot),
            [
                {"certificate_id": certificate_id, "plot_id": plot_id}
                for plot_id in sorted(set(plot_ids))
            ],
        )


def _plots_in(organisation_id: int, area_code: str) -> set[int]:
    code = " ".join(area_code.split()).upper()
    if not code:
        return set()
    inside = set(
        session.scalars(
            select(GrowingAreaPlot.plot_id)
            .join(GrowingArea, GrowingArea.id == GrowingAreaPlot.growing_area_id)
            .where(GrowingArea.organisation_id == organisation_id, GrowingArea.code == code)
        )
    )
    if not inside:
        raise UnknownGrowingAreaError(field="area_code")
    return inside
