"""Stalls for browsers to buy at: a cooperative with its people, a certified product and a lot."""

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from marketplace.accounts.permissions import SYSTEM
from marketplace.catalogue.offer import refresh_offer
from marketplace.kernel.clock import business_day, now
from marketplace.media.operations import store_photo
from marketplace.platform.database import session
from models.accounts import Organisation, OrganisationKind, Role
from models.catalogue import Category, Product
from models.media import MediaFile
from tests.factories.accounts import OrganisationFactory, member_of
from tests.factories.catalogue import CategoryFactory, ProductFactory, ProductPhotoFactory
from tests.factories.certification import CertificateFactory
from tests.factories.media import picture
from tests.factories.orders import FEE, collecting_account
from tests.factories.traceability import LotFactory

PRICE = 145_000
"""Of a pack of 500 g, in đồng."""
COMMISSION_PERCENT = 5


@dataclass(frozen=True)
class Stall:
    """A cooperative that sells one product.

    Attributes:
        name: of the cooperative, in short.
        director_id: who sells, packs and hands over.
        accountant_id: who reads the revenue book.
    """

    code: str
    name: str
    director_id: int
    accountant_id: int
    product_id: int
    product_name: str
    slug: str

    def total(self, packs: int) -> int:
        """What a buyer in Hà Nội pays for so many packs, with delivery."""
        return packs * PRICE + FEE

    def net(self, packs: int) -> int:
        """What the cooperative earns by them."""
        return self.total(packs) - packs * PRICE * COMMISSION_PERCENT // 100


def put_up(name: str, product: str, english: str) -> Stall:
    """A verified cooperative in Đắk Lắk with 50 kg of a certified product, harvested last week.

    In the transaction at hand, with real pictures: call it in a `transaction()`.
    """
    seller = OrganisationFactory(name=f"Hợp tác xã {name}", short_name=f"HTX {name}")
    made = ProductFactory(
        organisation=seller,
        category=a_category(),
        name_vi=product,
        name_en=english,
        photo=False,
        slug=f"hang-{seller.code.lower()}",
        pack__name_vi="Gói 500 g",
        pack__name_en="500 g pack",
        pack__price_minor=PRICE,
    )
    add_photo(made)
    day = business_day(now())
    harvested = day - timedelta(days=7)
    certificate = CertificateFactory(
        organisation=seller,
        products=[made],
        valid_from=day - timedelta(days=200),
        valid_to=day + timedelta(days=400),
    )
    LotFactory(
        product=made,
        code=f"{seller.code}-LO",
        harvested_on=harvested,
        packed_on=harvested + timedelta(days=1),
        best_before_on=day + timedelta(days=180),
        quantity_g=50_000,
        certificates=[certificate],
    )
    refresh_offer(made.id)
    return Stall(
        code=seller.code,
        name=seller.short_name,
        director_id=_member(seller, Role.DIRECTOR),
        accountant_id=_member(seller, Role.ACCOUNTANT),
        product_id=made.id,
        product_name=product,
        slug=made.slug,
    )


def add_photo(product: Product) -> MediaFile:
    """Give a product a photo whose files are really there."""
    file = store_photo(
        actor=SYSTEM,
        organisation_id=product.organisation_id,
        data=picture(colour=(60, 120, 40 + product.id % 150)),
        name="hang.jpg",
        at=now(),
    )
    ProductPhotoFactory(product_id=product.id, file=file)
    return file


def cashier() -> int:
    """Somebody of the operator of the market, who owns the collecting account."""
    operator = session.get_one(Organisation, collecting_account().organisation_id)
    return _member(operator, Role.OPERATOR)


def alliance_officer() -> int:
    """Somebody of the alliance."""
    known = session.scalar(
        select(Organisation).where(Organisation.kind == OrganisationKind.ALLIANCE).limit(1)
    )
    return _member(known or OrganisationFactory(alliance=True), Role.OFFICER)


def _member(organisation: Organisation, role: Role) -> int:
    user_id = member_of(organisation, role).user_id
    assert user_id is not None
    return user_id


def a_category() -> Category:
    """The one group of goods: the processes that serve read the groups once and keep them."""
    known = session.scalar(select(Category).order_by(Category.id).limit(1))
    return known or CategoryFactory(slug="cho-que", name_vi="Hàng quê", name_en="From the country")
