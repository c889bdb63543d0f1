"""Member households with their plots and shares, in three provinces, and growing-area codes."""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Final

from marketplace.accounts.permissions import Actor
from marketplace.membership import operations as membership
from marketplace.membership.land.shapes import Shape, read_shape
from marketplace.membership.rules import MemberFacts
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
        ("Ea M'Droh", "Quảng Phú", "Cư M'gar"), (108.08, 12.86), "Cà phê Robusta", "Buôn",
        ("Y", "H’"), "VN-DLOR-0112", AreaMarket.DOMESTIC, "VN", (60, 140),
    ),
    "HUNGLOI": _Land(
        ("Mỹ Xuyên", "Tài Văn", "Hòa Tú"), (106.02, 9.56), "Lúa ST25", "Ấp",
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

    def fill(self) -> None:
        """Households, each with a plot and a share; then the code for a part of the plots."""
        count = EACH if self._world.size.has_papers else SMALL
        plots = [self._household(number) for number in range(1, count + 1)]
        self._area([plot for number, plot in enumerate(plots) if number % 3 == 0])

    def _household(self, number: int) -> str:
        """Write a household down, with its plot and its share; gives the code of the plot."""
        chance, land = self._chance, self._land
        commune = commune_code(self._province, chance.choice(land.communes))
        years = chance.choice(JOINED_YEARS)
        joined_on = date(years, chance.randint(1, 12), chance.randint(1, 28))
        member = membership.add_member(
            actor=self._director,
            facts=MemberFacts(
                organisation_id=self._seller.organisation_id,
                code="",
                name=self._name(),
                kind=MemberKind.HOUSEHOLD,
                province_code=self._province,
                commune_code=commune,
                hamlet=f"{land.hamlet} {chance.randint(1, 9)}",
                joined_on=joined_on,
                is_official=number % 9 != 0,
            ),
            at=self._at,
        )
        self._agree(member.id, number)
        membership.record_contribution(
            actor=self._director,
            contribution=membership.Contribution(
                member_id=member.id,
                on_day=joined_on,
                amount_minor=chance.choice((2, 3, 5, 5, 8)) * 1_000_000,
                note=f"PT {joined_on.year}-{number:03d}",
                key=f"demo-{number}",
            ),
            at=self._at,
        )
        plot = membership.add_plot(
            actor=self._director,
            facts=membership.PlotFacts(
                organisation_id=self._seller.organisation_id,
                owner_code=member.code,
                code=f"TD{number:03d}",
                crop=land.crop,
                commune_code=commune,
                declared_area_m2=None if number % 4 else chance.randint(2, 18) * 1000,
                shape=self._shape(number),
            ),
            at=self._at,
        )
        if number % 40 == 0:  # a few have left since
            membership.leave(
                actor=self._director,
                member_id=member.id,
                left_on=self._world.today - timedelta(days=30),
                at=self._world.at,
            )
        return plot.code

    def _name(self) -> str:
        """A name as people of the place have it."""
        book = buyers()
        given = self._chance.choice((*book.women, *book.men))
        return f"{self._chance.choice((*self._land.families, *book.families))} {given}"

    def _agree(self, member_id: int, number: int) -> None:
        """Every third household has agreed to be named beside what it grew."""
        if number % 3 == 0:
            membership.show_member(
                actor=self._director,
                member_id=member_id,
                consented_on=self._at.date(),
                note="Ký phiếu đồng ý tại đại hội thường niên",
                at=self._at,
            )

    def _shape(self, number: int) -> Shape | None:
        """A four-cornered field near the others; of some only a point, of a few nothing yet."""
        if number % 20 == 0:
            return None
        chance, (east, north) = self._chance, self._land.centre
        row, column = divmod(number, 20)
        east += column * 0.004 + chance.uniform(0, 0.001)
        north += row * 0.003 + chance.uniform(0, 0.001)
        if number % 7 == 0:
            return read_shape(_geojson("Point", [round(east, 6), round(north, 6)]))
        wide, high = (chance.randint(*self._land.size_m) / M_PER_DEGREE for _ in range(2))
        slant = chance.uniform(-0.2, 0.2) * high
        ring = [
            (east, north),
            (east + wide, north + slant),
            (east + wide * 0.95, north + high),
            (east - slant, north + high * 0.97),
            (east, north),
        ]
        return read_shape(
            _geojson("Polygon", [[[round(one, 6), round(two, 6)] for one, two in ring]])
        )

    def _area(self, plots: list[str]) -> None:
        land, today = self._land, self._world.today
        membership.add_area(
            actor=self._director,
            facts=membership.AreaFacts(
                organisation_id=self._seller.organisation_id,
                code=land.code,
                market=AreaMarket(land.market),
                country=land.country,
                crop=land.crop,
                valid_from=date(today.year - 1, 3, 1),
                valid_to=date(today.year + 1, 2, 28),
                area_m2=len(plots) * 9_000,
                capacity_kg=len(plots) * 4_500,
                issued_by="Chi cục Trồng trọt và Bảo vệ thực vật",
                plot_codes=plots,
            ),
            at=self._at,
        )


def _geojson(kind: str, coordinates: object) -> str:
    return json.dumps({"type": kind, "coordinates": coordinates})
