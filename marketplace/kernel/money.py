"""Amounts of money in whole minor units."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Final

EXPONENTS: Final = {"VND": 0, "JPY": 0, "USD": 2, "EUR": 2, "KWD": 3}
"""How many digits the minor unit has, per ISO 4217. Any other currency is refused."""

BPS: Final = 10_000
"""Basis points in the whole: 500 bps are 5 %."""

_PRECISION: Final = 60  # digits while multiplying: 10^14 times any factor stays exact


class CurrencyMismatchError(ArithmeticError):
    """Two amounts of different currencies met in one sum."""


def _whole(number: int) -> int:
    """`number` itself, if it is a whole number and not one in disguise."""
    if type(number) is not int:  # a bool is an int to isinstance
        raise TypeError(f"Whole numbers only, not {type(number).__name__}")
    return number


def _divide_half_even(dividend: int, divisor: int) -> int:
    """`dividend / divisor` to the nearest whole number, a half to the even one."""
    quotient, remainder = divmod(dividend, divisor)
    if 2 * remainder > divisor or (2 * remainder == divisor and quotient % 2):
        quotient += 1
    return quotient


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in the minor unit of `currency`: `Money(1250000, "VND")` is 1.250.000 ₫.

    Never a float, never added or compared across currencies. May be negative.

    Raises:
        TypeError: `minor` is not a whole number.
        ValueError: the currency is not in `EXPONENTS`.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        _whole(self.minor)
        if self.currency not in EXPONENTS:
            raise ValueError(f"Unknown currency {self.currency!r}")

    @classmethod
    def from_major(cls, amount: Decimal, currency: str) -> "Money":
        """From an amount as people write it: `Decimal("12.50")` euro.

        Raises:
            TypeError: `amount` is a float.
            ValueError: it is finer than the currency allows, or the currency is unknown.
        """
        if not isinstance(amount, Decimal):
            raise TypeError(f"Decimal only, not {type(amount).__name__}")
        if currency not in EXPONENTS:
            raise ValueError(f"Unknown currency {currency!r}")
        with localcontext(prec=_PRECISION):
            minor = amount.scaleb(EXPONENTS[currency])
            if not minor.is_finite() or minor != minor.to_integral_value():
                raise ValueError(f"{amount} is not an amount of {currency}")
            return cls(int(minor), currency)

    @property
    def major(self) -> Decimal:
        """The amount as people write it: `Decimal("12.50")`."""
        with localcontext(prec=_PRECISION):
            return Decimal(self.minor).scaleb(-EXPONENTS[self.currency])

    @property
    def is_zero(self) -> bool:
        """Whether there is nothing."""
        return self.minor == 0

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._minor_of(other), self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._minor_of(other), self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._minor_of(other)

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._minor_of(other)

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._minor_of(other)

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._minor_of(other)

    def times(self, factor: Decimal | int) -> "Money":
        """Multiply, rounding half to even once, at the end.

        Raises:
            TypeError: `factor` is a float or a bool.
        """
        if not isinstance(factor, Decimal):
            return Money(self.minor * _whole(factor), self.currency)
        with localcontext(prec=_PRECISION):
            product = (Decimal(self.minor) * factor).quantize(Decimal(1), ROUND_HALF_EVEN)
        return Money(int(product), self.currency)

    def share_bps(self, bps: int) -> "Money":
        """The part of `bps` basis points (1 bps = 0.01 %), rounded half to even."""
        return Money(_divide_half_even(self.minor * _whole(bps), BPS), self.currency)

    def split(self, weights: Sequence[int]) -> "list[Money]":
        """Divide by `weights` so that the parts always add up to the whole.

        By largest remainder: each part is within one minor unit of the exact one, the units left
        over go to the parts that lost most by rounding down, and among equals to the first. A
        negative amount is split as its opposite, so a refund mirrors the charge.

        Raises:
            TypeError: a weight is not a whole number.
            ValueError: there is no weight above zero, or one below.
        """
        whole = sum(map(_whole, weights))
        if whole <= 0 or min(weights) < 0:
            raise ValueError("Weights must not be negative, and one must be above zero")
        shares = [divmod(abs(self.minor) * weight, whole) for weight in weights]
        parts = [quotient for quotient, _ in shares]
        left_over = abs(self.minor) - sum(parts)
        losers = sorted(range(len(shares)), key=lambda index: (-shares[index][1], index))
        for index in losers[:left_over]:
            parts[index] += 1
        sign = -1 if self.minor < 0 else 1
        return [Money(sign * part, self.currency) for part in parts]

    def _minor_of(self, other: "Money") -> int:
        if not isinstance(other, Money):
            raise TypeError(f"Money and {type(other).__name__} do not mix")
        if self.currency != other.currency:
            raise CurrencyMismatchError(f"{self.currency} and {other.currency}")
        return other.minor


def vnd(amount: int) -> Money:
    """`amount` whole đồng."""
    return Money(amount, "VND")


def sum_of(amounts: Iterable[Money], currency: str) -> Money:
    """The sum of `amounts`, which may be none at all.

    Raises:
        CurrencyMismatchError: one of them is in another currency.
    """
    total = Money(0, currency)
    for amount in amounts:
        total += amount
    return total


def price_per_kg(price: Money, net_weight_g: int) -> Money:
    """What one kilogram costs when `net_weight_g` grams cost `price`, rounded half to even.

    Raises:
        TypeError: the weight is not a whole number.
        ValueError: the weight is not above zero.
    """
    if _whole(net_weight_g) <= 0:
        raise ValueError("A pack weighs more than nothing")
    return Money(_divide_half_even(price.minor * 1000, net_weight_g), price.currency)
