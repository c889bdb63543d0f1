"""What sellers answer to the company: sealed quotes, a joint one, and a request that was split."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.platform.database import session
from marketplace.sourcing.quotes.offer import Offer, Share
from marketplace.sourcing.quotes.operations import Choice, Decision, open_quotes
from marketplace.sourcing.quotes.queries import (
    SupplyChoice,
    get_share,
    members_of_union,
    offers_opened,
    supply_choices,
)
from marketplace.sourcing.quotes.reading import asked_of
from marketplace.workflows.awarding import decide_request
from marketplace.workflows.demo.requesting import PAST, write_past_request
from marketplace.workflows.demo.world import Seller, World
from marketplace.workflows.quoting import answer_joint_quote, send_quote, write_quote
from models.accounts import Organisation, Role
from models.catalogue import Product
from models.requests import Request, RequestState

UNION: Final = "LHMEKONG"
QUOTES: Final = 3
"""How many sellers answer each request by themselves."""
CHEAPER: Final = (0, 400, 900)
"""By how much each asks for less than the first, đồng per kilogram."""
PART: Final = 2
"""Nobody offers more than half of what is free."""
REASON: Final = "Hai nơi có giá tới kho thấp nhất, đủ chứng nhận; chia để không phụ thuộc một vùng."


def quote(world: World) -> None:
    """Let sellers quote for what waits, and tell of a request that was awarded."""
    requests = session.scalars(
        select(Request).where(Request.state == RequestState.OPEN).order_by(Request.id)
    ).all()
    for request in requests:
        _answer(world, request, min(world.at, request.closes_at) - timedelta(hours=30))
    for request in requests[:1]:
        _answer_together(world, request, world.at - timedelta(hours=20))
    _award(world)


def _answer(world: World, request: Request, at: datetime) -> list[str]:
    numbers = []
    for place, (seller, choice) in enumerate(_able(world, request)[:QUOTES]):
        organisation = session.get_one(Organisation, seller.organisation_id)
        offer = _offer(request, choice, place)
        actor = seller.actor(Role.SALES)
        made = write_quote(
            actor=actor, request_id=request.id, seller=organisation, offer=offer, at=at
        )
        send_quote(actor=actor, request_id=request.id, seller=organisation, at=at)
        numbers.append(made.number)
    return numbers


def _answer_together(world: World, request: Request, at: datetime) -> None:
    """The union offers what its cooperatives have, once they have agreed."""
    if UNION not in world.sellers:
        return
    leader = world.sellers[UNION]
    union = session.get_one(Organisation, leader.organisation_id)
    ids = {member.id for member in members_of_union(union.id)}
    able = [
        (seller, each) for seller, each in _able(world, request) if seller.organisation_id in ids
    ]
    asked = asked_of(request).periods
    shares = tuple(
        Share(each.organisation_id, month, each.product_id, each.grade, grams)
        for _seller, each in able
        for month, grams in _volumes(each.free, asked, among=len(able) + 1).items()
    )
    if not shares:
        return
    volumes: dict[date, int] = {}
    for share in shares:
        volumes[share.month] = volumes.get(share.month, 0) + share.grams
    price = _price(able[0][1]) - CHEAPER[1]
    offer = Offer(
        volumes=volumes,
        prices=dict.fromkeys(volumes, price),
        payment_days=30,
        valid_until=_valid_until(request),
        has_samples=True,
        note="Liên hiệp gom hàng, kiểm ẩm tại kho Cần Thơ rồi giao một chuyến.",
        shares=shares,
    )
    actor = leader.actor(Role.DIRECTOR)
    made = write_quote(
        actor=actor, request_id=request.id, seller=union, offer=offer, is_joint=True, at=at
    )
    for seller in {seller.organisation_id: seller for seller, _each in able}.values():
        _agree(seller, made.number, at + timedelta(hours=2))
    send_quote(actor=actor, request_id=request.id, seller=union, at=at + timedelta(hours=4))


def _agree(seller: Seller, number: str, at: datetime) -> None:
    member = session.get_one(Organisation, seller.organisation_id)
    director = seller.actor(Role.DIRECTOR)
    read = get_share(number, member, viewer=director, at=at)
    answer_joint_quote(
        actor=director, number=number, member=member, agrees=True, seen=read.seen, at=at
    )


def _award(world: World) -> None:
    """A request of last month, opened and split between two sellers."""
    request = write_past_request(world)
    buyer = Actor(
        request.created_by_id, request.organisation_id, *_as_buyer(request.organisation_id)
    )
    _answer(world, request, request.closes_at - timedelta(days=3))
    open_quotes(actor=buyer, request_id=request.id, at=request.closes_at + timedelta(hours=1))
    offers = offers_opened(request.id)
    left = dict(asked_of(request).periods)
    choices = []
    for number, offer in sorted(offers.items())[:2]:
        for month, grams in offer.volumes.items():
            part = min(grams, left[month])
            left[month] -= part
            choices.append(Choice(number, month, part))
    if choices:
        decide_request(
            actor=buyer,
            request_id=request.id,
            decision=Decision(choices, REASON, "Đang chờ cấp lại, có biên nhận hồ sơ."),
            at=request.closes_at + timedelta(days=1),
        )


def _as_buyer(organisation_id: int) -> tuple[str, str]:
    return session.get_one(Organisation, organisation_id).kind, Role.BUYER


def _able(world: World, request: Request) -> list[tuple[Seller, SupplyChoice]]:
    """Who has such goods in the months that are asked for, by name."""
    sellers = {each.organisation_id: each for each in world.sellers.values() if not each.has_left}
    asked = asked_of(request).periods
    goods = set(
        session.scalars(select(Product.id).where(Product.category_id == request.category_id))
    )
    found: dict[int, tuple[Seller, SupplyChoice]] = {}
    for each in supply_choices(sellers, asked):
        if each.product_id in goods and _volumes(each.free, asked):
            found.setdefault(each.organisation_id, (sellers[each.organisation_id], each))
    return [found[key] for key in sorted(found)]


def _offer(request: Request, choice: SupplyChoice, place: int) -> Offer:
    asked = asked_of(request)
    volumes = _volumes(choice.free, asked.periods)
    price = _price(choice) - CHEAPER[place]
    deviations = {}
    subjects: Sequence[str] = sorted(asked.subjects)
    if place == 1 and subjects:
        deviations = {subjects[0]: "Vụ này cao hơn mức yêu cầu 0,5 điểm, giảm giá tương ứng"}
    return Offer(
        product_id=choice.product_id,
        grade=choice.grade,
        volumes=volumes,
        prices=dict.fromkeys(volumes, price),
        fee_minor=300 * place,
        payment_days=(15, 30, 7)[place],
        deviations=deviations,
        has_samples=place != 1,
        valid_until=_valid_until(request),
    )


def _volumes(
    free: Mapping[date, int], asked: Mapping[date, int], *, among: int = PART
) -> dict[date, int]:
    """Part of what is free in each month, in whole hundreds of kilograms, as far as it is asked."""
    step = 100_000
    found = {
        month: min(free.get(month, 0), grams) // among // step * step
        for month, grams in asked.items()
    }
    return {month: grams for month, grams in found.items() if grams > 0}


def _price(choice: SupplyChoice) -> int:
    """Of a kilogram by the tonne: three quarters of what it costs in the shop."""
    per_kg = session.get_one(Product, choice.product_id).per_kg_minor or PAST.target_minor or 30_000
    return per_kg * 3 // 4 // 100 * 100


def _valid_until(request: Request) -> date:
    return (request.closes_at + timedelta(days=30)).date()
