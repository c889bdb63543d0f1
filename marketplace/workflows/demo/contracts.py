"""Contracts with a past: signed, delivered, accepted, invoiced and paid, through the operations."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import select

from marketplace.accounts.permissions import Actor
from marketplace.contracts import operations
from marketplace.contracts.acceptance.rules import Arrival, LineResult
from marketplace.contracts.access import terms_in
from marketplace.contracts.clauses.library import offered
from marketplace.contracts.deliveries.operations import confirm
from marketplace.contracts.deliveries.rules import Packing
from marketplace.contracts.operations import Source
from marketplace.contracts.operations.signing import Signing
from marketplace.contracts.references.operations import publish_price
from marketplace.contracts.signatures import Wish
from marketplace.contracts.terms import Place, Planned, Price, Terms
from marketplace.platform.database import session
from marketplace.traceability.operations import NewLot
from marketplace.workflows.accepting import accept_delivery
from marketplace.workflows.contract_terms import party_of
from marketplace.workflows.demo.banking import Bank
from marketplace.workflows.demo.content import commune_code
from marketplace.workflows.demo.deals import DEALS, Coming, Deal
from marketplace.workflows.demo.world import Crop, World
from marketplace.workflows.receiving import receive_lot
from marketplace.workflows.shipping import pack_delivery, ship_delivery
from marketplace.workflows.signing import prepare_signing, sign_contract
from models.accounts import Membership, Organisation, OrganisationKind, Role
from models.contracts import Contract, ContractOrigin
from models.deliveries import Delivery, DeliveryLine
from models.invoicing import Due, DueKind

BUYER: Final = "BEPVIET"
TAKEN_BY: Final = "Trần Văn Kho"
KILOGRAM: Final = 1_000
WEEK: Final = timedelta(days=7)
FIRST_PRICES_DAYS: Final = 110
ROBUSTA: Final = (116_500, 117_200, 115_800, 114_900, 116_100, 118_400, 119_000, 117_600)
"""What a kilogram of robusta cost week by week, then again from the beginning."""
SOURCE: Final = "Bảng giá của Sở Nông nghiệp và Môi trường Đắk Lắk"
CLAUSES: Final = 5


class SignedOnPaper:
    """The story's own provider of signatures: both signed the printed contract in ink."""

    name = "paper"

    def vouch(self, wish: Wish, *, at: datetime) -> Mapping[str, Any]:
        """Nothing but the hash and the moment: the paper lies with both."""
        return MappingProxyType({"sha256": wish.sha256, "signed_at": at.isoformat()})


def keep_contracts(world: World, bank: Bank) -> None:
    """Let the company and those of its cooperatives that take part live their contracts."""
    _publish_prices(world)
    for deal in DEALS:
        crop = world.crops.get(deal.crop)
        if crop is None or crop.seller.has_left:
            continue
        contract = _agree(world, deal, crop)
        if deal.signed is not None:
            _live(world, bank, deal, crop, contract)


def _publish_prices(world: World) -> None:
    """The reference price of robusta, every Monday since before the first contract."""
    day = world.today - timedelta(days=FIRST_PRICES_DAYS)
    day -= timedelta(days=day.weekday())
    number = 0
    while day < world.today:
        publish_price(
            actor=world.staff.officer,
            code="robusta",
            day=day,
            price_minor=ROBUSTA[number % len(ROBUSTA)],
            source=SOURCE,
            at=world.moment(day, 8),
        )
        day, number = day + WEEK, number + 1


def _agree(world: World, deal: Deal, crop: Crop) -> Contract:
    """Draft it, send it, accept it and sign it; the last one only as far as sending."""
    ago = (deal.signed or 0) + 9
    first = world.today - timedelta(days=ago)
    buyer = _buyer(Role.BUYER)
    seller_id = crop.seller.organisation_id
    assert buyer.organisation_id is not None  # noqa: S101 - see `_buyer`
    leader = world.sellers.get(deal.leader)
    contract = operations.draft_contract(
        actor=buyer,
        terms=_terms(world, deal, crop, buyer.organisation_id, first),
        source=Source(
            buyer.organisation_id,
            seller_id,
            origin=ContractOrigin.OFFER,
            led_by_id=None if leader is None else leader.organisation_id,
        ),
        at=world.moment(first, 9),
    )
    operations.send_draft(
        actor=buyer, contract_id=contract.id, version=1, at=world.moment(first, 10)
    )
    director = crop.seller.actor(Role.DIRECTOR)
    if deal.signed is None:
        _bargain(world, contract, crop)
        return contract
    at = world.moment(first + timedelta(days=4), 14)
    operations.accept_version(actor=director, contract_id=contract.id, version=1, at=at)
    paper = prepare_signing(actor=director, contract_id=contract.id, at=at)
    assert paper is not None  # noqa: S101 - both have agreed
    for actor, days in ((_buyer(Role.DIRECTOR), 1), (director, 0)):
        sign_contract(
            actor=actor,
            contract_id=contract.id,
            signing=Signing(1, paper.sha256, "Giám đốc", session_id=0, proof=""),
            at=world.moment(world.today - timedelta(days=deal.signed + days), 15),
            provider=SignedOnPaper(),
        )
    return contract


def _bargain(world: World, contract: Contract, crop: Crop) -> None:
    """The seller wants a little more, and says why beside the line."""
    actor = crop.seller.actor(Role.SALES)
    terms = terms_in(contract, 1)
    at = world.at - timedelta(hours=20)
    operations.comment_line(
        actor=actor,
        contract_id=contract.id,
        version=1,
        line="price.base",
        text="Tháng Chạp công hái và xe lạnh đều lên, xin tính thêm 1.000 đồng một ký.",
        at=at,
    )
    operations.propose_version(
        actor=actor,
        contract_id=contract.id,
        terms=replace(terms, price=Price(terms.price.base_minor + 1_000)),
        note="Chỉ đổi giá, các khoản khác giữ nguyên.",
        seen_version=1,
        at=at,
    )


def _terms(world: World, deal: Deal, crop: Crop, buyer_id: int, first: date) -> Terms:
    own = session.get_one(Organisation, buyer_id)
    place = Place(own.province_code, own.commune_code, own.address)
    days = [world.today + timedelta(days=each.days) for each in deal.comings]
    schedule = tuple(
        Planned(day - timedelta(days=3), day, each.kilograms * KILOGRAM, place)
        for day, each in zip(days, deal.comings, strict=True)
    )
    return Terms(
        title=deal.title,
        buyer=party_of(own),
        seller=party_of(session.get_one(Organisation, crop.seller.organisation_id)),
        product_id=crop.product_id,
        product_vi=crop.content.name.vi,
        product_en=crop.content.name.en,
        total_g=sum(each.grams for each in schedule),
        price=deal.price,
        starts_on=first + timedelta(days=5),
        ends_on=days[-1] + timedelta(days=40),
        schedule=schedule,
        place=place,
        clauses=offered()[:CLAUSES],
        **deal.more,
    )


def _live(world: World, bank: Bank, deal: Deal, crop: Crop, contract: Contract) -> None:
    """Deliver what was due, one after the other, and pay for it."""
    _pay(world, bank, contract, DueKind.DEPOSIT)
    deliveries = session.scalars(
        select(Delivery)
        .where(Delivery.contract_id == contract.id)
        .order_by(Delivery.due_on, Delivery.position)
    ).all()
    for delivery, coming in zip(deliveries, deal.comings, strict=True):
        if coming.days >= 0:
            continue
        _deliver(world, deal, crop, delivery, coming)
        if coming.is_paid:
            _pay(world, bank, contract, DueKind.STAGE, DueKind.RETENTION)


def _deliver(world: World, deal: Deal, crop: Crop, delivery: Delivery, coming: Coming) -> None:
    sales, keeper = crop.seller.actor(Role.SALES), crop.seller.actor(Role.WAREHOUSE)
    day = world.today + timedelta(days=coming.days + coming.late)
    confirm(actor=sales, delivery_id=delivery.id, at=world.moment(day - timedelta(days=6), 9))
    grams = (coming.sent or coming.kilograms) * KILOGRAM
    lot_id = _harvest(world, crop, grams, day - timedelta(days=4))
    packed_at = world.moment(day - timedelta(days=2), 14)
    pack_delivery(
        actor=keeper,
        delivery_id=delivery.id,
        packing=[Packing(lot_id, grams, deal.grade)],
        at=packed_at,
    )
    ship_delivery(
        actor=keeper,
        delivery_id=delivery.id,
        carrier="Xe của hợp tác xã",
        vehicle="Xe tải 3,5 tấn",
        handed_by=crop.seller.content.people[0].name,
        at=world.moment(day - timedelta(days=1), 17),
    )
    [line] = session.scalars(
        select(DeliveryLine).where(DeliveryLine.delivery_id == delivery.id)
    ).all()
    short, rejected = coming.short * KILOGRAM, coming.rejected * KILOGRAM
    accept_delivery(
        actor=_buyer(Role.BUYER),
        delivery_id=delivery.id,
        arrival=Arrival(day, TAKEN_BY, crop.seller.content.people[0].name),
        results=[
            LineResult(
                line.id,
                accepted_g=grams - short - rejected,
                short_g=short,
                rejected_g=rejected,
                grade=coming.grade or deal.grade,
                moisture=None if coming.moisture is None else Decimal(coming.moisture),
                reason=coming.reason,
            )
        ],
        at=world.moment(day, 10),
    )


def _harvest(world: World, crop: Crop, grams: int, day: date) -> int:
    """A lot for the contract alone; the shop does not know of it."""
    home = crop.seller.content
    row = receive_lot(
        actor=crop.seller.actor(Role.WAREHOUSE),
        lot=NewLot(
            organisation_id=crop.seller.organisation_id,
            product_id=crop.product_id,
            harvested_on=_in_season(crop.content.season, day),
            packed_on=day,
            best_before_on=day + timedelta(days=min(crop.content.making.keep_days or 365, 365)),
            province_code=home.province,
            commune_code=commune_code(home.province, crop.content.commune or home.commune),
            plot_name=home.plots[0] if home.plots else "",
            quantity_g=grams,
        ),
        at=world.moment(day, 16),
    )
    return row.id


def _in_season(season: str, day: date) -> date:
    """The last day until then on which it is harvested: what keeps waits in the store."""
    while season[day.month - 1] == "0":
        day = day.replace(day=1) - timedelta(days=1)
    return day


def _pay(world: World, bank: Bank, contract: Contract, *kinds: DueKind) -> None:
    """Transfer what falls due until today, each with its own reference, on its day."""
    open_dues = session.scalars(
        select(Due)
        .where(
            Due.contract_id == contract.id,
            Due.kind.in_(kinds),
            Due.received_minor == 0,
            Due.due_on <= world.today,
        )
        .order_by(Due.due_on, Due.id)
    ).all()
    for due in open_dues:
        at = world.moment(due.due_on, 11)
        bank.credit(due.amount_minor, f"{BUYER} TT {due.reference}", at)
        bank.import_day(world.moment(due.due_on, 18))


def _buyer(role: Role) -> Actor:
    row = session.execute(
        select(Membership.user_id, Membership.organisation_id)
        .join(Organisation, Organisation.id == Membership.organisation_id)
        .where(Organisation.code == BUYER, Membership.role == role)
        .order_by(Membership.id)
    ).first()
    assert row is not None  # noqa: S101 - the company was founded before the first day
    return Actor(row.user_id, row.organisation_id, OrganisationKind.ENTERPRISE, role)
