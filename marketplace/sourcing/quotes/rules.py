"""What can be known about quotes without a database: states, soundness, differences, shares."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from marketplace.kernel.states import StateMachine
from marketplace.sourcing.quotes.errors import (
    DeviationUnknownError,
    FeeError,
    FormulaError,
    MonthNotAskedError,
    PaymentDaysError,
    PriceError,
    PriceMissingError,
    ProductMissingError,
    TextTooLongError,
    TooMuchError,
    ValidityError,
    VolumeMissingError,
)
from marketplace.sourcing.quotes.offer import Offer
from models.requests import QuoteState

QUOTE: Final = StateMachine(
    "quote",
    {
        QuoteState.DRAFT: {QuoteState.SUBMITTED, QuoteState.WITHDRAWN},
        QuoteState.SUBMITTED: {QuoteState.OPENED, QuoteState.WITHDRAWN, QuoteState.LOST},
        QuoteState.OPENED: {QuoteState.WON, QuoteState.LOST},
        QuoteState.WON: (),
        QuoteState.LOST: (),
        QuoteState.WITHDRAWN: (),
    },
)

NUMBER_PREFIX: Final = "BG"
PRICE_MAX_MINOR: Final = 100_000_000
"""Per kilogram: dearer than anything that grows here."""
PAYMENT_DAYS_MAX: Final = 180
VALID_DAYS_MAX: Final = 366
"""Counted from the closing."""
TEXT_MAX: Final = 300
NOTE_MAX: Final = 1000
BPS: Final = 10_000


@dataclass(frozen=True, slots=True)
class Asked:
    """What of a request bounds an offer: grams by month, tolerance, what can be deviated from."""

    periods: Mapping[date, int]
    tolerance_bps: int
    subjects: Collection[str]

    def most_in(self, month: date) -> int:
        """The most that the buyer takes in a month: what is asked for, and the tolerance."""
        return self.periods.get(month, 0) * (BPS + self.tolerance_bps) // BPS


def require_draftable(offer: Offer, asked: Asked) -> None:
    """Refuse what makes no sense, whatever is still missing.

    Raises:
        InvalidError: with the field that is wrong.
    """
    for month, grams in offer.volumes.items():
        if month not in asked.periods:
            raise MonthNotAskedError(field="volumes", month=_label(month))
        if not 0 < grams <= asked.most_in(month):
            raise TooMuchError(field="volumes", month=_label(month), most=asked.most_in(month))
    if not all(0 < price <= PRICE_MAX_MINOR for price in offer.prices.values()):
        raise PriceError(field="price")
    if not 0 <= offer.fee_minor <= PRICE_MAX_MINOR:
        raise FeeError(field="fee")
    if not 0 <= offer.payment_days <= PAYMENT_DAYS_MAX:
        raise PaymentDaysError(field="payment_days", most=PAYMENT_DAYS_MAX)
    if not set(offer.deviations) <= set(asked.subjects):
        raise DeviationUnknownError
    if any(len(text) > TEXT_MAX for text in offer.deviations.values()):
        raise TextTooLongError(field="deviations", most=TEXT_MAX)
    if len(offer.note) > NOTE_MAX:
        raise TextTooLongError(field="note", most=NOTE_MAX)
    _require_sound_formula(offer)


def require_complete(offer: Offer, asked: Asked, *, closes_on: date, today: date) -> None:
    """Refuse an offer that cannot be sent.

    Args:
        offer: what is sent.
        asked: what was asked for.
        closes_on: the day on which the request closes.
        today: from which on it must hold, should the request be closed.

    Raises:
        InvalidError: with the field that is missing or wrong.
    """
    require_draftable(offer, asked)
    if not offer.volumes:
        raise VolumeMissingError(field="volumes")
    if offer.product_id is None and not offer.is_joint:
        raise ProductMissingError(field="product")
    if offer.is_joint:
        _require_shares_add_up(offer)
    if offer.formula is None and set(offer.prices) != set(offer.volumes):
        raise PriceMissingError(field="price")
    first = max(closes_on, today)
    last = first + timedelta(days=VALID_DAYS_MAX)
    if offer.valid_until is None or not first <= offer.valid_until <= last:
        raise ValidityError(field="valid_until", first=first)


def landed_minor(offer: Offer, month: date) -> int | None:
    """What a kilogram costs at the buyer's place in a month; None where a formula says it."""
    price = offer.price_in(month)
    return None if price is None else price + offer.fee_minor


def mean_landed_minor(offer: Offer) -> int | None:
    """What a kilogram costs at the buyer's place, weighed by the volumes, a half to the even one.

    Of a formula the ceiling counts, the most that the buyer may have to pay; None without one.
    """
    if offer.formula is not None:
        ceiling = offer.formula.ceiling_minor
        return None if ceiling is None else ceiling + offer.fee_minor
    total = offer.total_g
    if not total:
        return None
    worth = sum((offer.prices[month] + offer.fee_minor) * g for month, g in offer.volumes.items())
    quotient, remainder = divmod(worth, total)
    is_up = 2 * remainder > total or (2 * remainder == total and quotient % 2)
    return quotient + (1 if is_up else 0)


def split_grams(grams: int, weights: Sequence[int]) -> list[int]:
    """Part grams in proportion to weights, to the gram, the largest remainders first.

    No part is above its weight as long as `grams` are not above their sum.
    """
    whole = sum(weights)
    shares = [divmod(grams * weight, whole) for weight in weights]
    parts = [quotient for quotient, _ in shares]
    losers = sorted(range(len(shares)), key=lambda index: (-shares[index][1], index))
    for index in losers[: grams - sum(parts)]:
        parts[index] += 1
    return parts


Term = tuple[str, str]
"""What a line of an offer is about, and which of several: ("price", "2027-01")."""


def lines_of(offer: Offer) -> dict[Term, object]:
    """An offer line by line, in the order in which people read it."""
    formula = offer.formula
    lines: dict[Term, object] = {
        ("product", ""): (offer.product_id, offer.grade) if offer.product_id else None,
        **{("volume", month.isoformat()): grams for month, grams in sorted(offer.volumes.items())},
        **{("price", month.isoformat()): price for month, price in sorted(offer.prices.items())},
        ("formula", ""): formula,
        ("fee", ""): offer.fee_minor,
        ("payment_days", ""): offer.payment_days,
        **{("deviation", about): text for about, text in sorted(offer.deviations.items())},
        ("samples", ""): offer.has_samples,
        ("valid_until", ""): offer.valid_until,
        ("note", ""): offer.note,
    }
    for share in sorted(offer.shares):
        lines["share", f"{share.organisation_id}:{share.month.isoformat()}"] = share.grams
    return lines


@dataclass(frozen=True, slots=True)
class Difference:
    """A line that is not what it was; None: it was not there."""

    term: Term
    before: object
    after: object


def differences(before: Offer, after: Offer) -> list[Difference]:
    """What changed from one revision to the next, in the order of the lines."""
    old, new = lines_of(before), lines_of(after)
    return [
        Difference(term, old.get(term), new.get(term))
        for term in {**new, **old}
        if old.get(term) != new.get(term)
    ]


def _require_sound_formula(offer: Offer) -> None:
    formula = offer.formula
    if formula is None:
        return
    bounds = (formula.floor_minor, formula.ceiling_minor)
    if not formula.reference.strip() or len(formula.reference) > TEXT_MAX:
        raise FormulaError(field="reference")
    if any(bound is not None and not 0 < bound <= PRICE_MAX_MINOR for bound in bounds):
        raise FormulaError(field="floor")
    if None not in bounds and bounds[0] > bounds[1]:  # type: ignore[operator]
        raise FormulaError(field="ceiling")
    if abs(formula.premium_minor) > PRICE_MAX_MINOR or offer.prices:
        raise FormulaError(field="premium")


def _require_shares_add_up(offer: Offer) -> None:
    sums: dict[date, int] = {}
    for share in offer.shares:
        if share.grams <= 0:
            raise VolumeMissingError(field="shares")
        sums[share.month] = sums.get(share.month, 0) + share.grams
    if sums != dict(offer.volumes):
        raise VolumeMissingError(field="shares")


def _label(month: date) -> str:
    return f"{month.month}/{month.year}"
