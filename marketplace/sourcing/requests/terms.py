"""What a request says, as a value: checked, written down, and compared with what it said before."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, Final

from marketplace.kernel.clock import business_day
from marketplace.sourcing.requests.errors import (
    ClosingTooFarError,
    ClosingTooSoonError,
    MonthPastError,
    QuantityMissingError,
    SpecificationMissingError,
    TitleMissingError,
    UnknownSchemeWantedError,
    WrongLimitError,
    WrongTargetError,
    WrongToleranceError,
)
from marketplace.sourcing.requests.rules import (
    LONGEST,
    MOST_LIMITS,
    NOTICE,
    TOLERANCE_MAX_BPS,
)
from marketplace.sourcing.supply.rules import month_of
from models.requests import LimitOperator

LARGEST: Final = Decimal(999_999_999)
MOST_GRAMS: Final = 10**15
"""A milliard tonnes: more than anybody can mean."""
MOST_DONG: Final = 10**12
_SCHEME: Final = re.compile(r"[A-Z0-9_]{2,40}")


@dataclass(frozen=True, slots=True)
class Limit:
    """A limit of quality: moisture, at most, 12.5, %."""

    name: str
    operator: str
    value: Decimal
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the goods are to be delivered."""

    province_code: str
    commune_code: str | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Terms:
    """Everything that a request says. Months are first days, weights grams, the target đồng/kg."""

    title: str
    category_id: int
    place: Place
    closes_at: datetime
    grade: str = ""
    specification: str = ""
    packing: str = ""
    tolerance_bps: int = 0
    target_minor: int | None = None
    wants_samples: bool = False
    is_open_to_all: bool = True
    periods: tuple[tuple[date, int], ...] = ()
    limits: tuple[Limit, ...] = ()
    schemes: tuple[str, ...] = ()
    file_ids: tuple[int, ...] = ()

    @property
    def total_g(self) -> int:
        """All months together."""
        return sum(grams for _month, grams in self.periods)


def require_sound(terms: Terms) -> None:
    """Refuse what not even a draft can say.

    Raises:
        TitleMissingError, WrongToleranceError, WrongTargetError, WrongLimitError,
        QuantityMissingError, UnknownSchemeWantedError: each says at which field.
    """
    if not terms.title.strip():
        raise TitleMissingError(field="title")
    if not 0 <= terms.tolerance_bps <= TOLERANCE_MAX_BPS:
        raise WrongToleranceError(field="tolerance")
    if terms.target_minor is not None and not 0 < terms.target_minor <= MOST_DONG:
        raise WrongTargetError(field="target_minor")
    if any(not 0 < grams <= MOST_GRAMS for _month, grams in terms.periods):
        raise QuantityMissingError(field="periods")
    if not all(map(_SCHEME.fullmatch, terms.schemes)):
        raise UnknownSchemeWantedError(field="schemes")
    if len(terms.limits) > MOST_LIMITS or not all(map(_is_sound, terms.limits)):
        raise WrongLimitError(field="limits")


def require_complete(terms: Terms) -> None:
    """Refuse what sellers could not quote for.

    Raises:
        SpecificationMissingError: neither words nor limits say what is wanted.
        QuantityMissingError: no month asks for anything.
        MonthPastError: a month is over when the request closes.
        and those of `require_sound`.
    """
    require_sound(terms)
    if not terms.specification.strip() and not terms.limits:
        raise SpecificationMissingError(field="specification")
    if not terms.periods:
        raise QuantityMissingError(field="periods")
    closing = month_of(business_day(terms.closes_at))
    for month, _grams in terms.periods:
        if month < closing:
            raise MonthPastError(field="periods", month=f"{month:%m/%Y}")


def require_closing(closes_at: datetime, *, at: datetime, was: datetime | None = None) -> None:
    """Refuse a closing that leaves sellers less than a day, or keeps them waiting for half a year.

    Args:
        closes_at: when it would close.
        at: now.
        was: when it was to close before, if it is published; putting that off is always fair.

    Raises:
        ClosingTooSoonError, ClosingTooFarError: it is.
    """
    if closes_at > at + LONGEST:
        raise ClosingTooFarError(field="closes_on", days=LONGEST // timedelta(days=1))
    if closes_at < at + NOTICE and (was is None or closes_at < was):
        raise ClosingTooSoonError(field="closes_on", hours=NOTICE // timedelta(hours=1))


def facts_of(terms: Terms) -> dict[str, Any]:
    """What sellers may know of it, as plain JSON: everything but the target price."""
    return {
        "title": terms.title,
        "category_id": terms.category_id,
        "grade": terms.grade,
        "specification": terms.specification,
        "packing": terms.packing,
        "place": [terms.place.province_code, terms.place.commune_code, terms.place.address],
        "tolerance_bps": terms.tolerance_bps,
        "wants_samples": terms.wants_samples,
        "is_open_to_all": terms.is_open_to_all,
        "closes_at": terms.closes_at.isoformat(),
        "limits": [
            [each.name, each.operator, str(each.value.normalize()), each.unit]
            for each in terms.limits
        ],
        "schemes": sorted(terms.schemes),
        "file_ids": sorted(terms.file_ids),
        "months": {month.isoformat(): grams for month, grams in sorted(terms.periods)},
    }


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What of `facts_of` is not as it was; of the months, each by itself.

    Returns:
        `field`, `before`, `after`, and for a month its first day as `month`.
    """
    changed = [
        {"field": field, "before": was, "after": after[field]}
        for field, was in before.items()
        if field != "months" and was != after[field]
    ]
    old, new = before["months"], after["months"]
    return changed + [
        {"field": "month", "month": month, "before": old.get(month), "after": new.get(month)}
        for month in sorted(old.keys() | new.keys())
        if old.get(month) != new.get(month)
    ]


def _is_sound(limit: Limit) -> bool:
    return (
        bool(limit.name.strip())
        and limit.operator in set(LimitOperator)
        and limit.value.is_finite()
        and abs(limit.value) <= LARGEST
    )
