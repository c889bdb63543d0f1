"""What the demonstration is made of, read from `data/`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

from marketplace.geography import queries as geography

DATA: Final = Path(__file__).parent / "data"

_CONTAINERS: Final = {
    "goi": ("Gói", "bag"),
    "tui": ("Túi", "bag"),
    "hop": ("Hộp", "box"),
    "hu": ("Hũ", "jar"),
    "thung": ("Thùng", "case"),
    "bao": ("Bao", "sack"),
}
_KILOGRAM: Final = 1000


@dataclass(frozen=True, slots=True)
class Words:
    """A text in both languages."""

    vi: str = ""
    en: str = ""


@dataclass(frozen=True, slots=True)
class PackContent:
    """A pack: its name, grams, and whole đồng."""

    name: Words
    grams: int
    price_minor: int


@dataclass(frozen=True, slots=True)
class Step:
    """Something that is done to every lot of a making, `days` from harvest or packing."""

    kind: str
    after: str
    days: int
    title: Words
    detail: Words


@dataclass(frozen=True, slots=True)
class Making:
    """How a kind of goods comes to be; see `makings.toml`."""

    mode: str
    lots: int
    batch_kg: int
    storage: Words
    steps: tuple[Step, ...]
    keep_days: int | None = None
    lag_days: int = 0


@dataclass(frozen=True, slots=True)
class ProductContent:
    """A product, its packs, and how much of it there is."""

    key: str
    name: Words
    summary: Words
    story: Words
    category: str
    making: Making
    season: str
    photos: tuple[str, ...]
    packs: tuple[PackContent, ...]
    weight: int
    lots: int
    batch_kg: int
    commune: str | None
    is_draft: bool


@dataclass(frozen=True, slots=True)
class CertificateContent:
    """A certificate; `ago` and `months` count months from the day of loading."""

    scheme: str
    number: str
    issuer: str
    scope: str
    ago: int
    products: tuple[str, ...]
    level: int | None = None
    months: int | None = None
    state: str = "verified"
    note: str = ""


@dataclass(frozen=True, slots=True)
class PersonContent:
    """Somebody with an account, and the role in the organisation."""

    email: str
    name: str
    role: str


@dataclass(frozen=True, slots=True)
class DeliveryContent:
    """What a seller asks for delivery; fees in whole đồng."""

    own: int
    other: int
    free: int
    days: tuple[int, int]
    pickup: str


@dataclass(frozen=True, slots=True)
class OrganisationContent:
    """An organisation with its people; a seller has products, a company what it buys."""

    code: str
    slug: str
    kind: str
    name: str
    name_en: str
    short_name: str
    province: str
    commune: str
    address: str
    founded: str
    people: tuple[PersonContent, ...]
    covers: str | None = None
    members: int | None = None
    bank: str | None = None
    tagline: Words = Words()
    story: Words = Words()
    plots: tuple[str, ...] = ()
    delivery: DeliveryContent | None = None
    products: tuple[ProductContent, ...] = ()
    certificates: tuple[CertificateContent, ...] = ()
    buys: tuple[str, ...] = ()
    state: str = "verified"
    note: str = ""

    @property
    def commune_code(self) -> str:
        """The code of its commune."""
        return commune_code(self.province, self.commune)


@dataclass(frozen=True, slots=True)
class CollectingAccount:
    """Where buyers transfer to. The number is none that a bank gives out."""

    bank: str
    number: str
    holder: str


@dataclass(frozen=True, slots=True)
class PlaceContent:
    """Wards of a province with streets in them; `share` of a hundred buyers live there."""

    province: str
    share: int
    wards: tuple[tuple[str, tuple[str, ...]], ...]


@dataclass(frozen=True, slots=True)
class BuyersContent:
    """Names, places and notes of people who buy."""

    families: tuple[str, ...]
    women: tuple[str, ...]
    men: tuple[str, ...]
    notes: tuple[str, ...]
    hamlets: tuple[str, ...]
    blocks: tuple[str, ...]
    places: tuple[PlaceContent, ...]
    elsewhere: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Content:
    """All of it."""

    sellers: tuple[OrganisationContent, ...]
    enterprises: tuple[OrganisationContent, ...]
    operator: OrganisationContent
    alliance: OrganisationContent
    provincial: OrganisationContent
    account: CollectingAccount
    banks: Mapping[str, str] = field(default_factory=dict)


@cache
def content() -> Content:
    """The organisations of the demonstration with all they have; sellers by their code."""
    market = _read("market.toml")
    makings = {key: _making(row) for key, row in _read("makings.toml").items()}
    files = sorted((DATA / "sellers").glob("*.toml"))
    sellers = [_organisation(tomllib.loads(file.read_text("utf-8")), makings) for file in files]
    account = market["operator"].pop("account")
    return Content(
        sellers=tuple(sorted(sellers, key=lambda seller: seller.code)),
        enterprises=tuple(_organisation(row, makings) for row in market["enterprises"]),
        operator=_organisation(market["operator"], makings),
        alliance=_organisation(market["alliance"], makings),
        provincial=_organisation(market["provincial"], makings),
        account=CollectingAccount(**account),
        banks=market["banks"],
    )


@cache
def buyers() -> BuyersContent:
    """Who buys, and where they live."""
    row = _read("buyers.toml")
    places = tuple(
        PlaceContent(
            place["province"],
            place["share"],
            tuple((ward, tuple(streets)) for ward, streets in place["wards"]),
        )
        for place in row.pop("places")
    )
    return BuyersContent(places=places, **{key: tuple(value) for key, value in row.items()})


@cache
def commune_code(province: str, name: str) -> str:
    """The code of the commune of a province that has this name.

    Raises:
        LookupError: there is none; a slip in the data.
    """
    for commune in geography.communes_of(province):
        if commune.name == name:
            return commune.code
    raise LookupError(f"{province} has no commune {name}")


def pack_name(container: str, grams: int) -> Words:
    """What stands on a plain pack: "Gói 500 g", "500 g bag"."""
    vi, en = _CONTAINERS[container]
    weight = f"{grams // _KILOGRAM} kg" if grams % _KILOGRAM == 0 else f"{grams} g"
    return Words(f"{vi} {weight}", f"{weight} {en}")


def _organisation(row: dict[str, Any], makings: Mapping[str, Making]) -> OrganisationContent:
    row = dict(row)
    delivery = row.pop("delivery", None)
    return OrganisationContent(
        people=tuple(PersonContent(*person) for person in row.pop("people")),
        founded=str(row.pop("founded")),
        tagline=Words(*row.pop("tagline", ())),
        story=_story(row.pop("story", ())),
        plots=tuple(row.pop("plots", ())),
        delivery=_delivery(delivery) if delivery else None,
        products=tuple(_product(each, makings) for each in row.pop("products", ())),
        certificates=tuple(_certificate(each) for each in row.pop("certificates", ())),
        buys=tuple(row.pop("buys", ())),
        **row,
    )


def _delivery(row: dict[str, Any]) -> DeliveryContent:
    return DeliveryContent(**{**row, "days": tuple(row["days"])})


def _product(row: dict[str, Any], makings: Mapping[str, Making]) -> ProductContent:
    making = makings[row["making"]]
    return ProductContent(
        key=row["slug"],
        name=Words(*row["name"]),
        summary=Words(*row["summary"]),
        story=_story(row.get("story", ())),
        category=row["category"],
        making=making,
        season=row["season"],
        photos=(row["photo"], *row.get("more_photos", ())),
        packs=tuple(_pack(pack) for pack in row["packs"]),
        weight=row.get("weight", 1),
        lots=row.get("lots", making.lots),
        batch_kg=row.get("batch", making.batch_kg),
        commune=row.get("commune"),
        is_draft=row.get("state") == "draft",
    )


def _pack(row: list[Any]) -> PackContent:
    if row[0] in _CONTAINERS:
        container, grams, price = row
        return PackContent(pack_name(container, grams), grams, price)
    vi, en, grams, price = row
    return PackContent(Words(vi, en), grams, price)


def _certificate(row: dict[str, Any]) -> CertificateContent:
    return CertificateContent(**{**row, "products": tuple(row["products"])})


def _making(row: dict[str, Any]) -> Making:
    return Making(
        mode=row["mode"],
        lots=row["lots"],
        batch_kg=row["batch"],
        storage=Words(*row["storage"]),
        steps=tuple(
            Step(kind, after, days, Words(vi, en), Words(detail_vi, detail_en))
            for kind, after, days, vi, en, detail_vi, detail_en in row["events"]
        ),
        keep_days=row.get("keep"),
        lag_days=row.get("lag", 0),
    )


def _story(row: Any) -> Words:  # noqa: ANN401 - an empty tuple, or two texts
    return Words(*(text.strip() for text in row))


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((DATA / name).read_text("utf-8"))
