"""Lists of certificates: a holder's, the alliance's, and what the clock has to see to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.accounts.reach import within_reach
from marketplace.certification.queries.facts import FACT
from marketplace.certification.queries.land import counts_for_goods_on_sale
from marketplace.certification.rules import NOTICE_DAYS, shown_state
from marketplace.certification.schemes import badge_label, scheme, schemes
from marketplace.platform.database import session
from models.accounts import Organisation
from models.catalogue import ProductCertificate
from models.certification import (
    Certificate,
    CertificateCheck,
    CertificateNotice,
    CertificateState,
)


@dataclass(frozen=True, slots=True)
class CertificateRow:
    """A certificate in a list. `shown` is the state that people read today.

    `has_lot`: False of one that names plots, in the list of a product of which no lot from these
    plots can be bought now.
    """

    id: int
    scheme_code: str
    level: int | None
    number: str
    issuer: str
    valid_from: date
    valid_to: date | None
    state: str
    claimed_at: datetime
    organisation_id: int
    organisation_name: str
    province_code: str
    product_count: int
    shown: str
    has_lot: bool = True

    @property
    def holds(self) -> bool:
        """Whether it is verified and in date today."""
        return self.shown in {"verified", "expiring"}

    @property
    def is_shown(self) -> bool:
        """Whether buyers see a badge for it today."""
        return self.holds and self.has_lot and scheme(self.scheme_code).is_badge

    def label(self, locale: str) -> str:
        """What stands on its badge in the language `locale`."""
        return badge_label(self.scheme_code, self.level, locale)


ROW = (
    *FACT,
    Certificate.state,
    Certificate.claimed_at,
    Organisation.id,
    Organisation.short_name,
    Organisation.province_code,
    select(func.count())
    .select_from(ProductCertificate)
    .where(ProductCertificate.certificate_id == Certificate.id)
    .correlate(Certificate)
    .scalar_subquery(),
)


def _rows(statement: Select[*tuple[Any, ...]], today: date) -> list[CertificateRow]:
    return [_row(columns, today) for columns in session.execute(statement)]


def _row(columns: Sequence[Any], today: date, *, has_lot: bool = True) -> CertificateRow:
    shown = shown_state(columns[7], columns[5], columns[6], today)
    values: list[Any] = [*columns, shown, has_lot]
    return CertificateRow(*values)


def certificates_of(organisation_id: int, *, today: date) -> list[CertificateRow]:
    """All certificates of an organisation: those that wait first, then by their end, late first."""
    return _rows(
        select(*ROW)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(Certificate.organisation_id == organisation_id)
        .order_by(
            Certificate.state != CertificateState.CLAIMED,
            Certificate.valid_to.desc().nulls_first(),
            Certificate.id.desc(),
        ),
        today,
    )


def certificates_on(product_id: int, *, today: date) -> list[CertificateRow]:
    """The certificates that are said to cover a product, in any state, in the order of badges."""
    found = session.execute(
        select(*ROW, counts_for_goods_on_sale(today))
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .join(ProductCertificate, ProductCertificate.certificate_id == Certificate.id)
        .where(ProductCertificate.product_id == product_id)
    )
    rows = [_row(columns, today, has_lot=has_lot) for *columns, has_lot in found]
    return sorted(rows, key=lambda row: (scheme(row.scheme_code).position, row.id))


def is_over(today: date) -> ColumnElement[bool]:
    """The certificates whose last day is over, written down or not, as a condition of SQL."""
    return or_(
        Certificate.state == CertificateState.EXPIRED,
        and_(Certificate.state == CertificateState.VERIFIED, Certificate.valid_to < today),
    )


def _reach(viewer: Actor) -> list[ColumnElement[bool]]:
    """What an officer may know of: of a provincial alliance what holders in its province have."""
    authorize(viewer, Permission.ALLIANCE_DESK_VIEW, None)
    near = within_reach(viewer, Organisation.province_code)
    if not near:
        return []
    return [Certificate.organisation_id.in_(select(Organisation.id).where(*near))]


def _stands_in(state: str, today: date) -> ColumnElement[bool]:
    """As people read it on `today`: a verified one whose last day is over counts as expired."""
    if state == CertificateState.EXPIRED:
        return is_over(today)
    if state == CertificateState.VERIFIED:
        still = or_(Certificate.valid_to.is_(None), Certificate.valid_to >= today)
        return and_(Certificate.state == state, still)
    return Certificate.state == state


def certificates_in(
    state: str, *, viewer: Actor, today: date, limit: int = 200
) -> list[CertificateRow]:
    """The certificates in reach in one state, longest in it first.

    Decided ones come newest first instead, so that a mistake of a minute ago is on top. What is
    over counts as expired from its first minute, whether the job has written it down or not.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    order: tuple[ColumnElement[Any], ...] = (Certificate.claimed_at.asc(), Certificate.id.asc())
    if state != CertificateState.CLAIMED:
        order = (Certificate.decided_at.desc().nulls_last(), Certificate.id.desc())
    return _rows(
        select(*ROW)
        .join(Organisation, Organisation.id == Certificate.organisation_id)
        .where(_stands_in(state, today), *_reach(viewer))
        .order_by(*order)
        .limit(limit),
        today,
    )


def counts_by_state(*, viewer: Actor, today: date) -> dict[str, int]:
    """How many certificates in reach are in each state, as `certificates_in` reads.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    state = case((is_over(today), CertificateState.EXPIRED.value), else_=Certificate.state)
    counted = select(state, func.count()).where(*_reach(viewer)).group_by(state)
    return dict(session.execute(counted).all())


def count_waiting(*, viewer: Actor) -> int:
    """How many claims wait for the viewer's alliance.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    return session.scalars(
        select(func.count())
        .select_from(Certificate)
        .where(Certificate.state == CertificateState.CLAIMED, *_reach(viewer))
    ).one()


def next_waiting(after_id: int, *, viewer: Actor) -> int | None:
    """The claim that has waited longest besides `after_id`; None if there is none.

    Args:
        after_id: the claim that was just looked at.
        viewer: who goes through the queue; what they have checked and what now waits for a
            second officer is left out.

    Raises:
        NotAllowedError: the viewer is no officer of an alliance.
    """
    own = select(CertificateCheck.id).where(
        CertificateCheck.certificate_id == Certificate.id,
        CertificateCheck.checker_id == viewer.user_id,
    )
    others = select(CertificateCheck.id).where(
        CertificateCheck.certificate_id == Certificate.id,
        CertificateCheck.checker_id != viewer.user_id,
    )
    waits_for_another = and_(
        Certificate.scheme_code.in_([each.code for each in schemes() if each.needs_two]),
        own.exists(),
        ~others.exists(),
    )
    waiting = session.scalars(
        select(Certificate.id)
        .where(
            Certificate.state == CertificateState.CLAIMED,
            Certificate.id != after_id,
            ~waits_for_another,
            *_reach(viewer),
        )
        .order_by(Certificate.claimed_at, Certificate.id)
        .limit(1)
    )
    return waiting.first()


def ended(today: date) -> list[int]:
    """The ids of verified certificates whose last day is over: to be written down as expired."""
    return list(
        session.scalars(
            select(Certificate.id)
            .where(Certificate.state == CertificateState.VERIFIED, Certificate.valid_to < today)
            .order_by(Certificate.valid_to, Certificate.id)
        )
    )


def notices_due(today: date) -> list[int]:
    """The ids of verified certificates about whose end the holder is to be written to today."""
    left = Certificate.valid_to - today
    days = case(*((left <= each, each) for each in sorted(NOTICE_DAYS)))
    sent = select(CertificateNotice.id).where(
        CertificateNotice.certificate_id == Certificate.id, CertificateNotice.days_before == days
    )
    return list(
        session.scalars(
            select(Certificate.id)
            .where(
                Certificate.state == CertificateState.VERIFIED,
                Certificate.valid_to.between(today, today + timedelta(days=max(NOTICE_DAYS))),
                ~sent.exists(),
            )
            .order_by(Certificate.valid_to, Certificate.id)
        )
    )
