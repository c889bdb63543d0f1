"""What a seller offers, as a value, and as the text that is sealed.

The text is canonical JSON with a version: the same offer is always the same text, so that sending a
form twice is noticed.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date
from typing import Any, Final

from marketplace.platform.secrets import seal, unseal
from models.requests import Quote

VERSION: Final = 1
BLOCK: Final = 512
"""Sealed texts are filled up to whole blocks: their length must not tell how long a price is."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A price that follows another one: `reference` in words, so much above it, within bounds.

    A premium below nothing is a discount. All per kilogram.
    """

    reference: str
    premium_minor: int
    floor_minor: int | None = None
    ceiling_minor: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Share:
    """What one cooperative delivers of a joint quote in a month."""

    organisation_id: int
    month: date
    product_id: int
    grade: str
    grams: int


@dataclass(frozen=True, slots=True)
class Offer:
    """What is offered. While it is a draft, parts of it may be missing.

    Attributes:
        product_id: What is offered; None for a joint quote, whose shares say it, or not chosen yet.
        grade: Its grade in the seller's supply book; empty without one.
        volumes: Grams by month, none of zero.
        prices: Per kilogram by month, for the months of `volumes`; empty with a formula.
        formula: How the price is found instead.
        fee_minor: What bringing a kilogram to the place costs besides; 0: it is included.
        payment_days: How many days after the goods were accepted the buyer pays.
        deviations: What is not as the request wants it, in words, by `limit:<position>` or
            `scheme:<code>`.
        has_samples: Whether samples can be sent.
        valid_until: The last day on which it can be accepted.
        note: Anything else.
        shares: Of a joint quote; they add up to `volumes`.
    """

    product_id: int | None = None
    grade: str = ""
    volumes: Mapping[date, int] = field(default_factory=dict)
    prices: Mapping[date, int] = field(default_factory=dict)
    formula: Formula | None = None
    fee_minor: int = 0
    payment_days: int = 0
    deviations: Mapping[str, str] = field(default_factory=dict)
    has_samples: bool = False
    valid_until: date | None = None
    note: str = ""
    shares: tuple[Share, ...] = ()

    @property
    def is_joint(self) -> bool:
        """Whether cooperatives share it."""
        return bool(self.shares)

    @property
    def total_g(self) -> int:
        """All months together, grams."""
        return sum(self.volumes.values())

    def price_in(self, month: date) -> int | None:
        """What a kilogram costs in a month; None where a formula or nobody says it."""
        return self.prices.get(month)

    def without_volumes(self) -> "Offer":
        """Price and terms alone: what everybody who has a share in it must agree to."""
        return replace(self, volumes={}, shares=())


def written(offer: Offer) -> str:
    """The canonical text of an offer."""
    document = {
        **asdict(offer),
        "v": VERSION,
        "volumes": _by_month(offer.volumes),
        "prices": _by_month(offer.prices),
        "deviations": dict(offer.deviations),
        "valid_until": offer.valid_until.isoformat() if offer.valid_until else None,
        "shares": [{**asdict(each), "month": _month(each.month)} for each in sorted(offer.shares)],
    }
    return json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def document_of(offer: Offer) -> dict[str, Any]:
    """The same as an object of JSON, for a row that may be read."""
    document: dict[str, Any] = json.loads(written(offer))
    return document


def offer_of(document: Mapping[str, Any]) -> Offer:
    """The offer that a document says.

    Raises:
        ValueError: it is no offer of a version that we know.
    """
    fields = dict(document)
    if fields.pop("v", None) != VERSION:
        raise ValueError("An offer of an unknown version")
    try:
        valid_until, formula = fields.pop("valid_until"), fields.pop("formula")
        return Offer(
            volumes=_months(fields.pop("volumes")),
            prices=_months(fields.pop("prices")),
            formula=Formula(**formula) if formula else None,
            valid_until=date.fromisoformat(valid_until) if valid_until else None,
            shares=tuple(
                Share(**{**each, "month": _first(each["month"])}) for each in fields.pop("shares")
            ),
            **fields,
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError("No offer") from error


def seal_draft(quote: Quote, offer: Offer) -> str:
    """The text of a draft, sealed for this quote alone."""
    return seal(f"quote-draft:{quote.number}", _filled_up(offer))


def unseal_draft(quote: Quote) -> Offer | None:
    """What is being written; None if nothing is.

    Raises:
        BadTokenError: it was sealed with another secret, or changed.
    """
    if not quote.draft:
        return None
    return offer_of(json.loads(unseal(f"quote-draft:{quote.number}", quote.draft)))


def seal_offer(number: str, revision: int, offer: Offer) -> str:
    """The text of an offer, sealed for this revision of this quote alone."""
    return seal(_purpose(number, revision), _filled_up(offer))


def unseal_offer(number: str, revision: int, sealed: str) -> Offer:
    """What a revision says: for its seller, and for the opening.

    Raises:
        BadTokenError: it was sealed with another secret, for another revision, or changed.
    """
    return offer_of(json.loads(unseal(_purpose(number, revision), sealed)))


def _purpose(number: str, revision: int) -> str:
    return f"quote:{number}:{revision}"


def _filled_up(offer: Offer) -> str:
    text = written(offer)
    return text + " " * (-len(text.encode()) % BLOCK)


def _month(month: date) -> str:
    return f"{month:%Y-%m}"


def _first(text: str) -> date:
    return date.fromisoformat(f"{text}-01")


def _by_month(amounts: Mapping[date, int]) -> dict[str, int]:
    return {_month(month): amount for month, amount in amounts.items()}


def _months(amounts: Mapping[str, int]) -> dict[date, int]:
    return {_first(month): amount for month, amount in sorted(amounts.items())}
