"""A cooperative's own lots."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import BigInteger, Integer, and_, bindparam, case, cast, func, select

from marketplace.accounts.permissions import Actor
from marketplace.platform.database import session
from marketplace.platform.locking import RowLock
from marketplace.platform.pagination import Page, PageRequest
from marketplace.platform.statements import Question
from marketplace.traceability.errors import LotNotFoundError
from marketplace.traceability.origins import Origin, origin_of
from marketplace.traceability.queries import parts
from marketplace.traceability.rules import lot_code, lot_code_stem
from models.accounts import Organisation
from models.catalogue import Product, ProductState
from models.inventory import LotStock
from models.membership import Household, Plot
from models.traceability import Lot


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot in its owner's list.

    Attributes:
        available_g: grams that nobody has spoken for.
        state: "on_sale", "sold_out" or "expired", by stock and date.
    """

    lot_id: int
    code: str
    product_id: int
    product_vi: str
    product_en: str
    harvested_on: date
    packed_on: date | None
    best_before_on: date | None
    quantity_g: int
    on_hand_g: int
    held_g: int
    available_g: int
    state: str


@dataclass(frozen=True, slots=True)
class OwnLot:
    """A lot with all that its owner may know.

    Attributes:
        row: the facts of the list.
        organisation_id: whose it is.
        origin: what happened on the day `harvested_on`.
        plot_code: the plot of a member that it comes from, if that is known.
        member_code: that member.
        member_name: their name; for those who may read the register.
        absent: the certificates of its product that do not count for it.
    """

    row: LotRow
    organisation_id: int
    province_code: str
    commune_code: str | None
    plot_name: str
    growing_area_code: str
    note_vi: str
    note_en: str
    plot_code: str | None
    member_code: str | None
    member_name: str | None
    origin: Origin
    events: tuple[parts.TraceEvent, ...]
    certificates: tuple[parts.TraceCertificate, ...]
    photos: tuple[parts.TracePhoto, ...]
    absent: tuple[parts.AbsentCertificate, ...]


def lots_of(
    organisation_id: int,
    *,
    on: date,
    page: PageRequest,
    product_id: int | None = None,
    with_stock: bool = False,
) -> Page[LotRow]:
    """An organisation's lots, those with stock first, then the latest harvest; two statements.

    Args:
        organisation_id: whose.
        on: today in Việt Nam.
        page: which of them.
        product_id: only of this product.
        with_stock: only those with something in the store.
    """
    wanted = Lot.organisation_id == organisation_id
    if product_id is not None:
        wanted = and_(wanted, Lot.product_id == product_id)
    if with_stock:
        wanted = and_(wanted, LotStock.on_hand_g > 0)
    joined = select(func.count()).select_from(Lot).outerjoin(LotStock, LotStock.lot_id == Lot.id)
    total = session.scalar(joined.where(wanted)) or 0
    has_stock = func.coalesce(LotStock.on_hand_g, 0) > 0
    rows = session.execute(
        _rows(on)
        .where(wanted)
        .order_by(has_stock.desc(), Lot.harvested_on.desc(), Lot.id.desc())
        .limit(page.size)
        .offset(page.offset)
    )
    return Page(rows=[LotRow(*row) for row in rows], request=page, total=total)


def own_lot(code: str, *, organisation_id: int, on: date) -> OwnLot:
    """A lot as its owner sees it; one statement.

    Raises:
        LotNotFoundError: the organisation has no lot with this code.
    """
    row = session.execute(
        _rows(on)
        .add_columns(
            Lot.organisation_id,
            Lot.province_code,
            Lot.commune_code,
            Lot.plot_name,
            Lot.growing_area_code,
            Lot.note_vi,
            Lot.note_en,
            Plot.code,
            Household.code,
            Household.name,
            parts.CATEGORY,
            *parts.columns(),
        )
        .outerjoin(Plot, Plot.id == Lot.plot_id)
        .outerjoin(Household, Household.id == Plot.household_id)
        .where(Lot.code == code, Lot.organisation_id == organisation_id)
    ).one_or_none()
    if row is None:
        raise LotNotFoundError(lot_code=code)
    width = len(LotRow.__dataclass_fields__)
    *facts, category = row[width : -parts.COLUMNS]
    listed = LotRow(*row[:width])
    hung = parts.read(row[-parts.COLUMNS :], on, listed.harvested_on)
    more: list[Any] = [*facts, origin_of(category), *hung]
    return OwnLot(listed, *more)


_LOT_ID = bindparam("lot_id", type_=BigInteger)
_LOCK_LOT = RowLock(Lot, Lot.id == _LOT_ID)
_LOCK_OWN_LOT = RowLock(
    Lot,
    Lot.id == _LOT_ID,
    Lot.organisation_id == bindparam("organisation_id", type_=BigInteger),
)
_TAIL = func.substr(Lot.code, bindparam("begins_at", type_=Integer))
_HIGHEST = Question(
    select(func.max(cast(_TAIL, Integer))).where(
        Lot.code.like(bindparam("pattern"), escape="/"), _TAIL.regexp_match("^[0-9]{3}$")
    )
)


def lock_own_lot(lot_id: int, *, actor: Actor) -> Lot:
    """A lot of the actor's organisation, locked until the transaction ends.

    Raises:
        LotNotFoundError: there is no such lot of theirs.
    """
    lot = (
        _LOCK_LOT.take(lot_id=lot_id)
        if actor.is_system
        else _LOCK_OWN_LOT.take(lot_id=lot_id, organisation_id=actor.organisation_id)
    )
    if lot is None:
        raise LotNotFoundError(lot_id=lot_id)
    return lot


def next_lot_number(prefix: str, day: date) -> int:
    """The number after the highest that the codes of this month bear.

    Args:
        prefix: the organisation's code.
        day: any day of the month.
    """
    stem = lot_code_stem(prefix, day)
    pattern = stem.replace("/", "//").replace("%", "/%").replace("_", "/_") + "%"
    [[highest]] = _HIGHEST.ask(pattern=pattern, begins_at=len(stem) + 1)
    return (highest or 0) + 1


def _rows(on: date) -> Any:  # noqa: ANN401 - a select of LotRow's columns
    on_hand = func.coalesce(LotStock.on_hand_g, 0)
    held = func.coalesce(LotStock.held_g, 0)
    return (
        select(
            Lot.id,
            Lot.code,
            Lot.product_id,
            Product.name_vi,
            Product.name_en,
            Lot.harvested_on,
            Lot.packed_on,
            Lot.best_before_on,
            Lot.quantity_g,
            on_hand,
            held,
            on_hand - held,
            case(
                (on_hand == 0, "sold_out"),
                (Lot.best_before_on < on, "expired"),
                else_="on_sale",
            ),
        )
        .join(Product, Product.id == Lot.product_id)
        .outerjoin(LotStock, LotStock.lot_id == Lot.id)
    )


@dataclass(frozen=True, slots=True)
class Receivable:
    """A product that a lot may be of."""

    id: int
    name_vi: str
    name_en: str
    origin: Origin


def products_to_receive(organisation_id: int) -> list[Receivable]:
    """The products that a lot may be of, those on sale first."""
    rows = session.execute(
        select(Product.id, Product.name_vi, Product.name_en, parts.CATEGORY)
        .where(Product.organisation_id == organisation_id, Product.state != ProductState.ARCHIVED)
        .order_by((Product.state != ProductState.PUBLISHED), Product.name_vi, Product.id)
    )
    return [Receivable(row[0], row[1], row[2], origin_of(row[3])) for row in rows]


def suggested_code(organisation_id: int, *, on: date) -> str:
    """The code that the next lot would get.

    Args:
        organisation_id: whose lot.
        on: today in Việt Nam.
    """
    prefix = session.scalars(
        select(Organisation.code).where(Organisation.id == organisation_id)
    ).one()
    return lot_code(prefix, on, next_lot_number(prefix, on))


def harvested_by_area(organisation_id: int, *, since: date) -> dict[str, int]:
    """The grams that came in since a day, by the growing-area code of the lots, in capitals.

    Args:
        organisation_id: whose lots.
        since: harvested on this day or later.
    """
    code = func.upper(Lot.growing_area_code)
    rows = session.execute(
        select(code, func.sum(Lot.quantity_g))
        .where(
            Lot.organisation_id == organisation_id,
            Lot.harvested_on >= since,
            Lot.growing_area_code != "",
        )
        .group_by(code)
    )
    return {row[0]: int(row[1]) for row in rows}


@dataclass(frozen=True, slots=True)
class LotOfMember:
    """A lot that came from a member's land."""

    code: str
    product_vi: str
    product_en: str
    plot_code: str
    harvested_on: date
    quantity_g: int


def lots_of_member(member_id: int, *, organisation_id: int, limit: int) -> list[LotOfMember]:
    """What came from a member's plots, the latest first; one statement.

    Args:
        member_id: whose plots.
        organisation_id: whose lots.
        limit: how many at most.
    """
    rows = session.execute(
        select(
            Lot.code,
            Product.name_vi,
            Product.name_en,
            Plot.code,
            Lot.harvested_on,
            Lot.quantity_g,
        )
        .join(Plot, Plot.id == Lot.plot_id)
        .join(Product, Product.id == Lot.product_id)
        .where(Plot.household_id == member_id, Lot.organisation_id == organisation_id)
        .order_by(Lot.harvested_on.desc(), Lot.id.desc())
        .limit(limit)
    )
    return [LotOfMember(*row) for row in rows]
