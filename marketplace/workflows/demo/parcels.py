"""A certificate that names some plots, a lot from one of them, one from elsewhere, an order."""

from datetime import date, timedelta
from typing import Final

from marketplace.certification import operations as certification
from marketplace.certification.rules import Claim, Land, Verdict
from marketplace.media import operations as media
from marketplace.traceability.rules import NewLot
from marketplace.workflows.demo.buying import place
from marketplace.workflows.demo.customers import Customer
from marketplace.workflows.demo.demand import Wish
from marketplace.workflows.demo.papers import SAMPLE
from marketplace.workflows.demo.world import Crop, World
from marketplace.workflows.receiving import receive_lot
from models.accounts import Role
from models.orders import PaymentMethod

GOODS: Final = "ca-phe-robusta-honey"
NUMBER: Final = "VietGAP-TT-12-26-66-0533"
NAMED: Final = tuple(f"TD{number:03d}" for number in range(1, 7))
"""The plots that the paper names."""
INSIDE, OUTSIDE = "TD003", "TD009"
CLAIMED_DAYS: Final = 110
"""The plots were written down some days before."""
RIPENS_DAYS: Final = 30
"""Between harvest and packing at least."""
HELD_DAYS: Final = 60
"""Before the harvest the paper began to hold."""
PACKED_DAYS: Final = 6
KEEPS_DAYS: Final = 330


def certify_some_plots(world: World, buyer: Customer) -> None:
    """Let the paper be claimed and verified, the lots come in, and somebody order of the goods."""
    crop = world.crops.get(GOODS)
    if crop is None:
        return
    harvested_on = _last_harvest(world, crop)
    _claim(world, crop, harvested_on - timedelta(days=HELD_DAYS))
    for plot_code, grams in ((OUTSIDE, 24_000), (INSIDE, 18_000)):
        _receive(world, crop, plot_code, grams, harvested_on)
    smallest = min(crop.packs, key=lambda pack: pack.grams)
    place(
        world,
        buyer,
        [Wish(crop, smallest, 2)],
        at=world.at - timedelta(minutes=25),
        method=PaymentMethod.CASH,
    )


def _last_harvest(world: World, crop: Crop) -> date:
    """The last day of its season that is long enough ago."""
    day = world.today - timedelta(days=PACKED_DAYS + RIPENS_DAYS)
    while crop.content.season[day.month - 1] == "0":
        day -= timedelta(days=1)
    return day


def _claim(world: World, crop: Crop, first: date) -> None:
    director, owner = crop.seller.actor(Role.DIRECTOR), crop.seller.organisation_id
    at = world.at - timedelta(days=CLAIMED_DAYS)
    paper = media.store_paper(
        actor=director, organisation_id=owner, data=SAMPLE, name="vietgap-sau-thua.pdf", at=at
    )
    claimed = certification.claim_certificate(
        actor=director,
        claim=Claim(
            organisation_id=owner,
            scheme_code="VIETGAP_CROP",
            number=NUMBER,
            issuer="Công ty CP Chứng nhận và Giám định VinaCert",
            valid_from=first,
            valid_to=first + timedelta(days=729),
            scope="Cà phê Robusta, sáu thửa ghi trong phụ lục",
            file_id=paper.id,
            product_ids=(crop.product_id,),
            land=Land(plot_codes=NAMED),
        ),
        at=at,
    )
    certification.decide_certificate(
        actor=world.staff.officer,
        certificate_id=claimed.id,
        verdict=Verdict.VERIFY,
        at=at + timedelta(days=3),
    )


def _receive(world: World, crop: Crop, plot_code: str, grams: int, harvested_on: date) -> None:
    best_before_on = world.today + timedelta(days=KEEPS_DAYS)
    row = receive_lot(
        actor=crop.seller.actor(Role.WAREHOUSE),
        lot=NewLot(
            organisation_id=crop.seller.organisation_id,
            product_id=crop.product_id,
            harvested_on=harvested_on,
            packed_on=world.today - timedelta(days=PACKED_DAYS),
            best_before_on=best_before_on,
            quantity_g=grams,
        ),
        plot_code=plot_code,
        at=world.at - timedelta(days=PACKED_DAYS),
    )
    world.shelf.put(
        lot_id=row.id,
        product_id=crop.product_id,
        grams=grams,
        harvested_on=harvested_on,
        best_before_on=best_before_on,
    )
