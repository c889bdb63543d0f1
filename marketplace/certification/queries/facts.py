"""Which certificates hold, for products today and for lots on their harvest day."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    and_,
    bindparam,
    func,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import InstrumentedAttribute

from marketplace.certification.rules import CertificateFact
from marketplace.platform.statements import Question
from models.catalogue import ProductCertificate
from models.certification import TRUSTED, Certificate, CertificatePlot
from models.traceability import Lot, LotCertificate

FACT = (
    Certificate.id,
    Certificate.scheme_code,
    Certificate.level,
    Certificate.number,
    Certificate.issuer,
    Certificate.valid_from,
    Certificate.valid_to,
)


def holds_on(day: date | ColumnElement[date] | InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """The certificates in force on `day`, as a condition of SQL.

    One that is over by now still held on the days within its dates.
    """
    return and_(
        or_(*(Certificate.state == state for state in TRUSTED)),
        Certificate.valid_from <= day,
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= day),
    )


_NAMED = (
    select(CertificatePlot.plot_id)
    .where(CertificatePlot.certificate_id == Certificate.id)
    .correlate(Certificate)
)


def reaches(plot_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The certificates that reach a plot, as a condition of SQL: all those that name no plots.

    A `plot_id` that is null is no plot, and none that names plots reaches it.
    """
    return or_(~_NAMED.exists(), _NAMED.where(CertificatePlot.plot_id == plot_id).exists())


OF_PRODUCTS: Final = Question(
    select(ProductCertificate.product_id, *FACT, _NAMED.exists())
    .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
    .where(
        ProductCertificate.product_id
        == func.any(bindparam("product_ids", type_=ARRAY(BigInteger))),
        holds_on(bindparam("day", type_=Date)),
    )
)
OF_HARVEST: Final = Question(
    select(ProductCertificate.product_id, *FACT, _NAMED.exists())
    .join(Certificate, Certificate.id == ProductCertificate.certificate_id)
    .where(
        ProductCertificate.product_id == bindparam("product_id", type_=BigInteger),
        holds_on(bindparam("day", type_=Date)),
        reaches(bindparam("plot_id", type_=BigInteger)),
    )
)
OF_LOTS: Final = Question(
    select(LotCertificate.lot_id, *FACT, _NAMED.exists())
    .join(Certificate, Certificate.id == LotCertificate.certificate_id)
    .join(Lot, Lot.id == LotCertificate.lot_id)
    .where(
        LotCertificate.lot_id == func.any(bindparam("lot_ids", type_=ARRAY(BigInteger))),
        holds_on(Lot.harvested_on),
    )
)


def in_force(product_ids: Collection[int], on: date) -> dict[int, list[CertificateFact]]:
    """The certificates that hold for products on the day `on`, in the order of badges.

    One that names plots counts only for lots that inherited it; `names_plots` says so. One
    statement. Products without any are left out.
    """
    if not product_ids:
        return {}
    return _facts(OF_PRODUCTS.ask(product_ids=list(product_ids), day=on))


def in_force_for_harvest(
    product_id: int, *, plot_id: int | None, on: date
) -> list[CertificateFact]:
    """The certificates that a lot inherits: in force on its harvest day, and reaching its plot.

    One statement.

    Args:
        product_id: what was harvested.
        plot_id: where; None if nobody knows. Then no certificate that names plots counts.
        on: the harvest day.
    """
    rows = OF_HARVEST.ask(product_id=product_id, plot_id=plot_id, day=on)
    return _facts(rows).get(product_id, [])


def in_force_for_lots(lot_ids: Collection[int]) -> dict[int, list[CertificateFact]]:
    """The certificates that held for lots on their harvest days, in the order of badges.

    They were linked when the lot was recorded. One that was revoked since is left out: what it
    said was not true. One statement; lots without any are left out.
    """
    if not lot_ids:
        return {}
    return _facts(OF_LOTS.ask(lot_ids=list(lot_ids)))


def _facts(rows: Sequence[Any]) -> dict[int, list[CertificateFact]]:
    facts: defaultdict[int, list[CertificateFact]] = defaultdict(list)
    for subject_id, *columns in rows:
        facts[subject_id].append(CertificateFact(*columns))
    for found in facts.values():
        found.sort(key=lambda fact: (fact.position, -(fact.level or 0), fact.certificate_id))
    return dict(facts)
