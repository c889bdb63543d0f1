"""Loading the demonstration: the whole story, in the caller's one transaction."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Final

from sqlalchemy import text

from marketplace.accounts.passwords import hash_password
from marketplace.accounts.permissions import Actor
from marketplace.catalogue.categories import load_categories
from marketplace.kernel.chance import drawn_from
from marketplace.platform.database import session
from marketplace.platform.locking import lock_key
from marketplace.platform.queue import quiet
from marketplace.workflows.demo import people
from marketplace.workflows.demo.applicants import let_apply
from marketplace.workflows.demo.banking import Bank
from marketplace.workflows.demo.bonds import tie
from marketplace.workflows.demo.buying import place, see_through
from marketplace.workflows.demo.content import OrganisationContent, commune_code, content
from marketplace.workflows.demo.contracts import keep_contracts
from marketplace.workflows.demo.customers import (
    PEOPLE,
    WITH_ACCOUNT,
    Customer,
    address_of,
    draw_customer,
)
from marketplace.workflows.demo.demand import Wish, draw_wishes, order_moments
from marketplace.workflows.demo.diary import Diary
from marketplace.workflows.demo.finale import last_hours
from marketplace.workflows.demo.forecasts import forecast
from marketplace.workflows.demo.joining import join
from marketplace.workflows.demo.members import fill_registers
from marketplace.workflows.demo.parcels import certify_some_plots
from marketplace.workflows.demo.pictures import Pictures
from marketplace.workflows.demo.quotes import quote
from marketplace.workflows.demo.requesting import ask_for_quotes
from marketplace.workflows.demo.searching import keep_searches
from marketplace.workflows.demo.world import Size, Staff, World
from marketplace.workflows.demo.years import declare_years
from models.accounts import Role
from models.orders import PaymentMethod
from models.platform import DataLoad

NAME: Final = "demo"
SEED: Final = 20240312
FLAGSHIP: Final = "CUMGAR"
FIRST: Final = frozenset(
    {
        "CUMGAR", "HUNGLOI", "LANGBIANG", "GIONGTROM", "MYXUONG", "PHUQUOC", "BUDANG",
        "MOCCHAU", "NAMCAN", "TANCUONG", "CAOPHONG", "BINHLIEU",
    }
)  # fmt: skip
"""The sellers of the first day; the others join one after another."""
JOINS_EVERY_DAYS: Final = 5
WAITING_DAYS: Final = 4
ORDERS_FROM_DAY: Final = 8
CONSUMER: Final = ("khach@demo.example", "Trần Minh Anh")
HOUSEHOLDS: Final = 0.91
"""The share of all orders that households place; companies and the last hours bring the rest."""
CONSUMER_DAYS: Final = (210, 128, 47, 9, 2)
"""How many days before the present the consumer of the demonstration ordered."""

Tell = Callable[[float], None]
"""Is told how much of the story has been told, from 0 to 1."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is there now. `statement` is the bank statement to import."""

    sellers: int
    products: int
    orders: int
    statement: Path


def load_demo(*, at: datetime, size: Size | None = None, tell: Tell | None = None) -> Loaded | None:
    """Write the demonstration down, unless it is there; it ends at `at`.

    Args:
        at: the present.
        size: how much of the story is told; all of it if None.
        tell: is told of the progress.

    Returns:
        What was loaded; None if it had been before.
    """
    lock_key("data-load", NAME)
    if session.get(DataLoad, NAME) is not None:
        return None
    _take_time()
    chance = Random(SEED)  # noqa: S311 - it must come out the same every time
    with quiet(), drawn_from(chance.getrandbits):
        world, bank, customers = _prepare(at, size or Size(), chance)
        try:
            _live(world, tell)
            statement = last_hours(world, bank, FLAGSHIP, customers)
            let_apply(world)
            fill_registers(world)
            declare_years(world)
            tie(world)
            certify_some_plots(world, customers[0])
            people.found(content().provincial, password_hash=world.password_hash, at=at)
            forecast(world)
            ask_for_quotes(world)
            quote(world)
            keep_searches(world)
            keep_contracts(world, bank)
        finally:
            world.pictures.close()
    loaded = Loaded(len(world.sellers), len(world.crops), world.orders, statement)
    details = {
        "sellers": loaded.sellers,
        "products": loaded.products,
        "orders": loaded.orders,
        "statement": str(statement),
    }
    session.add(DataLoad(name=NAME, loaded_at=at, details=details))
    session.flush()
    return loaded


def _live(world: World, tell: Tell | None) -> None:
    """Let the story happen from the first day to the present."""
    length = (world.at - world.moment(world.opens_on, 0)).total_seconds()
    for moment in world.diary.live():
        if tell is not None:
            tell(max(0.0, 1 - (world.at - moment).total_seconds() / length))


def _take_time() -> None:
    """Lift the time-outs of pages and jobs from this one transaction."""
    session.execute(
        text(
            "select set_config(name, '0', true) from pg_settings where name in "
            "('statement_timeout', 'transaction_timeout', 'idle_in_transaction_session_timeout')"
        )
    )


def _prepare(at: datetime, size: Size, chance: Random) -> tuple[World, Bank, list[Customer]]:
    """The market before its first day, with everything noted that will happen."""
    load_categories()
    book = content()
    opens_at = at - timedelta(days=430)
    password_hash = hash_password(people.PASSWORD)

    def found(organisation: OrganisationContent) -> dict[str, Actor]:
        return people.found(organisation, password_hash=password_hash, at=opens_at)

    operator, officer = found(book.operator)[Role.OPERATOR], found(book.alliance)[Role.OFFICER]
    second = book.alliance.people[1]
    second_id = people.person_of(
        second.email, second.name, password_hash=password_hash, at=opens_at
    )
    staff = Staff(operator, officer, second_officer=replace(officer, user_id=second_id))
    people.add_account(
        people.organisation_id(book.operator.code),
        bank=book.account.bank,
        number=book.account.number,
        holder=book.account.holder,
        at=opens_at,
        is_collecting=True,
    )
    world = World(
        at=at,
        chance=chance,
        size=size,
        password_hash=password_hash,
        staff=staff,
        diary=Diary(until=at),
        pictures=Pictures(all_alike=not size.has_papers),
    )
    bank = Bank(world)
    customers = _customers(world, opens_at)
    companies = [
        _as_customer(company, found(company)[Role.BUYER].user_id) for company in book.enterprises
    ]
    _note_sellers(world, book.sellers)
    bank.open()
    _note_orders(world, bank, customers)
    for company, buyer in zip(book.enterprises, companies, strict=True):
        _note_company(world, bank, company, buyer)
    return world, bank, customers


def _customers(world: World, at: datetime) -> list[Customer]:
    drawn = [draw_customer(number, world.chance) for number in range(PEOPLE)]
    named = [(CONSUMER[0], replace(drawn[0], name=CONSUMER[1]))]
    named += [
        (address_of(customer, number), customer)
        for number, customer in enumerate(drawn[1:WITH_ACCOUNT], start=1)
    ]
    known = [
        replace(
            customer,
            email=email,
            user_id=people.person_of(
                email, customer.name, password_hash=world.password_hash, at=at
            ),
        )
        for email, customer in named
    ]
    return known + drawn[WITH_ACCOUNT:]


def _as_customer(company: OrganisationContent, user_id: int | None) -> Customer:
    return Customer(
        name=company.short_name,
        phone=f"{people.PHONES}{people.FIRST_BUYER - 50 + len(company.code):03d}",
        province=company.province,
        commune=commune_code(company.province, company.commune),
        address=company.address,
        user_id=user_id,
        email=company.people[0].email,
    )


def _note_sellers(world: World, sellers: Sequence[OrganisationContent]) -> None:
    later = 0
    taking_part = [
        seller
        for seller in sorted(sellers, key=lambda seller: seller.code not in FIRST)
        if world.size.sellers is None or seller.code in world.size.sellers
    ]
    products = [product for seller in taking_part for product in seller.products]
    world.pictures.order([name for product in products for name in product.photos])
    for seller in taking_part:
        day = world.opens_on
        if seller.state == "pending":
            day = world.today - timedelta(days=WAITING_DAYS + len(seller.code) % 3)
        elif seller.code not in FIRST:
            later += 1
            day += timedelta(days=JOINS_EVERY_DAYS * later)
        world.diary.note(world.moment(day, 8), partial(join, world, seller))


def _note_orders(world: World, bank: Bank, customers: Sequence[Customer]) -> None:
    first = world.opens_on + timedelta(days=ORDERS_FROM_DAY)
    weights = [1 / (1 + number / 80) for number in range(len(customers))]
    households = int(world.size.orders * HOUSEHOLDS)
    for moment in order_moments(first, world.today, households, world.chance):
        [customer] = world.chance.choices(customers, weights)
        world.diary.note(moment, partial(_shop, world, bank, customer))
    for days in CONSUMER_DAYS:
        moment = world.moment(world.today - timedelta(days=days), 19)
        world.diary.note(moment, partial(_shop, world, bank, customers[0]))


def _shop(world: World, bank: Bank, customer: Customer, at: datetime) -> None:
    wishes, _ = draw_wishes(world, at)
    sale = place(world, customer, wishes, at=at)
    if sale is not None:
        see_through(world, bank, sale, at)


def _note_company(world: World, bank: Bank, company: OrganisationContent, buyer: Customer) -> None:
    day = world.opens_on + timedelta(days=21 + len(company.code))
    while day <= world.today:
        moment = world.moment(day, world.chance.choice((8, 9, 10, 14, 15)))
        world.diary.note(moment, partial(_stock_up, world, bank, company, buyer))
        # Never more often than the world is large: a small story has few companies' orders.
        pause = world.chance.randint(10, 16) * max(1, 1500 // max(world.size.orders, 1))
        day += timedelta(days=pause)


def _stock_up(
    world: World, bank: Bank, company: OrganisationContent, buyer: Customer, at: datetime
) -> None:
    """A company buys large packs of what it always buys."""
    keys = [key for key in company.buys if key in world.crops]
    wishes = []
    for key in world.chance.sample(keys, min(len(keys), world.chance.randint(1, 3))):
        crop = world.crops[key]
        quantity = world.chance.randint(1, 4)
        for pack in sorted(crop.packs, key=lambda pack: -pack.grams):
            if world.shelf.has(crop.product_id, pack.grams * quantity, at.date()):
                wishes.append(Wish(crop, pack, quantity))
                break
    sale = place(world, buyer, wishes, at=at, method=PaymentMethod.BANK_TRANSFER)
    if sale is not None:
        see_through(world, bank, sale, at)
