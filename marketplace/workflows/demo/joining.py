"""A seller joins the market: its people, its papers, its goods."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from marketplace.accounts.operations.organisations import (
    DeliveryTerms,
    set_delivery,
    suspend_organisation,
    verify_organisation,
)
from marketplace.accounts.permissions import Actor
from marketplace.catalogue import operations as catalogue
from marketplace.catalogue.categories import categories_tree
from marketplace.catalogue.rules import PackDetails, ProductDetails
from marketplace.kernel.money import Money
from marketplace.media import operations as media
from marketplace.workflows.demo import people
from marketplace.workflows.demo.content import (
    OrganisationContent,
    PackContent,
    ProductContent,
    commune_code,
)
from marketplace.workflows.demo.papers import note_certificates
from marketplace.workflows.demo.receiving import note_lots
from marketplace.workflows.demo.world import Crop, PackOnSale, Seller, World
from models.accounts import Role

SUSPENDED_DAYS: Final = 12
"""How long before the present the one suspended seller was suspended."""
DEARER_BPS: Final = 9600
"""What every fifth product cost before their price went up, of today's price."""
DEARER_DAYS: Final = 150
"""How long before the present prices went up."""


def join(world: World, organisation: OrganisationContent, at: datetime) -> None:
    """Take a seller in, with its people; if it is verified, its goods come on sale."""
    actors = people.found(organisation, password_hash=world.password_hash, at=at)
    seller = Seller(organisation, people.organisation_id(organisation.code), actors)
    director = seller.actor(Role.DIRECTOR)
    _set_delivery(seller, director, at)
    _open_account(world, seller, at)
    world.sellers[organisation.code] = seller
    if organisation.state == "pending":
        for product in organisation.products:
            _start_product(world, seller, product, at + timedelta(hours=1))
        return
    checked_at = at + timedelta(days=2, hours=3)
    verify_organisation(
        actor=world.staff.officer, organisation_id=seller.organisation_id, at=checked_at
    )
    crops = []
    for number, product in enumerate(organisation.products):
        crop = _put_on_sale(
            world,
            seller,
            product,
            checked_at + timedelta(hours=number + 1),
            was_cheaper=number % 5 == 0,
        )
        crops.append(crop)
        world.crops[product.key] = crop
    note_certificates(world, seller, checked_at)
    for crop in crops:
        note_lots(world, crop, checked_at + timedelta(days=2))
    if organisation.state == "suspended":
        leaves_at = world.moment(world.today - timedelta(days=SUSPENDED_DAYS), 10)
        world.diary.note(leaves_at, partial(_suspend, world, seller))


def _suspend(world: World, seller: Seller, at: datetime) -> None:
    seller.has_left = True
    suspend_organisation(
        actor=world.staff.officer,
        organisation_id=seller.organisation_id,
        reason=seller.content.note,
        at=at,
    )


def _set_delivery(seller: Seller, director: Actor, at: datetime) -> None:
    wanted = seller.content.delivery
    if wanted is None:
        return
    set_delivery(
        actor=director,
        organisation_id=seller.organisation_id,
        terms=DeliveryTerms(
            own_region_fee_minor=wanted.own,
            other_region_fee_minor=wanted.other,
            free_from_minor=wanted.free,
            own_region_days=wanted.days[0],
            other_region_days=wanted.days[1],
            offers_pickup=True,
            pickup_note=wanted.pickup,
            accepts_cash=True,
        ),
        at=at,
    )


def _open_account(world: World, seller: Seller, at: datetime) -> None:
    people.add_account(
        seller.organisation_id,
        bank=seller.content.bank or "",
        number=f"0000{len(world.sellers) + 1:05d}999",
        holder=seller.content.short_name,
        at=at,
    )


def _start_product(
    world: World, seller: Seller, product: ProductContent, at: datetime
) -> tuple[int, Actor]:
    """A draft with its words and pictures."""
    director = seller.actor(Role.DIRECTOR)
    home = seller.content
    category = categories_tree().by_slug[product.category]
    row = catalogue.create_product(
        actor=director,
        organisation_id=seller.organisation_id,
        details=ProductDetails(
            category_id=category.id,
            name_vi=product.name.vi,
            name_en=product.name.en,
            summary_vi=product.summary.vi,
            summary_en=product.summary.en,
            story_vi=product.story.vi,
            story_en=product.story.en,
            storage_vi=product.making.storage.vi,
            storage_en=product.making.storage.en,
            province_code=home.province,
            commune_code=commune_code(home.province, product.commune or home.commune),
            season=product.season,
        ),
        at=at,
    )
    for picture in product.photos:
        data, drawn = world.pictures.take(picture)
        file = media.store_photo(
            actor=director,
            organisation_id=seller.organisation_id,
            data=data,
            name=f"{picture}.webp",
            at=at,
            drawn=drawn,
        )
        catalogue.add_photo(
            actor=director,
            product_id=row.id,
            file_id=file.id,
            alt_vi=product.name.vi,
            alt_en=product.name.en,
            at=at,
        )
    return row.id, director


def _put_on_sale(
    world: World, seller: Seller, product: ProductContent, at: datetime, *, was_cheaper: bool
) -> Crop:
    """A product with its packs, published. Of some, the price went up in between."""
    product_id, director = _start_product(world, seller, product, at)
    dearer_at = world.moment(world.today - timedelta(days=DEARER_DAYS), 8)
    changes = was_cheaper and at < dearer_at
    packs = []
    for content in product.packs:
        pack = catalogue.add_pack(
            actor=director,
            product_id=product_id,
            details=PackDetails(content.name.vi, content.grams, content.name.en),
            price=_former(content) if changes else Money(content.price_minor, "VND"),
            at=at,
        )
        packs.append(PackOnSale(pack.id, content.grams, content.price_minor))
    catalogue.publish_product(actor=director, product_id=product_id, at=at)
    if changes:
        for pack_on_sale in packs:
            _note_price(world, director, pack_on_sale, dearer_at)
    return Crop(product, seller, product_id, tuple(packs))


def _former(pack: PackContent) -> Money:
    """A little less than today's price, in whole thousands."""
    price = Money(pack.price_minor, "VND").share_bps(DEARER_BPS).minor
    return Money(max(price // 1000, 1) * 1000, "VND")


def _note_price(world: World, director: Actor, pack: PackOnSale, at: datetime) -> None:
    price = Money(pack.price_minor, "VND")

    def become_dearer(moment: datetime) -> None:
        catalogue.change_price(actor=director, pack_id=pack.pack_id, price=price, at=moment)

    world.diary.note(at, become_dearer)
