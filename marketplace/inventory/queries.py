"""What is in stock."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import (
    BigInteger,
    Date,
    Integer,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import aliased

from marketplace.inventory.rules import Available, Claim, Plan, Want, plan
from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.platform.statements import Question
from models.catalogue import Pack, Product, ProductCertificate, ProductState
from models.certification import Certificate, CertificatePlot, CertificateState
from models.inventory import Hold, HoldState, LotStock, MovementKind, StockMovement
from models.traceability import Lot, LotCertificate


@dataclass(frozen=True, slots=True)
class StockOfLot:
    """A lot in the store, in grams."""

    lot_id: int
    on_hand_g: int
    held_g: int

    @property
    def available_g(self) -> int:
        """What nobody has spoken for."""
        return self.on_hand_g - self.held_g


@dataclass(frozen=True, slots=True)
class LowStock:
    """A product on sale of which little is left."""

    product_id: int
    name_vi: str
    name_en: str
    available_g: int
    sold_g: int
    days_left: int | None


@dataclass(frozen=True, slots=True)
class HeldLot:
    """Packs of a line that wait in a lot."""

    lot_id: int
    code: str
    packs: int
    best_before_on: date | None


SALES_DAYS = 28
"""Over how many days the pace of selling is measured; four whole weeks."""
LOW_DAYS = 10
"""A product is low when what is left would be sold within so many days."""


@dataclass(frozen=True, slots=True)
class Imbalance:
    """A lot whose counters disagree with its history; there must be none."""

    lot_id: int
    on_hand_g: int
    moved_g: int
    held_g: int
    live_g: int


PLANNED_FOR: Final = 10
"""PostgreSQL keeps the plan of a statement with an array only if it looks no dearer than one made
for each call, and it takes an array that it does not know for one of ten."""

_DAY: Final = bindparam("day", type_=Date)
_CLAIMS = (
    select(
        func.json_agg(
            func.json_build_array(Certificate.id, Certificate.scheme_code, Certificate.level)
        )
    )
    .select_from(LotCertificate)
    .join(Certificate, Certificate.id == LotCertificate.certificate_id)
    .join(ProductCertificate, ProductCertificate.certificate_id == Certificate.id)
    .where(
        LotCertificate.lot_id == LotStock.lot_id,
        ProductCertificate.product_id == LotStock.product_id,
        Certificate.state == CertificateState.VERIFIED,
        Certificate.valid_from <= _DAY,
        or_(Certificate.valid_to.is_(None), Certificate.valid_to >= _DAY),
        exists().where(CertificatePlot.certificate_id == Certificate.id),
    )
    .correlate(LotStock)
    .scalar_subquery()
)
AVAILABLE: Final = Question(
    select(LotStock.lot_id, LotStock.product_id, LotStock.on_hand_g - LotStock.held_g, _CLAIMS)
    .join(Lot, Lot.id == LotStock.lot_id)
    .where(
        LotStock.product_id == func.any(bindparam("product_ids", type_=ARRAY(BigInteger))),
        LotStock.on_hand_g > LotStock.held_g,
        Lot.best_before_on.is_(None) | (Lot.best_before_on >= _DAY),
    )
    .order_by(Lot.best_before_on.nulls_last(), Lot.harvested_on, LotStock.lot_id)
)


def available_lots(product_ids: Collection[int], on: date) -> list[Available]:
    """The lots of these products with anything left, first-expired-first-out.

    With each come the claims that it inherited from certificates that name plots and hold on `on`
    (decision 14).

    Args:
        product_ids: the products.
        on: the day in Việt Nam; lots whose best-before day has passed are not sold.
    """
    padded = [*product_ids, *[0] * (PLANNED_FOR - len(product_ids))]
    return [
        Available(lot_id, product_id, grams, frozenset(Claim(*one) for one in claims or ()))
        for lot_id, product_id, grams, claims in AVAILABLE.ask(product_ids=padded, day=on)
    ]


def plan_now(wants: Iterable[Want], on: date) -> Plan:
    """Which lots would be held now, which lines come out short; one statement, nothing is held."""
    wants = list(wants)
    if not wants:
        return Plan((), ())
    return plan(wants, available_lots({want.product_id for want in wants}, on))


def available_packs(pack_ids: Collection[int], on: date) -> Mapping[int, int]:
    """How many of each pack could be sold if nothing else were; one statement.

    Packs come whole out of one lot, so 900 g and 900 g give one pack of 1 kg: none.
    """
    if not pack_ids:
        return {}
    whole = func.floor((LotStock.on_hand_g - LotStock.held_g) / Pack.net_weight_g).cast(Integer)
    statement = (
        select(Pack.id, func.coalesce(func.sum(whole), 0))
        .join(LotStock, LotStock.product_id == Pack.product_id)
        .join(Lot, Lot.id == LotStock.lot_id)
        .where(
            Pack.id.in_(sorted(set(pack_ids))),
            Lot.best_before_on.is_(None) | (Lot.best_before_on >= on),
        )
        .group_by(Pack.id)
    )
    found = {pack_id: int(packs) for pack_id, packs in session.execute(statement)}
    return {pack_id: found.get(pack_id, 0) for pack_id in pack_ids}


def stock_of_lots(lot_ids: Collection[int]) -> dict[int, StockOfLot]:
    """The counters of these lots, by lot id; one statement."""
    statement = select(LotStock.lot_id, LotStock.on_hand_g, LotStock.held_g).where(
        LotStock.lot_id.in_(sorted(set(lot_ids)))
    )
    return {row.lot_id: StockOfLot(*row) for row in session.execute(statement)}


def held_lots(line_ids: Collection[int]) -> dict[int, list[HeldLot]]:
    """The lots that hold packs for these lines now, by line id; what the packer is to fetch."""
    statement = (
        select(Hold.line_id, Hold.lot_id, Lot.code, Hold.packs, Lot.best_before_on)
        .join(Lot, Lot.id == Hold.lot_id)
        .where(Hold.line_id.in_(sorted(set(line_ids))), Hold.state == HoldState.LIVE)
        .order_by(Hold.id)
    )
    found: dict[int, list[HeldLot]] = {}
    for row in session.execute(statement):
        held = HeldLot(row.lot_id, row.code, row.packs, row.best_before_on)
        found.setdefault(row.line_id, []).append(held)
    return found


def movements_of(lot_id: int) -> list[StockMovement]:
    """The history of a lot in the store, newest first."""
    statement = (
        select(StockMovement)
        .where(StockMovement.lot_id == lot_id)
        .order_by(StockMovement.at.desc(), StockMovement.id.desc())
    )
    return list(session.scalars(statement))


def low_stock(organisation_id: int, at: datetime, *, limit: int = 5) -> list[LowStock]:
    """Products on sale that will be sold out within `LOW_DAYS`, or are already; soonest first.

    Args:
        organisation_id: whose.
        at: the present; the pace is that of the `SALES_DAYS` before it.
        limit: the most to name.
    """
    on = business_day(at)
    left = (
        select(LotStock.product_id, func.sum(LotStock.on_hand_g - LotStock.held_g).label("g"))
        .join(Lot, Lot.id == LotStock.lot_id)
        .where(Lot.organisation_id == organisation_id)
        .where(Lot.best_before_on.is_(None) | (Lot.best_before_on >= on))
        .group_by(LotStock.product_id)
        .subquery()
    )
    sold = (
        select(Lot.product_id, (-func.sum(StockMovement.grams)).label("g"))
        .join(Lot, Lot.id == StockMovement.lot_id)
        .where(
            Lot.organisation_id == organisation_id,
            StockMovement.kind == MovementKind.SOLD,
            StockMovement.at >= at - timedelta(days=SALES_DAYS),
        )
        .group_by(Lot.product_id)
        .subquery()
    )
    left_g, sold_g = func.coalesce(left.c.g, 0), func.coalesce(sold.c.g, 0)
    statement = (
        select(Product.id, Product.name_vi, Product.name_en, left_g, sold_g)
        .outerjoin(left, left.c.product_id == Product.id)
        .outerjoin(sold, sold.c.product_id == Product.id)
        .where(Product.organisation_id == organisation_id, Product.state == ProductState.PUBLISHED)
        .where((left_g == 0) | (left_g * SALES_DAYS < sold_g * LOW_DAYS))
        .order_by(left_g * SALES_DAYS / func.greatest(sold_g, 1), Product.id)
        .limit(limit)
    )
    return [
        LowStock(row[0], row[1], row[2], int(row[3]), int(row[4]), _days_left(row[3], row[4]))
        for row in session.execute(statement)
    ]


def _days_left(left_g: int, sold_g: int) -> int | None:
    """How many whole days the rest lasts at the present pace; None when nothing was sold."""
    return int(left_g) * SALES_DAYS // int(sold_g) if sold_g else None


def imbalances() -> list[Imbalance]:
    """Every lot whose counters disagree with its movements or its live holds (INV-04)."""
    moved = (
        select(StockMovement.lot_id, func.sum(StockMovement.grams).label("grams"))
        .group_by(StockMovement.lot_id)
        .subquery()
    )
    live = (
        select(Hold.lot_id, func.sum(Hold.grams).label("grams"))
        .where(Hold.state == HoldState.LIVE)
        .group_by(Hold.lot_id)
        .subquery()
    )
    stock = aliased(LotStock)
    lots = union_all(
        select(LotStock.lot_id), select(moved.c.lot_id), select(live.c.lot_id)
    ).subquery()
    nothing = literal(0)
    on_hand = func.coalesce(stock.on_hand_g, nothing)
    held = func.coalesce(stock.held_g, nothing)
    moved_g = func.coalesce(moved.c.grams, nothing)
    live_g = func.coalesce(live.c.grams, nothing)
    statement = (
        select(lots.c.lot_id, on_hand, moved_g, held, live_g)
        .distinct()
        .outerjoin(stock, stock.lot_id == lots.c.lot_id)
        .outerjoin(moved, moved.c.lot_id == lots.c.lot_id)
        .outerjoin(live, live.c.lot_id == lots.c.lot_id)
        .where((on_hand != moved_g) | (held != live_g) | (held < 0) | (held > on_hand))
        .order_by(lots.c.lot_id)
    )
    return [
        Imbalance(row[0], int(row[1]), int(row[2]), int(row[3]), int(row[4]))
        for row in session.execute(statement)
    ]
