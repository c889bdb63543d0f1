"""What a contract says, as a value, and as the text that is kept and compared.

The text is canonical JSON with a version: the same terms are always the same text, so that a form
sent twice is noticed and the same terms give the same document.

The fields are those of a linkage contract (Decree 98/2018/NĐ-CP and the practice around it).
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Final

VERSION: Final = 1


class Binding(StrEnum):
    """What the amount means: exactly it, at least it, or everything that the seller grows."""

    FIXED = "fixed"
    MINIMUM = "minimum"
    WHOLE_OUTPUT = "whole_output"


class Calling(StrEnum):
    """Who says when goods come: the schedule of the contract, or the buyer as it needs them."""

    SCHEDULE = "schedule"
    CALL_OFF = "call_off"


class Stage(StrEnum):
    """A stage of the chain that the two are linked in; the form of linkage follows from them."""

    INPUTS = "inputs"
    PRODUCTION = "production"
    PROCESSING = "processing"
    SALE = "sale"


class Forum(StrEnum):
    """Who decides when the two cannot settle a dispute."""

    COURT = "court"
    ARBITRATION = "arbitration"


class InspectionPlace(StrEnum):
    """Where goods are looked at and weighed."""

    FARM = "farm"
    YARD = "yard"
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class Party:
    """Who signs, as on the day of the version."""

    name: str
    tax_code: str = ""
    address: str = ""
    representative: str = ""
    position: str = ""


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of quality: moisture at_most 12.5 %."""

    name: str
    operator: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Grade:
    """A grade that may be delivered, and what a kilogram of it is worth beside the base price.

    Attributes:
        code: Short, "R1"; the one of the base price has a difference of 0.
        name: What people call it.
        difference_minor: Đồng per kilogram, below nothing for a discount.
        is_accepted: False: the buyer need not take it.
    """

    code: str
    name: str
    difference_minor: int = 0
    is_accepted: bool = True


@dataclass(frozen=True, slots=True)
class Price:
    """How a kilogram is priced: fixed, or a reference price and a premium within bounds.

    Attributes:
        base_minor: Fixed: đồng per kilogram. With a reference: what is expected, for the value of
            the contract only.
        monthly: Fixed prices of single months, by their first days; others have `base_minor`.
        reference_code: Of the published price of the day of shipping; empty: fixed.
        premium_minor: Added to the reference; below nothing for a discount.
        floor_minor: Never less, before grades.
        ceiling_minor: Never more, before grades.
        standard_moisture: Per cent. Then weights count as at this moisture:
            net x (100 - measured) / (100 - standard).
    """

    base_minor: int
    monthly: Mapping[date, int] = field(default_factory=dict)
    reference_code: str = ""
    premium_minor: int = 0
    floor_minor: int | None = None
    ceiling_minor: int | None = None
    standard_moisture: Decimal | None = None

    @property
    def is_fixed(self) -> bool:
        """Whether the price is known today."""
        return not self.reference_code


@dataclass(frozen=True, slots=True)
class Place:
    """Where goods are delivered."""

    province_code: str
    commune_code: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Planned:
    """A delivery as agreed: between two days, so many grams, at a place."""

    due_from: date
    due_on: date
    grams: int
    place: Place


@dataclass(frozen=True, slots=True)
class Advance:
    """Inputs or money that the enterprise gives beforehand; deducted like a deposit."""

    item: str
    amount_minor: int
    on: date


@dataclass(frozen=True, slots=True)
class Payment:
    """When money is due.

    Attributes:
        stages: Parts of an invoice in basis points, with the days after acceptance; they add up to
            10,000.
        deposit_minor: Paid before the first delivery.
        deposit_bps: How much of the goods of an invoice is taken from it, until it is used up.
        retention_bps: How much of each invoice is kept back.
        retention_days: For how many days after acceptance.
    """

    stages: tuple[tuple[int, int], ...] = ((10_000, 15),)
    deposit_minor: int = 0
    deposit_bps: int = 0
    retention_bps: int = 0
    retention_days: int = 0


@dataclass(frozen=True, slots=True)
class Breach:
    """What lateness, missing goods and good work cost or bring, in basis points.

    Attributes:
        late_bps_per_day: Of the goods of a late delivery, for each day that it is late.
        short_bps: Of what the missing goods beyond the tolerance would have cost.
        cap_bps: Penalties of a delivery together are never more than this part of what was
            breached (Commercial Law, Article 301: a setting bounds it).
        bonus_bps: Of the goods of a delivery that is wholly accepted and on time.
    """

    late_bps_per_day: int = 0
    short_bps: int = 0
    cap_bps: int = 0
    bonus_bps: int = 0


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with the words of the day: from the library, or the parties' own (`version` 0)."""

    code: str
    version: int
    title_vi: str
    text_vi: str
    title_en: str = ""
    text_en: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a contract says.

    Attributes:
        title: What the contract is called.
        buyer: Who buys; `seller` who sells.
        product_id: What is sold, of the seller; its names stand beside it.
        limits: Quality; `grades` may be empty, then there is one grade without a name.
        schemes: Codes of the certificates that every lot must have carried at its harvest.
        total_g: Grams in all; `tolerance_bps` how much a delivery and the whole may be beside it.
        schedule: The deliveries; with `Calling.CALL_OFF` what the parties expect.
        stages: Of the chain; from them follows the form of linkage.
        accept_hours: How long the buyer has to say what arrived.
        starts_on: First day; `ends_on` last day.
    """

    title: str
    buyer: Party
    seller: Party
    product_id: int
    product_vi: str
    product_en: str
    total_g: int
    price: Price
    starts_on: date
    ends_on: date
    binding: Binding = Binding.FIXED
    tolerance_bps: int = 0
    limits: tuple[Limit, ...] = ()
    grades: tuple[Grade, ...] = ()
    schemes: tuple[str, ...] = ()
    packing: str = ""
    calling: Calling = Calling.SCHEDULE
    schedule: tuple[Planned, ...] = ()
    place: Place | None = None
    stages: tuple[Stage, ...] = (Stage.PRODUCTION, Stage.SALE)
    advances: tuple[Advance, ...] = ()
    inspection: InspectionPlace = InspectionPlace.BUYER
    inspector: str = ""
    accept_hours: int = 48
    payment: Payment = field(default_factory=Payment)
    breach: Breach = field(default_factory=Breach)
    forum: Forum = Forum.COURT
    clauses: tuple[Clause, ...] = ()

    @property
    def value_minor(self) -> int:
        """What all of it would cost as planned, đồng, rounded half up."""
        if not self.schedule:
            return per_kg(self.total_g, self.price.base_minor)
        return sum(
            per_kg(each.grams, self.price.monthly.get(first_of(each.due_on), self.price.base_minor))
            for each in self.schedule
        )


def per_kg(grams: int, minor: int) -> int:
    """What `grams` cost at `minor` đồng per kilogram, rounded half up to whole đồng."""
    return (grams * minor * 2 + 1000) // 2000


def first_of(day: date) -> date:
    """The first day of its month."""
    return day.replace(day=1)


def document_of(terms: Terms) -> dict[str, Any]:
    """The terms as an object of JSON, for a row."""
    document: dict[str, Any] = json.loads(written(terms))
    return document


def written(terms: Terms) -> str:
    """The canonical text of terms."""
    return json.dumps(
        {"v": VERSION, **_plain(asdict(terms))},
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )


def terms_of(document: Mapping[str, Any]) -> Terms:
    """The terms that a document says.

    Raises:
        ValueError: it is none of a version that we know.
    """
    known = dict(document)
    if known.pop("v", None) != VERSION:
        raise ValueError("Terms of an unknown version")
    try:
        return Terms(
            **known
            | {
                "buyer": Party(**known["buyer"]),
                "seller": Party(**known["seller"]),
                "price": price_of(known["price"]),
                "starts_on": date.fromisoformat(known["starts_on"]),
                "ends_on": date.fromisoformat(known["ends_on"]),
                "binding": Binding(known["binding"]),
                "limits": tuple(
                    Limit(**each | {"value": Decimal(each["value"])}) for each in known["limits"]
                ),
                "grades": tuple(Grade(**each) for each in known["grades"]),
                "schemes": tuple(known["schemes"]),
                "calling": Calling(known["calling"]),
                "schedule": tuple(map(_planned, known["schedule"])),
                "place": Place(**known["place"]) if known["place"] else None,
                "stages": tuple(map(Stage, known["stages"])),
                "advances": tuple(
                    Advance(**each | {"on": date.fromisoformat(each["on"])})
                    for each in known["advances"]
                ),
                "inspection": InspectionPlace(known["inspection"]),
                "payment": Payment(
                    **known["payment"] | {"stages": tuple(map(tuple, known["payment"]["stages"]))}
                ),
                "breach": Breach(**known["breach"]),
                "forum": Forum(known["forum"]),
                "clauses": tuple(Clause(**each) for each in known["clauses"]),
            }
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("No terms") from error


def price_of(document: Mapping[str, Any]) -> Price:
    """The price that the document of terms says under "price"."""
    moisture = document["standard_moisture"]
    return Price(
        **dict(document)
        | {
            "monthly": {
                date.fromisoformat(month): minor
                for month, minor in sorted(document["monthly"].items())
            },
            "standard_moisture": None if moisture is None else Decimal(moisture),
        }
    )


def _planned(document: Mapping[str, Any]) -> Planned:
    return Planned(
        due_from=date.fromisoformat(document["due_from"]),
        due_on=date.fromisoformat(document["due_on"]),
        grams=document["grams"],
        place=Place(**document["place"]),
    )


def _plain(value: Any) -> Any:  # noqa: ANN401 - whatever a dataclass holds
    """Days and decimals as text, all the rest as it is."""
    if isinstance(value, Mapping):
        return {
            key.isoformat() if isinstance(key, date) else key: _plain(each)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
