"""The lines behind a figure of the revenue book."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from marketplace.accounts.permissions import Actor, Permission, authorize
from marketplace.platform.database import session
from marketplace.platform.pagination import Page, PageRequest
from marketplace.reporting.revenue import NAMES, Figures
from marketplace.reporting.revenue_query import RevenueQuery, facts_of
from models.contracts import Contract
from models.deliveries import Delivery, DeliveryLine
from models.invoicing import Invoice
from models.ledger import FactKind, RevenueFact
from models.orders import OrderLine, SellerOrder


@dataclass(frozen=True, slots=True)
class RevenueLine:
    """One revenue fact with the words of its order, or of its delivery under a contract.

    Names are None for a delivery fee. What was sold under a contract has its lot for a pack.
    """

    number: str
    contract_number: str | None
    business_day: date
    is_delivery: bool
    product_name_vi: str | None
    product_name_en: str | None
    pack_name_vi: str | None
    pack_name_en: str | None
    buyer_province_code: str
    figures: Figures


@dataclass(frozen=True, slots=True)
class RevenueLines:
    """A page of lines, and what all pages together come to."""

    page: Page[RevenueLine]
    totals: Figures
    order_count: int


def revenue_lines(query: RevenueQuery, *, actor: Actor, page: PageRequest) -> RevenueLines:
    """The lines behind `query`, the latest first.

    Raises:
        NotAllowedError: the actor does not see this seller's revenue.
    """
    authorize(actor, Permission.REVENUE_VIEW, query)
    sums = session.execute(
        select(
            func.count().label("facts"),
            func.count(RevenueFact.entry_id.distinct()).label("orders"),
            func.count().filter(RevenueFact.kind == FactKind.GOODS).label("line_count"),
            *(
                func.coalesce(func.sum(getattr(RevenueFact, name)), 0).label(name)
                for name in NAMES
                if name != "line_count"
            ),
        ).where(*facts_of(query))
    ).one()
    return RevenueLines(
        page=Page(rows=_rows(query, page), request=page, total=sums.facts),
        totals=Figures(*(int(getattr(sums, name)) for name in NAMES)),
        order_count=sums.orders,
    )


def every_line(query: RevenueQuery, *, actor: Actor) -> Sequence[RevenueLine]:
    """All lines behind `query`, for a file.

    Raises:
        NotAllowedError: the actor does not see this seller's revenue.
    """
    authorize(actor, Permission.REVENUE_VIEW, query)
    return _rows(query, None)


def _rows(query: RevenueQuery, page: PageRequest | None) -> Sequence[RevenueLine]:
    statement = (
        select(
            RevenueFact,
            func.coalesce(SellerOrder.number, Delivery.number),
            OrderLine,
            Contract.number,
            DeliveryLine.lot_code,
            Invoice.snapshot["product_vi"].astext,
            Invoice.snapshot["product_en"].astext,
        )
        .outerjoin(SellerOrder, SellerOrder.id == RevenueFact.seller_order_id)
        .outerjoin(OrderLine, OrderLine.id == RevenueFact.line_id)
        .outerjoin(DeliveryLine, DeliveryLine.id == RevenueFact.delivery_line_id)
        .outerjoin(Delivery, Delivery.id == DeliveryLine.delivery_id)
        .outerjoin(Invoice, Invoice.delivery_id == Delivery.id)
        .outerjoin(Contract, Contract.id == Delivery.contract_id)
        .where(*facts_of(query))
        .order_by(RevenueFact.business_day.desc(), RevenueFact.id.desc())
    )
    if page is not None:
        statement = statement.limit(page.size).offset((page.number - 1) * page.size)
    return [
        _line(fact, number, line, Contracted(*contracted))
        for fact, number, line, *contracted in session.execute(statement)
    ]


@dataclass(frozen=True, slots=True)
class Contracted:
    """What an invoice under a contract says of a line; None for what was ordered."""

    number: str | None
    lot_code: str | None
    product_vi: str | None
    product_en: str | None


def _line(
    fact: RevenueFact, number: str, line: OrderLine | None, contracted: Contracted
) -> RevenueLine:
    return RevenueLine(
        number=number,
        contract_number=contracted.number,
        business_day=fact.business_day,
        is_delivery=fact.kind == FactKind.DELIVERY,
        product_name_vi=line.product_name_vi if line else contracted.product_vi,
        product_name_en=line.product_name_en if line else contracted.product_en,
        pack_name_vi=line.pack_name_vi if line else contracted.lot_code,
        pack_name_en=line.pack_name_en if line else contracted.lot_code,
        buyer_province_code=fact.buyer_province_code,
        figures=Figures(
            line_count=int(fact.kind == FactKind.GOODS),
            **{name: getattr(fact, name) for name in NAMES if name != "line_count"},
        ),
    )
