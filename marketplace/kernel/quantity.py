"""Quantities with a unit; weights convert, counts do not."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

GRAMS_PER_KG: Final = 1000
M2_PER_HECTARE: Final = 10_000


class Unit(StrEnum):
    """The units that goods are counted in, named as `crops.json` names them.

    The units of weight are those of the Vietnamese metric system: 1 tấn = 10 tạ = 100 yến =
    1000 kg, 1 kg = 10 lạng. Local measures that differ from place to place (giạ, chục, công)
    are no units here: they are written beside a number, never converted.
    """

    KG = "kg"
    YEN = "yen"
    TA = "ta"
    TAN = "tan"
    LANG = "lang"
    G = "g"
    PIECE = "piece"


GRAMS: Final = {
    Unit.G: 1,
    Unit.LANG: 100,
    Unit.KG: GRAMS_PER_KG,
    Unit.YEN: 10_000,
    Unit.TA: 100_000,
    Unit.TAN: 1_000_000,
}
"""How many grams each unit of weight has."""

NAMES_VI: Final = {
    Unit.KG: "kg",
    Unit.YEN: "yến",
    Unit.TA: "tạ",
    Unit.TAN: "tấn",
    Unit.LANG: "lạng",
    Unit.G: "g",
    Unit.PIECE: "cái",
}
"""How the units are written."""


class UnitMismatchError(ArithmeticError):
    """Two quantities met whose units do not convert into each other."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """So much of something, counted in `unit`. Never a float.

    `Quantity(Decimal("1"), Unit.TA) == Quantity(Decimal("100"), Unit.KG)` is false: they are the
    same weight written in two ways; compare `grams` or convert with `to`.

    Raises:
        TypeError: `amount` is not a Decimal.
        ValueError: `amount` is not a finite number, or the unit is unknown.
    """

    amount: Decimal
    unit: Unit

    def __post_init__(self) -> None:
        if not isinstance(self.amount, Decimal):
            raise TypeError(f"Decimal only, not {type(self.amount).__name__}")
        if not self.amount.is_finite():
            raise ValueError(f"{self.amount} is no quantity")
        object.__setattr__(self, "unit", Unit(self.unit))

    @property
    def is_weight(self) -> bool:
        """Whether the unit measures weight."""
        return self.unit in GRAMS

    @property
    def grams(self) -> Decimal:
        """The weight in grams, exact.

        Raises:
            UnitMismatchError: the unit does not measure weight.
        """
        return self.to(Unit.G).amount

    def to(self, unit: Unit) -> "Quantity":
        """The same quantity in another unit, exact (every factor is a power of ten).

        Raises:
            UnitMismatchError: one of the two units measures weight and the other does not.
        """
        if unit == self.unit:
            return self
        if unit not in GRAMS or self.unit not in GRAMS:
            raise UnitMismatchError(f"{self.unit} does not convert into {unit}")
        return Quantity(self.amount * GRAMS[self.unit] / GRAMS[unit], unit)

    def __add__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.amount + other.to(self.unit).amount, self.unit)

    def __sub__(self, other: "Quantity") -> "Quantity":
        return Quantity(self.amount - other.to(self.unit).amount, self.unit)


def grams_of(kg: Decimal) -> int:
    """Kilograms as whole grams: `Decimal("1.5")` is 1500.

    Raises:
        TypeError: `kg` is not a Decimal.
        ValueError: it is finer than a gram.
    """
    grams = Quantity(kg, Unit.KG).grams
    if grams != grams.to_integral_value():
        raise ValueError(f"{kg} kg is finer than a gram")
    return int(grams)


def kg_of(grams: int) -> Decimal:
    """Whole grams as kilograms, without idle zeros: 1500 is `Decimal("1.5")`.

    Raises:
        TypeError: `grams` is not a whole number.
    """
    if type(grams) is not int:  # a bool is an int to isinstance
        raise TypeError(f"Whole grams only, not {type(grams).__name__}")
    kg = Decimal(grams).scaleb(-3).normalize()
    return kg.quantize(Decimal(1)) if kg == kg.to_integral_value() else kg
