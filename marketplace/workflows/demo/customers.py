"""Who buys: people with names, telephones and addresses, some of them with an account."""

from dataclasses import dataclass
from random import Random
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.geography import queries as geography
from marketplace.geography.places import CommuneKind
from marketplace.kernel.text import slug
from marketplace.orders.operations import Recipient
from marketplace.workflows.demo.content import BuyersContent, buyers, commune_code
from marketplace.workflows.demo.people import FIRST_BUYER, PHONES

PEOPLE: Final = 640
WITH_ACCOUNT: Final = 45
"""So many of them, the first ones, have an account; they buy more often, too."""
ELSEWHERE: Final = 9
"""So many of a hundred live in a province that is not among the places with streets."""
NOTED: Final = 0.12
"""The share of orders that come with a note."""
_STREETS_TO: Final = 380


@dataclass(frozen=True, slots=True)
class Customer:
    """Somebody who buys. `user_id` of those with an account."""

    name: str
    phone: str
    province: str
    commune: str
    address: str
    user_id: int | None = None
    email: str | None = None

    @property
    def actor(self) -> Actor:
        """The person as the operations see them."""
        return Actor(user_id=self.user_id)

    def recipient(self, note: str = "") -> Recipient:
        """The person as a form tells of them."""
        return Recipient(
            name=self.name,
            phone=self.phone,
            province_code=self.province,
            commune_code=self.commune,
            address=self.address,
            email=self.email,
            note=note,
        )


def draw_customer(number: int, chance: Random) -> Customer:
    """The `number`th customer, from 0."""
    book = buyers()
    given = chance.choice(book.women if chance.random() < 0.64 else book.men)  # noqa: PLR2004
    name = f"{chance.choice(book.families)} {given}"
    province, commune, address = _draw_home(book, chance)
    return Customer(
        name=name,
        phone=f"{PHONES}{FIRST_BUYER + number % 790:03d}",
        province=province,
        commune=commune,
        address=address,
    )


def address_of(customer: Customer, number: int) -> str:
    """The e-mail address of a customer with an account."""
    words = slug(customer.name).split("-")
    return f"{words[-1]}.{words[0]}{number:02d}@demo.example"


def draw_note(chance: Random) -> str:
    """A note to the sellers; mostly none."""
    return chance.choice(buyers().notes) if chance.random() < NOTED else ""


def _draw_home(book: BuyersContent, chance: Random) -> tuple[str, str, str]:
    if chance.randrange(100) < ELSEWHERE:
        province = chance.choice(book.elsewhere)
        commune = chance.choice(geography.communes_of(province))
        is_ward = commune.kind == CommuneKind.WARD
        return province, commune.code, chance.choice(book.blocks if is_ward else book.hamlets)
    place = chance.choices(book.places, [place.share for place in book.places])[0]
    ward, streets = chance.choice(place.wards)
    house = f"{chance.randint(2, _STREETS_TO)}"
    if chance.random() < 0.3:  # noqa: PLR2004 - a house in an alley
        house = f"{chance.randint(2, 90)}/{chance.randint(1, 40)}"
    return (
        place.province,
        commune_code(place.province, ward),
        f"{house} {chance.choice(streets)}",
    )
