"""The people and goods of the story while it is told, by what the operations need of them."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.kernel.clock import VIETNAM, business_day
from marketplace.workflows.demo.content import OrganisationContent, ProductContent
from marketplace.workflows.demo.diary import Diary
from marketplace.workflows.demo.pictures import Pictures
from marketplace.workflows.demo.shelf import Shelf
from models.accounts import Role

STORY_DAYS: Final = 426
"""How far back the story begins: fourteen months."""


@dataclass(frozen=True, slots=True)
class Size:
    """How much of the story is told.

    Attributes:
        orders: how many orders the fourteen months see, about.
        sellers: the codes of the sellers that take part; None: all.
        has_papers: whether photographs and papers are drawn; a test may do with one for all.
    """

    orders: int = 1500
    sellers: frozenset[str] | None = None
    has_papers: bool = True


@dataclass(frozen=True, slots=True)
class PackOnSale:
    """A pack that can be ordered; the price is today's, not that of the past."""

    pack_id: int
    grams: int
    price_minor: int


@dataclass(slots=True)
class Seller:
    """A seller on the market and its people, by what they do."""

    content: OrganisationContent
    organisation_id: int
    people: dict[str, Actor]
    has_left: bool = False

    def actor(self, role: Role) -> Actor:
        """Whoever does this there; the director where nobody else does."""
        return self.people.get(role, self.people[Role.DIRECTOR])


@dataclass(frozen=True, slots=True)
class Crop:
    """A product on sale."""

    content: ProductContent
    seller: Seller
    product_id: int
    packs: tuple[PackOnSale, ...]


@dataclass(slots=True)
class Staff:
    """Those of the market itself."""

    operator: Actor
    officer: Actor
    second_officer: Actor


@dataclass(slots=True)
class World:
    """Everything that the story knows.

    Attributes:
        at: the present, where the story ends.
        chance: what is drawn by lot.
        size: how much of it is told.
        password_hash: of the one password of all demonstration accounts.
        staff: the operator and the alliance.
        diary: what is still to happen.
        pictures: the photographs of the goods.
        shelf: what is in stock.
        sellers: by code, as they join.
        crops: by key, as they come on sale.
        orders: how many have been placed.
    """

    at: datetime
    chance: Random
    size: Size
    password_hash: str
    staff: Staff
    diary: Diary
    pictures: Pictures
    shelf: Shelf = field(default_factory=Shelf)
    sellers: dict[str, Seller] = field(default_factory=dict)
    crops: dict[str, Crop] = field(default_factory=dict)
    orders: int = 0

    @property
    def today(self) -> date:
        """The day on which the story ends, in Việt Nam."""
        return business_day(self.at)

    @property
    def opens_on(self) -> date:
        """The day on which the market opens."""
        return self.today - timedelta(days=STORY_DAYS)

    def moment(self, day: date, hour: int, *, spread: int = 50) -> datetime:
        """A moment of a day in Việt Nam, up to `spread` minutes after the full hour."""
        minutes, seconds = self.chance.randint(0, spread), self.chance.randint(0, 59)
        local = datetime.combine(day, time(hour), VIETNAM)
        return local + timedelta(minutes=minutes, seconds=seconds)


def next_working_moment(at: datetime) -> datetime:
    """`at` itself, or the next morning: people pack between half past seven and five."""
    local = at.astimezone(VIETNAM)
    opens = local.replace(hour=7, minute=30 + local.minute // 4, second=local.second)
    if local < opens:
        return opens
    if local.hour >= 17:  # noqa: PLR2004 - five in the afternoon
        return opens + timedelta(days=1)
    return local
