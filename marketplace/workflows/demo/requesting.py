"""What a company asks sellers to quote for: an open request, a closed one and a draft."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import categories_tree
from marketplace.kernel.clock import VIETNAM
from marketplace.platform.database import session
from marketplace.sourcing.requests import operations
from marketplace.sourcing.requests.queries import terms_of
from marketplace.sourcing.requests.terms import Limit, Place, Terms
from marketplace.sourcing.supply.rules import month_after, months_from
from marketplace.workflows import requesting
from marketplace.workflows.demo.world import World
from marketplace.workflows.matching import sellers_for
from models.accounts import Membership, Organisation, OrganisationKind, Role
from models.requests import LimitOperator, Request

BUYER: Final = "BEPVIET"
INVITED_BY_CODE: Final = "LHMEKONG"
"""A union without rice of its own, which leads joint quotes."""
TONNE: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the company needs: days count from the present, months from the next one."""

    title: str
    category: str
    specification: str
    packing: str
    limits: tuple[Limit, ...]
    tonnes: tuple[int, ...]
    closes_in: int
    schemes: tuple[str, ...] = ()
    target_minor: int | None = None


OPEN: Final = Wanted(
    title="Gạo ST25 cho bếp ăn, vụ mới",
    category="gao-te",
    specification="Giống ST25 thuần, vụ mới, không trộn. Gạo trắng trong, dẻo, thơm lá dứa. "
    "Không chất tạo mùi, không dùng thuốc xông trong kho.",
    packing="Bao PP 50 kg có lót, in ngày xay và mã lô",
    limits=(
        Limit("Độ ẩm", LimitOperator.AT_MOST, Decimal(14), "%"),
        Limit("Tấm", LimitOperator.AT_MOST, Decimal(5), "%"),
        Limit("Độ thuần giống", LimitOperator.AT_LEAST, Decimal(95), "%"),
    ),
    tonnes=(6, 6, 8, 8, 6, 6),
    closes_in=9,
    target_minor=27_500,
)
CLOSED: Final = Wanted(
    title="Cà phê nhân Robusta sàng 18",
    category="ca-phe-nhan-xanh",
    specification="Nhân xanh, chế biến ướt hoặc honey, thử nếm từ 80 điểm.",
    packing="Bao đay 60 kg có lót GrainPro",
    limits=(
        Limit("Độ ẩm", LimitOperator.AT_MOST, Decimal("12.5"), "%"),
        Limit("Hạt trên sàng 18", LimitOperator.AT_LEAST, Decimal(90), "%"),
        Limit("Hạt đen, vỡ", LimitOperator.AT_MOST, Decimal(2), "%"),
    ),
    tonnes=(5, 0, 5, 0, 5),
    closes_in=-1,
    target_minor=118_000,
)
PAST: Final = Wanted(
    title="Gạo ST25 cho bếp ăn, đợt đầu",
    category="gao-te",
    specification="Giống ST25 thuần, không trộn, xay trong vòng 15 ngày trước khi giao.",
    packing="Bao PP 50 kg có lót",
    limits=(Limit("Độ ẩm", LimitOperator.AT_MOST, Decimal(14), "%"),),
    tonnes=(3, 3),
    closes_in=-12,
    target_minor=28_000,
)
DRAFT: Final = Wanted(
    title="Tiêu đen cho quý tới",
    category="ho-tieu",
    specification="",
    packing="",
    limits=(),
    tonnes=(0, 1, 1),
    closes_in=20,
)


def ask_for_quotes(world: World) -> None:
    """Let the company write, publish and be asked."""
    buyer = _buyer()
    open_one = _write(world, buyer, OPEN, days_ago=4)
    _publish(world, buyer, open_one, days_ago=3)
    _questions(world, buyer, open_one)
    closed = _write(world, buyer, CLOSED, days_ago=19)
    _publish(world, buyer, closed, days_ago=18)
    _write(world, buyer, DRAFT, days_ago=0)


def write_past_request(world: World) -> Request:
    """A request that closed two weeks ago, for months to come; its story goes on elsewhere."""
    buyer = _buyer()
    request = _write(world, buyer, PAST, days_ago=30)
    _publish(world, buyer, request, days_ago=29)
    return request


def _buyer() -> Actor:
    row = session.execute(
        select(Membership.user_id, Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.code == BUYER, Membership.role == Role.BUYER)
        .order_by(Membership.id)
    ).first()
    assert row is not None  # noqa: S101 - the company was founded before the first day
    return Actor(row.user_id, row.organisation_id, OrganisationKind.ENTERPRISE, Role.BUYER)


def _write(world: World, buyer: Actor, wanted: Wanted, *, days_ago: int) -> Request:
    assert buyer.organisation_id is not None  # noqa: S101 - see `_buyer`
    own = session.get_one(Organisation, buyer.organisation_id)
    months = months_from(_next_month(world.today), len(wanted.tonnes))
    return operations.create_request(
        actor=buyer,
        organisation_id=buyer.organisation_id,
        terms=Terms(
            title=wanted.title,
            category_id=categories_tree().by_slug[wanted.category].id,
            place=Place(own.province_code, own.commune_code, own.address),
            closes_at=_at_five(world.today + timedelta(days=wanted.closes_in)),
            specification=wanted.specification,
            packing=wanted.packing,
            tolerance_bps=500,
            target_minor=wanted.target_minor,
            wants_samples=bool(wanted.limits),
            periods=tuple(
                (month, tonnes * TONNE)
                for month, tonnes in zip(months, wanted.tonnes, strict=True)
                if tonnes
            ),
            limits=wanted.limits,
            schemes=wanted.schemes,
        ),
        at=world.at if not days_ago else world.moment(world.today - timedelta(days=days_ago), 9),
    )


def _publish(world: World, buyer: Actor, request: Request, *, days_ago: int) -> None:
    at = world.moment(world.today - timedelta(days=days_ago), 10)
    terms = terms_of(request)
    matches = sellers_for(terms)
    codes = [INVITED_BY_CODE] if INVITED_BY_CODE in world.sellers else []
    requesting.publish_request(
        actor=buyer,
        request_id=request.id,
        invited=requesting.chosen_sellers(
            matches, [each.organisation_id for each in matches], codes
        ),
        at=at,
    )


def _questions(world: World, buyer: Actor, request: Request) -> None:
    """One question that is answered, and one that waits."""
    askers = [seller for seller in world.sellers.values() if not seller.has_left]
    texts = (
        "Giao mỗi tháng một lần hay chia hai đợt? Bên tôi có xe 8 tấn.",
        "Mẫu gửi bao nhiêu kg, và gửi về địa chỉ nào?",
    )
    asked = [
        requesting.ask_question(
            actor=seller.actor(Role.DIRECTOR),
            organisation_id=seller.organisation_id,
            request_id=request.id,
            text=text,
            at=world.moment(world.today - timedelta(days=2 - number), hour),
        )
        for number, (seller, text, hour) in enumerate(zip(askers, texts, (8, 15), strict=False))
    ]
    if asked:
        requesting.answer_question(
            actor=buyer,
            request_id=request.id,
            question_id=asked[0].id,
            answer="Chia hai đợt được, mỗi đợt ít nhất 3 tấn, báo trước ba ngày.",
            at=world.moment(world.today - timedelta(days=1), 14),
        )


def _at_five(day: date) -> datetime:
    return datetime.combine(day, time(17), VIETNAM)


def _next_month(day: date) -> date:
    return month_after(day, 1)
