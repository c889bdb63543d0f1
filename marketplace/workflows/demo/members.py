"""Member households with their plots and shares, in three provinces, and growing-area codes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.membership import operations as membership
from marketplace.workflows.demo.content import buyers, commune_code
from marketplace.workflows.demo.world import Seller, World
from models.accounts import Role
from models.membership import AreaMarket, MemberKind

SEED: Final = 20261122
EACH: Final = 200
"""Households of each of the three registers."""
SMALL: Final = 12
"""Households of a register when the story is told in short."""
M_PER_DEGREE: Final = 111_000
JOINED_YEARS: Final = range(2012, 2025)


@dataclass(frozen=True, slots=True)
class _Land:
    """Where the households of a cooperative farm. `centre` is longitude and latitude."""

    communes: tuple[str, ...]
    centre: tuple[float, float]
    crop: str
    hamlet: str
    families: tuple[str, ...]
    code: str
    market: str
    country: str
    size_m: tuple[int, int]


LANDS: Final = {
    "CUMGAR": _Land(
        ("Ea M’Droh", "Quảng Phú", "Cư M’gar"), (108.08, 12.86), "Cà phê Robusta", "Buôn",
        ("Y", "H’"), "VN-DLOR-0112", AreaMarket.DOMESTIC, "VN", (60, 140),
    ),
    "HUNGLOI": _Land(
        ("Mỹ Xuyên", "Tài Văn", "Liêu Tú"), (106.02, 9.56), "Lúa ST25", "Ấp",
        ("Thạch", "Sơn", "Lâm", "Kim"), "VN-STOR-0031", AreaMarket.EXPORT, "CN", (80, 180),
    ),
    "MOCCHAU": _Land(
        ("Mộc Châu", "Thảo Nguyên", "Vân Hồ"), (104.66, 20.85), "Mận hậu", "Bản",
        ("Lò", "Hà", "Lường", "Vì"), "VN-SLOR-0074", AreaMarket.EXPORT, "CN", (40, 90),
    ),
}  # fmt: skip
"""The three cooperatives whose registers are filled in, by code."""


def fill_registers(world: World) -> None:
    """Fill in the registers of those of the three that take part."""
    chance = Random(SEED)  # noqa: S311 - it must come out the same every time
    for code, land in LANDS.items():
        seller = world.sellers.get(code)
        if seller is not None:
            _Register(world, seller, land, chance).fill()


class _Register:
    """The register of one cooperative."""

    def __init__(self, world: World, seller: Seller, land: _Land, chance: Random) -> None:
        self._world, self._seller, self._land, self._chance = world, seller, land, chance
        self._director: Actor = seller.actor(Role.DIRECTOR)
        self._province = seller.content.province
        self._at = world.at - timedelta(days=120)
