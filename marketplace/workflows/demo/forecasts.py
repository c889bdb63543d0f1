"""What the sellers expect of the coming year, from their season and their size."""

from datetime import timedelta
from random import Random
from typing import Final

from marketplace.kernel.clock import business_day
from marketplace.platform.database import session
from marketplace.sourcing.supply.operations import write_forecast
from marketplace.sourcing.supply.queries import last_change
from marketplace.sourcing.supply.rules import BOOK_MONTHS, Forecast, month_of, months_from
from marketplace.workflows.demo.world import Crop, World
from models.accounts import Role
from models.catalogue import Product

SEED: Final = 20261101
WRITTEN_DAYS: Final = 12
LOWERED_DAYS: Final = 3
LOWERED: Final = {
    "HUNGLOI": "Nước mặn lên sớm, vụ này xuống giống ít hơn.",
    "CUMGAR": "Mưa trái mùa lúc ra hoa, đậu trái kém.",
}
"""Sellers that have lowered what they first wrote, and why."""
LATE: Final = frozenset({"TUANGIAO", "BENLUC"})
"""Sellers that have forecast nothing yet."""
PEAK: Final = 3
MEMBERS: Final = 40
"""Of a seller of whom the number of members is not known."""
KG_A_MEMBER: Final = (
    ("gao-", 420),
    ("ca-phe-nhan", 130),
    ("ca-phe-", 9),
    ("cam-", 210),
    ("xoai-", 190),
    ("vai-", 160),
    ("bo-", 230),
    ("chuoi-", 180),
    ("dua-", 200),
    ("ca", 60),
    ("tom-", 85),
    ("rau-", 95),
    ("cu", 110),
    ("che-", 12),
    ("ho-tieu", 28),
    ("hat-", 22),
    ("hanh-", 70),
    ("ngo-", 150),
    ("trung", 40),
    ("thit-", 45),
    ("gia-cam", 35),
    ("", 6),
)
"""What a member brings in the best month, by how the slug of the category begins; the first counts.
What is made by hand or distilled is little."""
GRAMS: Final = 1_000


def forecast(world: World) -> None:
    """Let every seller on the market write its year; some lower it a few days later."""
    chance = Random(SEED)  # noqa: S311 - it must come out the same every time
    for crop in world.crops.values():
        if crop.seller.content.code not in LATE and crop.seller.content.state != "pending":
            _write(world, crop, chance)


def _write(world: World, crop: Crop, chance: Random) -> None:
    at = world.moment(world.today - timedelta(days=WRITTEN_DAYS), 9)
    product = session.get_one(Product, crop.product_id)
    peak = _peak_g(crop)
    grams = {
        month: _rounded(peak * int(product.season[month.month - 1]) // PEAK, chance)
        for month in months_from(month_of(business_day(at)), BOOK_MONTHS)
    }
    actor = crop.seller.actor(Role.SALES)
    write_forecast(actor=actor, product=product, forecast=Forecast("", grams), at=at)
    reason = LOWERED.get(crop.seller.content.code)
    if reason is None:
        return
    later = world.moment(world.today - timedelta(days=LOWERED_DAYS), 15)
    this_month = month_of(business_day(later))
    less = {month: _rounded(g * 17 // 20, None) for month, g in grams.items() if month > this_month}
    seen = last_change(product.id, "")
    lowered = Forecast("", less, seen, reason)
    write_forecast(actor=actor, product=product, forecast=lowered, at=later)


def _peak_g(crop: Crop) -> int:
    """What the whole cooperative brings in the best month."""
    members = crop.seller.content.members or MEMBERS
    each = next(kg for begin, kg in KG_A_MEMBER if crop.content.category.startswith(begin))
    return members * each * GRAMS


def _rounded(grams: int, chance: Random | None) -> int:
    """As people write it: a little more or less, to the ten kilograms or to the tonne's tenth."""
    if chance is not None:
        grams = grams * chance.randint(85, 115) // 100
    step = 100_000 if grams >= PEAK * 1_000_000 else 10_000
    return grams // step * step
